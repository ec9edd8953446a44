package pipeline

import (
	"context"
	"fmt"
	"slices"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Bounds of what is computed anew in one transaction: the readings, for the
// memory that they take, and the meters. Each transaction scans the store once,
// so few large ones are faster than many small ones.
const (
	recomputeReadings = 2_000_000
	recomputeMeters   = 5_000
)

// portion gives how many of the meters are computed anew at once.
func (p *Pipeline) portion(meters []int32) int {
	readings := int64(0)
	for n, id := range meters {
		h := &p.heads.list[id]
		interval := schema.Hour
		if facts := p.world.Facts(id); facts != nil && facts.Eras[0].Interval > 0 {
			interval = facts.Eras[0].Interval
		}
		if !h.isNew() {
			readings += h.seen.Sub(h.first)/interval + 1
		}
		if n > 0 && (readings > recomputeReadings || n == recomputeMeters) {
			return n
		}
	}
	return len(meters)
}

// Recompute computes the books of meters anew from all their readings, by the
// plain way, and books the difference. On a healthy store there is none. It
// gives the number of meters whose books changed; with dryRun they stay as they
// are. meters nil means all. Only what is booked to the given local days of the
// buildings, and the verdicts on readings of those days, is compared and changed:
// other days keep what stands there, right or wrong. schema.Open means all days.
func (p *Pipeline) Recompute(ctx context.Context, meters []string, days schema.Validity, dryRun bool) (changed int, err error) {
	world, err := p.World(ctx)
	if err != nil {
		return 0, err
	}
	var ids []int32
	for _, name := range meters {
		id, ok := world.Number(name)
		if !ok {
			return 0, fmt.Errorf("recompute: meter %q is not registered", name)
		}
		ids = append(ids, id)
	}
	if meters == nil {
		for _, id := range world.number {
			ids = append(ids, id)
		}
		slices.Sort(ids)
	}
	for len(ids) > 0 {
		err := p.ask(ctx, func(ctx context.Context) error {
			n := p.portion(ids)
			some, err := p.recompute(ctx, ids[:n], days, dryRun)
			changed += some
			ids = ids[n:]
			return err
		})
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// recompute does the work of Recompute. Meters of which all days are computed
// are taken off the store's list of those to compute.
func (p *Pipeline) recompute(ctx context.Context, meters []int32, days schema.Validity, dryRun bool) (changed int, err error) {
	for len(meters) > 0 {
		n := p.portion(meters)
		b := &posting.Batch{}
		if days == schema.Open {
			b.Recomputed = meters[:n]
		}
		states, err := p.plain(ctx, b, meters[:n], days)
		if err != nil {
			return changed, err
		}
		different := map[int32]bool{}
		for i := range b.Entries {
			different[b.Entries[i].Meter] = true
		}
		for i := range b.Codes {
			different[b.Codes[i].Meter] = true
		}
		changed += len(different)
		if !dryRun {
			if err := p.sink.Post(ctx, b); err != nil {
				return changed, err
			}
			for _, c := range b.Codes {
				p.heads.note(c.Meter, c.CodeChange)
			}
			for id, state := range states {
				p.heads.forget(id)
				p.heads.settle(id, p.world.facts[id], state)
			}
		}
		meters = meters[n:]
	}
	return changed, nil
}

// plain judges all readings of meters at once and adds what the books lack, or
// have too much on some days, to a batch. It gives the state at the end of each.
func (p *Pipeline) plain(ctx context.Context, b *posting.Batch, meters []int32, days schema.Validity) (map[int32]books.State, error) {
	stretches := make([]posting.Stretch, len(meters))
	for i, id := range meters {
		stretches[i] = posting.Stretch{Meter: id, From: schema.MinInstant, To: schema.MaxInstant}
	}
	stored, err := p.sink.Points(ctx, stretches, 0)
	if err != nil {
		return nil, err
	}
	booked, err := p.sink.Booked(ctx, meters, schema.Open, 0)
	if err != nil {
		return nil, err
	}
	codes, err := p.sink.Codes(ctx, meters, schema.MinInstant, schema.MaxInstant+1)
	if err != nil {
		return nil, err
	}
	states := map[int32]books.State{}
	for _, id := range meters {
		facts := p.world.Facts(id)
		if facts == nil {
			continue // not registered any more: its books stand
		}
		winners := books.Resolve(posting.PointsOf(stored, id))
		until := p.heads.retired[id] // 0 where all readings are there
		judged := books.Judge(facts, winners, until > 0, schema.MaxInstant)
		want := posting.Changeable(books.Entries(judged.Spans, facts.Zone), facts.Zone, until)
		for _, e := range difference(want, posting.ChangeableRows(posting.RowsOf(booked, id), facts.Zone, until)) {
			if !days.Contains(e.Day) {
				continue
			}
			b.Entries = append(b.Entries, posting.Entry{Meter: id, Account: p.world.Account(id, e.Day), Entry: e})
		}
		for _, c := range codeDifference(winners, judged.Codes, posting.RowsOf(codes, id)) {
			if !days.Contains(facts.Zone.DayOf(c.Time)) {
				continue
			}
			b.Codes = append(b.Codes, posting.Code{Meter: id, CodeChange: c})
		}
		states[id] = judged.End
	}
	return states, nil
}

// difference gives what must be booked so that a meter's ledger holds the wanted
// entries.
func difference(want []books.Entry, booked []posting.Entry) []books.Entry {
	type key struct {
		day   schema.Day
		cause books.Cause
	}
	rest := map[key]books.Entry{}
	for _, e := range want {
		rest[key{e.Day, e.Cause}] = e
	}
	for i := range booked {
		k := key{booked[i].Day, booked[i].Cause}
		e := rest[k]
		e.Day, e.Cause = k.day, k.cause
		e.Quantity -= booked[i].Quantity
		e.Estimated -= booked[i].Estimated
		e.Known -= booked[i].Known
		rest[k] = e
	}
	var entries []books.Entry
	for _, e := range rest {
		if !e.IsZero() {
			entries = append(entries, e)
		}
	}
	return entries
}

// codeDifference gives the verdicts that must be noted so that exactly those of
// judging hold.
func codeDifference(points []books.Point, want []schema.Code, noted []posting.Code) []books.CodeChange {
	held := map[books.CodeChange]schema.Code{}
	for i := range noted {
		k := noted[i].CodeChange
		k.Code = ""
		held[k] = noted[i].Code
	}
	var changes []books.CodeChange
	for i := range points {
		k := books.CodeChange{Time: points[i].Time, Start: points[i].Start, Kind: points[i].Kind, Register: points[i].Register}
		if held[k] != want[i] {
			c := k
			c.Code = want[i]
			changes = append(changes, c)
		}
		delete(held, k)
	}
	for k := range held {
		changes = append(changes, k) // an accepted code takes it back
	}
	return changes
}
