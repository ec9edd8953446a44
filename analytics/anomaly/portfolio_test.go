package anomaly_test

import (
	"errors"
	"math"
	"testing"

	"jouleline/analytics"
	"jouleline/analytics/anomaly"
)

func TestDiscover_ByHand(t *testing.T) {
	tests := []anomaly.Test{
		{Meter: 1, Day: 5, P: .004}, {Meter: 1, Day: 5, P: .9}, // one meter's day: both or none
		{Meter: 2, Day: 5, P: .019}, // second of ten: 2/10 of 5 % is .01
		{Meter: 2, Day: 6, P: .004}, // alone on its day: 1/10 of 5 % is .005
		{Meter: 3, Day: 7, P: .006},
	}
	got, err := anomaly.Discover(tests, 10, .05)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, true, false, true, false} {
		if got[i] != want {
			t.Errorf("test %d: got %v, want %v", i, got[i], want)
		}
	}
	if got, err := anomaly.Discover(tests, 2, .05); err != nil || !got[2] || !got[4] {
		t.Errorf("of two meters: got %v, %v, want all reported", got, err)
	}
	var input *analytics.InputError
	if _, err := anomaly.Discover(tests, 1, .05); !errors.As(err, &input) {
		t.Errorf("fewer meters than tests: got %v, want a refusal", err)
	}
	if got, err := anomaly.Discover(nil, 3, .05); err != nil || len(got) != 0 {
		t.Errorf("nothing: got %v, %v", got, err)
	}
}

// Of what a portfolio of offices reports for a day, a twentieth may be false on
// average. Some of the offices have an odd day; the others are as ever.
func TestDiscover_HoldsTheRateOverAPortfolio(t *testing.T) {
	const meters, odd = 40, 8
	w := newWorld(77)
	var tests []anomaly.Test
	isTrue := map[[2]int]bool{}
	for m := range meters {
		s := w.office()
		if m < odd {
			day := 60 + w.r.IntN(240)
			for h := 24 * day; h < 24*day+6; h++ {
				s.Values[h] *= 4 // a night of machines
			}
			isTrue[[2]int{m, day}] = true
		}
		for _, f := range detect(t, s, w.zone, anomaly.Settings{}).Findings {
			if f.Cause == anomaly.Unusual {
				day := int((f.From - newYear.Unix()) / 86400)
				tests = append(tests, anomaly.Test{Meter: m, Day: day, P: f.P})
			}
		}
	}
	report, err := anomaly.Discover(tests, meters, anomaly.FalseDiscoveryRate)
	if err != nil {
		t.Fatal(err)
	}
	found := map[[2]int]bool{}
	reportedOn, falseOn := map[int]float64{}, map[int]float64{}
	holidays := map[int]bool{}
	for at := range 366 {
		for _, s := range [][2]int{{0, 2}, {14, 42}, {118, 122}, {172, 173}, {190, 240}, {271, 279}} {
			holidays[at] = holidays[at] || at >= s[0] && at < s[1]
		}
	}
	for i, x := range tests {
		if !report[i] || holidays[x.Day] {
			continue // a holiday that no rule knows of is odd indeed
		}
		key := [2]int{x.Meter, x.Day}
		if !found[key] {
			found[key] = true
			reportedOn[x.Day]++
			if !isTrue[key] {
				falseOn[x.Day]++
			}
		}
	}
	hits := 0
	for key := range isTrue {
		if found[key] || holidays[key[1]] {
			hits++
		}
	}
	days, rate := 0., 0.
	for d := range 365 {
		if !holidays[d] {
			days++
			rate += falseOn[d] / math.Max(reportedOn[d], 1)
		}
	}
	rate /= days
	t.Logf("%d of %d odd nights found; of %d chance findings %d reported; false discovery rate %.4f over %.0f days", hits, len(isTrue), len(tests), len(found), rate, days)
	if hits < 3 { // the price of the rate: nights that also holidays reach are not reported
		t.Errorf("got %d odd nights of %d found, want at least three", hits, len(isTrue))
	}
	if rate > anomaly.FalseDiscoveryRate {
		t.Errorf("got a false discovery rate of %.4f, want at most %v", rate, anomaly.FalseDiscoveryRate)
	}
}
