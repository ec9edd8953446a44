package benchmark_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics"
	"jouleline/analytics/benchmark"
	"jouleline/analytics/orderstat"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

func upTo(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}

func mustPeers(t *testing.T, values []float64, level float64) *benchmark.Peers {
	t.Helper()
	p, err := benchmark.NewPeers(values, orderstat.Hazen, level)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The 95 % interval of the median of 20 lies between the 6th and the 15th value
// (any table of the sign test: P(count <= 5) = 0.0207).
func TestNewPeers_QuartilesAndIntervals(t *testing.T) {
	p := mustPeers(t, upTo(20), .95)
	near(t, "median", p.P50, 10.5, 0)
	near(t, "P25", p.P25, 5.5, 0) // Hazen: 20/4 + 1/2
	if p.P50Interval != [2]float64{6, 15} {
		t.Errorf("interval of the median: got %v, want 6 to 15", p.P50Interval)
	}
	if len(p.Warnings) > 0 {
		t.Errorf("got %v, want no warnings for 20 peers", p.Warnings)
	}
	few := mustPeers(t, upTo(8), .9)
	if few.P25Interval[0] != 1 || !few.Warnings.Has(benchmark.CodeFewPeers) {
		t.Errorf("eight peers: got %v and %v, want an interval down to the least and a warning", few.P25Interval, few.Warnings)
	}
}

func TestPeers_IntervalsCover(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const worlds = 2000
	held := 0
	for range worlds {
		x := make([]float64, 30)
		for i := range x {
			x[i] = math.Exp(r.NormFloat64()) // upper quartile at exp(0.6745)
		}
		p := mustPeers(t, x, .9)
		if q := math.Exp(.6744897501960817); p.P75Interval[0] <= q && q <= p.P75Interval[1] {
			held++
		}
	}
	if share := float64(held) / worlds; share < .89 || share > .96 {
		t.Errorf("got %.3f of intervals with the quartile inside, want at least .90 (and not all)", share)
	}
}

func TestPlace(t *testing.T) {
	p := mustPeers(t, upTo(10), .9)
	f := func(value, percentile float64, band benchmark.Band) *benchmark.Place {
		t.Helper()
		place, err := p.Place(value)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "percentile", place.Percentile, percentile, 1e-12)
		if place.Band != band {
			t.Errorf("%v: got %s, want %s", value, place.Band, band)
		}
		return place
	}
	f(3, 25, benchmark.Good)
	f(5.5, 50, benchmark.Typical)
	f(8, 75, benchmark.Poor)
	beyond := f(99, 100, benchmark.Poor)
	if !beyond.Warnings.Has(benchmark.CodeBeyond) || beyond.Better != 10 {
		t.Errorf("beyond all: got %+v, want a warning and ten better", beyond)
	}
	// statsmodels proportion_confint(3, 10, .1, "wilson")
	third := f(3.5, 30, benchmark.Typical)
	near(t, "Wilson low", third.Interval[0], 12.687658390319784, 1e-9)
	near(t, "Wilson high", third.Interval[1], 55.8300204130165, 1e-9)
	same := mustPeers(t, []float64{5, 5, 5, 5}, .9)
	place, err := same.Place(5)
	if err != nil || place.Band != benchmark.Typical || !place.Warnings.Has(benchmark.CodeNoSpread) {
		t.Errorf("equal peers: got %+v %v, want typical with a warning", place, err)
	}
}

func TestShrink(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	var groups [][]float64
	var truth []float64
	for i := range 40 {
		m := 50 + 10*r.NormFloat64()
		g := make([]float64, 2+i%15)
		for j := range g {
			g[j] = m + 20*r.NormFloat64()
		}
		truth, groups = append(truth, m), append(groups, g)
	}
	s, err := benchmark.Shrink(groups, .9)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "tau", s.Between, 10, 4)
	near(t, "s", s.Within, 20, 2)
	var raw, shrunk float64
	held := 0
	for i, g := range s.Groups {
		raw += (g.Mean - truth[i]) * (g.Mean - truth[i])
		shrunk += (g.Estimate - truth[i]) * (g.Estimate - truth[i])
		if g.Interval[0] <= truth[i] && truth[i] <= g.Interval[1] {
			held++
		}
		if (g.Estimate-g.Mean)*(s.Parent-g.Mean) < 0 {
			t.Errorf("group %d moved away from its parent: %+v", i, g)
		}
		if g.N < 10 != g.Warnings.Has(benchmark.CodeFewPeers) {
			t.Errorf("group of %d: got %v", g.N, g.Warnings)
		}
	}
	if shrunk > .8*raw {
		t.Errorf("squared error after shrinkage %v, want well below %v", shrunk, raw)
	}
	if held < 31 {
		t.Errorf("%d of 40 intervals hold the truth, want about 36", held)
	}
	// By hand: s^2 = 0, so every mean is known and nothing is drawn anywhere.
	exact, err := benchmark.Shrink([][]float64{{1, 1}, {2, 2}, {6, 6}}, .9)
	if err != nil {
		t.Fatal(err)
	}
	if exact.Groups[2].Estimate != 6 || exact.Groups[2].Weight != 1 {
		t.Errorf("exactly known group: got %+v, want its own mean", exact.Groups[2])
	}
	var few *analytics.NotEnoughError
	if _, err := benchmark.Shrink([][]float64{{1}, {2}}, .9); !errors.As(err, &few) {
		t.Errorf("two groups: got %v, want a NotEnoughError", err)
	}
	if _, err := benchmark.Shrink([][]float64{{1}, {2}, {3}}, .9); !errors.As(err, &few) {
		t.Errorf("three buildings in three groups: got %v, want a NotEnoughError", err)
	}
}

func TestRanking(t *testing.T) {
	rank := func(estimates, se []float64) []benchmark.Rank {
		t.Helper()
		out, err := benchmark.Ranking(estimates, se, .9, 2000, rand.NewPCG(3, 3))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	sharp := rank([]float64{30, 10, 20}, []float64{.1, .1, .1})
	for i, want := range []int{3, 1, 2} {
		if sharp[i].Rank != want || sharp[i].Interval != [2]float64{float64(want), float64(want)} {
			t.Errorf("unit %d: got %+v, want rank %d without doubt", i, sharp[i], want)
		}
	}
	blurred := rank([]float64{10, 10.1, 9.9}, []float64{5, 5, 5})
	for i, r := range blurred {
		if r.Interval != [2]float64{1, 3} || math.Abs(r.First-1./3) > .05 {
			t.Errorf("unit %d: got %+v, want any of 1 to 3", i, r)
		}
	}
	if _, err := benchmark.Ranking([]float64{1, 2}, []float64{1, -1}, .9, 200, rand.NewPCG(1, 1)); err == nil {
		t.Error("a negative error: got no refusal")
	}
}

// DB37/T-like values: constraint 30, base 20, guide 12 kgce/m2.
func TestQuota(t *testing.T) {
	q := benchmark.Quota{Constraint: 30, Base: 20, Guide: 12}
	f := func(q benchmark.Quota, v float64, want benchmark.Verdict) {
		t.Helper()
		if got, err := q.Judge(v); got != want || err != nil {
			t.Errorf("%v of %+v: got %s %v, want %s", v, q, got, err, want)
		}
	}
	f(q, 12, benchmark.Guided)
	f(q, 12.1, benchmark.Based)
	f(q, 20.1, benchmark.Within)
	f(q, 30.1, benchmark.Over)
	f(benchmark.Quota{Constraint: 30}, 1, benchmark.Within)
	f(benchmark.Quota{}, 1, benchmark.Unassessed)
	if _, err := (benchmark.Quota{Constraint: 10, Base: 20}).Judge(1); err == nil {
		t.Error("base above constraint: got no refusal")
	}
	a, err := benchmark.Allow(20, 1000, .03, []float64{3000, 2000})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "allocation", a.Allocation, 19400, 1e-9)
	near(t, "months left", a.MonthsLeft, 14400./2500, 1e-9)
	over, err := benchmark.Allow(20, 100, 0, []float64{3000})
	if err != nil || over.Left != -1000 || over.MonthsLeft != 0 {
		t.Errorf("overdrawn: got %+v %v, want -1000 and no months", over, err)
	}
	idle, err := benchmark.Allow(20, 100, 0, []float64{0})
	if err != nil || !idle.Unlimited {
		t.Errorf("nothing used: got %+v %v, want no limit", idle, err)
	}
}

func TestRefuses(t *testing.T) {
	var few *analytics.NotEnoughError
	var input *analytics.InputError
	if _, err := benchmark.NewPeers([]float64{1, 2}, orderstat.Hazen, .9); !errors.As(err, &few) {
		t.Errorf("two peers: got %v, want a NotEnoughError", err)
	}
	if _, err := benchmark.NewPeers([]float64{1, math.NaN(), 3}, orderstat.Hazen, .9); !errors.As(err, &input) || input.Index != 1 {
		t.Errorf("NaN: got %v, want an InputError at 1", err)
	}
	p := mustPeers(t, upTo(12), .9)
	if _, err := p.Place(math.NaN()); !errors.As(err, &input) {
		t.Errorf("placing NaN: got %v, want an InputError", err)
	}
	if _, err := benchmark.QuantileRegression(upTo(9), [][]float64{upTo(9)}, 50); !errors.As(err, &input) {
		t.Errorf("tau 50: got %v, want an InputError", err)
	}
	if _, err := benchmark.QuantileRegression(upTo(9), [][]float64{upTo(9), upTo(9)}, .5); !errors.As(err, &input) {
		t.Errorf("a column twice: got %v, want an InputError", err)
	}
	if _, err := benchmark.QuantileRegression(upTo(3), [][]float64{upTo(3)}, .5); !errors.As(err, &few) {
		t.Errorf("three rows: got %v, want a NotEnoughError", err)
	}
}
