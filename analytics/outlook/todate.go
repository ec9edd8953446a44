package outlook

import (
	"context"
	"fmt"
	"time"

	"jouleline/analytics/progress"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// ToDate is an indicator of the running year against the path's seasonal share,
// where progress compares the days so far with those of the base year: a mild
// winter behind it, or a base year whose heating season lay otherwise, bends that.
type ToDate struct {
	Indicator  string      `json:"indicator" example:"energy_per_area"`
	Unit       string      `json:"unit" example:"kgce/m2"`
	State      State       `json:"state" doc:"ok, no_target or not_enough_data" example:"ok"`
	Reason     string      `json:"reason" doc:"The state in words"`
	YearToDate *YearToDate `json:"to_date,omitempty" doc:"Left out where the state is not ok"`
}

// RunningYear holds the complete months of the running year against the plan's
// path. The baseline is that of the last year that is over, or of the base year
// itself. It asks the source once for that year, and once for each month of at most
// three years before the running one and of itself. The error wraps [ErrQuery]
// where the year of the query is over or yet to come.
func RunningYear(ctx context.Context, w *indicator.World, source indicator.Source, q progress.Query) ([]ToDate, error) {
	now := q.Now.Time().In(w.Registry().TimeZone)
	base := q.Baseline
	if base == 0 {
		base = q.Plan.BaseYear
	}
	if q.Year != now.Year() || q.Year <= base {
		return nil, fmt.Errorf("year %d to date: %w: want the running year %d, after the base year %d", q.Year, ErrQuery, now.Year(), base)
	}
	last := q
	last.Year, last.Changes = now.Year()-1, 0
	p, err := progress.Progress(ctx, w, source, last)
	if err != nil {
		return nil, fmt.Errorf("year %d: %w", last.Year, err)
	}
	first := max(base, now.Year()-seasonYears)
	points, _, err := w.Series(ctx, source, indicator.SeriesQuery{
		Scope: q.Scope, From: schema.DayOf(first, time.January, 1), To: schema.DayOf(now.Year(), now.Month(), 1),
		Step: calendar.MonthStep, Measures: indicator.Ratios[:], Factors: q.Factors, Mode: q.Mode,
		Panel: q.Panel, Boundary: q.Boundary, MinCoverage: q.Plan.MinCoverage, KnownAt: q.KnownAt,
	})
	if err != nil {
		return nil, fmt.Errorf("months: %w", err)
	}
	var out []ToDate
	for _, m := range indicator.Ratios {
		var own []indicator.Point
		for _, point := range points {
			if point.Indicator == m.String() {
				own = append(own, point)
			}
		}
		c := courseTo(last.Year, base, find(p.Indicators, m))
		out = append(out, c.toDate(m, tail(own, q.Plan.MinCoverage), now, &q))
	}
	return out, nil
}

// courseTo gives the course of one year, which may be the base year itself.
func courseTo(year, base int, p *progress.Indicator) *course {
	c := &course{}
	if year > base || p == nil {
		c.add(year, base, p)
		return c
	}
	c.years = []Year{{Year: base}}
	c.unit, c.target, c.of = p.Unit, p.TargetPct, p.TargetOf
	if p.State == progress.BaseYear {
		c.baseline = p.Current
	}
	return c
}

// toDate holds months, the last of which has just ended, against the path.
func (c *course) toDate(m indicator.Measure, months []float64, now time.Time, q *progress.Query) ToDate {
	out := ToDate{Indicator: m.String(), Unit: m.Unit(), State: NotEnoughData}
	over := int(now.Month()) - 1
	switch {
	case c.target == nil:
		out.State, out.Reason = NoTarget, "the plan sets no target"
		return out
	case now.Year() > q.Plan.TargetYear:
		out.State, out.Reason = NoTarget, fmt.Sprintf("the plan's path ends in %d", q.Plan.TargetYear)
		return out
	case c.baseline == nil || c.unit != m.Unit() || *c.baseline <= 0:
		out.Reason = "the base year is not known in the indicator's unit"
		return out
	case over == 0:
		out.Reason = "no month of the year is over"
		return out
	case len(months) < over+monthsOf:
		out.Reason = fmt.Sprintf("%d months in a row up to the last are known well enough, want the %d of this year and the full year before", len(months), over)
		return out
	}
	path, err := c.path(q.Plan, m, *c.baseline)
	if err != nil {
		out.Reason = err.Error()
		return out
	}
	if out.YearToDate, err = yearToDate(months, now, path); err != nil {
		out.Reason = err.Error()
		return out
	}
	out.State, out.Reason = OK, fmt.Sprintf("%d months against their share in %d full years before", over, out.YearToDate.SeasonYears)
	return out
}
