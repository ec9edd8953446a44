package outlook

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"time"

	"jouleline/analytics/trend"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// Monthly is an outlook from months: annual totals are sums over simulated paths,
// since bounds of months must never be added.
type Monthly struct {
	State       State        `json:"state" doc:"ok or not_enough_data"`
	Reason      string       `json:"reason"`
	Months      int          `json:"months" doc:"Months in a row that are known"`
	Method      string       `json:"method" doc:"Model of the logarithms that would have forecast best so far"`
	Seed        uint64       `json:"seed" doc:"The same seed gives the same answer"`
	Paths       int          `json:"paths" doc:"Simulated futures"`
	Years       []MonthYear  `json:"years"`
	Probability *Probability `json:"probability,omitempty" doc:"Share of the futures that meet the target"`
	YearToDate  *YearToDate  `json:"year_to_date,omitempty" doc:"The running year's months against their seasonal share of the path; left out in January and where there is no target"`
	Rolling     *Rolling     `json:"rolling_12,omitempty" doc:"The last twelve months, and what it takes from now on"`
}

// MonthYear is the total of a year: known months and simulated ones.
type MonthYear struct {
	Year  int     `json:"year"`
	Known int     `json:"known_months"`
	Value float64 `json:"value" doc:"In the indicator's unit"`
	Low   float64 `json:"value_low"`
	High  float64 `json:"value_high"`
	Index float64 `json:"index" doc:"Percent of the base year"`
}

const (
	// minMonths is three cycles: a season that was seen twice cannot be told from
	// chance.
	minMonths = 36
	paths     = 2 * trend.MinPaths
	monthsOf  = 12
)

// months simulates the years until the target year from months. Sums of a year's
// monthly values per square metre are its annual value where area does not change
// within the year.
func (q *Query) months(ctx context.Context, w *indicator.World, source indicator.Source, m indicator.Measure, in *Indicator, base int, c *course) (*Monthly, error) {
	out := &Monthly{State: NotEnoughData, Seed: q.Seed, Paths: paths, Years: []MonthYear{}}
	if in.Baseline == nil || in.Unit != m.Unit() || *in.Baseline <= 0 {
		out.Reason = "the base year is not known in the indicator's unit"
		return out, nil
	}
	zone := w.Registry().TimeZone
	now := q.Now.Time().In(zone)
	if end := time.Date(q.LastYear+1, time.January, 1, 0, 0, 0, 0, zone); q.LastYear != 0 && end.Before(now) {
		now = end
	}
	from := schema.DayOf(base, time.January, 1)
	to := schema.DayOf(now.Year(), now.Month(), 1) // months that are over
	if q.Plan.TargetYear < now.Year() {
		out.Reason = "the target year is over"
		return out, nil
	}
	points, _, err := w.Series(ctx, source, indicator.SeriesQuery{
		Scope: q.Scope, From: from, To: to, Step: calendar.MonthStep, Measures: []indicator.Measure{m}, Factors: q.Factors, Mode: q.Mode,
		Panel: q.Panel, Boundary: q.Boundary, MinCoverage: q.Plan.MinCoverage, KnownAt: q.KnownAt,
	})
	if err != nil {
		return nil, err
	}
	values := tail(points, q.Plan.MinCoverage)
	out.Months = len(values)
	if len(values) < minMonths {
		out.Reason = fmt.Sprintf("%d months in a row are known well enough, want %d", len(values), minMonths)
		return out, nil
	}
	if err := out.simulate(values, now, q, in); err != nil {
		out.State, out.Reason, out.Years = NotEnoughData, err.Error(), []MonthYear{}
		return out, nil
	}
	if in.Target != nil {
		if path, err := c.path(q.Plan, m, *in.Baseline); err == nil { // a path that cannot be drawn has no state either
			if y, err := yearToDate(values, now, path); err == nil { // none in January
				out.YearToDate = y
			}
			out.rolling(values, now, q.Plan.TargetYear, *in.Baseline, *in.Target)
		}
	}
	return out, nil
}

// tail gives the months in a row up to the last that are covered well enough.
func tail(points []indicator.Point, enough *big.Rat) []float64 {
	least, _ := enough.Float64()
	var values []float64
	for _, p := range points {
		if p.Value == nil || p.Coverage != nil && *p.Coverage < least {
			values = values[:0]
			continue
		}
		values = append(values, *p.Value)
	}
	return values
}

// inPercent is a model of logarithms: winters fall by as many percent as summers
// do, not by as much. (On plain values a damped trend with a season of fixed size
// takes the shrinking winters for a trend of all months.)
type inPercent struct{ trend.Model }

// Path gives values, not their logarithms.
func (m inPercent) Path(dst []float64, r *rand.Rand) {
	m.Model.Path(dst, r)
	for i, v := range dst {
		dst[i] = math.Exp(v)
	}
}

// simulate sums simulated months to years.
func (o *Monthly) simulate(values []float64, now time.Time, q *Query, in *Indicator) error {
	logs := make([]float64, len(values))
	for i, v := range values {
		if v <= 0 {
			return fmt.Errorf("a month of the last %d has no consumption: seasons in percent want values above 0", len(values))
		}
		logs[i] = math.Log(v)
	}
	sel, err := trend.Select(logs, monthsOf, monthsOf)
	if err != nil {
		return err
	}
	o.Method = string(sel.Best)
	fitted, err := trend.Fit(sel.Best, logs, monthsOf)
	if err != nil {
		return err
	}
	model := inPercent{fitted}
	over := int(now.Month()) - 1 // months of the running year that are known
	var steps []int
	var known []float64
	for year := now.Year(); year <= q.Plan.TargetYear; year++ {
		rest, sum := monthsOf, 0.
		if year == now.Year() {
			rest -= over
			for _, v := range values[len(values)-over:] {
				sum += v
			}
		}
		steps, known = append(steps, rest), append(known, sum)
	}
	totals, err := trend.SimulateTotals(model, steps, known, q.Level, paths, rand.NewPCG(q.Seed, 0))
	if err != nil {
		return err
	}
	for k, mean := range totals.Mean {
		o.Years = append(o.Years, MonthYear{
			Year: now.Year() + k, Known: monthsOf - steps[k], Value: mean, Low: totals.Low[k], High: totals.High[k], Index: 100 * mean / *in.Baseline,
		})
	}
	if in.Target != nil {
		chance, err := totals.ChanceBelow(len(steps)-1, *in.Target, model.DF())
		if err != nil {
			return err
		}
		o.Probability = probability(&chance)
	}
	o.State, o.Reason = OK, fmt.Sprintf("from %d months in a row", len(values))
	return nil
}
