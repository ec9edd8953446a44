package anomaly_test

import (
	"testing"
	"time"

	"jouleline/analytics/anomaly"
)

func detect(t testing.TB, s anomaly.Series, zone *time.Location, set anomaly.Settings) *anomaly.Report {
	t.Helper()
	r, err := anomaly.Detect(s, zone, set)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// found tells whether an actionable finding of one of the causes lies in the fault's
// time and began within two weeks of it.
func found(r *anomaly.Report, s anomaly.Series, f fault, causes ...anomaly.Cause) bool {
	from, to := s.Times[f.from], s.Times[min(f.to, len(s.Times)-1)]
	for _, x := range r.Actionable() {
		for _, c := range causes {
			if x.Cause == c && x.From < to && x.To > from && x.From > from-14*86400 && x.From < from+14*86400 {
				return true
			}
		}
	}
	return false
}

// What must be found, and as what: a register that stands still counts nothing, so
// stuck may come as a run of zeros.
var mustFind = []struct {
	fault  anomaly.Cause
	as     []anomaly.Cause
	recall float64
	years  int
}{
	{anomaly.Leak, []anomaly.Cause{anomaly.Leak}, .95, 60},
	{anomaly.Stuck, []anomaly.Cause{anomaly.Stuck, anomaly.ZeroRun}, .95, 60},
	{anomaly.Silent, []anomaly.Cause{anomaly.Silent}, .95, 60},
	{anomaly.Swap, []anomaly.Cause{anomaly.Swap}, .95, 60},
	{anomaly.BaseLoadStep, []anomaly.Cause{anomaly.BaseLoadStep}, .8, 60},
	{anomaly.NightSchedule, []anomaly.Cause{anomaly.NightSchedule}, .85, 60},
}

func (w *world) meter(cause anomaly.Cause) (anomaly.Series, anomaly.Settings) {
	if cause == anomaly.Leak {
		return w.tap(), anomaly.Settings{Carrier: anomaly.Water}
	}
	return w.office(), anomaly.Settings{}
}

// Over 360 simulated meter-years with one fault each.
func TestDetect_FindsInjectedFaults(t *testing.T) {
	w := newWorld(2026)
	for _, c := range mustFind {
		if testing.Short() {
			c.years /= 6
		}
		hits := 0
		misses := map[string]int{}
		for range c.years {
			s, set := w.meter(c.fault)
			f := w.inject(c.fault, &s)
			r := detect(t, s, w.zone, set)
			if found(r, s, f, c.as...) {
				hits++
				continue
			}
			other := "nothing"
			for _, x := range r.Actionable() {
				other = string(x.Cause)
			}
			misses[other]++
			if testing.Verbose() {
				for _, x := range r.Actionable() {
					t.Logf("%s at day %d to %d missed: %s from day %d to %d: %s", c.fault, f.from/24, f.to/24, x.Cause, (x.From-s.Times[0])/86400, (x.To-s.Times[0])/86400, x.Detail)
				}
			}
		}
		recall := float64(hits) / float64(c.years)
		t.Logf("%-15s recall %.3f of %d, misses taken for %v", c.fault, recall, c.years, misses)
		if recall < c.recall && !testing.Short() { // ten years of each say too little
			t.Errorf("%s: got recall %.3f, want at least %v", c.fault, recall, c.recall)
		}
	}
}

// Over 200 clean meter-years, half of them water.
func TestDetect_FalseAlarms(t *testing.T) {
	w := newWorld(14)
	years := 200
	if testing.Short() {
		years = 30
	}
	alarms := map[anomaly.Cause]int{}
	total := 0
	for i := range years {
		cause := anomaly.Silent
		if i%2 == 0 {
			cause = anomaly.Leak
		}
		s, set := w.meter(cause)
		for _, f := range detect(t, s, w.zone, set).Actionable() {
			alarms[f.Cause]++
			total++
		}
	}
	t.Logf("%.3f false alarms per meter-year: %v", float64(total)/float64(years), alarms)
	if float64(total) > .5*float64(years) {
		t.Errorf("got %d false alarms in %d clean meter-years, want at most .5 a year", total, years)
	}
}
