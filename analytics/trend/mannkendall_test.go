package trend_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics/trend"
)

// saw is a fixed rising series without ties, tied the same with many.
func saw() (saw, tied []float64) {
	for i := range 30 {
		v := float64(i*7919%23)*.5 + .3*float64(i)
		saw, tied = append(saw, v), append(tied, math.RoundToEven(v/3))
	}
	return saw, tied
}

// Values compared against pyMannKendall 1.4.3 and scipy.stats.theilslopes.
func TestMannKendall_MatchesReference(t *testing.T) {
	plain, tied := saw()
	f := func(y []float64, s, variance, z, p, tau float64) {
		t.Helper()
		m := must(trend.MannKendall(y))
		near(t, "S", m.S, s, 0)
		near(t, "Var S", m.Variance, variance, 1e-9)
		near(t, "Z", m.Z, z, 1e-12)
		near(t, "p", m.P, p, 1e-12)
		near(t, "tau", m.Tau, tau, 1e-12)
	}
	f(plain, 129, 3141.6666666666665, 2.283651968448202, 0.022391992980315134, 0.296551724137931)
	f(tied, 208, 2967.3333333333335, 3.8000313352300954, 0.0001446777924913878, 0.4781609195402299)

	g := func(y []float64, level, slope, intercept, low, high float64) {
		t.Helper()
		m := must(trend.FitTheilSen(y, level))
		near(t, "slope", m.Slope, slope, 1e-12)
		near(t, "intercept", m.Intercept, intercept, 1e-12)
		near(t, "low", m.Interval[0], low, 1e-12)
		near(t, "high", m.Interval[1], high, 1e-12)
	}
	g(plain, .9, .35, 5.675, 0.20625, 0.5142857142857142)
	g(plain, .95, .35, 5.675, 0.16842105263157892, 0.5142857142857142)
	g(tied, .95, 0.11764705882352941, 2.2941176470588234, 0.05263157894736842, 0.18181818181818182)
}

// Values compared against pyMannKendall 1.4.3, whose lags enter with their signs.
func TestHamedRao_MatchesReference(t *testing.T) {
	walk := []float64{0}
	for i := 1; i < 60; i++ {
		walk = append(walk, .7*walk[i-1]+float64(i*7919%101-50)/25)
	}
	for i := range walk {
		walk[i] += .03 * float64(i)
	}
	m := must(trend.HamedRao(walk))
	near(t, "S", m.S, 650, 0)
	near(t, "correction", m.Correction, 1.8983594597109494, 1e-9)
	near(t, "Var S", m.Variance, 46668.00338456084, 1e-5)
	near(t, "p", m.P, 0.0026624241301236307, 1e-11)
	if plain := must(trend.MannKendall(walk)); plain.P >= m.P {
		t.Errorf("autocorrelation must weaken the evidence: got p %v, uncorrected %v", m.P, plain.P)
	}
}

func TestSeasonalMannKendall_MatchesReference(t *testing.T) {
	y := months()
	m := must(trend.SeasonalMannKendall(y, 12))
	near(t, "S", m.S, -40, 0)
	near(t, "Var S", m.Variance, 340, 1e-9)
	near(t, "p", m.P, 0.03442381432538877, 1e-12)
	near(t, "tau", m.Tau, -0.2222222222222222, 1e-12)
	// A strong season alone is no trend.
	for i := range y {
		y[i] = 100 * math.Sin(2*math.Pi*float64(i)/12)
	}
	if m := must(trend.SeasonalMannKendall(y, 12)); m.P < .5 {
		t.Errorf("a pure season: got p %v, want no trend", m.P)
	}
}

// Six years of months: a season, a slight rise, a fixed disturbance.
func months() []float64 {
	y := make([]float64, 72)
	for i := range y {
		y[i] = 10 + 3*math.Sin(2*math.Pi*float64(i)/12) + .02*float64(i) + float64(i*7919%13-6)/5
	}
	return y
}

func TestMannKendall_SkipsGapsAndHandlesConstants(t *testing.T) {
	y := []float64{1, math.NaN(), 2, 3, math.NaN(), 4}
	m := must(trend.MannKendall(y))
	if m.S != 6 || m.N != 4 {
		t.Errorf("got S %v of %d, want 6 of 4", m.S, m.N)
	}
	c := must(trend.MannKendall([]float64{5, 5, 5, 5, 5}))
	if c.Z != 0 || c.P != 1 || c.Variance != 0 {
		t.Errorf("a constant: got Z %v p %v variance %v, want 0 1 0", c.Z, c.P, c.Variance)
	}
}

// Without a trend a test must reject in 5 % of worlds. Where values follow one
// another the plain one rejects in a third; Hamed and Rao's in clearly fewer, though
// still too many at rho = .6 and 60 values.
func TestHamedRao_RejectsLess(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	const worlds = 600
	count := func(rho float64) (plain, corrected int) {
		for range worlds {
			y := make([]float64, 60)
			for i := range y {
				y[i] = r.NormFloat64()
				if i > 0 {
					y[i] += rho * y[i-1]
				}
			}
			if must(trend.MannKendall(y)).P < .05 {
				plain++
			}
			if must(trend.HamedRao(y)).P < .05 {
				corrected++
			}
		}
		return plain, corrected
	}
	if plain, corrected := count(.6); plain < worlds/4 || corrected > plain*85/100 {
		t.Errorf("rho .6: got %d plain and %d corrected rejections of %d, want many and clearly fewer", plain, corrected, worlds)
	}
	if plain, _ := count(0); plain < worlds*3/100 || plain > worlds*8/100 {
		t.Errorf("rho 0: got %d plain rejections of %d, want about 5 %%", plain, worlds)
	}
}
