package savings

import (
	"fmt"
	"math"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/towt"
	"jouleline/analytics/weather"
)

// towt fits the unweighted time-of-week model to the intervals of the baseline.
func (q *Question) towt() (*Result, error) {
	step := q.Usage.Step()
	if step > hour || day%step != 0 || step%60 != 0 {
		return nil, &analytics.InputError{Op: op + " towt", What: "usage", Index: -1,
			Got: fmt.Sprintf("a value every %s", time.Duration(step)*time.Second), Want: "a value an hour or more, at steps that divide a day"}
	}
	if s := q.Temperature.Step(); s > 6*hour {
		return nil, &analytics.InputError{Op: op + " towt", What: "temperature", Index: -1,
			Got: fmt.Sprintf("a value every %s", time.Duration(s)*time.Second), Want: "a value every 6 hours or more"}
	}
	temps := q.intervalTemperatures(step)
	first := weather.DayOf(q.Usage.Times[0], q.Location)
	last := weather.DayOf(q.Usage.Times[len(q.Usage.Times)-1], q.Location)
	span := weather.Daily{First: first, Values: make([]float64, dayIndex(first, last)+1)}
	base, report := q.baseline(span), q.reporting(span)
	cut := func(w window) (s towt.Series) {
		from := time.Date(w.from.Year(), w.from.Month(), w.from.Day(), 0, 0, 0, 0, q.Location).Unix()
		to := time.Date(w.to.Year(), w.to.Month(), w.to.Day(), 0, 0, 0, 0, q.Location).Unix()
		for i, at := range q.Usage.Times {
			if at < from || at >= to {
				continue
			}
			v := q.Usage.Values[i]
			if q.ZeroIsMissing && v == 0 {
				v = math.NaN()
			}
			s.Times, s.Temps, s.Loads = append(s.Times, at), append(s.Temps, temps[i]), append(s.Loads, v)
		}
		return s
	}
	before := cut(base)
	m, err := towt.Fit(before, q.Location, towt.Settings{Scale: q.Scale, Step: int(step / 60), Level: q.Level})
	if err != nil {
		return nil, err
	}
	s, err := m.Savings(cut(report))
	if err != nil {
		return nil, err
	}
	b := m.Metrics
	r := &Result{
		Method: q.Method, Model: "towt_" + m.Variant.String(), TemperatureUnit: q.Scale.String(), CVRMSE: b.CVRMSE,
		CVRMSEDefinition: "sqrt(SSE/(n-p)) / mean load, p levels and slopes (ASHRAE Guideline 14)",
		RSquaredAdj:      b.AdjR2(), N: b.N,
		Baseline: base.period(), Reporting: report.period(),
		Counterfactual: s.Counterfactual, Observed: s.Observed, Compared: s.N, LeftOut: s.LeftOut + s.Unseen,
		Level: s.Level, BandFSU: some(s.Band),
		FSUDefinition: "1.26 t RMSE sqrt(m (n/n')(1+2/n')) (ASHRAE Guideline 14); narrow where hours are strongly correlated",
		Warnings:      append(append([]analytics.Warning{}, m.Warnings...), s.Warnings...),
	}
	if w := weather.SuspectScale(before.Temps, q.Scale); w != nil {
		r.Warnings = append(r.Warnings, *w)
	}
	if q.NoCooling || q.NoHeating {
		r.warn(CodeFormsNotLimited, 0, 0, "towt has no heating or cooling slope that could be left out")
	}
	return r, nil
}

// maxGap is the longest stretch between two temperatures that is bridged by a
// straight line (CalTRACK 2.2.2.2 fills up to six hours).
const maxGap = 7 * hour

// intervalTemperatures gives the mean temperature of each interval of use: of the
// samples in it, else on the line between its neighbours, NaN where these lie too
// far apart.
func (q *Question) intervalTemperatures(step int64) []float64 {
	t := q.Temperature
	var at []int64
	var values []float64
	for i, v := range t.Values {
		if !math.IsNaN(v) {
			at, values = append(at, t.Times[i]), append(values, v)
		}
	}
	out := make([]float64, len(q.Usage.Times))
	next := 0 // first sample that is not before the interval
	for i, from := range q.Usage.Times {
		for next < len(at) && at[next] < from {
			next++
		}
		var sum float64
		n := 0
		for k := next; k < len(at) && at[k] < from+step; k++ {
			sum += values[k]
			n++
		}
		switch {
		case n > 0:
			out[i] = sum / float64(n)
		case next > 0 && next < len(at) && at[next]-at[next-1] <= maxGap:
			share := float64(from-at[next-1]) / float64(at[next]-at[next-1])
			out[i] = values[next-1] + share*(values[next]-values[next-1])
		default:
			out[i] = math.NaN()
		}
	}
	return out
}
