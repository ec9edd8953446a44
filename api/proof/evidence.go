package proof

import (
	"context"
	"fmt"
	"slices"

	"jouleline/metrics/consumption"
	"jouleline/metrics/explain"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// openMeters reads what the books and the readings say of each meter, those of
// formulas among them.
func (s *Handlers) openMeters(ctx context.Context, o *opened, c *explain.Course, evident bool, knownAt, until schema.Instant) error {
	reading := &meterReading{s: s, c: c, evident: evident, knownAt: knownAt, until: until}
	if err := reading.ledger(ctx, o); err != nil {
		return err
	}
	for i := range o.Members {
		m, err := reading.meter(ctx, &o.Members[i], o.IDs[i])
		if err != nil {
			return err
		}
		m.Shares = o.shares[m.ID]
		c.Meters = append(c.Meters, m)
	}
	for i := range o.Virtuals {
		v := &o.Virtuals[i]
		f := explain.Formula{ID: o.Formulas[i], Days: v.Days, Terms: v.Terms}
		for k := range v.Members {
			m, err := reading.meter(ctx, &v.Members[k], v.Terms[k].Meter)
			if err != nil {
				return err
			}
			f.Meters = append(f.Meters, m)
		}
		c.Formulas = append(c.Formulas, f)
	}
	return nil
}

// meterReading reads the meters of one course.
type meterReading struct {
	s              *Handlers
	c              *explain.Course
	evident        bool // readings are wanted too
	knownAt, until schema.Instant
	days           schema.Validity
	booked         map[int32][]posting.Entry
}

// ledger reads the books of all meters at once.
func (r *meterReading) ledger(ctx context.Context, o *opened) error {
	var numbers []int32
	for i := range o.Members {
		numbers = append(numbers, o.Members[i].Number)
	}
	for i := range o.Virtuals {
		for k := range o.Virtuals[i].Members {
			numbers = append(numbers, o.Virtuals[i].Members[k].Number)
		}
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	r.days = schema.Validity{From: r.c.Zone.DayOf(r.c.From), To: r.c.Zone.DayOf(r.c.To-1) + 1}
	entries, err := r.s.Books.Booked(ctx, numbers, r.days, r.knownAt)
	if err != nil {
		return fmt.Errorf("ledger of %d meters: %w", len(numbers), err)
	}
	r.booked = map[int32][]posting.Entry{}
	for _, e := range entries {
		r.booked[e.Meter] = append(r.booked[e.Meter], e)
	}
	return nil
}

// meter gives one meter with its ledger, and its readings where they are wanted.
func (r *meterReading) meter(ctx context.Context, member *consumption.Member, id string) (m explain.Meter, err error) {
	m = explain.Meter{ID: id, Facts: member.Facts, Counts: member.Counts, Booked: r.booked[member.Number]}
	if !r.evident {
		return m, nil
	}
	from, to := min(r.c.From, member.Facts.Zone.Start(r.days.From)), max(r.c.To, member.Facts.Zone.Start(r.days.To))
	if m.Evidence, err = consumption.Trace(ctx, r.s.Books, member, from, to, r.knownAt, r.until); err != nil {
		return m, fmt.Errorf("readings of meter %s: %w", id, err)
	}
	return m, nil
}
