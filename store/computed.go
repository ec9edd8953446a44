package store

import (
	"context"

	"jouleline/metrics/books"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// computed sums what virtual meters used that count: each day is computed on its
// own, so that days sum to months.
func computed(ctx context.Context, c *duck.Conn, q indicator.UsageQuery, names *naming, add func(account int32, e posting.Entry)) error {
	formulas := posting.Formulas(q.Registry, names.number, names.account)
	if len(formulas) == 0 {
		return nil
	}
	var meters []int32
	asked := map[int32]bool{}
	for _, f := range formulas {
		for _, m := range f.Meters {
			if !asked[m] {
				asked[m] = true
				meters = append(meters, m)
			}
		}
	}
	today := map[int32]books.Entry{} // of the day that is gathered
	var day schema.Day
	flush := func() error {
		var parts []books.Entry
		for i := range formulas {
			f := &formulas[i]
			if len(today) == 0 || !f.Contains(day) {
				continue
			}
			parts = parts[:0]
			for _, m := range f.Meters {
				parts = append(parts, today[m])
			}
			e, known, err := posting.Compute(f.Terms, parts)
			if err != nil {
				return err
			}
			if known {
				split(&f.Division, e, add)
			}
		}
		clear(today)
		return nil
	}
	err := booked(ctx, c, q, meters, func(meter int32, e books.Entry) error {
		if e.Day != day {
			if err := flush(); err != nil {
				return err
			}
			day = e.Day
		}
		today[meter] = e
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}
