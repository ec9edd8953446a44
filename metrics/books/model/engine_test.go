package model_test

import (
	"maps"
	"math/rand/v2"
	"slices"

	"jouleline/metrics/books"
	"jouleline/metrics/books/model"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// engine books one meter's readings as they arrive: quick where it can, quietly
// pending where it may, by windows otherwise. It is what the pipeline does,
// without a store.
type engine struct {
	meter  *books.Meter
	stored []books.Point
	books  model.Books
	state  books.State
	quick  books.Quick
	seen   schema.Instant
	fast   bool
	random *rand.Rand
	// forgetful loses corrections, to see that the model finds it.
	forgetful bool
}

// play lets a history happen to a fresh engine.
func play(h *model.History, zone *calendar.Zone, random *rand.Rand) *engine {
	e := &engine{meter: h.Facts(zone, 0), random: random, books: model.Books{Ledger: map[model.Key]books.Entry{}, Codes: map[model.ID]schema.Code{}}}
	for i := 0; i < len(h.Steps); {
		switch s := &h.Steps[i]; s.Do {
		case model.Restart:
			e.restart()
			i++
		case model.Enter:
			i++
			e.enter(h.Facts(zone, i))
		default:
			var batch []books.Point
			for first := i; i < len(h.Steps) && h.Steps[i].Do == model.Read && (i == first || h.Steps[i].Joined); i++ {
				batch = append(batch, h.Point(&h.Steps[i]))
			}
			e.arrive(batch)
		}
	}
	return e
}

// restart keeps what the store keeps.
func (e *engine) restart() { e.fast, e.state, e.quick = false, books.State{}, books.Quick{} }

// enter makes an event part of the facts: the meter is judged anew.
func (e *engine) enter(meter *books.Meter) {
	books.Sort(e.stored)
	winners := books.Resolve(e.stored)
	before := books.Judge(e.meter, winners, false, schema.MaxInstant)
	after := books.Judge(meter, winners, false, schema.MaxInstant)
	e.post(books.Diff(before.Spans, after.Spans, meter.Zone))
	clear(e.books.Codes)
	for i := range winners {
		if after.Codes[i] != schema.Accepted {
			e.books.Codes[model.IDOf(&winners[i])] = after.Codes[i]
		}
	}
	e.meter, e.state = meter, after.End
	e.quick, e.fast = meter.Quick(&e.state, e.seen)
}

func (e *engine) post(entries []books.Entry) {
	for _, n := range entries {
		k := model.Key{Day: n.Day, Cause: n.Cause}
		old := e.books.Ledger[k]
		n.Quantity += old.Quantity
		n.Known += old.Known
		n.Estimated += old.Estimated
		e.books.Ledger[k] = n
		if n.IsZero() {
			delete(e.books.Ledger, k)
		}
	}
}

func (e *engine) arrive(batch []books.Point) {
	var late []books.Point
	for _, p := range batch {
		if e.forgetful && p.Revision > 0 {
			continue
		}
		if len(late) == 0 && e.fast {
			if e.quick.Repeats(&p) {
				e.stored = append(e.stored, p)
				continue
			}
			if span, ok := e.quick.Next(&p); ok {
				e.post(books.Entries([]books.Span{span}, e.meter.Zone))
				e.stored, e.seen = append(e.stored, p), p.Time
				continue
			}
		}
		if len(late) == 0 && !e.fast {
			if next, quiet := e.meter.Hold(&e.state, e.seen, &p); quiet {
				e.state = next
				e.books.Codes[model.IDOf(&p)] = schema.Pending
				e.stored, e.seen = append(e.stored, p), p.Time
				continue
			}
		}
		late = append(late, p)
	}
	if len(late) > 0 {
		e.rebook(late)
	}
}

// rebook books late readings in a window of random reach, and in a larger one
// where that was too short.
func (e *engine) rebook(late []books.Point) {
	books.Sort(e.stored)
	byTime := func(a, b books.Point) int { return int(a.Time - b.Time) }
	first, last := slices.MinFunc(late, byTime).Time, slices.MaxFunc(late, byTime).Time
	w := books.Window{Points: e.stored, Until: schema.MaxInstant}
	if plain := e.anchors(first); len(plain) >= books.Anchors {
		w.Points, w.Anchored = e.stored[plain[e.random.IntN(len(plain)-books.Anchors+1)]:], true
	}
	all := w.Points
	for end := 0; end < len(all); end += 1 + e.random.IntN(5) {
		if end == 0 || all[end-1].Time == all[end].Time || all[end-1].Time <= last {
			continue
		}
		w.Points, w.Until = all[:end], all[end-1].Time
		if c := books.Rebook(e.meter, w, late); c.Converged {
			e.apply(c, late, false)
			return
		}
	}
	w.Points, w.Until = all, schema.MaxInstant
	e.apply(books.Rebook(e.meter, w, late), late, true)
}

// anchors gives the positions of plainly accepted readings before a time.
func (e *engine) anchors(before schema.Instant) (plain []int) {
	winners := map[model.ID]bool{}
	for _, p := range books.Resolve(e.stored) {
		winners[model.IDOf(&p)] = true
	}
	for i := range e.stored {
		p := &e.stored[i]
		alone := i == 0 || e.stored[i-1].Time != p.Time
		for k := i; k < len(e.stored) && e.stored[k].Time == p.Time; k++ {
			alone = alone && model.IDOf(&e.stored[k]) == model.IDOf(p)
		}
		if p.Time < before && alone && winners[model.IDOf(p)] && e.books.Codes[model.IDOf(p)] == schema.Accepted {
			plain = append(plain, i)
		}
	}
	return plain
}

func (e *engine) apply(c books.Change, late []books.Point, toEnd bool) {
	e.post(c.Entries)
	for _, change := range c.Codes {
		id := model.ID{Time: change.Time, Start: change.Start, Kind: change.Kind, Register: change.Register}
		if change.Code == schema.Accepted {
			delete(e.books.Codes, id)
		} else {
			e.books.Codes[id] = change.Code
		}
	}
	e.stored = append(e.stored, late...)
	for i := range late {
		e.seen = max(e.seen, late[i].Time)
	}
	if toEnd {
		e.state = c.End
		e.quick, e.fast = e.meter.Quick(&e.state, e.seen)
	}
}

func same(a, b model.Books) bool {
	return maps.Equal(a.Ledger, b.Ledger) && maps.Equal(a.Codes, b.Codes)
}
