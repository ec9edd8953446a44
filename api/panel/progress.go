package panel

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"jouleline/analytics/progress"
	"jouleline/api/promql"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/plan"
)

// ofPlan makes a family of the rows of a level, each once for each indicator, with
// the plan.
func ofPlan(f figure, l indicator.Level) figure {
	f.rows = func(c *catalog) []entry { return c.level(l) }
	f.later = []string{"indicator", "plan"}
	f.grow = func(c *catalog, row *entry) []entry {
		return measured(row, indicator.Ratios[:], func(indicator.Measure) []string { return []string{"plan", c.s.Plans[0].Name} })
	}
	return f
}

// yearly says where the samples of a year's figure lie.
const yearly = "one at the start of each local year from the plan's base year on, holds over it"

// progressFamilies are how far groups have come, year by year. A figure that the
// REST answer gives as null has no sample.
func progressFamilies() []figure {
	var list []figure
	for _, f := range []struct {
		name, unit, help string
		value            func(*progress.Indicator) *float64
	}{
		{"reduction_percent", "percent", "Reduction since the base year", func(i *progress.Indicator) *float64 { return i.ReductionPct }},
		{"completion_percent", "percent", "Reduction as a part of the target", func(i *progress.Indicator) *float64 { return i.CompletionPct }},
		{"on_pace", "", "1 where the reduction is at least the pace, 0 where it is not", func(i *progress.Indicator) *float64 {
			if i.OnPace == nil {
				return nil
			}
			return oneOf(*i.OnPace)
		}},
		{"progress_coverage_ratio", "ratio", "Known share of the time behind the reduction", func(i *progress.Indicator) *float64 { return i.Coverage }},
	} {
		for _, l := range levels {
			list = append(list, ofPlan(figure{
				Family: promql.Family{
					Name: fmt.Sprintf("jouleline_%s_%s", l.level, f.name), Type: promql.Gauge, Unit: f.unit, Each: yearly,
					Labels: slices.Concat(l.labels, []string{"indicator", "plan"}),
					Help:   fmt.Sprintf("%s of a %s's indicator in the local year; the same days of the base year where it has not ended", f.help, l.level),
				},
				read: progressed(l.level, f.value),
			}, l.level))
		}
	}
	for _, f := range []struct {
		name, help string
		value      func(p *plan.Plan, target *big.Rat, year int) *big.Rat
	}{
		{"target_percent", "Reduction that the plan promises", func(_ *plan.Plan, target *big.Rat, _ int) *big.Rat { return target }},
		{"pace_percent", "Reduction of a straight way from the base year to the target", paceOf},
	} {
		for _, l := range levels {
			list = append(list, ofPlan(figure{
				Family: promql.Family{
					Name: fmt.Sprintf("jouleline_%s_%s", l.level, f.name), Type: promql.Gauge, Unit: "percent",
					Each:   "one at the start of each local year from the plan's base year to its target year, holds over it",
					Labels: slices.Concat(l.labels, []string{"indicator", "plan"}),
					Help:   f.help + " for an indicator of a " + string(l.level),
				},
				read: planned(f.value),
			}, l.level))
		}
	}
	return list
}

// oneOf gives 1 for true and 0 for false.
func oneOf(is bool) *float64 {
	v := 0.0
	if is {
		v = 1
	}
	return &v
}

// paceOf is target x years since the base / years of the plan.
func paceOf(p *plan.Plan, target *big.Rat, year int) *big.Rat {
	return new(big.Rat).Mul(target, big.NewRat(int64(year-p.BaseYear), int64(p.TargetYear-p.BaseYear)))
}

// planYears gives the years that are looked at, from the plan's base year to the
// last.
func (a *selection) planYears(last int) (years []calendar.Bucket, err error) {
	zone, base := a.w.Calendar(), a.s.Plans[0].BaseYear
	begin := zone.Start(schema.Month(base * 12).First())
	end := zone.Start(schema.Month(last*12 + 12).First())
	if a.To < begin || a.From >= end {
		return nil, nil
	}
	b := *a
	b.From = max(a.From, begin)
	return b.buckets(zone, calendar.YearStep, end-1)
}

func planned(value func(*plan.Plan, *big.Rat, int) *big.Rat) func(context.Context, *selection, []entry) ([]promql.Series, error) {
	return func(_ context.Context, a *selection, rows []entry) ([]promql.Series, error) {
		p := a.s.Plans[0]
		years, err := a.planYears(p.TargetYear)
		if err == nil {
			err = a.fits(rows, years)
		}
		if err != nil {
			return nil, err
		}
		courses := make([]promql.Course, len(rows))
		for i := range rows {
			at := slices.IndexFunc(p.Targets, func(t plan.Target) bool { return t.Indicator == rows[i].measure.String() })
			if at < 0 {
				continue
			}
			for _, b := range years {
				v, _ := value(p, p.Targets[at].Percent, a.yearOf(b)).Float64()
				courses[i].Hold(b.From, b.To, v)
			}
		}
		return seriesOf(courses, rows), nil
	}
}

func (a *selection) yearOf(b calendar.Bucket) int {
	year, _, _ := a.w.Calendar().DayOf(b.From).Date()
	return year
}

func progressed(level indicator.Level, value func(*progress.Indicator) *float64) func(context.Context, *selection, []entry) ([]promql.Series, error) {
	return func(ctx context.Context, a *selection, rows []entry) ([]promql.Series, error) {
		years, err := a.planYears(a.yearOf(calendar.Bucket{From: a.now}))
		if err == nil {
			err = a.fits(rows, years)
		}
		if err != nil {
			return nil, err
		}
		courses := make([]promql.Course, len(rows))
		for _, group := range a.together(level, rows) {
			for _, b := range years {
				found, err := a.progress(ctx, group, a.yearOf(b))
				if err != nil {
					return nil, err
				}
				for _, i := range group.rows {
					for k := range found[rows[i].about.ID] {
						x := &found[rows[i].about.ID][k]
						if v := value(x); x.Indicator == rows[i].measure.String() && v != nil {
							courses[i].Hold(b.From, b.To, *v)
						}
					}
				}
			}
		}
		return seriesOf(courses, rows), nil
	}
}

// query is the question for the progress of a scope, with the default plan and
// factors.
func (a *selection) query(scope indicator.Scope, year int) progress.Query {
	set := a.s.Factors[0]
	return progress.Query{Scope: scope, Plan: a.s.Plans[0], Factors: set, Mode: set.Mode, Year: year, Now: a.now}
}

// progress gives the indicators of groups in a year, by their ids.
func (a *selection) progress(ctx context.Context, t together, year int) (map[string][]progress.Indicator, error) {
	prepared, err := a.w.Indicators()
	if err != nil {
		return nil, fmt.Errorf("prepare the registry: %w", err)
	}
	q := a.query(t.scope, year)
	if t.part == "" {
		answer, err := progress.Progress(ctx, prepared, a.s.Books, q)
		return map[string][]progress.Indicator{t.scope.ID: answer.Indicators}, err
	}
	parts, err := progress.Breakdown(ctx, prepared, a.s.Books, q, t.part)
	if err != nil {
		return nil, err
	}
	found := map[string][]progress.Indicator{}
	for i := range parts.Rows {
		row := &parts.Rows[i]
		if s := row.Scope; !s.Own {
			found[s.Region+s.Department+s.Institution] = row.Indicators // one of them is given
		}
	}
	return found, nil
}
