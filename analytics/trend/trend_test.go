package trend_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics"
	"jouleline/analytics/trend"
	"jouleline/bench/chance"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// kgce/m2 of five years.
var fiveYears = []float64{18.48, 18.30, 18.03, 17.6, 17.55}

// Values compared against statsmodels 0.15 OLS get_prediction.
func TestFitLine_FiveYears(t *testing.T) {
	l := must(trend.FitLine(fiveYears))
	near(t, "intercept", l.Intercept.Value, 18.504, 1e-12)
	near(t, "slope", l.Slope.Value, -.256, 1e-12)
	f := must(l.Forecast(3, .9))
	near(t, "mean +1", f.Mean[0], 17.224, 1e-9)
	near(t, "low +1", f.Low[0], 16.893824, 1e-6)
	near(t, "high +1", f.High[0], 17.554176, 1e-6)
	near(t, "low +3", f.Low[2], 16.273735, 1e-6)
	if f.DF != 3 {
		t.Errorf("got %d degrees of freedom, want 3", f.DF)
	}
}

// By hand: steps -0.18, -0.27, -0.43, -0.05; mean -0.2325; h = 2 has the error
// sigma sqrt(2 (1 + 2/4)).
func TestFitDrift_FiveYears(t *testing.T) {
	d := must(trend.FitDrift(fiveYears))
	near(t, "step", d.Step, -.2325, 1e-12)
	sigma := math.Sqrt((.0525*.0525 + .0375*.0375 + .1975*.1975 + .1825*.1825) / 3)
	near(t, "sigma", d.Sigma, sigma, 1e-12)
	f := must(d.Forecast(2, .9))
	near(t, "mean +2", f.Mean[1], 17.55-.465, 1e-12)
	near(t, "error +2", f.Error[1], sigma*math.Sqrt(3), 1e-12)
}

func TestFit_Refuses(t *testing.T) {
	var few *analytics.NotEnoughError
	var input *analytics.InputError
	refuse := func(name string, err error, target any) {
		t.Helper()
		if !errors.As(err, target) {
			t.Errorf("%s: got %v, want %T", name, err, target)
		}
	}
	_, err := trend.FitLine([]float64{1, 2})
	refuse("two values for a line", err, &few)
	_, err = trend.FitDrift([]float64{1, 2})
	refuse("two values for a drift", err, &few)
	_, err = trend.FitHolt(fiveYears)
	refuse("five annual values for Holt", err, &few)
	_, err = trend.FitETS(make([]float64, 28), 12)
	refuse("28 months for ETS", err, &few)
	_, err = trend.FitLine([]float64{1, math.NaN(), 3})
	refuse("a gap", err, &input)
	_, err = trend.Select([]float64{1, 2, 3}, 1, 1)
	refuse("three annual values to select by", err, &few)
	_, err = trend.Fit("prophet", fiveYears, 1)
	refuse("unknown method", err, &input)
	_, err = trend.FitTheilSen([]float64{1, 2, 3, math.NaN()}, .9)
	refuse("three known values for Theil-Sen", err, &few)
	l := must(trend.FitLine(fiveYears))
	_, err = l.Forecast(0, .9)
	refuse("no horizon", err, &input)
	_, err = trend.SimulateTotals(l, []int{1}, nil, .9, 100, rand.NewPCG(1, 1))
	refuse("a hundred paths", err, &few)
}

// Lines and drifts follow their data: y -> a y + b, and reversed time turns the
// slope around.
func TestFit_Invariants(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 60 {
		n := 10 + r.IntN(40)
		y, moved, back := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range y {
			y[i] = 50 - .4*float64(i) + 3*r.NormFloat64()
		}
		for i := range y {
			moved[i], back[n-1-i] = 3*y[i]-20, y[i]
		}
		for _, method := range []trend.Method{trend.MethodDrift, trend.MethodLine, trend.MethodTheilSen} {
			a, b := must(must(trend.Fit(method, y, 1)).Forecast(4, .9)), must(must(trend.Fit(method, moved, 1)).Forecast(4, .9))
			for h := range a.Mean {
				near(t, string(method)+" mean of 3y-20", b.Mean[h], 3*a.Mean[h]-20, 1e-8)
				near(t, string(method)+" error of 3y-20", b.Error[h], 3*a.Error[h], 1e-8)
				if h > 0 && a.Error[h] < a.Error[h-1] {
					t.Errorf("%s: the error falls from %v to %v", method, a.Error[h-1], a.Error[h])
				}
			}
		}
		near(t, "slope of reversed time", must(trend.FitLine(back)).Slope.Value, -must(trend.FitLine(y)).Slope.Value, 1e-10)
		near(t, "median slope of reversed time", must(trend.FitTheilSen(back, .9)).Slope, -must(trend.FitTheilSen(y, .9)).Slope, 1e-10)
		near(t, "S of reversed time", must(trend.MannKendall(back)).S, -must(trend.MannKendall(y)).S, 0)
		near(t, "Hamed-Rao S of 3y-20", must(trend.HamedRao(moved)).S, must(trend.HamedRao(y)).S, 0)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// Bounds of 90 % must hold the next value in about 90 % of worlds.
func TestForecast_Covers(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	const worlds = 3000
	held := map[trend.Method]int{}
	for range worlds {
		line, walk := make([]float64, 9), make([]float64, 9)
		for i := range line {
			line[i] = 10 - .3*float64(i) + r.NormFloat64()
			walk[i] = r.NormFloat64() - .2
			if i > 0 {
				walk[i] += walk[i-1]
			}
		}
		for method, y := range map[trend.Method][]float64{trend.MethodLine: line, trend.MethodDrift: walk} {
			f := must(must(trend.Fit(method, y[:6], 1)).Forecast(3, .9))
			if f.Low[2] <= y[8] && y[8] <= f.High[2] {
				held[method]++
			}
		}
	}
	for method, n := range held {
		if share := float64(n) / worlds; math.Abs(share-.9) > .017 {
			t.Errorf("%s: got %.3f inside, want .90 +- .017 (three deviations)", method, share)
		}
	}
}
