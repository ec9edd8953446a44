package ingest

import "fmt"

// OffsetOutOfRange tells that a partition does not hold the wanted offset any
// more, or not yet. It is never skipped silently (rule 7).
type OffsetOutOfRange struct {
	Partition         int
	Want, First, Last int64
}

func (e *OffsetOutOfRange) Error() string {
	return fmt.Sprintf("partition %d: want offset %d, the log holds %d to %d", e.Partition, e.Want, e.First, e.Last)
}
