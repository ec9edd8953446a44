package panel

import (
	"context"
	"fmt"
	"slices"

	"jouleline/analytics/outlook"
	"jouleline/api/promql"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
)

// forecastFamilies are where the indicators go until the target year.
func forecastFamilies() []figure {
	var list []figure
	for _, f := range []struct {
		name, unit, help, each string
		value                  func(*outlook.Indicator, *outlook.Point) *float64
	}{
		{"forecast_reduction_percent", "percent", "Forecast reduction", forecastYears, func(_ *outlook.Indicator, p *outlook.Point) *float64 { return &p.Reduction }},
		{"forecast_reduction_low_percent", "percent", "Lower bound of the forecast reduction at a confidence of 90 %", forecastYears, func(_ *outlook.Indicator, p *outlook.Point) *float64 {
			v := 100 - p.High
			return &v
		}},
		{"forecast_reduction_high_percent", "percent", "Upper bound of the forecast reduction at a confidence of 90 %", forecastYears, func(_ *outlook.Indicator, p *outlook.Point) *float64 {
			v := 100 - p.Low
			return &v
		}},
		{"target_probability_ratio", "ratio", "Probability of meeting the target in the target year", forecastYears, func(i *outlook.Indicator, _ *outlook.Point) *float64 {
			if i.Probability == nil {
				return nil
			}
			return &i.Probability.P
		}},
	} {
		for _, l := range levels {
			list = append(list, ofPlan(figure{
				Family: promql.Family{
					Name: fmt.Sprintf("jouleline_%s_%s", l.level, f.name), Type: promql.Gauge, Unit: f.unit, Each: f.each,
					Labels: slices.Concat(l.labels, []string{"indicator", "plan"}),
					Help:   fmt.Sprintf("%s of a %s's indicator, from the years that are over", f.help, l.level),
				},
				read: foreseen(f.value),
			}, l.level))
		}
	}
	return list
}

const forecastYears = "one at the start of each local year after the last that is known, to the plan's target year, holds over it"

// mostForecasts bounds the groups that are forecast at once; each takes some
// milliseconds and reads every year.
const mostForecasts = 200

func foreseen(value func(*outlook.Indicator, *outlook.Point) *float64) func(context.Context, *selection, []entry) ([]promql.Series, error) {
	return func(ctx context.Context, a *selection, rows []entry) ([]promql.Series, error) {
		years, err := a.planYears(a.s.Plans[0].TargetYear)
		if err != nil || len(years) == 0 {
			return nil, err
		}
		groups := map[string]bool{}
		for i := range rows {
			groups[rows[i].about.ID] = true
		}
		if len(groups) > mostForecasts {
			return nil, tooMany("groups to forecast", len(groups), mostForecasts)
		}
		prepared, err := a.w.Indicators()
		if err != nil {
			return nil, fmt.Errorf("prepare the registry: %w", err)
		}
		answers := map[string]*outlook.Answer{}
		courses := make([]promql.Course, len(rows))
		for i := range rows {
			about := rows[i].about
			answer := answers[about.ID]
			if answer == nil {
				scope := indicator.Scope{Level: indicator.Level(about.Kind), ID: about.ID}
				if answer, err = outlook.Look(ctx, prepared, a.s.Books, outlook.Query{Query: a.query(scope, 0), Level: 0.9, Seed: 1}); err != nil {
					return nil, err
				}
				answers[about.ID] = answer
			}
			for k := range answer.Indicators {
				if x := &answer.Indicators[k]; x.Indicator == rows[i].measure.String() {
					a.foresee(&courses[i], x, years, value)
				}
			}
		}
		return seriesOf(courses, rows), nil
	}
}

func (a *selection) foresee(c *promql.Course, x *outlook.Indicator, years []calendar.Bucket, value func(*outlook.Indicator, *outlook.Point) *float64) {
	for _, b := range years {
		for k := range x.Forecast {
			if p := &x.Forecast[k]; p.Year == a.yearOf(b) {
				if v := value(x, p); v != nil {
					c.Hold(b.From, b.To, *v)
				}
			}
		}
	}
}
