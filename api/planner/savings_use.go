package planner

import (
	"context"
	"fmt"
	"math"

	"jouleline/analytics/savings"
	"jouleline/api/problem"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/schema"
)

// methodStep gives the step of the use that a method is fitted to.
func methodStep(m savings.Method) calendar.Step {
	switch m {
	case savings.TOWT:
		return calendar.HourStep
	case savings.CaltrackBilling:
		return calendar.MonthStep
	}
	return calendar.DayStep
}

// useBy reads the use of each step. A step that is known by half is scaled up by
// what is known, one that is known less is a gap (CalTRACK 2.2.1.3); a month must be
// known by nine tenths (2.2.3). Months that from and to cut short are left out, and
// the end of the last is a row of its own.
func (s *Handlers) useBy(ctx context.Context, step calendar.Step, c *world.Circle, from, to, knownAt, now schema.Instant) (u savings.Series, err error) {
	buckets, err := c.Zone.Buckets(from, to, step, s.Limits.Points)
	if err != nil {
		return u, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	series, err := consumption.Read(ctx, s.Books, consumption.Query{
		Members: c.Members, Virtuals: c.Virtuals, Places: 1, Buckets: buckets, Zone: c.Zone, Step: step, KnownAt: knownAt, Now: now,
	})
	if err != nil {
		return u, err
	}
	least := .5
	if step == calendar.MonthStep {
		least = .9
	}
	for i, b := range buckets {
		if step == calendar.MonthStep && isCut(c.Zone, b) {
			continue
		}
		p, err := series.Place(i, 0)
		if err != nil {
			return u, err
		}
		value := math.NaN()
		if p.Quantity != nil {
			value = p.Quantity.Float64()
			if p.Coverage != nil {
				if known, _ := p.Coverage.Float64(); known > least {
					value /= known
				} else {
					value = math.NaN()
				}
			}
		}
		u.Times, u.Values = append(u.Times, int64(b.From)/1000), append(u.Values, value)
		if step == calendar.MonthStep {
			u = closed(u, int64(b.To)/1000)
		}
	}
	return u, nil
}

// isCut tells whether a bucket is less than a month of the calendar.
func isCut(zone *calendar.Zone, b calendar.Bucket) bool {
	first := zone.DayOf(b.From)
	year, month, day := first.Date()
	return day != 1 || zone.Start(first) != b.From || zone.Start(schema.DayOf(year, month+1, 1)) != b.To
}

// closed puts an end behind the last month, in place of that behind the one before.
func closed(u savings.Series, end int64) savings.Series {
	if n := len(u.Times); n > 1 && math.IsNaN(u.Values[n-2]) && u.Times[n-2] == u.Times[n-1] {
		u.Times, u.Values = append(u.Times[:n-2], u.Times[n-1]), append(u.Values[:n-2], u.Values[n-1])
	}
	u.Times, u.Values = append(u.Times, end), append(u.Values, math.NaN())
	return u
}
