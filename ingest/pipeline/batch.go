package pipeline

import (
	"context"
	"fmt"
	"time"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// batch is the transaction that is being put together.
type batch struct {
	posting.Batch
	late    []posting.Reading
	touched []int32 // meters with a running sum
	stats   Stats
	// received is the latest reception in the batch, 0 where none.
	received schema.Instant
	// behind is how many records the latest chunk left waiting.
	behind int64
	began  time.Time
}

// add judges a chunk's readings into the batch, in their order.
func (p *Pipeline) add(b *batch, c *chunk) {
	for i := range c.readings {
		r := &c.readings[i]
		if c.world != p.world && p.world.Facts(r.Meter) == nil {
			b.Parked = append(b.Parked, c.world.parked(r)) // left the registry meanwhile
			continue
		}
		p.take(b, r)
	}
	for i := range c.parked {
		p.unpark(b, &c.parked[i])
	}
	b.Rejected = append(b.Rejected, c.rejected...)
	b.received = max(b.received, c.received)
	b.moveOffset(c)
	b.behind = c.lag
	p.config.Watch.Lag(c.partition, c.lag)
	if c.unmapped > 0 {
		p.config.Watch.Unmapped(c.unmapped)
	}
	p.recycle(c)
}

// latest keeps the last verdict of each reading: all of a batch carry the same
// recorded-at, which could not tell them apart.
func latest(codes []posting.Code) []posting.Code {
	if len(codes) < 2 {
		return codes
	}
	at := make(map[posting.Code]int, len(codes))
	kept := codes[:0]
	for _, c := range codes {
		key := c
		key.Code = ""
		if i, ok := at[key]; ok {
			kept[i] = c
			continue
		}
		at[key] = len(kept)
		kept = append(kept, c)
	}
	return kept
}

// newChunk gives an empty chunk, with the memory of an old one where there is
// one.
func (p *Pipeline) newChunk(partition int, first int64, world *World) *chunk {
	c := &chunk{}
	select {
	case c = <-p.free:
	default:
	}
	*c = chunk{partition: partition, first: first, world: world, readings: c.readings[:0]}
	return c
}

// recycle keeps a chunk's memory for a later one.
func (p *Pipeline) recycle(c *chunk) {
	select {
	case p.free <- c:
	default:
	}
}

// unpark parks a reading, or takes it where its meter was registered since the
// chunk was decoded.
func (p *Pipeline) unpark(b *batch, r *posting.Parked) {
	id, ok := p.world.number[r.Meter]
	if !ok {
		b.Parked = append(b.Parked, *r)
		return
	}
	reading := posting.Reading{Meter: id}
	if code, detail := p.world.resolve(&reading, &r.Reading, r.Received); code != schema.Accepted {
		b.Rejected = append(b.Rejected, rejectParked(r, code, detail))
		return
	}
	p.take(b, &reading)
}

// take judges one reading: quickly where it is the ordinary next one, else it is
// kept for the late way.
func (p *Pipeline) take(b *batch, r *posting.Reading) {
	h := &p.heads.list[r.Meter]
	if h.lateIn == p.batchNumber {
		p.takeLate(b, r)
		return
	}
	if h.ready {
		if span, ok := h.quick.Next(&r.Point); ok {
			h.seen = h.quick.Seen
			p.book(b, r.Meter, h, span)
			b.Readings = append(b.Readings, *r)
			b.stats.Quick++
			return
		}
		if h.quick.Repeats(&r.Point) {
			b.Readings = append(b.Readings, *r)
			b.stats.Repeats++
			return
		}
	} else if state := p.heads.states[r.Meter]; state != nil {
		if next, quiet := p.world.facts[r.Meter].Hold(state, h.seen, &r.Point); quiet {
			*state = next
			h.seen = r.Time
			code := books.CodeChange{Time: r.Time, Start: r.Start, Kind: r.Kind, Register: r.Register, Code: schema.Pending}
			p.heads.note(r.Meter, code)
			b.Codes = append(b.Codes, posting.Code{Meter: r.Meter, CodeChange: code})
			b.Readings = append(b.Readings, *r)
			return
		}
	}
	if p.takeLate(b, r) {
		h.lateIn = p.batchNumber
	}
}

// takeLate keeps a reading for the late way. A reading of a time whose neighbours
// were let go cannot be judged any more: it is rejected, with the moment.
func (p *Pipeline) takeLate(b *batch, r *posting.Reading) bool {
	if until := p.heads.retired[r.Meter]; until > 0 && r.Time <= until {
		b.Rejected = append(b.Rejected, p.world.tooOld(r, until))
		return false
	}
	b.late = append(b.late, *r)
	return true
}

// book adds a span to the meter's running sum of the batch.
func (p *Pipeline) book(b *batch, meter int32, h *head, span books.Span) {
	zone := p.world.facts[meter].Zone
	span.Days(zone, func(day schema.Day, q schema.Quantity, known int64) {
		if h.sumIn != p.batchNumber {
			h.sumIn, h.sum = p.batchNumber, books.Entry{Day: day, Cause: span.Cause}
			b.touched = append(b.touched, meter)
		} else if h.sum.Day != day || h.sum.Cause != span.Cause {
			p.flush(b, meter, h)
			h.sum = books.Entry{Day: day, Cause: span.Cause}
		}
		h.sum.Quantity += q
		h.sum.Known += known
		if span.Estimated {
			h.sum.Estimated += q
		}
	})
}

// flush writes a meter's running sum as an entry.
func (p *Pipeline) flush(b *batch, meter int32, h *head) {
	if !h.sum.IsZero() {
		b.Entries = append(b.Entries, posting.Entry{Meter: meter, Account: p.world.Account(meter, h.sum.Day), Entry: h.sum})
	}
}

// post books what is late, stores the batch and tells of it.
func (p *Pipeline) post(ctx context.Context, b *batch) error {
	began := time.Now()
	if err := p.bookLate(ctx, b); err != nil {
		return fmt.Errorf("book late readings: %w", err)
	}
	for _, meter := range b.touched {
		p.flush(b, meter, &p.heads.list[meter])
	}
	b.Codes = latest(b.Codes)
	booked := time.Now()
	if err := p.sink.Post(ctx, &b.Batch); err != nil {
		return err
	}
	s := &b.stats
	s.Readings, s.Parked, s.Entries, s.Codes = len(b.Readings), len(b.Parked), len(b.Entries), len(b.Codes)
	s.Rejected = map[schema.Code]int{}
	for i := range b.Rejected {
		s.Rejected[b.Rejected[i].Code]++
	}
	s.BookSeconds = booked.Sub(began).Seconds() + began.Sub(b.began).Seconds()
	s.PostSeconds = time.Since(booked).Seconds()
	s.FreshnessSeconds = -1
	if b.received > 0 {
		s.FreshnessSeconds = max(0, float64(p.instantNow()-b.received)/1000)
	}
	p.config.Watch.Batch(*s)
	p.spare = *b
	return nil
}

// begin starts a new batch in the memory of the one before.
func (p *Pipeline) begin() *batch {
	p.batchNumber++
	old := &p.spare
	return &batch{
		began: time.Now(), late: old.late[:0], touched: old.touched[:0],
		Batch: posting.Batch{Readings: old.Readings[:0], Entries: old.Entries[:0]},
	}
}

// moveOffset notes that a chunk's records are in the batch.
func (b *batch) moveOffset(c *chunk) {
	for i := range b.Offsets {
		if b.Offsets[i].Partition == c.partition {
			b.Offsets[i].Next = c.next
			return
		}
	}
	b.Offsets = append(b.Offsets, posting.Offset{Partition: c.partition, First: c.first, Next: c.next})
}
