package cause_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"jouleline/analytics/cause"
	"jouleline/bench/chance"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
	"jouleline/schema/registry"
)

// nobody has no meters.
type nobody struct{}

func (nobody) Usage(context.Context, indicator.UsageQuery) ([]indicator.Usage, error) {
	return nil, nil
}

// random is a province of n institutions in two regions, with declared figures of
// 2020 to 2023. Some come or go on the way.
func random(t testing.TB, r *rand.Rand, n int, totals bool) *indicator.World {
	t.Helper()
	var institutions, buildings, areas, heads, declared strings.Builder
	institutions.WriteString("id,name,class,region,valid_from,valid_to\n")
	buildings.WriteString("id,institution,name\n")
	areas.WriteString("building,valid_from,area_m2\n")
	heads.WriteString("institution,valid_from,people\n")
	declared.WriteString("scope,id,year,quantity,unit,value,source\n")
	for i := range n {
		from, to, first, last := "2020-01-01", "", 2020, 2023
		switch i % 7 {
		case 5:
			from, first = "2022-01-01", 2022
		case 6:
			to, last = "2021-01-01", 2020
		}
		fmt.Fprintf(&institutions, "I%d,I%d,%s,%s,%s,%s\n", i, i, schema.Classes[i%3], []string{"370100", "370200"}[i%2], from, to)
		fmt.Fprintf(&buildings, "I%d-B,I%d,B\n", i, i)
		fmt.Fprintf(&areas, "I%d-B,2020-01-01,%d\nI%d-B,2022-01-01,%d\n", i, 500+r.IntN(9000), i, 500+r.IntN(9000))
		fmt.Fprintf(&heads, "I%d,2020-01-01,%d\n", i, 10+r.IntN(900))
		for year := first; year <= last; year++ {
			fmt.Fprintf(&declared, "institution,I%d,%d,electricity,kWh,%d,f\n", i, year, 1000+r.IntN(900000))
			fmt.Fprintf(&declared, "institution,I%d,%d,gasoline:vehicle,L,%d,f\n", i, year, r.IntN(900))
			if i%2 == 0 {
				fmt.Fprintf(&declared, "institution,I%d,%d,natural_gas,m3,%d,f\n", i, year, r.IntN(9000))
			}
			if totals {
				fmt.Fprintf(&declared, "institution,I%d,%d,energy,kgce,%d,f\n", i, year, 1+r.IntN(9000))
			}
		}
	}
	reg, err := registry.Build(registry.Tables{
		"regions.csv":      []byte("code,name,parent\n370000,省,\n370100,甲,370000\n370200,乙,370000\n"),
		"institutions.csv": []byte(institutions.String()), "buildings.csv": []byte(buildings.String()), "floor_area.csv": []byte(areas.String()),
		"headcount.csv": []byte(heads.String()), "declared.csv": []byte(declared.String()),
	}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := indicator.NewWorld(reg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func query(t testing.TB) cause.Query {
	t.Helper()
	p, err := plan.Load("14fyp")
	if err != nil {
		t.Fatal(err)
	}
	set, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	now, err := schema.ParseInstant("2026-01-01T00:00:00Z")
	if err != nil {
		t.Fatal(err)
	}
	return cause.Query{
		Scope: indicator.Scope{Level: indicator.ByRegion, ID: "370000"}, By: indicator.ByClass, Of: cause.Energy, Activity: cause.Area, From: 2020, To: 2023,
		Factors: set, Mode: set.Mode, Panel: indicator.All, Boundary: indicator.AsIs, MinCoverage: p.MinCoverage, MaxGap: p.MaxCoverageGap, Now: now,
	}
}

// In random provinces the effects add up to the change, for every kind of parts,
// and those of the parts to those of the whole.
func TestDecompose_AddsUp(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 20 {
		w := random(t, r, 3+r.IntN(30), r.IntN(2) == 0)
		q := query(t)
		q.By = []indicator.Level{indicator.ByClass, indicator.ByRegion, indicator.ByInstitution}[r.IntN(3)]
		q.Chained = r.IntN(2) == 0
		switch r.IntN(3) {
		case 0:
			q.Of = cause.Carbon
		case 1:
			q.Activity = cause.People
		}
		a, err := cause.Decompose(t.Context(), w, nobody{}, q)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if a.State != cause.OK {
			t.Fatalf("seed %d: got %s: %s", seed, a.State, a.Reason)
		}
		tolerance := 1e-9 * (*a.V0 + *a.VT)
		sum := 0.
		for k, e := range a.Effects {
			sum += e.Additive
			parts := 0.
			for _, p := range a.Parts {
				parts += p.Effects[k].Additive
			}
			if math.Abs(parts-e.Additive) > tolerance {
				t.Errorf("seed %d: %s by %s: parts add up to %v, want %v", seed, e.Factor, q.By, parts, e.Additive)
			}
		}
		if math.Abs(sum-*a.Change) > tolerance || math.Abs(*a.VT-*a.V0-*a.Change) > tolerance {
			t.Errorf("seed %d: %s by %s: effects add up to %v, want %v", seed, q.Of, q.By, sum, *a.Change)
		}
		if q.Chained {
			chained := a.Chained.PanelChange
			for _, e := range a.Chained.Effects {
				chained += e.Additive
			}
			if math.Abs(chained-*a.Change) > tolerance {
				t.Errorf("seed %d: the chain adds up to %v, want %v", seed, chained, *a.Change)
			}
		}
	}
}

// Carbon and energy of the decomposition are those of the indicators, whatever the
// parts are.
func TestDecompose_TotalsAreThoseOfTheIndicators(t *testing.T) {
	seed := chance.Seed(t)
	w := random(t, rand.New(rand.NewPCG(seed, 2)), 21, false)
	q := query(t)
	for _, c := range []struct {
		of       cause.Of
		activity cause.Activity
		measure  indicator.Measure
	}{{cause.Energy, cause.People, indicator.Energy}, {cause.Carbon, cause.Area, indicator.Carbon}} {
		q.Of, q.Activity = c.of, c.activity
		a, err := cause.Decompose(t.Context(), w, nobody{}, q)
		if err != nil {
			t.Fatal(err)
		}
		points, _, err := w.Series(t.Context(), nobody{}, indicator.SeriesQuery{
			Scope: q.Scope, From: schema.DayOf(2023, 1, 1), To: schema.DayOf(2024, 1, 1), Step: calendar.YearStep, Measures: []indicator.Measure{c.measure},
			Factors: q.Factors, Mode: q.Mode, MinCoverage: q.MinCoverage,
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := *a.VT, *points[0].Value; math.Abs(got-want) > 1e-9*want {
			t.Errorf("seed %d: %s: got %v in 2023, want %v", seed, c.of, got, want)
		}
	}
}

func TestDecompose_Refuses(t *testing.T) {
	w := random(t, rand.New(rand.NewPCG(1, 1)), 8, false)
	f := func(change func(*cause.Query), want error) {
		t.Helper()
		q := query(t)
		change(&q)
		if a, err := cause.Decompose(t.Context(), w, nobody{}, q); !errors.Is(err, want) {
			t.Errorf("got %+v, %v, want %v", a, err, want)
		}
	}
	f(func(q *cause.Query) { q.From = 2023 }, cause.ErrQuery)
	f(func(q *cause.Query) { q.To = 2026 }, cause.ErrQuery)
	f(func(q *cause.Query) { q.From = 1900 }, cause.ErrQuery)
	f(func(q *cause.Query) { q.Of = "water" }, cause.ErrQuery)
	f(func(q *cause.Query) { q.Of, q.Activity = cause.Carbon, cause.People }, cause.ErrQuery)
	f(func(q *cause.Query) { q.By = "day" }, cause.ErrQuery)
	f(func(q *cause.Query) { q.Scope.ID = "1" }, indicator.ErrUnknownScope)
	q := query(t)
	q.To = 2024
	a, err := cause.Decompose(t.Context(), w, nobody{}, q)
	if err != nil || a.State != cause.NotEnoughData || a.Change != nil || a.Reason == "" {
		t.Errorf("a year without figures: got %+v, %v, want not_enough_data", a, err)
	}
}
