package changepoint_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"jouleline/analytics"
	"jouleline/analytics/changepoint"
	"jouleline/analytics/regress"
	"jouleline/analytics/weather"
	"jouleline/bench/chance"
)

var inF = changepoint.Settings{Scale: weather.Fahrenheit}

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.9g, want %.9g", what, got, want)
	}
}

// grid is the plain search: every pair of change points of a fine grid, each fitted
// by regress. It never beats the exact search.
func grid(form changepoint.Form, temps, use []float64, step float64) (sse float64) {
	sse = math.Inf(1)
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range temps {
		low, high = min(low, v), max(high, v)
	}
	arm := max(3, int(math.Ceil(.1*float64(len(temps)))))
	enough := func(in func(v float64) bool) bool {
		n := 0
		for _, v := range temps {
			if in(v) {
				n++
			}
		}
		return n >= arm
	}
	try := func(c1, c2 float64, hot, cold bool) {
		var h, w []float64
		for _, v := range temps {
			h, w = append(h, max(c1-v, 0)), append(w, max(v-c2, 0))
		}
		var columns [][]float64
		if cold {
			columns = append(columns, h)
		}
		if hot {
			columns = append(columns, w)
		}
		m, err := regress.Fit(use, columns, regress.Settings{})
		if err != nil {
			return
		}
		for _, s := range m.Slopes {
			if s.Value < 0 {
				return
			}
		}
		sse = min(sse, m.SSE)
	}
	for c1 := low; c1 <= high; c1 += step {
		coldEnough := enough(func(v float64) bool { return v <= c1 })
		warmEnough := enough(func(v float64) bool { return v >= c1 })
		if form != changepoint.FiveP {
			if coldEnough && warmEnough {
				try(c1, c1, form.Cooling(), form.Heating())
			}
			continue
		}
		for c2 := c1; coldEnough && c2 <= high; c2 += step {
			between := map[float64]bool{}
			for _, v := range temps {
				if v >= c1 && v <= c2 {
					between[v] = true
				}
			}
			if (c2 == c1 || len(between) >= 2) && enough(func(v float64) bool { return v >= c2 }) {
				try(c1, c2, true, true)
			}
		}
	}
	return sse
}

type fixture struct {
	Form string    `json:"model_type"`
	X    []float64 `json:"x"`
	Y    []float64 `json:"y"`
}

// Twelve months at these temperatures with lines of slope 36 to 54 and noise, as in
// the 3PC, 4P and 5P fixtures of cunybpl/changepointmodel. The sums of squares are
// the least of a 0.1 F grid by numpy.linalg.lstsq; the optimum is never above.
var (
	months = []float64{66, 92, 98, 17, 83, 57, 86, 97, 96, 47, 73, 32}
	use3PC = []float64{834.3113548297886, 1992.2750892091442, 2304.786182301971, 193.69238266880305, 1699.3265490998776, 257.4491270208023, 1720.4308014875721, 2271.0722050438067, 2396.9149435095155, 345.63995352565416, 1166.8699895987331, 225.72001418504541}
	use4P  = []float64{834.3113548297886, 1992.2750892091442, 2304.786182301971, 1713.692382668803, 1699.3265490998776, 257.4491270208023, 1720.4308014875721, 2271.0722050438067, 2396.9149435095155, 665.6399535256542, 1166.8699895987331, 1145.7200141850453}
	use5P  = []float64{284.31135482978857, 992.2750892091442, 1304.7861823019712, 1713.692382668803, 699.3265490998775, 157.44912702080225, 720.430801487572, 1271.0722050438067, 1396.9149435095153, 665.6399535256542, 266.86998959873324, 1145.7200141850453}
)

func TestFit_FindsTheOptimum(t *testing.T) {
	f := func(form changepoint.Form, use []float64, gridSSE, c1, c2 float64) {
		t.Helper()
		m, err := changepoint.Fit(form, months, use, inF)
		if err != nil {
			t.Fatal(err)
		}
		if m.SSE > gridSSE || m.SSE < gridSSE*.99 {
			t.Errorf("%v: got SSE %.3f, want at most %.3f and about that", form, m.SSE, gridSSE)
		}
		if form.Heating() {
			within(t, "heating change", m.HeatingChange, c1, .3)
			if !(m.HeatingCI[0] <= m.HeatingChange && m.HeatingChange <= m.HeatingCI[1]) {
				t.Errorf("%v: heating change %v outside its interval %v", form, m.HeatingChange, m.HeatingCI)
			}
		}
		if form.Cooling() {
			within(t, "cooling change", m.CoolingChange, c2, .3)
			if !(m.CoolingCI[0] <= m.CoolingChange && m.CoolingChange <= m.CoolingCI[1]) {
				t.Errorf("%v: cooling change %v outside its interval %v", form, m.CoolingChange, m.CoolingCI)
			}
		}
	}
	f(changepoint.ThreePCooling, use3PC, 60237.18949921052, 0, 55.4)
	f(changepoint.FourP, use4P, 48694.15947974053, 56.6, 56.6)
	f(changepoint.FiveP, use5P, 48886.867514838945, 56.9, 74.6)
	// The best 4P model of 3P data is that 3P model: published fits stop at 71765.
	f(changepoint.FourP, use3PC, 60237.18949921052, 55.4, 55.4)
}

func TestData_ChangePointFixtures(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "changepoint", "generated_data_all_models.json")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the change-point fixtures do not lie beside the project; TestFit_FindsTheOptimum holds three of them")
	}
	var all []fixture
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		form, err := changepoint.ParseForm(x.Form)
		if err != nil {
			t.Fatal(err)
		}
		best, _, err := changepoint.Best(x.X, x.Y, inF)
		if err != nil {
			t.Fatal(err)
		}
		if best.Form != form {
			t.Errorf("%v data: got %v by BIC %v", form, best.Form, best.BIC)
		}
		for _, form := range []changepoint.Form{changepoint.ThreePHeating, changepoint.ThreePCooling, changepoint.FourP, changepoint.FiveP} {
			plain := grid(form, x.X, x.Y, .5)
			m, err := changepoint.Fit(form, x.X, x.Y, inF)
			var none *changepoint.NoFitError
			if errors.As(err, &none) {
				if !math.IsInf(plain, 1) {
					t.Errorf("%v of %v data: got %v, want SSE of at most %v", form, x.Form, err, plain)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if m.SSE > plain*(1+1e-9) {
				t.Errorf("%v of %v data: got SSE %v, want at most %v", form, x.Form, m.SSE, plain)
			}
		}
	}
}

// random is a building of the given form with known truth.
func random(r *rand.Rand, n int, noise float64) (temps, use []float64) {
	temps, use = make([]float64, n), make([]float64, n)
	for i := range temps {
		temps[i] = math.Round(10*(30+60*r.Float64())) / 10
		use[i] = 100 + 2*max(50-temps[i], 0) + 3*max(temps[i]-68, 0) + noise*r.NormFloat64()
	}
	return temps, use
}

func TestFit_NeverWorseThanAGrid(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 6 {
		temps, use := random(r, 12+r.IntN(30), 5+20*r.Float64())
		if r.IntN(2) == 0 {
			for i := range temps {
				temps[i] = math.Round(temps[i] / 4) // ties
			}
		}
		last := math.Inf(1)
		for _, form := range []changepoint.Form{changepoint.ThreePHeating, changepoint.FourP, changepoint.FiveP} {
			m, err := changepoint.Fit(form, temps, use, inF)
			plain := grid(form, temps, use, .5)
			var none *changepoint.NoFitError
			if errors.As(err, &none) && math.IsInf(plain, 1) {
				continue
			}
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if m.SSE > plain*(1+1e-9) {
				t.Fatalf("seed %d: %v got SSE %v, want at most %v", seed, form, m.SSE, plain)
			}
			if m.SSE > last*(1+1e-9) {
				t.Fatalf("seed %d: %v got SSE %v, above %v of the simpler form", seed, form, m.SSE, last)
			}
			last = m.SSE
		}
	}
}

func TestFit_FindsTheTruthWithoutNoise(t *testing.T) {
	temps, use := random(rand.New(rand.NewPCG(1, 1)), 365, 0)
	m, all, err := changepoint.Best(temps, use, inF)
	if err != nil {
		t.Fatal(err)
	}
	if m.Form != changepoint.FiveP || len(all) != 6 {
		t.Fatalf("got %v of %d forms, want 5P of 6", m.Form, len(all))
	}
	within(t, "base", m.Base, 100, 1e-9)
	within(t, "heating slope", m.HeatingSlope, 2, 1e-9)
	within(t, "cooling slope", m.CoolingSlope, 3, 1e-9)
	within(t, "heating change", m.HeatingChange, 50, 1e-7)
	within(t, "cooling change", m.CoolingChange, 68, 1e-7)
	within(t, "at 40", m.Predict(40), 120, 1e-6)
	within(t, "at 60", m.Predict(60), 100, 1e-6)
	within(t, "at 70", m.Predict(70), 106, 1e-6)
}

func TestFit_Invariants(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 2))
	for range 20 {
		temps, use := random(r, 60, 10)
		base, err := changepoint.Fit(changepoint.FiveP, temps, use, inF)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		n := len(temps)
		movedT, movedY := make([]float64, n), make([]float64, n)
		mirrorT := make([]float64, n)
		for to, from := range r.Perm(n) {
			movedT[to], movedY[to] = temps[from]+7, 3*use[from]-50
			mirrorT[from] = -temps[from]
		}
		moved, err := changepoint.Fit(changepoint.FiveP, movedT, movedY, inF)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		within(t, "c1 after T+7, 3y-50, permutation", moved.HeatingChange, base.HeatingChange+7, 1e-6)
		within(t, "b2", moved.CoolingSlope, 3*base.CoolingSlope, 1e-6)
		within(t, "b0", moved.Base, 3*base.Base-50, 1e-5)
		within(t, "upper end of c2", moved.CoolingCI[1], base.CoolingCI[1]+7, 1e-5)
		mirror, err := changepoint.Fit(changepoint.FiveP, mirrorT, use, inF)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		within(t, "c2 after T -> -T", mirror.CoolingChange, -base.HeatingChange, 1e-6)
		within(t, "SSE after T -> -T", mirror.SSE, base.SSE, 1e-6*base.SSE)
		within(t, "lower end of c1 after T -> -T", mirror.HeatingCI[0], -base.CoolingCI[1], 1e-5)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// The interval of a change point must hold the truth about as often as it claims.
func TestFit_IntervalCovers(t *testing.T) {
	const worlds = 400
	r := rand.New(rand.NewPCG(3, 3))
	held := 0
	for range worlds {
		temps, use := make([]float64, 60), make([]float64, 60)
		for i := range temps {
			temps[i] = 30 + 60*r.Float64()
			use[i] = 100 + 3*max(temps[i]-62, 0) + 10*r.NormFloat64()
		}
		m, err := changepoint.Fit(changepoint.ThreePCooling, temps, use, inF)
		if err != nil {
			t.Fatal(err)
		}
		if m.CoolingCI[0] <= 62 && 62 <= m.CoolingCI[1] {
			held++
		}
	}
	if share := float64(held) / worlds; share < .85 || share > .95 {
		t.Errorf("got %.3f of intervals with the truth inside, want .90 +- .05", share)
	}
}

func TestBest_ChoosesTheSimplestThatFits(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	f := func(want changepoint.Form, use func(t float64) float64) {
		t.Helper()
		hits := 0
		for range 20 {
			temps, y := make([]float64, 200), make([]float64, 200)
			for i := range temps {
				temps[i] = 30 + 60*r.Float64()
				y[i] = use(temps[i]) + 4*r.NormFloat64()
			}
			m, _, err := changepoint.Best(temps, y, inF)
			if err != nil {
				t.Fatal(err)
			}
			if m.Form == want {
				hits++
			}
		}
		if hits < 17 {
			t.Errorf("%v: chosen %d times of 20, want at least 17", want, hits)
		}
	}
	f(changepoint.OneP, func(float64) float64 { return 100 })
	f(changepoint.TwoP, func(t float64) float64 { return 300 - 2*t })
	f(changepoint.ThreePHeating, func(t float64) float64 { return 50 + 2*max(55-t, 0) })
	f(changepoint.ThreePCooling, func(t float64) float64 { return 50 + 2*max(t-65, 0) })
	f(changepoint.FourP, func(t float64) float64 { return 50 + 2*max(60-t, 0) + 3*max(t-60, 0) })
	f(changepoint.FiveP, func(t float64) float64 { return 50 + 2*max(52-t, 0) + 3*max(t-70, 0) })
}

func TestFit_RefusesAndWarns(t *testing.T) {
	var few *analytics.NotEnoughError
	var input *analytics.InputError
	var none *changepoint.NoFitError
	line := []float64{1, 2, 3, 4, 5, 6, 7, 8}
	down := []float64{8, 7, 6, 5, 4, 3, 2, 1}
	if _, err := changepoint.Fit(changepoint.FiveP, line[:6], line[:6], inF); !errors.As(err, &few) {
		t.Errorf("six points for 5P: got %v, want a NotEnoughError", err)
	}
	if _, err := changepoint.Fit(changepoint.FourP, []float64{1, 1, 1, 2, 2, 2, 3}, line[:7], inF); !errors.As(err, &few) {
		t.Errorf("three distinct temperatures for 4P: got %v, want a NotEnoughError", err)
	}
	if _, err := changepoint.Fit(changepoint.ThreePCooling, line, down, inF); !errors.As(err, &none) {
		t.Errorf("falling use for 3PC: got %v, want a NoFitError", err)
	}
	if _, err := changepoint.Fit(changepoint.TwoP, []float64{1, math.NaN(), 3, 4}, line[:4], inF); !errors.As(err, &input) || input.Index != 1 {
		t.Errorf("NaN: got %v, want an InputError at 1", err)
	}
	if _, _, err := changepoint.Best(line[:3], line[:3], inF); !errors.As(err, &few) {
		t.Errorf("three points: got %v, want a NotEnoughError", err)
	}
	r := rand.New(rand.NewPCG(5, 5))
	temps, use := random(r, 60, 0)
	for i := range use {
		use[i] = 100 + 40*r.NormFloat64()
	}
	m, _, err := changepoint.Best(temps, use, inF)
	if err != nil {
		t.Fatal(err)
	}
	if !m.Warnings.Has(changepoint.CodeNoWeatherSignal) || !m.Warnings.Has(changepoint.CodeHighCVRMSE) {
		t.Errorf("noise: got %v, want %s and %s", m.Warnings, changepoint.CodeNoWeatherSignal, changepoint.CodeHighCVRMSE)
	}
	temps, use = random(r, 60, 1)
	m, err = changepoint.Fit(changepoint.FiveP, temps, use, changepoint.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if !m.Warnings.Has(weather.CodeSuspectScale) {
		t.Errorf("Fahrenheit as Celsius: got %v, want %s", m.Warnings, weather.CodeSuspectScale)
	}
}
