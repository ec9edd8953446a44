package anomaly_test

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/anomaly"
)

// one returns the finding of a cause and fails where there is not exactly one.
func one(t *testing.T, r *anomaly.Report, cause anomaly.Cause) anomaly.Finding {
	t.Helper()
	var out []anomaly.Finding
	for _, f := range r.Findings {
		if f.Cause == cause {
			out = append(out, f)
		}
	}
	if len(out) != 1 {
		t.Fatalf("got %d findings of %s among %+v, want one", len(out), cause, r.Findings)
	}
	return out[0]
}

// plain is 60 days of an office without noise: 10 by night, 50 from 8 to 18 h on
// workdays, with a ripple so that no two days are alike.
func plain() anomaly.Series {
	s := anomaly.Series{Step: 3600}
	for h := range 60 * 24 {
		at := newYear.Add(time.Duration(h) * time.Hour)
		v := 10.
		if wd := at.Weekday(); wd != time.Sunday && wd != time.Saturday && at.Hour() >= 8 && at.Hour() < 18 {
			v = 50
		}
		s.Times, s.Values = append(s.Times, at.Unix()), append(s.Values, v*(1+.02*math.Sin(float64(h)*1.7)))
	}
	return s
}

const day = 24

func TestDetect_PlainOfficeIsClean(t *testing.T) {
	if r := detect(t, plain(), newYear.Location(), anomaly.Settings{}); len(r.Findings) > 0 {
		t.Errorf("got %+v, want nothing", r.Findings)
	}
}

func TestDetect_SizesInUnits(t *testing.T) {
	zone := newYear.Location()
	at := func(hour int) int64 { return newYear.Unix() + int64(hour)*3600 }

	s := plain()
	s.Values[30*day+3] = 500
	f := one(t, detect(t, s, zone, anomaly.Settings{}), anomaly.Spike)
	near(t, "spike", f.Total, 490, 1)
	if f.From != at(30*day+3) || f.To != at(30*day+4) || len(f.Evidence) != 1 || f.Evidence[0].Value != 500 {
		t.Errorf("spike: got %+v, want one hour with its value", f)
	}

	s = plain()
	for h := 30 * day; h < 33*day; h++ {
		s.Values[h] = 0
	}
	f = one(t, detect(t, s, zone, anomaly.Settings{}), anomaly.ZeroRun)
	if f.From != at(30*day) || f.To != at(33*day) || f.Severity != anomaly.Alarm {
		t.Errorf("zeros: got %+v, want three days", f)
	}
	if r := detect(t, s, zone, anomaly.Settings{Carrier: anomaly.Heat}); len(r.Actionable()) > 0 {
		t.Errorf("zeros of heat: got %+v, want nothing", r.Actionable())
	}

	s = plain()
	for h := 30 * day; h < 60*day; h++ {
		s.Values[h] += 6
	}
	f = one(t, detect(t, s, zone, anomaly.Settings{}), anomaly.BaseLoadStep)
	near(t, "step", f.PerHour, 6, .2)
	near(t, "step in total", f.Total, 6*30*day, 150)
	if f.From != at(30*day) {
		t.Errorf("step: got onset on day %d, want 30", (f.From-at(0))/86400)
	}

	s = plain()
	for h := 30 * day; h < 40*day; h++ {
		if hour := h % day; hour < 7 || hour >= 20 {
			s.Values[h] = max(s.Values[h], 40)
		}
	}
	f = one(t, detect(t, s, zone, anomaly.Settings{}), anomaly.NightSchedule)
	near(t, "schedule", f.PerHour, 30, 1)
	if f.From != at(30*day) {
		t.Errorf("schedule: got onset on day %d, want 30", (f.From-at(0))/86400)
	}

	s = plain()
	for h := 30 * day; h < 60*day; h++ {
		s.Values[h] *= 3
	}
	f = one(t, detect(t, s, zone, anomaly.Settings{}), anomaly.Swap)
	if f.From != at(30*day) || f.To != at(60*day) {
		t.Errorf("swap: got %+v, want day 30 to the end", f)
	}

	s = plain()
	s.Times, s.Values = s.Times[:50*day], s.Values[:50*day]
	f = one(t, detect(t, s, zone, anomaly.Settings{Until: at(53 * day)}), anomaly.Silent)
	if f.From != at(50*day) || f.To != at(53*day) {
		t.Errorf("silence at the end: got %+v, want day 50 to 53", f)
	}

	s = plain()
	for h := 20 * day; h < 60*day; h++ {
		if wd := newYear.Add(time.Duration(h) * time.Hour).Weekday(); (wd == time.Sunday || wd == time.Saturday) && h >= 40*day && h%day >= 8 && h%day < 18 {
			s.Values[h] *= 5
		}
	}
	f = one(t, detect(t, s, zone, anomaly.Settings{}), anomaly.Weekend)
	near(t, "weekends", f.PerHour, 40, 2)
}

func TestDetect_LeakSize(t *testing.T) {
	w := newWorld(8)
	s := w.tap()
	for h := 100 * day; h < 120*day; h++ {
		s.Values[h] += .5
	}
	r := detect(t, s, w.zone, anomaly.Settings{Carrier: anomaly.Water})
	f := one(t, r, anomaly.Leak)
	near(t, "leak", f.PerHour, .5, .02)
	near(t, "leak in total", f.Total, .5*20*24, 15)
	all := s
	all.Values = slices.Clone(s.Values)
	for h := range all.Values {
		all.Values[h] += .5
	}
	f = one(t, detect(t, all, w.zone, anomaly.Settings{Carrier: anomaly.Water}), anomaly.Leak)
	if f.To-f.From < 360*86400 {
		t.Errorf("a leak of a whole year: got %d days", (f.To-f.From)/86400)
	}
}

func TestDetect_PeakGrowth(t *testing.T) {
	w := newWorld(9)
	first := w.office()
	s := anomaly.Series{Step: 3600}
	for y := range 2 {
		for h := range yearHours - 24 { // 52 weeks: the same weekdays
			s.Times = append(s.Times, first.Times[0]+int64(y*364*day+h)*3600)
			s.Values = append(s.Values, first.Values[h]*(1+.2*float64(y)))
		}
	}
	f := one(t, detect(t, s, w.zone, anomaly.Settings{}), anomaly.PeakGrowth)
	if f.PerHour <= 0 || len(f.Evidence) < 6 {
		t.Errorf("got %+v, want a growing peak with its months", f)
	}
	r := detect(t, first, w.zone, anomaly.Settings{})
	for _, x := range r.Findings {
		if x.Cause == anomaly.PeakGrowth {
			t.Errorf("one year has no growth: got %+v", x)
		}
	}
}

func TestDetect_Refuses(t *testing.T) {
	var few *analytics.NotEnoughError
	var input *analytics.InputError
	s := plain()
	short := anomaly.Series{Times: s.Times[:13*day], Values: s.Values[:13*day], Step: 3600}
	zone := newYear.Location()
	refuse := func(name string, s anomaly.Series, zone *time.Location, set anomaly.Settings, target any) {
		t.Helper()
		if _, err := anomaly.Detect(s, zone, set); !errors.As(err, target) {
			t.Errorf("%s: got %v, want %T", name, err, target)
		}
	}
	refuse("thirteen days", short, zone, anomaly.Settings{}, &few)
	refuse("nothing", anomaly.Series{Step: 3600}, zone, anomaly.Settings{}, &few)
	refuse("no zone", s, nil, anomaly.Settings{}, &input)
	refuse("two-hour steps", anomaly.Series{Times: s.Times, Values: s.Values, Step: 7200}, zone, anomaly.Settings{}, &input)
	refuse("a negative limit", s, zone, anomaly.Settings{StepZ: -1}, &input)
	refuse("an unknown carrier", s, zone, anomaly.Settings{Carrier: 7}, &input)
	back := anomaly.Series{Times: slices.Clone(s.Times), Values: s.Values, Step: 3600}
	back.Times[5] = back.Times[3]
	refuse("times out of order", back, zone, anomaly.Settings{}, &input)
	gaps := anomaly.Series{Times: s.Times, Values: make([]float64, len(s.Values)), Step: 3600}
	for i := range gaps.Values {
		gaps.Values[i] = math.NaN()
	}
	if r, err := anomaly.Detect(gaps, zone, anomaly.Settings{}); err == nil {
		t.Errorf("gaps only: got %+v, want a refusal", r)
	}
}

// Another unit and another order of magnitude: the same findings, scaled.
func TestDetect_ScalesWithTheUnit(t *testing.T) {
	w := newWorld(10)
	s := w.office()
	w.inject(anomaly.BaseLoadStep, &s)
	scaled := s
	scaled.Values = slices.Clone(s.Values)
	for i := range scaled.Values {
		scaled.Values[i] *= 1024
	}
	a, b := detect(t, s, w.zone, anomaly.Settings{}), detect(t, scaled, w.zone, anomaly.Settings{})
	if len(a.Findings) != len(b.Findings) || len(a.Findings) == 0 {
		t.Fatalf("got %d and %d findings", len(a.Findings), len(b.Findings))
	}
	for i, f := range a.Findings {
		g := b.Findings[i]
		if f.Cause != g.Cause || f.From != g.From || f.To != g.To || math.Abs(g.PerHour-1024*f.PerHour) > 1e-9*math.Abs(g.PerHour) {
			t.Errorf("got %+v, want 1024 times %+v", g, f)
		}
	}
}

// A real school over a year, with term breaks that no rule is told of: it may not be
// alarmed at more than the stated rate.
func TestData_CleanSchool(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "nmecr", "school_eload.csv"))
	if err != nil {
		t.Skip("the school's readings do not lie beside the project; TestDetect_FalseAlarms checks simulated ones")
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s := anomaly.Series{Step: 3600}
	for _, row := range rows[1:] {
		at, err := time.Parse("2006-01-02T15:04:05", row[0])
		if err != nil {
			t.Fatal(err)
		}
		v := math.NaN()
		if row[1] != "NA" && row[1] != "" {
			if v, err = strconv.ParseFloat(row[1], 64); err != nil {
				t.Fatal(err)
			}
		}
		s.Times, s.Values = append(s.Times, at.Unix()), append(s.Values, v)
	}
	r := detect(t, s, time.UTC, anomaly.Settings{})
	hours := 0.
	for _, f := range r.Findings {
		t.Logf("%v %s from day %d to %d, %+.1f an hour: %s", f.Severity, f.Cause, (f.From-s.Times[0])/86400, (f.To-s.Times[0])/86400, f.PerHour, f.Detail)
		if f.Cause == anomaly.Unusual {
			hours += float64(f.To-f.From) / 3600
		}
	}
	if n := len(r.Actionable()); n > 0 {
		t.Errorf("got %d alarms in a clean year, want none", n)
	}
	if share := hours / float64(len(s.Times)); share > .05 {
		t.Errorf("got %.3f of hours called unusual, want at most .05", share)
	}
}
