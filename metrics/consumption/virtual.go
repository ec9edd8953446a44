package consumption

import (
	"context"
	"fmt"
	"slices"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Virtual is one version of a virtual meter that is part of an answer. Its
// consumption is computed from that of other meters: by days, each on its own,
// and within a day from the running total since midnight, so that hours sum to
// days and days to months exactly, wherever all of them are known. A bucket, or
// a day, is known where all terms are known for the same time of it.
type Virtual struct {
	// Terms is the formula, Members the meters of its terms, in order.
	Terms   schema.Formula
	Members []Member
	Place   int
	// Zone is the calendar that all the meters keep.
	Zone *calendar.Zone
	// Days are the local days on which the version holds, Expected those of them
	// on which it should be known.
	Days     schema.Validity
	Expected []schema.Validity
}

// virtual adds a virtual meter to the buckets.
func (r *reader) virtual(ctx context.Context, v *Virtual) error {
	if v.Days.From >= v.Days.To {
		return nil
	}
	zone := r.query.Zone
	buckets := r.series.buckets
	from, to := buckets[0].From, buckets[len(buckets)-1].To
	if r.query.Step < calendar.DayStep {
		return r.cut(ctx, v, buckets)
	}
	edges, days := parts(zone, from, to)
	for _, edge := range edges {
		if edge.From < edge.To {
			if zone.Location().String() != v.Zone.Location().String() {
				return ErrPartialDay
			}
			if err := r.cut(ctx, v, []calendar.Bucket{edge}); err != nil {
				return err
			}
		}
	}
	if days.From >= days.To {
		return nil
	}
	return r.sumDays(ctx, v, days)
}

// numbers gives the distinct numbers of the terms.
func (v *Virtual) numbers() []int32 {
	var list []int32
	for i := range v.Members {
		list = append(list, v.Members[i].Number)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// sumDays computes whole days from the ledger.
func (r *reader) sumDays(ctx context.Context, v *Virtual, days schema.Validity) error {
	days = schema.Validity{From: max(days.From, v.Days.From), To: min(days.To, v.Days.To)}
	if days.From >= days.To {
		return nil
	}
	entries, err := r.source.Booked(ctx, v.numbers(), days, r.query.KnownAt)
	if err != nil {
		return err
	}
	at := map[int32]int{}
	for i := range v.Members {
		at[v.Members[i].Number] = i
	}
	byDay := map[schema.Day][]books.Entry{}
	for i := range entries {
		e := &entries[i]
		if byDay[e.Day] == nil {
			byDay[e.Day] = make([]books.Entry, len(v.Members))
		}
		p := &byDay[e.Day][at[e.Meter]]
		p.Quantity += e.Quantity
		p.Estimated += e.Estimated
		p.Known += e.Known
	}
	for day, parts := range byDay {
		e, known, err := posting.Compute(v.Terms, parts)
		if err != nil {
			return fmt.Errorf("%s: %w", day, err)
		}
		if known {
			e.Day = day
			r.series.addEntry(v.Place, &e)
		}
	}
	return nil
}

// cut computes buckets that are finer than a day, or part of one.
func (r *reader) cut(ctx context.Context, v *Virtual, buckets []calendar.Bucket) error {
	atoms := buckets
	if midnight := v.Zone.Start(v.Zone.DayOf(buckets[0].From)); midnight < buckets[0].From {
		atoms = append([]calendar.Bucket{{From: midnight, To: buckets[0].From}}, buckets...)
	}
	sub := *r.query
	sub.Members, sub.Virtuals, sub.Buckets, sub.Places = slices.Clone(v.Members), nil, atoms, len(v.Members)
	for i := range sub.Members {
		sub.Members[i].Place, sub.Members[i].Counts, sub.Members[i].Expected = i, []schema.Validity{v.Days}, nil
	}
	terms := reader{source: r.source, query: &sub, series: newSeries(atoms, v.Zone, len(v.Members))}
	if err := terms.spans(ctx, atoms[0].From, atoms[len(atoms)-1].To); err != nil {
		return err
	}
	return r.addAtoms(v, terms.series)
}

// addAtoms adds what the buckets of the terms give together to those asked for.
func (r *reader) addAtoms(v *Virtual, terms *Series) error {
	run := make([]books.Entry, len(v.Members)) // since midnight
	scaled := make([]books.Entry, len(v.Members))
	var day schema.Day
	for i, b := range terms.buckets {
		if today := v.Zone.DayOf(b.From); i == 0 || today != day {
			day = today
			clear(run)
		}
		for k := range v.Members {
			before, err := posting.Scale(&v.Terms[k], &run[k])
			if err != nil {
				return err
			}
			if err := terms.cells[i*terms.places+k].onto(&run[k]); err != nil {
				return err
			}
			after, err := posting.Scale(&v.Terms[k], &run[k])
			if err != nil {
				return err
			}
			scaled[k] = books.Entry{
				Quantity: after.Quantity - before.Quantity, Estimated: after.Estimated - before.Estimated,
				Known: terms.cells[i*terms.places+k].known,
			}
		}
		e, known, err := posting.Combine(scaled)
		if err != nil {
			return err
		}
		if at, inside := r.series.at(b.From); known && inside {
			r.series.add(at, v.Place, e.Quantity, e.Estimated, e.Known)
		}
	}
	return nil
}

// onto adds a cell to a running total.
func (c *cell) onto(run *books.Entry) error {
	quantity, ok1 := c.quantity.Int64()
	estimated, ok2 := c.estimated.Int64()
	if !ok1 || !ok2 {
		return fmt.Errorf("%w: %s micro-units", schema.ErrOutOfRange, c.quantity)
	}
	run.Quantity += schema.Quantity(quantity)
	run.Estimated += schema.Quantity(estimated)
	return nil
}
