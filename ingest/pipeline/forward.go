package pipeline

import (
	"bytes"
	"context"
	"fmt"

	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// Forwarder puts records on the topic and returns when all are acknowledged.
type Forwarder interface {
	Produce(ctx context.Context, records []ingest.Record) error
}

// forwardBytes bounds the value of a forwarded record: half of Kafka's default
// limit, as the gateway's.
const forwardBytes = 512 << 10

// misplaced collects the readings of a chunk whose meter belongs to a partition
// that another instance owns (rule 16).
type misplaced struct {
	owned   []bool // by partition; nil where this instance owns all
	records []ingest.Record
	count   int
}

// owns makes the list of the owned partitions, nil where none is another's.
func owns(partitions int, owned []int) []bool {
	own := make([]bool, partitions)
	for _, p := range owned {
		own[p] = true
	}
	for _, mine := range own {
		if !mine {
			return own
		}
	}
	return nil
}

// takes keeps a reading for its owner, and tells whether it is another's. It is
// written as the gateway would have written it, one meter an element, so that
// its owner has nothing to forward in turn.
func (m *misplaced) takes(s *codec.Scanned, received schema.Instant) bool {
	if m.owned == nil {
		return false
	}
	partition := ingest.PartitionOf(string(s.Meter), len(m.owned))
	if m.owned[partition] {
		return false
	}
	r := s.Owned()
	m.count++
	for i := range m.records {
		f := &m.records[i]
		if f.Partition == partition && f.Received == received && len(f.Value) < forwardBytes {
			f.Value = codec.AppendJSON(f.Value, &r)
			return true
		}
	}
	m.records = append(m.records, ingest.Record{
		Partition: partition, Key: bytes.Clone(s.Meter), Value: codec.AppendJSON(nil, &r),
		ContentType: ingest.JSON, Received: received,
	})
	return true
}

// forward puts the misplaced readings of a chunk into their own partitions, with
// the reception they had. The chunk, and with it its offset, is handed over only
// afterwards: where the process ends in between, they are forwarded once more,
// which does no harm, and none is lost.
func (p *Pipeline) forward(ctx context.Context, m *misplaced, partition int) error {
	if m.count == 0 {
		return nil
	}
	if p.config.Forward == nil {
		return fmt.Errorf("%d readings belong to partitions of other instances, and there is no way to forward them", m.count)
	}
	if err := p.config.Forward.Produce(ctx, m.records); err != nil {
		return fmt.Errorf("forward %d misplaced readings: %w", m.count, err)
	}
	p.config.Watch.Forwarded(partition, m.count)
	m.records, m.count = nil, 0
	return nil
}
