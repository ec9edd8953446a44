package caltrack_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/caltrack"
	"jouleline/analytics/weather"
)

func TestDailyUse_LocalDaysAndGaps(t *testing.T) {
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2024, 3, 9, 0, 0, 0, 0, chicago) // the 10th has 23 hours
	var starts []int64
	var values []float64
	for at := start; at.Before(start.AddDate(0, 0, 4)); at = at.Add(time.Hour) {
		if d := at.Day(); d == 11 { // a whole day without intervals
			continue
		}
		v := 1.
		if at.Day() == 12 && at.Hour() < 6 {
			v = math.NaN() // a quarter missing: scaled up
		}
		starts, values = append(starts, at.Unix()), append(values, v)
	}
	d, err := caltrack.DailyUse(starts, values, 3600, chicago)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Values) != 4 || d.Values[0] != 24 || d.Values[1] != 23 || !math.IsNaN(d.Values[2]) || d.Values[3] != 24 {
		t.Errorf("got %v, want [24 23 NaN 24]", d.Values)
	}
	for i := range 12 {
		values[i] = math.NaN() // half of the first day
	}
	if d, err = caltrack.DailyUse(starts, values, 3600, chicago); err != nil || !math.IsNaN(d.Values[0]) {
		t.Errorf("half a day: got %v, %v, want NaN", d.Values, err)
	}
}

func TestBills_JoinsEstimatedReads(t *testing.T) {
	temps := weather.Daily{First: day(2024, 1, 1), Values: make([]float64, 366)}
	reads := []caltrack.Read{
		{Start: day(2024, 1, 1), Use: 100},
		{Start: day(2024, 2, 1), Use: 50, Estimated: true},
		{Start: day(2024, 3, 1), Use: 70},
		{Start: day(2024, 4, 1), Use: 10, Estimated: true},
		{Start: day(2024, 5, 1), Use: 10, Estimated: true},
		{Start: day(2024, 6, 1), Use: 10},
	}
	got, err := caltrack.Bills(reads, day(2024, 7, 1), temps)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0].Use != 100 || got[1].Use != 120 || len(got[1].Temps) != 60 || !math.IsNaN(got[2].Use) {
		t.Errorf("got %d bills: %v %v %v, want 100, 120 over 60 days, and NaN over 91 days", len(got), got[0].Use, got[1].Use, got[2].Use)
	}
	reads[1].Start = day(2023, 1, 1)
	var input *analytics.InputError
	if _, err := caltrack.Bills(reads, day(2024, 7, 1), temps); !errors.As(err, &input) {
		t.Errorf("unsorted: got %v, want an InputError", err)
	}
}
