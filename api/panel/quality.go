package panel

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"jouleline/api/promql"
	"jouleline/api/query"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/schema"
)

// qualityFamilies tell how well institutions and meters are known.
func qualityFamilies() []figure {
	carriers := func(c *catalog) []entry { return c.carriers() }
	var list []figure
	for _, step := range longSteps {
		for _, f := range []struct {
			name, unit, help string
			value            func(consumption.Amounts) float64
		}{
			{"coverage", "ratio", "Known share of the time over which the meters of an institution should have reported", coverageOf},
			{"estimated", "ratio", "Estimated part of the consumption of an institution", estimatedOf},
			{"known", "seconds", "Meter-seconds of an institution that are known", secondsOf(func(x *consumption.Amounts) int64 { return x.Known })},
			{"expected", "seconds", "Meter-seconds of an institution that should be known", secondsOf(func(x *consumption.Amounts) int64 { return x.Expected })},
		} {
			list = append(list, figure{
				Family: promql.Family{
					Name: fmt.Sprintf("jouleline_institution_%s_%s_%s", f.name, step.word, f.unit), Type: promql.Gauge, Unit: f.unit, Labels: placeLabels("carrier"),
					Each: "one at the start of each local " + step.word + ", holds over it", Help: f.help + " in the local " + step.word + ", so far where it has not ended",
				},
				rows: carriers, read: wellKnown(step.Step, f.value),
			})
		}
	}
	for _, f := range []struct {
		name, help string
		value      func(expected, silent int) float64
	}{
		{"expected_day_meters", "Meters of a building that should report in the local day", func(expected, _ int) float64 { return float64(expected) }},
		{"silent_day_meters", "Those of the meters of a building that should report of which nothing is known in the local day", func(_, silent int) float64 { return float64(silent) }},
	} {
		list = append(list, figure{
			Family: promql.Family{
				Name: "jouleline_building_" + f.name, Type: promql.Gauge, Unit: "meters", Labels: placeLabels("building", "carrier", "use"),
				Each: "one at the start of each local day, holds over it", Help: f.help,
			},
			rows: func(c *catalog) []entry { return c.buildings() }, read: silent(f.value),
		})
	}
	return list
}

// secondsOf gives a time of meters that should have reported.
func secondsOf(pick func(*consumption.Amounts) int64) func(consumption.Amounts) float64 {
	return func(x consumption.Amounts) float64 {
		if x.Expected == 0 {
			return math.NaN()
		}
		return float64(pick(&x)) / float64(schema.Second)
	}
}

// wellKnown reads what institutions know of each carrier, period by period.
func wellKnown(step calendar.Step, value func(consumption.Amounts) float64) func(context.Context, *selection, []entry) ([]promql.Series, error) {
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
		if cells := len(rows) * len(buckets); cells > 4*batchCells {
			return nil, tooMany("institutions x "+step.String(), cells, 4*batchCells)
		}
		of := map[schema.Carrier][]int{}
		for i := range rows {
			of[rows[i].carrier] = append(of[rows[i].carrier], i)
		}
		courses := make([]promql.Course, len(rows))
		for _, carrier := range schema.Carriers {
			if of[carrier] == nil {
				continue
			}
			place := make([]int, len(a.w.InstitutionIDs))
			for i := range place {
				place[i] = -1
			}
			for k, i := range of[carrier] {
				place[rows[i].institution] = k
			}
			series, err := consumption.ReadGroup(ctx, source, consumption.GroupQuery{
				Registry: a.w.Registry, Carrier: carrier, Place: place, Places: len(of[carrier]), Buckets: buckets, Zone: zone, Now: a.now,
			})
			if err != nil {
				return nil, err
			}
			for k, i := range of[carrier] {
				for n, b := range buckets {
					amounts, err := series.Amounts(n, k)
					if err != nil {
						return nil, err
					}
					if v := value(amounts); !math.IsNaN(v) {
						courses[i].Hold(b.From, b.To, v)
					}
				}
			}
		}
		return seriesOf(courses, rows), nil
	}
}

// silent counts the meters of buildings, each as a row of its own.
func silent(value func(expected, silent int) float64) func(context.Context, *selection, []entry) ([]promql.Series, error) {
	return func(ctx context.Context, a *selection, rows []entry) ([]promql.Series, error) {
		var meters []entry
		of := map[string][]int{} // rows of a meter
		for i := range rows {
			c, err := a.circle(&rows[i])
			if err != nil {
				return nil, err
			}
			for _, id := range slices.Concat(c.IDs, slices.Compact(slices.Clone(c.Formulas))) {
				if of[id] == nil {
					meters = append(meters, entry{about: query.Of(query.KindMeter, id)})
				}
				of[id] = append(of[id], i)
			}
		}
		type count struct{ expected, silent int }
		counts := make([]map[calendar.Bucket]count, len(rows))
		err := a.sheets(ctx, meters, calendar.DayStep, func(s *sheet) error {
			for place := range s.rows {
				for n, b := range s.buckets {
					amounts, err := s.series.Amounts(n, place)
					if err != nil {
						return err
					}
					if amounts.Expected == 0 {
						continue
					}
					for _, i := range of[s.rows[place].about.ID] {
						if counts[i] == nil {
							counts[i] = map[calendar.Bucket]count{}
						}
						c := counts[i][b]
						c.expected++
						if amounts.Known == 0 {
							c.silent++
						}
						counts[i][b] = c
					}
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		courses := make([]promql.Course, len(rows))
		for i := range rows {
			for _, b := range sortedBuckets(counts[i]) {
				courses[i].Hold(b.From, b.To, value(counts[i][b].expected, counts[i][b].silent))
			}
		}
		return seriesOf(courses, rows), nil
	}
}

// sortedBuckets gives the buckets of counts in order of time.
func sortedBuckets[T any](counts map[calendar.Bucket]T) []calendar.Bucket {
	return slices.SortedFunc(maps.Keys(counts), func(a, b calendar.Bucket) int { return cmp.Compare(a.From, b.From) })
}
