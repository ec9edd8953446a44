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

// measured gives each row once for each of some measures, with more labels.
func measured(rows []entry, measures []indicator.Measure, more func(indicator.Measure) []string) []entry {
	list := make([]entry, 0, len(rows)*len(measures))
	for _, row := range rows {
		var pairs []string
		row.labels.Range(func(l promql.Label) { pairs = append(pairs, l.Name, l.Value) })
		for _, m := range measures {
			one := row
			one.measure = m
			one.labels = promql.LabelsOf(slices.Concat(pairs, []string{"indicator", m.String()}, more(m))...)
			list = append(list, one)
		}
	}
	return list
}

// indicatorFamilies are the four indicators and three totals of groups by months
// and years.
func indicatorFamilies() []figure {
	var list []figure
	for _, l := range levels {
		for _, step := range []struct {
			calendar.Step
			word string
		}{{calendar.MonthStep, "month"}, {calendar.YearStep, "year"}} {
			list = append(list, figure{
				Family: promql.Family{
					Name: fmt.Sprintf("jouleline_%s_indicator_%s", l.level, step.word), Type: promql.Gauge,
					Labels: slices.Concat(l.labels, []string{"indicator", "unit"}),
					Each:   "one at the start of each local " + step.word + ", holds over it",
					Help:   fmt.Sprintf("Indicator or total of a %s in the local %s, so far where it has not ended; in the unit that its label names", l.level, step.word),
				},
				rows: func(c *catalog) []entry {
					return measured(c.level(l.level), panelMeasures, func(m indicator.Measure) []string { return []string{"unit", m.Unit()} })
				},
				read: indicated(l.level, step.Step),
			})
		}
	}
	return list
}

// indicated reads indicators: as many groups at once as have a common parent.
func indicated(level indicator.Level, step calendar.Step) func(context.Context, *selection, []entry) ([]promql.Series, error) {
	return func(ctx context.Context, a *selection, rows []entry) ([]promql.Series, error) {
		zone := a.w.Calendar()
		buckets, err := a.buckets(zone, step, a.now)
		if err != nil || len(buckets) == 0 {
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
						courses[i].Hold(b.From, b.To, *p[k].Value)
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

// together is rows whose groups are parts of one scope.
type together struct {
	scope indicator.Scope
	// part is what the rows speak of; "" where it is the scope itself.
	part indicator.Level
	rows []int
}

// fewApart is how many groups of one parent are asked for one by one: a
// breakdown reads all children of the parent.
const fewApart = 2

// together sorts rows by the parent of their groups.
func (a *selection) together(level indicator.Level, rows []entry) []together {
	parents := map[string][]string{}
	of := map[string][]int{}
	var order []string
	for i := range rows {
		id := rows[i].about.ID
		if of[id] == nil {
			parent := a.parent(level, id)
			if parents[parent] == nil {
				order = append(order, parent)
			}
			parents[parent] = append(parents[parent], id)
		}
		of[id] = append(of[id], i)
	}
	var list []together
	for _, parent := range order {
		if ids := parents[parent]; parent == "" || len(ids) <= fewApart {
			for _, id := range ids {
				list = append(list, together{indicator.Scope{Level: level, ID: id}, "", of[id]})
			}
			continue
		}
		t := together{scope: indicator.Scope{Level: level, ID: parent}, part: level}
		if level == indicator.ByInstitution {
			t.scope.Level = indicator.ByRegion
		}
		for _, id := range parents[parent] {
			t.rows = append(t.rows, of[id]...)
		}
		list = append(list, t)
	}
	return list
}

// parent names what a group is a part of, "" where it is a part of nothing.
func (a *selection) parent(level indicator.Level, id string) string {
	var path []string
	switch level {
	case indicator.ByRegion:
		path = a.w.RegionPath(id, a.cat.day)
	case indicator.ByDepartment:
		path = a.w.DepartmentPath(id, a.cat.day)
	case indicator.ByInstitution:
		index, _ := a.w.InstitutionIndex(id)
		return a.w.InstitutionOn(index, a.cat.day).Region
	}
	if len(path) < 2 {
		return ""
	}
	return path[1]
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
