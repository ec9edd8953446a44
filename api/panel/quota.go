package panel

import (
	"context"
	"maps"
	"slices"

	"jouleline/analytics/benchmark"
	"jouleline/analytics/standing"
	"jouleline/api/promql"
	"jouleline/api/query"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// quotaOf is what a quota's series speaks of.
type quotaOf struct {
	standard *benchmark.Standard
	limits   benchmark.Limits
	bound    string // constraint, base or guide; "" is the value itself
}

// makeQuotas lists the consumption standards that are meant for each institution.
func (c *catalog) makeQuotas() []entry {
	var rows []entry
	for i, id := range c.w.InstitutionIDs {
		inst := c.w.InstitutionOn(int32(i), c.day)
		path := c.w.RegionPath(inst.Region, c.day)
		for _, standard := range c.s.standards.For(string(inst.Class), path, c.s.standards.Zone(path)) {
			for _, limits := range standard.Limits {
				rows = append(rows, entry{
					labels: c.with(int32(i), "quota", standard.ID, "metric", string(limits.Metric), "unit", limits.Unit),
					about:  query.Of(string(indicator.ByInstitution), id), institution: int32(i), quota: &quotaOf{standard: standard, limits: limits},
				})
			}
		}
	}
	return rows
}

// bounded gives the row of a quota once for each bound that is given.
func bounded(_ *catalog, row *entry) (list []entry) {
	for _, bound := range []string{"constraint", "base", "guide"} {
		q := *row.quota
		q.bound = bound
		if q.value() != 0 {
			one := row.named("bound", bound)
			one.quota = &q
			list = append(list, one)
		}
	}
	return list
}

func (q *quotaOf) value() float64 {
	quota := q.limits.Quota()
	switch q.bound {
	case "constraint":
		return quota.Constraint
	case "base":
		return quota.Base
	}
	return quota.Guide
}

// bands are the numbers by which a verdict is shown.
var bands = map[benchmark.Verdict]float64{benchmark.Guided: 0, benchmark.Based: 1, benchmark.Within: 2, benchmark.Over: 3}

// quotaFamilies are consumption standards, and where institutions stand against
// them.
func quotaFamilies() []figure {
	labels := placeLabels("quota", "metric", "unit")
	year := "one at the start of each local year that is over, holds over it"
	quotas := func(c *catalog) []entry { return c.quotas() }
	return []figure{{
		Family: promql.Family{
			Name: "jouleline_institution_quota", Type: promql.Gauge, Labels: append(slices.Clone(labels), "bound"),
			Each: "one at the start of each local year, holds over it", Help: "Bound that a consumption standard sets for an institution of its class and place; in the unit that its label names",
		},
		rows: quotas, later: []string{"bound"}, grow: bounded, mayBeNone: true,
		read: func(_ context.Context, a *selection, rows []entry) ([]promql.Series, error) {
			years, err := a.buckets(a.w.Calendar(), calendar.YearStep, schema.MaxInstant-1)
			if err == nil {
				err = a.fits(rows, years)
			}
			if err != nil {
				return nil, err
			}
			courses := make([]promql.Course, len(rows))
			for i := range rows {
				for _, b := range years {
					courses[i].Hold(b.From, b.To, rows[i].quota.value())
				}
			}
			return seriesOf(courses, rows), nil
		},
	}, {
		Family: promql.Family{
			Name: "jouleline_institution_quota_value", Type: promql.Gauge, Labels: labels,
			Each: year, Help: "What an institution used, by the standard's own metric and factors; in the unit that its label names",
		},
		rows: quotas, read: judged(func(q *standing.Quota) (float64, bool) {
			if q.Value == nil {
				return 0, false
			}
			return *q.Value, true
		}),
	}, {
		Family: promql.Family{
			Name: "jouleline_institution_quota_band", Type: promql.Gauge, Labels: labels,
			Each: year, Help: "Band of a consumption standard in which an institution lies: 0 guide, 1 base, 2 constraint, 3 over",
		},
		rows: quotas, read: judged(func(q *standing.Quota) (float64, bool) {
			band, ok := bands[q.Verdict]
			return band, ok && q.Value != nil
		}),
	}}
}

// mostJudged bounds the institutions x years that are held against standards at
// once: each reads the whole class.
const mostJudged = 50

func judged(value func(*standing.Quota) (float64, bool)) func(context.Context, *selection, []entry) ([]promql.Series, error) {
	return func(ctx context.Context, a *selection, rows []entry) ([]promql.Series, error) {
		zone := a.w.Calendar()
		thisYear, _, _ := zone.DayOf(a.now).Date()
		years, err := a.buckets(zone, calendar.YearStep, zone.Start(schema.Month(thisYear*12).First())-1)
		if err != nil || len(years) == 0 {
			return nil, err
		}
		prepared, err := a.w.Indicators()
		if err != nil {
			return nil, err
		}
		of := map[string][]int{}
		for i := range rows {
			of[rows[i].about.ID] = append(of[rows[i].about.ID], i)
		}
		if n := len(of) * len(years); n > mostJudged {
			return nil, tooMany("institutions x years to judge", n, mostJudged)
		}
		courses := make([]promql.Course, len(rows))
		for _, id := range slices.Sorted(maps.Keys(of)) {
			for _, b := range years {
				set := a.s.Factors[0]
				answer, err := standing.Compare(ctx, prepared, a.s.Books, standing.Query{
					Institution: id, Year: a.yearOf(b), Seed: 1, Limit: 1, Measure: indicator.EnergyPerArea, Factors: set, Mode: set.Mode,
					Sets: a.s.Factors, Standards: a.s.standards, MinCoverage: a.s.Plans[0].MinCoverage, Now: a.now,
				})
				if err != nil {
					return nil, err
				}
				for _, i := range of[id] {
					for k := range answer.Quotas {
						q := &answer.Quotas[k]
						if q.ID != rows[i].quota.standard.ID || q.Metric != rows[i].quota.limits.Metric {
							continue
						}
						if v, ok := value(q); ok {
							courses[i].Hold(b.From, b.To, v)
						}
					}
				}
			}
		}
		return seriesOf(courses, rows), nil
	}
}
