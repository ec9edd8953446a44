package anomaly

import (
	"fmt"
	"math"
	"slices"
	"time"

	"jouleline/analytics/orderstat"
)

// Report is what was found in a meter's readings.
type Report struct {
	Findings []Finding // in order of time
	Profile  *Profile
}

// Actionable returns the findings of level Warning and above.
func (r *Report) Actionable() []Finding {
	var out []Finding
	for _, f := range r.Findings {
		if f.Severity >= Warning {
			out = append(out, f)
		}
	}
	return out
}

// Detect runs all rules of the carrier. Where several explain the same time the
// plainer cause stays: lost data before a swap, a swap before a schedule, that
// before a base load, and all of them before mere unusual hours and drifts. It
// needs two weeks.
func Detect(s Series, loc *time.Location, set Settings) (*Report, error) {
	set, err := set.withDefaults()
	if err != nil {
		return nil, err
	}
	c, err := newCalendar(s, loc, set.Until)
	if err != nil {
		return nil, err
	}
	r := &Report{Profile: c.profile()}
	usual := c.usualWeek()
	r.add(c.silent(set))
	r.add(c.stuck(usual, set))
	r.add(c.zeroRun(usual, set))
	clean := c.without(r.Findings)
	r.add(clean.spikes(usual, set))
	switch set.Carrier {
	case Water:
		r.add(clean.leaks(set))
	case Electricity:
		r.add(clean.steps(set))
		r.add(clean.nights(set))
		r.add(clean.weekends(set))
	}
	r.add(r.Profile.growth(c))
	hours, err := clean.unusual(usual, loc, set)
	if err != nil {
		return nil, err
	}
	r.add(hours)
	r.add(clean.drift(usual))
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return int(min(max(a.From-b.From, -1), 1)) })
	return r, nil
}

// add keeps findings that no finding before them explains. Peaks explain nothing
// and need no explanation.
func (r *Report) add(findings []Finding) {
	before := r.Findings[:len(r.Findings):len(r.Findings)]
	for _, f := range findings {
		explained := f.Cause != PeakGrowth && slices.ContainsFunc(before, func(o Finding) bool {
			return o.Cause != PeakGrowth && o.overlaps(&f) && o.Severity >= f.Severity
		})
		if !explained {
			r.Findings = append(r.Findings, f)
		}
	}
}

// without returns the calendar with the hours of the findings unknown, so that a
// stuck week does not count as a step.
func (c *calendar) without(findings []Finding) *calendar {
	out := *c
	out.hours, out.flat = slices.Clone(c.hours), slices.Clone(c.flat)
	for _, f := range findings {
		for i, h := range out.flat {
			if h.at >= f.From && h.at < f.To {
				out.flat[i].value = math.NaN()
				out.hours[h.day][h.of] = math.NaN()
			}
		}
	}
	return &out
}

// driftP and driftShare are how sure and how large a lasting change of daily use
// must be: one in a thousand by the test, a tenth of the mean.
const driftP, driftShare = .001, .1

// drift finds a lasting change of daily use against the usual week, where two
// procedures agree: the tabular CUSUM over prewhitened days alarms, and the
// OLS-CUSUM test with its break date says that the mean changed.
func (c *calendar) drift(usual *week) []Finding {
	var days []int
	var residual []float64
	var level float64
	for d := range c.hours {
		var sum, expected float64
		known := 0
		for h, v := range c.hours[d] {
			if !math.IsNaN(v) {
				sum += v
				expected += usual.hours[c.weekday[d]][h]
				known++
			}
		}
		if known >= 20 {
			days = append(days, d)
			residual = append(residual, (sum-expected)/float64(known))
			level += expected / float64(known)
		}
	}
	if len(days) < 4*minDays {
		return nil
	}
	level /= float64(len(days))
	white, _, err := Prewhiten(residual)
	if err != nil {
		return nil // days that do not differ do not drift
	}
	scheme, err := TabularCUSUM(white, .5, 5)
	if err != nil || len(scheme.Alarms) == 0 {
		return nil
	}
	_, p, err := OLSCUSUM(orderstat.Finite(white))
	if err != nil || p > driftP {
		return nil
	}
	b, err := BreakDate(residual, minDays)
	if err != nil || b.Gain <= 0 || math.Abs(b.After-b.Before) < driftShare*level {
		return nil
	}
	last := days[len(days)-1]
	f := Finding{Cause: Drift, Severity: Info, From: c.start[days[b.Index]], To: c.start[last+1], PerHour: b.After - b.Before}
	f.Total = f.PerHour * float64(f.To-f.From) / 3600
	f.Detail = fmt.Sprintf("daily use left its level by %.4g an hour (p %.2g)", f.PerHour, p)
	for k := max(b.Index-8, 0); k < min(b.Index+16, len(days)); k++ {
		f.addEvidence(Point{c.start[days[k]], level + residual[k], level + b.Before})
	}
	return []Finding{f}
}
