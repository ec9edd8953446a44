package caltrack_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics"
	"jouleline/analytics/caltrack"
	"jouleline/analytics/weather"
)

func TestFitDaily_Refuses(t *testing.T) {
	temps, use := building(rand.New(rand.NewPCG(3, 3)), 2)
	var few *analytics.NotEnoughError
	var input *analytics.InputError
	if _, err := caltrack.FitDaily(temps[:29], use[:29], fahrenheit); !errors.As(err, &few) || few.Got != 29 {
		t.Errorf("29 days: got %v, want a NotEnoughError", err)
	}
	if _, err := caltrack.FitDaily(temps[:9], use, fahrenheit); !errors.As(err, &input) {
		t.Errorf("ragged: got %v, want an InputError", err)
	}
	broken := append([]float64{}, use...)
	broken[5] = math.Inf(1)
	if _, err := caltrack.FitDaily(temps, broken, fahrenheit); !errors.As(err, &input) || input.Index != 5 {
		t.Errorf("infinite: got %v, want an InputError at 5", err)
	}
	export := make([]float64, 365)
	for i := range export {
		export[i] = -5 - use[i]
	}
	if _, err := caltrack.FitDaily(temps, export, fahrenheit); !errors.As(err, &input) {
		t.Errorf("net export: got %v, want an InputError", err)
	}
	if _, err := caltrack.FitDaily(temps, use, caltrack.Settings{Level: 90}); !errors.As(err, &input) {
		t.Errorf("level 90: got %v, want an InputError", err)
	}
	if _, err := caltrack.FitBilling(make([]caltrack.Bill, 3), fahrenheit); !errors.As(err, &few) {
		t.Errorf("three empty bills: got %v, want a NotEnoughError", err)
	}
	m := mustFit(t, temps, use, fahrenheit)
	if _, err := m.Savings([]float64{math.NaN()}, []float64{1}); !errors.As(err, &few) {
		t.Errorf("no reporting day: got %v, want a NotEnoughError", err)
	}
}

// Every thin or wrong input keeps its label.
func TestFitDaily_Warns(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	f := func(name string, code analytics.Code, change func(temps, use []float64) ([]float64, []float64), s caltrack.Settings) {
		t.Helper()
		temps, use := building(r, 2)
		if got := mustFit(t, temps, use, fahrenheit); got.Warnings.Has(code) {
			t.Errorf("%s: the clean year warns of %s already", name, code)
		}
		temps, use = change(temps, use)
		if got := mustFit(t, temps, use, s); !got.Warnings.Has(code) {
			t.Errorf("%s: got %v, want %s", name, got.Warnings, code)
		}
	}
	f("half a year", caltrack.CodeNotAYear, func(t, u []float64) ([]float64, []float64) { return t[:180], u[:180] }, fahrenheit)
	f("fifty gaps", caltrack.CodeMissingDays, func(t, u []float64) ([]float64, []float64) {
		for i := range 50 {
			u[i*7] = math.NaN()
		}
		return t, u
	}, fahrenheit)
	f("fifty zeros of electricity", caltrack.CodeMissingDays, func(t, u []float64) ([]float64, []float64) {
		for i := range 50 {
			u[i*7] = 0
		}
		return t, u
	}, caltrack.Settings{Scale: weather.Fahrenheit, ZeroIsMissing: true})
	f("no thermometer", caltrack.CodeMissingTemperatures, func(t, u []float64) ([]float64, []float64) {
		for i := range 50 {
			t[i*7] = math.NaN()
		}
		return t, u
	}, fahrenheit)
	f("export", caltrack.CodeNegativeUse, func(t, u []float64) ([]float64, []float64) { u[100] = -1; return t, u }, fahrenheit)
	f("spike", caltrack.CodeExtremeValues, func(t, u []float64) ([]float64, []float64) { u[100] = 5000; return t, u }, fahrenheit)
	f("noise only", caltrack.CodeNoWeatherSignal, func(t, u []float64) ([]float64, []float64) {
		for i := range u {
			u[i] = 20 + 5*r.NormFloat64()
		}
		return t, u
	}, fahrenheit)
	f("wild noise", caltrack.CodeUnusable, func(t, u []float64) ([]float64, []float64) {
		for i := range u {
			u[i] = math.Exp(3 * r.NormFloat64())
		}
		return t, u
	}, fahrenheit)
	f("straight line in T", caltrack.CodeGridEdge, func(t, u []float64) ([]float64, []float64) {
		for i := range u {
			u[i] = 100 + t[i]
		}
		return t, u
	}, fahrenheit)
	f("slow wave", caltrack.CodeAutocorrelation, func(t, u []float64) ([]float64, []float64) {
		for i := range u {
			u[i] += 15 * math.Sin(2*math.Pi*float64(i)/60)
		}
		return t, u
	}, fahrenheit)
	f("Fahrenheit taken for Celsius", weather.CodeSuspectScale, func(t, u []float64) ([]float64, []float64) { return t, u }, caltrack.Settings{})
	f("only winter days heat a little", caltrack.CodeCloseAlternative, func(t, u []float64) ([]float64, []float64) {
		for i := range u {
			u[i] = 20 + 2*max(t[i]-60, 0) + .02*max(50-t[i], 0) + r.NormFloat64()
		}
		return t, u
	}, fahrenheit)
}

func TestSavings_Warns(t *testing.T) {
	temps, use := building(rand.New(rand.NewPCG(5, 5)), 2)
	m := mustFit(t, temps, use, fahrenheit)
	f := func(name string, code analytics.Code, temps, use []float64) *caltrack.Savings {
		t.Helper()
		s, err := m.Savings(temps, use)
		if err != nil {
			t.Fatal(err)
		}
		if !s.Warnings.Has(code) {
			t.Errorf("%s: got %v, want %s", name, s.Warnings, code)
		}
		return s
	}
	f("heat wave", caltrack.CodeExtrapolation, []float64{60, 130}, []float64{1, 1})
	f("cold wave", caltrack.CodeExtrapolation, []float64{60, -40}, []float64{1, 1})
	f("more use", caltrack.CodeNegativeSavings, []float64{60, 60}, []float64{100, 100})
	f("hardly any savings", caltrack.CodeNotSignificant, []float64{60, 60}, []float64{20, 19})
	s := f("a gap", caltrack.CodeMaskedPeriods, []float64{60, 60, math.NaN()}, []float64{10, math.NaN(), 10})
	if s.N != 1 || s.LeftOut != 2 || s.Observed != 10 {
		t.Errorf("got N %d, left out %d, observed %v, want 1, 2, 10: a gap is neither use nor saving", s.N, s.LeftOut, s.Observed)
	}
	good, err := m.Savings(temps, make([]float64, 365))
	if err != nil {
		t.Fatal(err)
	}
	if len(good.Warnings) > 0 || good.Bands.Fraction <= 0 || math.Abs(good.Bands.Fraction*good.Savings-good.Bands.FSU) > 1e-9 {
		t.Errorf("a clean year: got %v and %+v, want no warnings and Fraction x Savings = FSU", good.Warnings, good.Bands)
	}
}
