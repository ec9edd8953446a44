package caltrack_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics/caltrack"
	"jouleline/analytics/weather"
	"jouleline/bench/chance"
)

var fahrenheit = caltrack.Settings{Scale: weather.Fahrenheit}

func mustFit(t *testing.T, temps, use []float64, s caltrack.Settings) *caltrack.Model {
	t.Helper()
	m, err := caltrack.FitDaily(temps, use, s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// building is a year with known truth: 20 + 1.5 HDD(58) + 2.5 CDD(70) + noise.
func building(r *rand.Rand, noise float64) (temps, use []float64) {
	temps, use = make([]float64, 365), make([]float64, 365)
	for i := range temps {
		temps[i] = 58 - 25*math.Cos(2*math.Pi*float64(i)/365) + 5*r.NormFloat64()
		use[i] = 20 + 1.5*max(58-temps[i], 0) + 2.5*max(temps[i]-70, 0) + noise*r.NormFloat64()
	}
	return temps, use
}

func TestFitDaily_FindsTheTruthWithoutNoise(t *testing.T) {
	temps, use := building(rand.New(rand.NewPCG(1, 1)), 0)
	m := mustFit(t, temps, use, fahrenheit)
	if m.Kind != caltrack.CDDHDD || m.HeatingBalance != 58 || m.CoolingBalance != 70 {
		t.Fatalf("got %v %v %v, want cdd_hdd 58 70", m.Kind, m.HeatingBalance, m.CoolingBalance)
	}
	within(t, "intercept", m.Intercept, 20, 1e-10)
	within(t, "heating slope", m.BetaHDD, 1.5, 1e-10)
	within(t, "cooling slope", m.BetaCDD, 2.5, 1e-10)
	if len(m.Warnings) > 0 {
		t.Errorf("got %v, want no warnings", m.Warnings)
	}
	predicted := m.PredictTo(nil, []float64{50, 65, 80, math.NaN()})
	for i, want := range []float64{32, 20, 45} {
		within(t, "prediction", predicted[i], want, 1e-9)
	}
	if !math.IsNaN(predicted[3]) {
		t.Errorf("got %v at an unknown temperature, want NaN", predicted[3])
	}
}

func TestFitDaily_ConstantUseHasNoWeather(t *testing.T) {
	temps, use := building(rand.New(rand.NewPCG(1, 1)), 0)
	for _, level := range []float64{0, 20.1, 1e9 / 3} {
		for i := range use {
			use[i] = level
		}
		m := mustFit(t, temps, use, fahrenheit)
		if m.Kind != caltrack.InterceptOnly || m.AdjR2 != 0 || !m.Warnings.Has(caltrack.CodeNoWeatherSignal) {
			t.Errorf("use of %v every day: got %v with adjusted R2 %v and %v, want intercept_only, 0 and a warning", level, m.Kind, m.AdjR2, m.Warnings)
		}
		within(t, "intercept", m.Intercept, level, 1e-14*level)
	}
}

// Celsius temperatures give the same model with balance points and slopes in
// Celsius: a grid of 1 F, not of 1 C.
func TestFitDaily_CelsiusIsTheSameModel(t *testing.T) {
	temps, use := building(rand.New(rand.NewPCG(2, 2)), 4)
	celsius := make([]float64, len(temps))
	for i, v := range temps {
		celsius[i] = weather.Celsius.FromFahrenheit(v)
	}
	f, c := mustFit(t, temps, use, fahrenheit), mustFit(t, celsius, use, caltrack.Settings{})
	within(t, "adjusted R2", c.AdjR2, f.AdjR2, 1e-12)
	within(t, "heating balance", c.HeatingBalance*1.8+32, f.HeatingBalance, 1e-10)
	within(t, "heating slope", c.BetaHDD, 1.8*f.BetaHDD, 1e-9)
	sf, errF := f.Savings(temps, use)
	sc, errC := c.Savings(celsius, use)
	if errF != nil || errC != nil {
		t.Fatal(errF, errC)
	}
	within(t, "counterfactual", sc.Counterfactual, sf.Counterfactual, 1e-6)
	within(t, "band", sc.Bands.OLS, sf.Bands.OLS, 1e-6)
}

func TestFitDaily_Invariants(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 6))
	for range 40 {
		temps, use := meter(r, 365)
		base := mustFit(t, temps, use, fahrenheit)
		n := len(use)
		scaled := make([]float64, n)
		backT, backU := make([]float64, n), make([]float64, n)
		permT, permU := make([]float64, n), make([]float64, n)
		for to, from := range r.Perm(n) {
			scaled[to] = 3.6 * use[to]
			backT[n-1-to], backU[n-1-to] = temps[to], use[to]
			permT[to], permU[to] = temps[from], use[from]
		}
		same := func(what string, m *caltrack.Model, factor float64) {
			t.Helper()
			if m.Kind != base.Kind || m.HeatingBalance != base.HeatingBalance || m.CoolingBalance != base.CoolingBalance {
				t.Fatalf("seed %d: %s: got %v %v %v, want %v %v %v", seed, what, m.Kind, m.HeatingBalance, m.CoolingBalance, base.Kind, base.HeatingBalance, base.CoolingBalance)
			}
			if math.Abs(m.Intercept-factor*base.Intercept) > 1e-8*max(1, math.Abs(base.Intercept)) || math.Abs(m.AdjR2-base.AdjR2) > 1e-10 {
				t.Fatalf("seed %d: %s: got intercept %v adjusted R2 %v, want %v %v", seed, what, m.Intercept, m.AdjR2, factor*base.Intercept, base.AdjR2)
			}
		}
		same("kWh to MJ", mustFit(t, temps, scaled, fahrenheit), 3.6)
		same("permuted days", mustFit(t, permT, permU, fahrenheit), 1)
		reversed := mustFit(t, backT, backU, fahrenheit)
		same("reversed time", reversed, 1)
		within(t, "rho after reversal", reversed.Metrics.Autocorrelation, base.Metrics.Autocorrelation, 1e-9)

		// Residuals of the baseline sum to zero, so a reporting period equal to
		// the baseline saves nothing; its halves add up to it.
		s, err := base.Savings(temps, use)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(s.Savings) > 1e-9*math.Abs(s.Observed) {
			t.Fatalf("seed %d: the baseline saves %v of itself, want 0", seed, s.Savings)
		}
		first, err1 := base.Savings(temps[:100], use[:100])
		second, err2 := base.Savings(temps[100:], use[100:])
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if d := first.Counterfactual + second.Counterfactual - s.Counterfactual; math.Abs(d) > 1e-8*math.Abs(s.Counterfactual) {
			t.Fatalf("seed %d: the parts differ from the whole by %v", seed, d)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
}

// The exact band must cover the truth about as often as it claims; balance points
// chosen from the data cost a little.
func TestSavings_BandCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const worlds = 400
	held := 0
	for range worlds {
		temps, use := building(r, 4)
		m := mustFit(t, temps, use, fahrenheit)
		reportT, reportU := building(r, 4)
		s, err := m.Savings(reportT, reportU) // the truth is no savings
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(s.Savings) <= s.Bands.OLS {
			held++
		}
	}
	if share := float64(held) / worlds; share < .85 || share > .95 {
		t.Errorf("got %.3f of worlds inside the band, want .90 +- .05 (three binomial deviations of 400)", share)
	}
}

func TestBootstrap_SpreadsAroundTheAnswer(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	temps, use := building(r, 4)
	reportT, reportU := building(r, 4)
	m := mustFit(t, temps, use, fahrenheit)
	s, err := m.Savings(reportT, reportU)
	if err != nil {
		t.Fatal(err)
	}
	run := func() *caltrack.Spread {
		spread, err := m.Bootstrap(temps, use, reportT, reportU, 100, rand.NewPCG(1, 2))
		if err != nil {
			t.Fatal(err)
		}
		return spread
	}
	a, b := run(), run()
	if *a != *b {
		t.Errorf("got %+v and %+v from the same seed, want the same", a, b)
	}
	if !(a.Low < s.Savings && s.Savings < a.High) || a.High-a.Low > 4*s.Bands.OLS {
		t.Errorf("got %v to %v around savings %v with band %v", a.Low, a.High, s.Savings, s.Bands.OLS)
	}
}

func TestNormalised_SavesWhatTheSlopesSay(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	temps, use := building(r, 0)
	saved := make([]float64, len(use))
	for i, v := range use {
		saved[i] = .9 * v
	}
	before, after := mustFit(t, temps, use, fahrenheit), mustFit(t, temps, saved, fahrenheit)
	typical, _ := building(r, 0)
	n, err := caltrack.Normalised(before, after, typical)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "share saved", n.Savings/n.Baseline.Use, .1, 1e-9)
	within(t, "band", n.Band, math.Hypot(n.Baseline.Band, n.Reporting.Band), 1e-12)
	typical[3] = math.NaN()
	if _, err := before.Normal(typical); err == nil {
		t.Error("got a normal year with a missing day, want a refusal")
	}
	total, band, fraction := caltrack.Portfolio([]*caltrack.Savings{
		{Savings: 30, Bands: caltrack.Bands{OLS: 3}}, {Savings: 70, Bands: caltrack.Bands{OLS: 4}},
	})
	if total != 100 || band != 5 || fraction != .05 {
		t.Errorf("got %v %v %v, want 100 5 .05", total, band, fraction)
	}
}
