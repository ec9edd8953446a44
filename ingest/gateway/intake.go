package gateway

import (
	"context"
	"fmt"

	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// intake is one request on its way from bytes to Kafka.
type intake struct {
	source   Source
	format   ingest.Format
	body     []byte
	received schema.Instant
	sender   string // the gateway's id
}

// outcome is what became of the elements of a request. Every element is in
// exactly one of the three.
type outcome struct {
	accepted int
	parked   []ParkedVerdict
	rejected []rejection
	total    int
	unmapped int // fields of line protocol that mean nothing here
}

// rejection is a rejected element with the place where it stood.
type rejection struct {
	Rejected
	index, offset int
}

func newOutcome() *outcome { return &outcome{parked: []ParkedVerdict{}} }

// hopeless tells that the body held no reading at all: nothing in it had the
// form of one.
func (o *outcome) hopeless() bool {
	for _, r := range o.rejected {
		if r.Code != schema.Malformed && r.Code != schema.BadEncoding {
			return false
		}
	}
	return len(o.rejected) > 0 && len(o.rejected) == o.total
}

// take gives every element its verdict and returns once the readings are in
// Kafka and the others with Rejects.
func (g *Gateway) take(ctx context.Context, in *intake) (*outcome, *failure) {
	var decoder ingest.Decoder
	decoder.Map(g.config.Mapping)
	out, batch := newOutcome(), newBatch(g.config.Partitions, in.received, in.sender)
	if f := g.read(ctx, in, &decoder, batch, out); f != nil {
		return nil, f
	}
	if err := g.store(ctx, batch.finish(), out.rejected); err != nil {
		g.config.Log.Warn("readings are not stored", "source", in.source, "gateway", in.sender, "error", err)
		return nil, unavailable()
	}
	g.count(in.source, out)
	return out, nil
}

// read gives every element its verdict; nothing is stored yet. Where it fails, the
// elements before have theirs.
func (g *Gateway) read(ctx context.Context, in *intake, decoder *ingest.Decoder, batch *batch, out *outcome) *failure {
	decoder.Reset(in.format, in.body, in.received)
	for n := 1; decoder.Next(); n++ {
		if n > g.config.MaxReadings {
			return tooLarge("got more than %d readings: send fewer at once", g.config.MaxReadings)
		}
		out.total++
		if r := decoder.Rejection(); r != nil {
			out.reject(in, r)
			continue
		}
		s := decoder.Scanned()
		reading := s.Owned()
		code, detail, err := g.judge(ctx, &reading)
		if err != nil {
			g.config.Log.Warn("readings are not judged", "source", in.source, "gateway", in.sender, "error", err)
			return unavailable()
		}
		switch code {
		case schema.Accepted:
			out.accepted++
		case schema.Parked:
			out.parked = append(out.parked, ParkedVerdict{s.Index, reading.Meter})
		default:
			out.reject(in, &codec.Rejection{Index: s.Index, Offset: s.Offset, Code: code, Detail: detail, Original: decoder.Original()})
			continue
		}
		batch.add(&reading)
	}
	out.unmapped += decoder.Unmapped()
	g.unmapped.Tell(decoder.UnmappedFields())
	return nil
}

// judge gives the verdict of a reading that could be understood; the error says
// that it cannot be told now.
func (g *Gateway) judge(ctx context.Context, r *schema.Reading) (code schema.Code, detail string, err error) {
	if g.config.Allow != nil {
		allowed, err := g.config.Allow(ctx, r.Meter)
		if err != nil {
			return "", "", fmt.Errorf("tell who may push readings of %q: %w", r.Meter, err)
		}
		if !allowed {
			return schema.Forbidden, fmt.Sprintf("meter: the token does not allow readings of %q", r.Meter), nil
		}
	}
	if !g.config.Registry.Known(r.Meter) {
		return schema.Parked, "", nil
	}
	code, detail = g.config.Registry.Compatible(r.Meter, r.Unit, r.Kind)
	return code, detail, nil
}

func (o *outcome) reject(in *intake, r *codec.Rejection) {
	o.rejected = append(o.rejected, rejection{
		Rejected: Rejected{Received: in.received, Code: r.Code, Detail: r.Detail, Source: in.sender, Original: r.Original},
		index:    r.Index,
		offset:   r.Offset,
	})
}

// Bounds of one call of Rejects. With the last original (64 KiB), base64 and
// details of a few hundred bytes each it stays below a Kafka message's 1 MiB.
const (
	rejectsAtOnce     = 1000
	rejectBytesAtOnce = 192 << 10
)

// store returns once everything is durable.
func (g *Gateway) store(ctx context.Context, records []ingest.Record, rejected []rejection) error {
	ctx, cancel := context.WithTimeout(ctx, g.config.Timeout)
	defer cancel()
	if len(records) > 0 {
		if err := g.config.Producer.Produce(ctx, records); err != nil {
			return fmt.Errorf("produce %d records: %w", len(records), err)
		}
	}
	for rest := rejected; len(rest) > 0; {
		var part []Rejected
		for size := 0; len(rest) > 0 && len(part) < rejectsAtOnce && size < rejectBytesAtOnce; rest = rest[1:] {
			part = append(part, rest[0].Rejected)
			size += len(rest[0].Original)
		}
		if err := g.config.Rejects.Reject(ctx, part); err != nil {
			return fmt.Errorf("keep %d rejected readings: %w", len(part), err)
		}
	}
	return nil
}

func (g *Gateway) count(source Source, out *outcome) {
	counts := map[schema.Code]int{}
	for _, r := range out.rejected {
		counts[r.Code]++
	}
	counts[schema.Accepted] = out.accepted
	counts[schema.Parked] = len(out.parked)
	for code, n := range counts {
		if n > 0 {
			g.config.Telemetry.Readings(source, code, n)
		}
	}
	if out.unmapped > 0 {
		g.config.Telemetry.Unmapped(source, out.unmapped)
	}
}
