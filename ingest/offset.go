package ingest

import "fmt"

// OffsetOutOfRange tells that a partition does not hold an offset: records were
// deleted before they were read (Want < First), or the log is shorter than it
// once was (Want > Last). It is never skipped silently (rule 7).
type OffsetOutOfRange struct {
	Partition   int
	Want        int64
	First, Last int64 // the partition holds offsets First <= x < Last
}

func (e *OffsetOutOfRange) Error() string {
	return fmt.Sprintf("partition %d: want offset %d, the log holds %d to %d (exclusive)", e.Partition, e.Want, e.First, e.Last)
}
