package target_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics"
	"jouleline/analytics/target"
	"jouleline/bench/chance"
)

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

func mustPath(t *testing.T, shape target.Shape, base float64, from, to int, reduction float64) *target.Path {
	t.Helper()
	p, err := target.NewPath(shape, base, from, to, reduction)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// National targets of the 14th plan: 5 % from 2020 to 2025; and -10 % by the fifth
// year by hand: .9^(3/5).
func TestPath_At(t *testing.T) {
	linear := mustPath(t, target.Linear, 100, 2020, 2025, .05)
	within(t, "linear 2023", linear.At(2023), 97, 1e-12)
	within(t, "linear mid-2023", linear.At(2023.5), 96.5, 1e-12)
	within(t, "linear before", linear.At(2010), 100, 0)
	within(t, "linear after", linear.At(2030), 95, 1e-12)
	within(t, "linear budget", linear.Budget(2021, 2025), 99+98+97+96+95, 1e-9)
	compound := mustPath(t, target.Compound, 100, 2020, 2025, .1)
	within(t, "compound 2023", compound.At(2023), 93.8740393, 1e-6)
	within(t, "compound target", compound.Target(), 90, 1e-12)
	stepped, err := target.NewStepped(100, 2020, []target.Step{{2022, 98}, {2025, 90}})
	if err != nil {
		t.Fatal(err)
	}
	for year, want := range map[float64]float64{2020: 100, 2021.9: 100, 2022: 98, 2024: 98, 2025: 90, 2031: 90} {
		within(t, "stepped", stepped.At(year), want, 0)
	}
	if stepped.Shape().String() != "stepped" {
		t.Errorf("got %v, want stepped", stepped.Shape())
	}
}

func TestPath_Refuses(t *testing.T) {
	var input *analytics.InputError
	refuse := func(name string, err error) {
		t.Helper()
		if !errors.As(err, &input) {
			t.Errorf("%s: got %v, want an InputError", name, err)
		}
	}
	path := func(shape target.Shape, base float64, from, to int, reduction float64) error {
		_, err := target.NewPath(shape, base, from, to, reduction)
		return err
	}
	refuse("zero baseline", path(target.Linear, 0, 2020, 2025, .1))
	refuse("NaN baseline", path(target.Linear, math.NaN(), 2020, 2025, .1))
	refuse("target year is the base year", path(target.Linear, 1, 2020, 2020, .1))
	refuse("5 instead of .05", path(target.Linear, 1, 2020, 2025, 5))
	refuse("growth", path(target.Linear, 1, 2020, 2025, -.1))
	refuse("compound to zero", path(target.Compound, 1, 2020, 2025, 1))
	refuse("a table by NewPath", path(target.Stepped, 1, 2020, 2025, .1))
	_, err := target.NewStepped(100, 2020, []target.Step{{2023, 90}, {2022, 80}})
	refuse("steps out of order", err)
	p := mustPath(t, target.Linear, 100, 2020, 2025, .05)
	_, err = p.Status(2019, 90, true)
	refuse("a year before the base", err)
	_, err = p.Status(2021, -1, true)
	refuse("negative use", err)
	_, err = p.YearToDate(2021, make([]float64, 13), [12]float64{1})
	refuse("thirteen months", err)
	_, err = target.SeasonalShare([][]float64{make([]float64, 12)})
	refuse("a year of nothing", err)
}

func TestStatus_States(t *testing.T) {
	p := mustPath(t, target.Linear, 100, 2020, 2025, .1)
	f := func(year int, current float64, complete bool, want target.State) *target.Status {
		t.Helper()
		s, err := p.Status(year, current, complete)
		if err != nil {
			t.Fatal(err)
		}
		if s.State != want {
			t.Errorf("%v in %d: got %s, want %s", current, year, s.State, want)
		}
		return s
	}
	f(2020, 100, true, target.BaseYear)
	f(2022, 50, false, target.PartYear)
	f(2022, 96, true, target.OnTrack)
	f(2022, 90, true, target.Met)
	f(2025, 90, true, target.Reached)
	f(2027, 91, true, target.Missed)
	if s := f(2022, math.NaN(), true, target.NoMeasured); s.OnPath != 96 || s.Current != 0 {
		t.Errorf("unknown use: got %+v, want the path's value and nothing else", s)
	}
	// By hand: 2 years from 100 to 98 is 1.0050 % a year; 3 years from 98 to 90
	// need 1-(90/98)^(1/3) = 2.7987 %, or 8/3 a year.
	s := f(2022, 98, true, target.Behind)
	within(t, "gap", s.Gap, 2, 1e-12)
	within(t, "achieved", s.AchievedRate, .0100505, 1e-7)
	within(t, "required", s.RequiredRate, .0279868, 1e-7)
	within(t, "required a year", s.RequiredPerYear, 8./3, 1e-12)
	within(t, "urgency", s.Urgency, s.RequiredRate/s.AchievedRate, 0)
	if s := f(2022, 103, true, target.Behind); !s.UrgencyUndefined || s.Urgency != 0 {
		t.Errorf("use grew: got urgency %v, want it undefined", s.Urgency)
	}
}

// Falling at the required rate from now reaches the target exactly, and on a
// compound path that was followed the required rate is the achieved one.
func TestStatus_Invariants(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 200 {
		base, years := 10+1000*r.Float64(), 2+r.IntN(20)
		reduction := .01 + .9*r.Float64()
		now := 1 + r.IntN(years-1)
		p := mustPath(t, target.Compound, base, 2020, 2020+years, reduction)
		s, err := p.Status(2020+now, base*(1+.2*r.Float64()), true)
		if err != nil {
			t.Fatal(err)
		}
		final := s.Current * math.Pow(1-s.RequiredRate, float64(years-now))
		if math.Abs(final-p.Target()) > 1e-9*base {
			t.Fatalf("seed %d: the required rate leads to %v, want %v", seed, final, p.Target())
		}
		on, err := p.Status(2020+now, p.At(float64(2020+now))*(1+1e-12), true)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(on.Urgency-1) > 1e-6 {
			t.Fatalf("seed %d: on the path the urgency is %v, want 1", seed, on.Urgency)
		}
		scaled := mustPath(t, target.Compound, 3*base, 2020, 2020+years, reduction)
		other, err := scaled.Status(2020+now, 3*s.Current, true)
		if err != nil {
			t.Fatal(err)
		}
		if other.State != s.State || math.Abs(other.RequiredRate-s.RequiredRate) > 1e-12 {
			t.Fatalf("seed %d: got %v in another unit, want %v", seed, other, s)
		}
	}
}

func TestYearToDate_UsesTheSeason(t *testing.T) {
	winter := []float64{20, 15, 10, 5, 5, 5, 5, 5, 5, 5, 10, 10} // 100
	share, err := target.SeasonalShare([][]float64{winter, scale(winter, 3)})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "January", share[0], .2, 1e-12)
	p := mustPath(t, target.Linear, 1000, 2020, 2025, .1)
	y, err := p.YearToDate(2022, []float64{210, 150, 100}, share)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "path to March", y.OnPath, .45*960, 1e-9)
	within(t, "gap", y.Gap, 460-432, 1e-9)
	within(t, "projected", y.Projected, 460/.45, 1e-9)
}

func scale(x []float64, by float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = by * v
	}
	return out
}

func TestCumulative_BudgetIsSpentOnce(t *testing.T) {
	p := mustPath(t, target.Linear, 100, 2020, 2025, .1)
	c, err := p.Cumulative([]float64{99, 97})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "over", c.Over, 196-(98+96), 1e-9)
	within(t, "left", c.Left, 98+96+94+92+90-196, 1e-9)
	within(t, "a year", c.PerYear, (470.-196)/3, 1e-9)
	done, err := p.Cumulative([]float64{98, 96, 94, 92, 90, 90})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "on the path and beyond", done.Over, 0, 1e-9)
	within(t, "nothing left to divide", done.PerYear, 0, 0)
}
