package pipeline

import (
	"context"
	"errors"
	"fmt"

	"jouleline/ingest"
	"jouleline/metrics/posting"
)

// readPartition reads and decodes one partition from an offset on.
func (p *Pipeline) readPartition(ctx context.Context, partition int, from int64, chunks chan<- *chunk) error {
	for {
		next, err := p.readFrom(ctx, partition, from, chunks)
		var gone *ingest.OffsetOutOfRange
		if !errors.As(err, &gone) {
			return fmt.Errorf("read partition %d from offset %d: %w", partition, next, err)
		}
		if from, err = p.passGap(ctx, partition, next, gone); err != nil {
			return err
		}
	}
}

// readFrom reads until something fails, and gives the offset that it came to.
func (p *Pipeline) readFrom(ctx context.Context, partition int, from int64, chunks chan<- *chunk) (next int64, err error) {
	reader, err := p.source.Open(ctx, partition, from)
	if err != nil {
		return from, err
	}
	defer func() { _ = reader.Close() }() // the read error is returned
	d := decoder{unmapped: p.unmapped, misplaced: misplaced{owned: owns(p.config.Log.Partitions, p.config.Owned)}}
	d.codec.Map(p.config.Mapping)
	for {
		from = reader.Offset()
		records, highWater, err := reader.Fetch(ctx)
		if err != nil {
			return from, err
		}
		for len(records) > 0 {
			d.world = p.current.Load()
			c := p.newChunk(partition, from, d.world)
			n := 0
			for n < len(records) && len(c.readings) < chunkReadings {
				d.decode(c, &records[n])
				n++
			}
			if err := p.forward(ctx, &d.misplaced, partition); err != nil {
				return from, err
			}
			from = records[n-1].Offset + 1
			if records = records[n:]; len(records) == 0 {
				from = reader.Offset() // transactions and compaction leave holes
			}
			c.next, c.lag = from, highWater-from
			select {
			case chunks <- c:
			case <-ctx.Done():
				return from, context.Cause(ctx)
			}
		}
	}
}

// passGap records that the log does not hold what should be read next, tells of
// it, and goes on where the log does begin, or end (rule 7). Nothing is skipped
// silently.
func (p *Pipeline) passGap(ctx context.Context, partition int, want int64, gone *ingest.OffsetOutOfRange) (from int64, err error) {
	from = gone.First
	gap := posting.Gap{Partition: partition, First: want, Next: gone.First}
	if want > gone.Last { // the log lost what was read already
		from = gone.Last
		gap.First, gap.Next = gone.Last, want
	}
	p.config.Logger.Error("the log does not hold the next offset: going on elsewhere", "partition", partition, "want", want, "first", gone.First, "last", gone.Last)
	b := &posting.Batch{Gaps: []posting.Gap{gap}, Offsets: []posting.Offset{{Partition: partition, First: want, Next: from}}}
	if err := p.ask(ctx, func(ctx context.Context) error { return p.sink.Post(ctx, b) }); err != nil {
		return from, fmt.Errorf("record a gap of partition %d: %w", partition, err)
	}
	p.config.Watch.Gap(partition, gap.Next-gap.First)
	return from, nil
}
