package store

import (
	"context"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// addPart takes an account's part of a local day.
type addPart func(day schema.Day, account int32, s usageSum)

// each visits the parts that accounts have of local days, in order of days, by
// what the ledger held at a moment (0: now). Each day is divided and computed on
// its own, so that days sum to months. The time that is known is not divided: each
// part is known as long as the whole.
func (p *sharing) each(ctx context.Context, c *duck.Conn, days schema.Validity, knownAt schema.Instant, add addPart) error {
	today := map[int32]books.Entry{} // of the meters that are computed with
	var day schema.Day
	err := booked(ctx, c, p.meters, days, knownAt, func(meter int32, e books.Entry) error {
		if e.Day != day {
			if err := p.compute(day, today, add); err != nil {
				return err
			}
			clear(today)
			day = e.Day
		}
		if p.terms[meter] {
			today[meter] = e
		}
		divisions := p.divisions[meter]
		for i := range divisions {
			if d := &divisions[i]; d.Contains(e.Day) {
				split(d, e, add)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.compute(day, today, add)
}

// compute adds what virtual meters used that count, by what others used that day.
func (p *sharing) compute(day schema.Day, today map[int32]books.Entry, add addPart) error {
	if len(today) == 0 {
		return nil
	}
	var parts []books.Entry
	for i := range p.formulas {
		f := &p.formulas[i]
		if !f.Contains(day) {
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
			e.Day = day
			split(&f.Division, e, add)
		}
	}
	return nil
}

// split adds the parts of a day that is divided.
func split(d *posting.Division, day books.Entry, add addPart) {
	quantities, estimates := d.Split(day.Quantity), d.Split(day.Estimated)
	for k, account := range d.Accounts {
		if account != posting.NoAccount {
			add(day.Day, account, usageSum{int64(quantities[k]), day.Known, int64(estimates[k])})
		}
	}
}

// booked visits the days of some meters in order, summed over causes. An error of
// the visit ends it.
func booked(ctx context.Context, c *duck.Conn, meters []int32, days schema.Validity, knownAt schema.Instant, visit func(meter int32, day books.Entry) error) error {
	if knownAt == 0 {
		knownAt = schema.MaxInstant
	}
	var failure error
	err := withMeters(ctx, c, meters, func() error {
		return each(ctx, c, func(b duck.Block) {
			meter, day := duck.Column[int32](b, 0), duck.Column[int32](b, 1)
			quantity, known, estimated := duck.Column[int64](b, 2), duck.Column[int64](b, 3), duck.Column[int64](b, 4)
			for i := range meter {
				if failure == nil {
					failure = visit(meter[i], books.Entry{
						Day: schema.Day(day[i]), Quantity: schema.Quantity(quantity[i]), Estimated: schema.Quantity(estimated[i]), Known: known[i],
					})
				}
			}
		}, `SELECT meter, day, sum(quantity)::BIGINT, sum(known)::BIGINT, sum(estimated)::BIGINT FROM ledger
			WHERE meter IN `+chosen+` AND day >= $1 AND day < $2 AND recorded <= $3
			GROUP BY meter, day ORDER BY day`, int32(days.From), int32(days.To), int64(knownAt))
	})
	if err != nil {
		return err
	}
	return failure
}
