package outlook

import (
	"context"
	"fmt"
	"slices"

	"jouleline/analytics"
	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
)

// Query asks for an outlook. Year of the progress query does not count.
type Query struct {
	progress.Query
	// Indicators are asked for; none means all four.
	Indicators []indicator.Measure
	// Totals also looks at energy, water and carbon in total. It asks the source
	// once more, for the base year.
	Totals bool
	Level  float64 // of bounds; 0 means 0.9
	// LastYear is the last year that may take part: what would have been forecast
	// then. 0 means the last that is over.
	LastYear int
	// Months also simulates from months, with a seed.
	Months bool
	Seed   uint64
}

// ErrQuery is wrapped by errors that are the question's fault.
var ErrQuery = progress.ErrQuery

// Look answers a question. It asks the source once for each year, and with Months
// once for each month.
func Look(ctx context.Context, w *indicator.World, source indicator.Source, q Query) (*Answer, error) {
	if q.Level == 0 {
		q.Level = .9
	}
	if err := analytics.CheckLevel("forecast", q.Level); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrQuery, err)
	}
	if len(q.Indicators) == 0 {
		q.Indicators = indicator.Ratios[:]
	}
	for _, m := range q.Indicators {
		if !slices.Contains(indicator.Ratios[:], m) {
			return nil, fmt.Errorf("%w: indicator: got %s, want one of the four of the plan", ErrQuery, m)
		}
	}
	base := q.Baseline
	if base == 0 {
		base = q.Plan.BaseYear
	}
	last := q.Now.Time().In(w.Registry().TimeZone).Year() - 1
	if q.LastYear != 0 {
		last = min(last, q.LastYear)
	}
	if last <= base {
		return nil, fmt.Errorf("%w: no year after the base year %d is over, or may take part", ErrQuery, base)
	}
	a := &Answer{BaseYear: base, LastYear: last, Plan: q.Plan.Name, TargetYear: q.Plan.TargetYear, Level: q.Level}
	courses := make([]course, len(q.Indicators))
	var totals [len(indicator.Totals)]totalCourse
	from := base + 1
	if q.Totals {
		from = base // a total needs no other year to be known
	}
	for year := from; year <= last; year++ {
		asked := q.Query
		asked.Year = year
		p, err := progress.Progress(ctx, w, source, asked)
		if err != nil {
			return nil, fmt.Errorf("year %d: %w", year, err)
		}
		for i := range p.Caps {
			totals[i].add(year, &p.Caps[i])
		}
		if year == base {
			continue
		}
		a.Scope, a.Panel, a.Boundary, a.Factors = p.Scope, p.Panel, p.Boundary, p.Factors
		for i, m := range q.Indicators {
			courses[i].add(year, base, find(p.Indicators, m))
		}
	}
	for i, m := range q.Indicators {
		in := courses[i].judge(m, q.Plan, q.Level)
		if q.Months {
			var err error
			if in.Monthly, err = q.months(ctx, w, source, m, in, base, &courses[i]); err != nil {
				return nil, fmt.Errorf("months of %s: %w", m, err)
			}
		}
		a.Indicators = append(a.Indicators, *in)
	}
	for i := range totals {
		if q.Totals {
			a.Totals = append(a.Totals, totals[i].judge(q.Plan.TargetYear, q.Level))
		}
	}
	return a, nil
}

func find(list []progress.Indicator, m indicator.Measure) *progress.Indicator {
	for i := range list {
		if list[i].Indicator == m.String() {
			return &list[i]
		}
	}
	return nil
}
