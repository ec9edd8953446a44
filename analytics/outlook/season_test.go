package outlook_test

import (
	"math"
	"testing"

	"jouleline/analytics/outlook"
	"jouleline/schema/plan"
)

// Use falls by 1 % a year, and the plan wants 10 % from 2020 to 2025: too little.
// January and February of 2024 are held against their part of the path of 2024,
// which is 92 % of 2020 on a straight way.
func TestLook_YearToDateAndRolling(t *testing.T) {
	q := query(t, "2024-03-15T00:00:00+08:00")
	q.Months = true
	p, err := plan.Parse([]byte(`{"name":"own","base_year":2020,"target_year":2025,"source":"a test","min_coverage":0.95,"max_coverage_gap":0.02,"targets":[{"indicator":"energy_per_area","reduction_pct":10}]}`))
	if err != nil {
		t.Fatal(err)
	}
	q.Plan = p
	in := look(t, &metered{perDay: seasonal(.01), until: never()}, q)
	y, r := in.Monthly.YearToDate, in.Monthly.Rolling
	if y == nil || r == nil {
		t.Fatalf("got %+v, want the year to date and twelve months", in.Monthly)
	}
	if y.Year != 2024 || y.Months != 2 || math.Abs(y.OnPath-y.Share*.92**in.Baseline) > 1e-9*y.OnPath || y.Gap <= 0 || math.Abs(y.Projected-y.Value/y.Share) > 1e-9*y.Projected {
		t.Errorf("got %+v of %v, want two months above their part of 92 %%", y, *in.Baseline)
	}
	// Sixty days of two winter and 365 of all: 120 of 516 parts; 2024 has a day more.
	if math.Abs(y.Share-118./516) > .002 {
		t.Errorf("got a seasonal share of %v, want about %v", y.Share, 118./516)
	}
	if r.State != outlook.OK || r.RatePct == nil || math.Abs(r.Index-96.8) > .6 {
		t.Fatalf("got %+v, want about 97 %% of 2020", r)
	}
	// At that rate from March 2024 on the target is reached when 2025 ends.
	if final := r.Value * math.Pow(1-*r.RatePct/100, 2025-(2023+2./12)); math.Abs(final-*in.Target) > 1e-9*final {
		t.Errorf("at %v %% a year: got %v, want %v", *r.RatePct, final, *in.Target)
	}
}

// What a year must be below follows the plan's path, not always a straight one.
func TestLook_PathOfThePlan(t *testing.T) {
	f := func(path, steps string, want float64) {
		t.Helper()
		p, err := plan.Parse([]byte(`{"name":"own","base_year":2020,"target_year":2025,"source":"a test","path":"` + path + `","min_coverage":0.95,"max_coverage_gap":0.02,"targets":[{"indicator":"energy_per_area","reduction_pct":10` + steps + `}]}`))
		if err != nil {
			t.Fatal(err)
		}
		q := query(t, "2024-03-15T00:00:00+08:00")
		q.Plan = p
		in := look(t, &metered{perDay: seasonal(.01), until: never()}, q)
		if in.Required == nil || in.Required.Path != path || math.Abs(*in.Required.OnPath-want) > 1e-9 {
			t.Errorf("%s: got %+v, want %v in 2023", path, in.Required, want)
		}
	}
	f("linear", "", 94)
	f("compound", "", 100*math.Pow(.9, .6))
	f("stepped", `,"steps":[{"year":2022,"reduction_pct":3},{"year":2025,"reduction_pct":10}]`, 97)
}
