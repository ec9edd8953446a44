package progress_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// pair is two schools with a meter each and an area of 1000 m2.
var pair = tables{
	"regions.csv":      "code,name,parent\n370000,p,\n370100,c,370000\n",
	"institutions.csv": "id,name,class,region\nA,a,education,370100\nB,b,health,370100\n",
	"buildings.csv":    "id,institution\nA1,A\nB1,B\n",
	"floor_area.csv":   "building,area_m2\nA1,1000\nB1,1000\n",
	"headcount.csv":    "institution,people\nA,100\nB,100\n",
	"meters.csv":       "id,building,carrier,kind\nMA,A1,electricity,register\nMB,B1,electricity,register\n",
}

// first is energy per area of a region of two institutions, as a line of text.
func first(tb testing.TB, w *indicator.World, b *books, year int) progress.Indicator {
	tb.Helper()
	return ask(tb, w, b, query(indicator.ByRegion, "370000", year)).Indicators[0]
}

func TestState_Metered(t *testing.T) {
	w, b := pair.world(), &books{}
	b.meter("A", schema.Electricity, "2020-01-01", "2021-01-01", 100)
	b.meter("B", schema.Electricity, "2020-01-01", "2021-01-01", 300)
	b.meter("A", schema.Electricity, "2023-01-01", "2024-01-01", 90)
	b.meter("B", schema.Electricity, "2023-01-01", "2024-01-01", 300)
	// 366 x 400 x 0.1229 / 2000 and 365 x 390 x 0.1229 / 2000.
	expect(t, first(t, w, b, 2023), "energy_per_area: 8.99628 -> 8.74741 kgce/m2; ok; reduction 2.77, completion 55.33, pace 3, on pace false; coverage 1; metered/metered")
}

func TestState_AGapIsNotAReduction(t *testing.T) {
	w, b := pair.world(), &books{}
	b.meter("A", schema.Electricity, "2020-01-01", "2021-01-01", 100)
	b.meter("B", schema.Electricity, "2020-01-01", "2021-01-01", 300)
	b.meter("A", schema.Electricity, "2023-01-01", "2024-01-01", 100)
	b.meter("B", schema.Electricity, "2023-01-01", "2023-07-01", 300)
	x := first(t, w, b, 2023)
	expect(t, x, "energy_per_area: 8.99628 -> 5.57966 kgce/m2; not_enough_data; reduction null, completion null, pace 3, on pace null; coverage 0.747945; metered/metered")
	if want := "2023: 1 of 2 institutions counted, want at least 95 %; coverage is 74.79 %"; x.Reason != want {
		t.Errorf("got %q, want %q", x.Reason, want)
	}
	// The institution that is known can be judged alone.
	a := ask(t, w, b, query(indicator.ByInstitution, "A", 2023))
	if x := a.Indicators[0]; x.State != progress.OK || *x.Reduction != "0.27" { // 366 days and 365
		t.Errorf("A: got %s", show(x))
	}
}

func TestState_NoBaseline(t *testing.T) {
	w, b := pair.world(), &books{}
	b.meter("A", schema.Electricity, "2023-01-01", "2024-01-01", 100)
	b.meter("B", schema.Electricity, "2023-01-01", "2024-01-01", 100)
	x := first(t, w, b, 2023)
	expect(t, x, "energy_per_area: null -> 4.48585 kgce/m2; no_baseline; reduction null, completion null, pace 3, on pace null; coverage 1; /metered")
	if want := "nothing is known of 2020; lacking: electricity (2 institutions)"; x.Reason != want {
		t.Errorf("got %q, want %q", x.Reason, want)
	}
	founded := pair.with("institutions.csv", "id,name,class,region,valid_from\nA,a,education,370100,2022-01-01\nB,b,health,370100,2022-01-01\n").world()
	x = first(t, founded, b, 2023)
	if want := "no institution existed in 2020, and energy_per_area is not declared"; x.State != progress.NoBaseline || x.Reason != want {
		t.Errorf("founded later: got %s %q, want %q", x.State, x.Reason, want)
	}
	zero := pair.with("declared.csv", "scope,id,year,quantity,value\ninstitution,A,2020,electricity,0\ninstitution,B,2020,electricity,0\n").world()
	x = first(t, zero, b, 2023)
	if want := "the baseline of 2020 is not above zero"; x.State != progress.NoBaseline || x.Reason != want || *x.Baseline != 0 || x.ReductionPct != nil {
		t.Errorf("zero: got %s; %q, want %q", show(x), x.Reason, want)
	}
}

func TestState_MixedSourcesKeepTheirNumbers(t *testing.T) {
	w := pair.with("declared.csv", "scope,id,year,quantity,value\ninstitution,A,2020,electricity,36500\ninstitution,B,2020,electricity,36500\n").world()
	b := &books{}
	b.meter("A", schema.Electricity, "2023-01-01", "2024-01-01", 95)
	b.meter("B", schema.Electricity, "2023-01-01", "2024-01-01", 95)
	x := first(t, w, b, 2023)
	expect(t, x, "energy_per_area: 4.48585 -> 4.26156 kgce/m2; mixed_sources; reduction 5.00, completion 100.00, pace 3, on pace true; coverage 1; declared/metered")
	if want := "declared in 2020, metered in 2023"; x.Reason != want {
		t.Errorf("got %q, want %q", x.Reason, want)
	}
	// One institution that changed its source is enough, even where both sides
	// are mixed in all.
	b.meter("B", schema.Electricity, "2020-01-01", "2021-01-01", 100)
	w = pair.with("declared.csv", "scope,id,year,quantity,value\ninstitution,A,2020,electricity,36500\ninstitution,B,2023,electricity,36500\n").world()
	b = &books{}
	b.meter("B", schema.Electricity, "2020-01-01", "2021-01-01", 100)
	b.meter("A", schema.Electricity, "2023-01-01", "2024-01-01", 100)
	if x := first(t, w, b, 2023); x.State != progress.MixedSources || x.BaselineSource != "mixed" || x.CurrentSource != "mixed" {
		t.Errorf("got %s", show(x))
	}
}

func TestState_Incomparable(t *testing.T) {
	f := func(declared, want string) {
		t.Helper()
		w := pair.with("declared.csv", "scope,id,year,quantity,unit,value\n"+declared).world()
		x := first(t, w, &books{}, 2023)
		if x.State != progress.Incomparable || x.Reason != want || x.Reduction != nil {
			t.Errorf("got %s %q, want %q", show(x), x.Reason, want)
		}
	}
	f("region,370000,2020,energy_per_area,index,100\nregion,370000,2023,energy_per_area,kgce/m2,18\n", "2020 is known as index, 2023 as ratio")
	f("region,370000,2020,energy_per_area,kgce/m2,19\nregion,370000,2023,energy,tce,18\nregion,370000,2023,electricity:vehicle,kWh,0\n", "2020 is known as ratio, 2023 as absolute")
	f("region,370000,2020,energy_per_area,kgce/m2,19\ninstitution,A,2023,electricity,kWh,1\ninstitution,B,2023,electricity,kWh,1\n", "2020 is known as ratio, 2023 as absolute")
	// Of several forms the one that both years have is taken.
	w := pair.with("declared.csv", `scope,id,year,quantity,unit,value
region,370000,2020,energy_per_area,kgce/m2,20
region,370000,2020,energy,tce,21
region,370000,2020,floor_area,m2,1000
region,370000,2023,energy_per_area,kgce/m2,19
`).world()
	if x := first(t, w, &books{}, 2023); x.State != progress.Met || *x.Baseline != 20 || *x.Reduction != "5.00" {
		t.Errorf("ratio and amounts against a ratio: got %s", show(x))
	}
}

func TestState_BaseYear(t *testing.T) {
	w, b := pair.world(), &books{}
	b.meter("A", schema.Electricity, "2020-01-01", "2021-01-01", 100)
	b.meter("B", schema.Electricity, "2020-01-01", "2021-01-01", 300)
	x := first(t, w, b, 2020)
	expect(t, x, "energy_per_area: 8.99628 -> 8.99628 kgce/m2; base_year; reduction null, completion null, pace 0, on pace null; coverage 1; metered/metered")
}

func TestState_PartialYear(t *testing.T) {
	w, b := pair.world(), &books{}
	for _, id := range []string{"A", "B"} {
		b.meter(id, schema.Electricity, "2020-01-01", "2021-01-01", 100)
		b.meter(id, schema.Electricity, "2023-01-01", "2023-03-02", 90)
	}
	q := query(indicator.ByRegion, "370000", 2023)
	q.Now = schema.InstantOf(time.Date(2023, 3, 1, 16, 0, 0, 0, time.UTC)) // 03-02 00:00 in Shanghai
	x := ask(t, w, b, q).Indicators[0]
	// 61 days, one of them a leap day, against 60: 61 x 100 x 0.1229 / 1000.
	expect(t, x, "energy_per_area: 0.74969 -> 0.66366 kgce/m2; partial_year; reduction 11.48, completion 229.51, pace 3, on pace null; coverage 1; metered/metered")
	if want := "2023 up to 2023-03-01 against the same days of 2020"; x.Reason != want {
		t.Errorf("got %q, want %q", x.Reason, want)
	}
	// What was declared for whole years cannot serve for a part of one, and what
	// it shows to exist is missing.
	declared := pair.with("declared.csv", "scope,id,year,quantity,value\ninstitution,A,2020,natural_gas,1000\n").world()
	x = ask(t, declared, b, q).Indicators[0]
	if x.State != progress.NotEnoughData || !strings.Contains(x.Reason, "natural_gas (1 institution)") {
		t.Errorf("got %s %q", show(x), x.Reason)
	}
}

func TestState_WhatOneYearHadTheOtherMustHave(t *testing.T) {
	w, b := pair.with("declared.csv", `scope,id,year,quantity,value
institution,A,2020,electricity,1000
institution,A,2020,natural_gas,1000
institution,B,2020,electricity,1000
institution,A,2023,electricity,1000
institution,B,2023,electricity,1000
`).world(), &books{}
	x := first(t, w, b, 2023)
	if want := "2023: 1 of 2 institutions counted, want at least 95 %; lacking: natural_gas (1 institution)"; x.State != progress.NotEnoughData || x.Reason != want {
		t.Errorf("got %s, %q; want %q", x.State, x.Reason, want)
	}
	if x.Reduction != nil || x.OnPace != nil || x.CompletionPct != nil {
		t.Errorf("got %s", show(x))
	}
}

func TestQuery_Refused(t *testing.T) {
	w := pair.world()
	f := func(want error, change func(*progress.Query)) {
		t.Helper()
		q := query(indicator.ByRegion, "370000", 2023)
		change(&q)
		if _, err := progress.Progress(context.Background(), w, &books{}, q); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
		if _, err := progress.Breakdown(context.Background(), w, &books{}, q, indicator.ByClass); !errors.Is(err, want) {
			t.Errorf("breakdown: got %v, want %v", err, want)
		}
	}
	f(progress.ErrQuery, func(q *progress.Query) { q.Year = 2019 })
	f(progress.ErrQuery, func(q *progress.Query) { q.Year = 2031 })
	f(progress.ErrQuery, func(q *progress.Query) { q.Baseline = 2025; q.Year = 2026 })
	f(indicator.ErrUnknownScope, func(q *progress.Query) { q.Scope.ID = "380000" })
	f(indicator.ErrUnknownScope, func(q *progress.Query) { q.Scope = indicator.Scope{Level: indicator.ByClass, ID: "zoo"} })
	broken := errors.New("disk")
	_, err := progress.Progress(context.Background(), w, &books{err: broken}, query(indicator.ByRegion, "370000", 2023))
	if !errors.Is(err, broken) {
		t.Errorf("source: got %v, want %v", err, broken)
	}
}

func TestBaseline_Override(t *testing.T) {
	w, b := pair.world(), &books{}
	for _, id := range []string{"A", "B"} {
		b.meter(id, schema.Electricity, "2021-01-01", "2022-01-01", 100)
		b.meter(id, schema.Electricity, "2023-01-01", "2024-01-01", 97)
	}
	q := query(indicator.ByRegion, "370000", 2023)
	q.Baseline = 2021
	a := ask(t, w, b, q)
	// Half of the four years from 2021 to 2025 have passed.
	expect(t, a.Indicators[0], "energy_per_area: 4.48585 -> 4.35127 kgce/m2; ok; reduction 3.00, completion 60.00, pace 2.5, on pace true; coverage 1; metered/metered")
	if a.BaseYear != 2021 {
		t.Errorf("got base year %d, want 2021", a.BaseYear)
	}
}

// After the target year the whole target is due.
func TestPace_StopsAtTheTarget(t *testing.T) {
	w := school.world()
	for year, want := range map[int]string{2025: "5", 2026: "5", 2024: "4"} {
		if got := number(ask(t, w, &books{}, query(indicator.ByInstitution, "S1", year)).Indicators[0].PacePct); got != want {
			t.Errorf("%d: got pace %s, want %s", year, got, want)
		}
	}
}

func ExampleProgress() {
	w := school.world()
	q := query(indicator.ByInstitution, "S1", 2023)
	a, err := progress.Progress(context.Background(), w, schoolBooks(), q)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, x := range a.Indicators {
		fmt.Println(x.Indicator, *x.Reduction, *x.Completion, x.State)
	}
	// Output:
	// energy_per_area 5.53 110.50 met
	// energy_per_capita 6.35 105.75 met
	// water_per_capita 8.33 138.89 met
	// carbon_per_area 5.53 78.93 ok
}
