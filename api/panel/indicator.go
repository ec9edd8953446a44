package panel

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"jouleline/api/promql"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// levels are the kinds of groups that indicators and progress are given for.
var levels = []struct {
	level  indicator.Level
	labels []string
}{
	{indicator.ByRegion, []string{"province", "city", "county", "region"}},
	{indicator.ByDepartment, []string{"department"}},
	{indicator.ByClass, []string{"class"}},
	{indicator.ByInstitution, placeLabels()},
}

// panelMeasures are the indicators and the totals.
var panelMeasures = slices.Concat(indicator.Ratios[:], indicator.Totals[:])

// measured gives a row once for each of some measures, with more labels.
func measured(row *entry, measures []indicator.Measure, more func(indicator.Measure) []string) []entry {
	list := make([]entry, 0, len(measures))
	for _, m := range measures {
		one := row.named(slices.Concat([]string{"indicator", m.String()}, more(m))...)
		one.measure = m
		list = append(list, one)
	}
	return list
}

// indicatorFamilies are the four indicators and three totals of groups by months
// and years.
func indicatorFamilies() []figure {
	var list []figure
	for _, l := range levels {
		for _, step := range longSteps {
			list = append(list, figure{
				Family: promql.Family{
					Name: fmt.Sprintf("jouleline_%s_indicator_%s", l.level, step.word), Type: promql.Gauge,
					Labels: slices.Concat(l.labels, []string{"indicator", "unit"}),
					Each:   "one at the start of each local " + step.word + ", holds over it",
					Help:   fmt.Sprintf("Indicator or total of a %s in the local %s, so far where it has not ended; in the unit that its label names", l.level, step.word),
				},
				rows:  func(c *catalog) []entry { return c.level(l.level) },
				later: []string{"indicator", "unit"}, grow: func(_ *catalog, row *entry) []entry {
					return measured(row, panelMeasures, func(m indicator.Measure) []string { return []string{"unit", m.Unit()} })
				},
				read: indicated(l.level, step.Step, func(p *indicator.Point) *float64 { return p.Value }),
			})
			for _, f := range []struct {
				name, help string
				value      func(*indicator.Point) *float64
			}{
				{"coverage", "Known share of the time", func(p *indicator.Point) *float64 { return p.Coverage }},
				{"estimated", "Estimated part of the consumption", func(p *indicator.Point) *float64 { return p.EstimatedShare }},
			} {
				list = append(list, figure{
					Family: promql.Family{
						Name: fmt.Sprintf("jouleline_%s_indicator_%s_%s_ratio", l.level, f.name, step.word), Type: promql.Gauge, Unit: "ratio",
						Labels: slices.Concat(l.labels, []string{"indicator"}),
						Each:   "one at the start of each local " + step.word + " of which the indicator is known by meters, holds over it",
						Help:   fmt.Sprintf("%s behind an indicator or total of a %s in the local %s, so far where it has not ended", f.help, l.level, step.word),
					},
					rows:  func(c *catalog) []entry { return c.level(l.level) },
					later: []string{"indicator"}, grow: func(_ *catalog, row *entry) []entry {
						return measured(row, panelMeasures, func(indicator.Measure) []string { return nil })
					},
					read: indicated(l.level, step.Step, f.value),
				})
			}
		}
	}
	return list
}

// indicated reads indicators, or what they rest on: as many groups at once as have
// a common parent.
func indicated(level indicator.Level, step calendar.Step, value func(*indicator.Point) *float64) func(context.Context, *selection, []entry) ([]promql.Series, error) {
	return func(ctx context.Context, a *selection, rows []entry) ([]promql.Series, error) {
		zone := a.w.Calendar()
		buckets, err := a.buckets(zone, step, a.now)
		if err != nil || len(buckets) == 0 {
			return nil, err
		}
		if err := a.fits(rows, buckets); err != nil {
			return nil, err
		}
		source := newUsageOfMonths(a.s.Books)
		if step == calendar.MonthStep {
			if err := source.readAhead(ctx, a, buckets); err != nil {
				return nil, err
			}
		}
		courses := make([]promql.Course, len(rows))
		for _, group := range a.together(level, rows) {
			if asks := len(buckets) * len(group.rows); asks > a.s.Limits.GroupPoints*100 {
				return nil, tooMany("groups x "+step.String(), asks, a.s.Limits.GroupPoints*100)
			}
			for _, b := range buckets {
				points, err := a.points(ctx, source, group, b)
				if err != nil {
					return nil, err
				}
				for _, i := range group.rows {
					p := points[rows[i].about.ID]
					if k := slices.Index(panelMeasures, rows[i].measure); p != nil && p[k].Value != nil && p[k].Unit == rows[i].measure.Unit() {
						if v := value(&p[k]); v != nil {
							courses[i].Hold(b.From, b.To, *v)
						}
					}
				}
			}
		}
		return seriesOf(courses, rows), nil
	}
}

// readAhead reads the whole months among buckets in one question.
func (s *usageOfMonths) readAhead(ctx context.Context, a *selection, buckets []calendar.Bucket) error {
	zone := a.w.Calendar()
	today := zone.DayOf(a.now)
	first, end := schema.MonthOf(zone.DayOf(buckets[0].From)), schema.MonthOf(zone.DayOf(buckets[len(buckets)-1].From))+1
	end = min(end, schema.MonthOf(today)) // the running month is read by days
	for month := first; month < end; month++ {
		s.months[month] = nil
	}
	if first >= end {
		return nil
	}
	err := a.s.source.UsageByMonth(ctx, a.w.Registry, first, end, func(month schema.Month, u *indicator.Usage) {
		s.months[month] = append(s.months[month], *u)
	})
	for _, list := range s.months {
		slices.SortFunc(list, func(a, b indicator.Usage) int {
			return cmp.Or(cmp.Compare(a.Institution, b.Institution), cmp.Compare(a.Carrier, b.Carrier), cmp.Compare(a.Use, b.Use))
		})
	}
	return err
}

// points gives the measures of groups in a bucket, by their ids.
func (a *selection) points(ctx context.Context, source indicator.Source, t together, b calendar.Bucket) (map[string][]indicator.Point, error) {
	zone := a.w.Calendar()
	days := schema.Validity{From: zone.DayOf(b.From), To: min(zone.DayOf(b.To), zone.DayOf(a.now))}
	if days.From >= days.To {
		return nil, nil // today is not over: nothing is known of this period yet
	}
	year, _, _ := days.From.Date()
	prepared, err := a.w.Indicators()
	if err != nil {
		return nil, fmt.Errorf("prepare the registry: %w", err)
	}
	set := a.s.Factors[0]
	spec := indicator.Spec{Scope: t.scope, Factors: set, Mode: set.Mode, MinCoverage: a.s.Plans[0].MinCoverage}
	spec.Sides[indicator.Current] = indicator.Stretch{Days: days, Year: year}
	sides, err := prepared.Read(ctx, source, spec)
	if err != nil {
		return nil, err
	}
	if t.part == "" {
		return map[string][]indicator.Point{t.scope.ID: sides.AppendPoints(nil, indicator.Group{Scope: t.scope}, sides.Total(), panelMeasures, indicator.Point{})}, nil
	}
	points := map[string][]indicator.Point{}
	for g, tally := range sides.Breakdown(t.part) {
		if !g.Own {
			points[g.Scope.ID] = sides.AppendPoints(nil, g, tally, panelMeasures, indicator.Point{})
		}
	}
	return points, nil
}

// seriesOf closes courses that have samples.
func seriesOf(courses []promql.Course, rows []entry) []promql.Series {
	var list []promql.Series
	for i := range courses {
		if courses[i].Len() > 0 {
			list = append(list, courses[i].Series(rows[i].labels))
		}
	}
	return list
}
