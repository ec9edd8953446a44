package pipeline

import (
	"context"

	"jouleline/ingest"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Sink keeps the books. It is called by one goroutine at a time.
type Sink interface {
	// Start reads where the books stand.
	Start(ctx context.Context) (posting.Start, error)
	// Post stores a batch in one transaction and sets its Recorded.
	Post(ctx context.Context, b *posting.Batch) error
	// Points gives all stored readings of the stretches, sorted by meter and
	// then as books.Sort sorts. Stretches of one meter do not overlap.
	Points(ctx context.Context, stretches []posting.Stretch, knownAt schema.Instant) ([]posting.Reading, error)
	// Booked sums the ledger of meters by day and cause, sorted by meter.
	Booked(ctx context.Context, meters []int32, days schema.Validity, knownAt schema.Instant) ([]posting.Entry, error)
	// Codes gives the verdicts that hold in [from, to), plain ones left out,
	// sorted by meter.
	Codes(ctx context.Context, meters []int32, from, to schema.Instant) ([]posting.Code, error)
	// Parked gives the parked readings of a meter, ParkedMeters their number by
	// meter.
	Parked(ctx context.Context, meter string) ([]posting.Parked, error)
	ParkedMeters(ctx context.Context) (map[string]int64, error)
	// Retire lets readings go that are older than a moment, while the books stay;
	// it gives the meters that lost some, and how many readings that were.
	Retire(ctx context.Context, before schema.Instant) ([]posting.Retired, int64, error)
	// RegistryTables gives the registry's tables as they held at a moment.
	RegistryTables(ctx context.Context, knownAt schema.Instant) (map[string][]byte, schema.Instant, error)
}

// Source opens the partitions that this instance owns.
type Source interface {
	// Open reads a partition from an offset on.
	Open(ctx context.Context, partition int, offset int64) (Reader, error)
	// Earliest gives the first offset that a partition holds.
	Earliest(ctx context.Context, partition int) (int64, error)
}

// Reader reads one partition. Fetch waits for at least one record; the records
// and their bytes are valid until the next call. Offset is where the next Fetch
// goes on. Where the log does not hold that offset, Fetch fails with
// *ingest.OffsetOutOfRange.
type Reader interface {
	Fetch(ctx context.Context) (records []ingest.Record, highWater int64, err error)
	Offset() int64
	Close() error
}

// Watch takes what the pipeline has to tell; see api/telemetry.
type Watch interface {
	// Batch tells of a stored batch: its counts, how long the transaction took,
	// and how long its oldest reading had been on the way since it was received.
	Batch(stats Stats)
	// Gap tells that records were deleted before they were read.
	Gap(partition int, records int64)
	// Forwarded tells of readings in a partition that belong to another instance
	// and are in its partition now.
	Forwarded(partition int, readings int)
	// Lag tells how many records of a partition are not yet read.
	Lag(partition int, records int64)
	// Unmapped tells of fields of line protocol that mean nothing here.
	Unmapped(fields int)
}

// Stats are the counts of one batch.
type Stats struct {
	Readings, Quick, Repeats, Late, Parked int
	Rejected                               map[schema.Code]int
	Entries, Codes                         int
	// PostSeconds is how long the transaction took, BookSeconds how long judging
	// took, FreshnessSeconds how old the batch's latest reception was when it
	// could be queried; negative where no reading said.
	PostSeconds, BookSeconds, FreshnessSeconds float64
}
