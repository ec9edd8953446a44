package outlook_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"jouleline/analytics/outlook"
	"jouleline/schema"
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

// Progress' view of the running year is that of the forecast from months; it wants
// less: a full year before the running one.
func TestRunningYear(t *testing.T) {
	running := func(now string, source *metered, change func(*outlook.Query)) []outlook.ToDate {
		t.Helper()
		q := query(t, now)
		q.Year = 2024
		if change != nil {
			change(&q)
		}
		list, err := outlook.RunningYear(t.Context(), world(t, office), source, q.Query)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != 4 {
			t.Fatalf("got %+v, want the four indicators", list)
		}
		return list
	}
	books := func() *metered { return &metered{perDay: seasonal(.01), until: never()} }
	got := running("2024-03-15T00:00:00+08:00", books(), nil)[0]
	q := query(t, "2024-03-15T00:00:00+08:00")
	q.Months = true
	want := look(t, books(), q).Monthly.YearToDate
	if got.State != outlook.OK || got.YearToDate == nil || *got.YearToDate != *want || got.YearToDate.SeasonYears != 3 {
		t.Errorf("got %+v with %+v, want %+v as in the forecast", got, got.YearToDate, want)
	}
	f := func(name, now string, state outlook.State, change func(*outlook.Query), source *metered) *outlook.YearToDate {
		t.Helper()
		x := running(now, source, change)[0]
		if x.State != state || x.Reason == "" || (x.YearToDate != nil) != (state == outlook.OK) {
			t.Errorf("%s: got %+v, want %s", name, x, state)
		}
		return x.YearToDate
	}
	f("no month is over", "2024-01-15T00:00:00+08:00", outlook.NotEnoughData, nil, books())
	f("months that are missing", "2024-03-15T00:00:00+08:00", outlook.NotEnoughData, nil, &metered{perDay: seasonal(.01), until: schema.DayOf(2024, time.January, 20)})
	since := func(year int) func(*outlook.Query) { return func(q *outlook.Query) { q.Baseline = year } }
	// On a base of the year before the season is that of the base year alone.
	if y := f("the year after the base year", "2024-11-15T00:00:00+08:00", outlook.OK, since(2023), books()); y != nil && (y.SeasonYears != 1 || y.Months != 10) {
		t.Errorf("got %+v, want ten months by one year", y)
	}
	for _, year := range []int{2023, 2025} {
		q := query(t, "2024-03-15T00:00:00+08:00")
		q.Year = year
		if _, err := outlook.RunningYear(t.Context(), world(t, office), books(), q.Query); !errors.Is(err, outlook.ErrQuery) {
			t.Errorf("%d in 2024: got %v, want a refusal", year, err)
		}
	}
	broken := books()
	broken.err = errors.New("disk")
	q.Year = 2024
	if _, err := outlook.RunningYear(t.Context(), world(t, office), broken, q.Query); !errors.Is(err, broken.err) {
		t.Errorf("got %v, want the source's error", err)
	}
}
