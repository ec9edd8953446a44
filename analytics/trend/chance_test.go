package trend_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics/trend"
)

func TestChanceBelow(t *testing.T) {
	f := &trend.Forecast{Mean: []float64{10, 10}, Error: []float64{2, 0}, DF: 3}
	c := must(trend.ChanceBelow(f, 1, 10))
	near(t, "at the mean", c.P, .5, 1e-12)
	// F_t(1.6377; 3) = .9 (table of Student's t)
	near(t, "at the 90 % point", must(trend.ChanceBelow(f, 1, 10+2*1.637744)).P, .9, 1e-6)
	if c.DF != 3 || c.Clipped {
		t.Errorf("got %+v, want 3 degrees of freedom and no clipping", c)
	}
	if c := must(trend.ChanceBelow(f, 1, 1e6)); c.P != .99 || !c.Clipped {
		t.Errorf("far above: got %+v, want .99, clipped", c)
	}
	if c := must(trend.ChanceBelow(f, 2, 9.99)); c.P != .01 || !c.Clipped {
		t.Errorf("no noise, missed: got %+v, want .01, clipped", c)
	}
	if _, err := trend.ChanceBelow(f, 3, 1); err == nil {
		t.Error("a step beyond the horizon: got no error")
	}
	m := must(trend.Mix([]trend.Chance{{P: .2, DF: 3}, {P: .8, DF: 10}}, []float64{1, 3}))
	near(t, "mixed", m.P, .65, 1e-12)
	if m.DF != 3 {
		t.Errorf("mixed: got %d degrees of freedom, want the least", m.DF)
	}
}

// Years are sums of simulated months. Their bounds are narrower than the sums of
// the monthly bounds, which would be wrong.
func TestSimulateTotals(t *testing.T) {
	y := months()
	m := must(trend.FitETS(y, 12))
	run := func(seed uint64) *trend.Totals {
		return must(trend.SimulateTotals(m, []int{7, 12}, []float64{50, 0}, .9, 4000, rand.NewPCG(seed, 1)))
	}
	a, b := run(1), run(1)
	if a.Mean[0] != b.Mean[0] || a.High[1] != b.High[1] {
		t.Errorf("got %v and %v from the same seed, want the same", a.Mean, b.Mean)
	}
	if c := run(2); c.Mean[0] == a.Mean[0] {
		t.Error("got the same total from another seed")
	}
	f := must(m.Forecast(19, .9))
	known, low := 50., 0.
	for h := range 7 {
		known += f.Mean[h]
	}
	for h := 7; h < 19; h++ {
		low += f.Low[h]
	}
	near(t, "mean of the running year", a.Mean[0], known, .3)
	if a.Low[1] <= low {
		t.Errorf("low of a year %v, want above the sum of monthly lows %v", a.Low[1], low)
	}
	near(t, "chance at the median", must(a.ChanceBelow(1, a.Mean[1], m.DF())).P, .5, .05)
	if c := must(a.ChanceBelow(0, 0, m.DF())); c.P != .01 {
		t.Errorf("a target never reached: got %+v, want .01", c)
	}
}

// Brier 1950 by hand: (.1^2 + .9^2 + .2^2)/3.
func TestBrier(t *testing.T) {
	v := must(trend.Brier([]float64{.9, .9, .2}, []bool{true, false, false}))
	near(t, "score", v.Brier, (.01+.81+.04)/3, 1e-12)
	near(t, "rate", v.BaseRate, 1./3, 1e-12)
	if len(v.Table) != 2 || v.Table[1].N != 2 || v.Table[1].Observed != .5 {
		t.Errorf("got %+v, want two classes, the upper one half true", v.Table)
	}
	if _, err := trend.Brier([]float64{1.2}, []bool{true}); err == nil {
		t.Error("a probability of 1.2: got no error")
	}
}

// The test report: chances of a line through five years, in ten thousand worlds
// whose truth is a line, and in worlds whose truth is a random walk. A line knows
// the first kind and is overconfident in the second, drift the other way round.
func TestChanceBelow_BackTest(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	world := func(walk bool) []float64 {
		y := make([]float64, 10)
		level := 100.
		for i := range y {
			if walk {
				level += -1 + 2*r.NormFloat64()
				y[i] = level
			} else {
				y[i] = 100 - float64(i) + 2*r.NormFloat64()
			}
		}
		return y
	}
	report := func(method trend.Method, walk bool) *trend.Verification {
		var p []float64
		var came []bool
		for range 4000 {
			y := world(walk)
			f := must(must(trend.Fit(method, y[:5], 1)).Forecast(5, .9))
			target := 91 + 6*r.NormFloat64()
			p = append(p, must(trend.ChanceBelow(f, 5, target)).P)
			came = append(came, y[9] <= target)
		}
		v := must(trend.Brier(p, came))
		t.Logf("%s, truth a walk %v: Brier %.4f, skill %.3f, calibration %.4f", method, walk, v.Brier, v.Skill, v.Calibrated)
		return v
	}
	if v := report(trend.MethodLine, false); v.Skill < .2 || v.Calibrated > .002 {
		t.Errorf("a line in its own world: got skill %v, calibration %v, want above .2 and below .002", v.Skill, v.Calibrated)
	}
	if v := report(trend.MethodDrift, true); v.Skill < .1 || v.Calibrated > .002 {
		t.Errorf("a drift in its own world: got skill %v, calibration %v, want above .1 and below .002", v.Skill, v.Calibrated)
	}
	report(trend.MethodLine, true)
	report(trend.MethodDrift, false)
}

func TestSelect(t *testing.T) {
	seasonal := make([]float64, 84)
	for i := range seasonal {
		seasonal[i] = 50 + 20*math.Sin(2*math.Pi*float64(i)/12) + float64(i*7919%7)
	}
	s := must(trend.Select(seasonal, 12, 6))
	if s.Best != trend.MethodETS {
		t.Errorf("a season: got %s of %+v, want ets", s.Best, s.Scores)
	}
	line := make([]float64, 25)
	r := rand.New(rand.NewPCG(6, 6))
	for i := range line {
		line[i] = 100 - 2*float64(i) + 3*r.NormFloat64()
	}
	if s := must(trend.Select(line, 1, 3)); s.Best == trend.MethodDrift {
		t.Errorf("a noisy line: got %s of %+v, want something better", s.Best, s.Scores)
	}
	few := must(trend.Select(fiveYears[:4], 1, 2))
	if len(few.Scores) != 2 || !few.Warnings.Has(trend.CodeFewValues) {
		t.Errorf("four values: got %+v, want drift and ols only with a warning", few)
	}
	five := must(trend.Select(fiveYears, 1, 2))
	for _, s := range five.Scores {
		if s.Method == trend.MethodHolt && s.Skipped == "" {
			t.Errorf("five annual values: Holt was fitted")
		}
	}
}

func TestStackWeights(t *testing.T) {
	w := must(trend.StackWeights([][]float64{{-1, -1, -1}, {-9, -9, -9}}))
	near(t, "the better model", w[0], 1, 1e-6)
	w = must(trend.StackWeights([][]float64{{-1, -9}, {-9, -1}}))
	near(t, "each knows half", w[0], .5, 1e-6)
	w = must(trend.StackWeights([][]float64{{-1, -1, -9}, {-9, -9, -1}}))
	near(t, "two thirds", w[0], 2./3, 1e-3)
	near(t, "sum", w[0]+w[1], 1, 1e-9)
	if _, err := trend.StackWeights([][]float64{{-1}, {math.Inf(-1)}}); err == nil {
		t.Error("an infinite density: got no error")
	}
}
