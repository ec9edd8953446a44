package allocate_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/allocate"
	"jouleline/analytics/progress"
	"jouleline/bench/chance"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
	"jouleline/schema/registry"
)

// By hand: intensities 10, 20, 30, 40; the lower quartile (type 7) is 17.5; gaps are
// 0, 2.5, 12.5 and 22.5 per unit of activity.
func TestDivide_ByHand(t *testing.T) {
	shares := []allocate.Share{{Amount: 10, Activity: 1, Given: .1}, {Amount: 20, Activity: 1, Given: .1}, {Amount: 30, Activity: 1, Given: .1}, {Amount: 40, Activity: 1, Given: 0}}
	f := func(method allocate.Method, reduction float64, meets bool, want ...float64) {
		t.Helper()
		d, err := allocate.Divide(method, reduction, shares)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range want {
			if math.Abs(d.Cut[i]-w) > 1e-12 {
				t.Errorf("%s: part %d: got %v, want %v", method, i, d.Cut[i], w)
			}
		}
		if d.Meets() != meets {
			t.Errorf("%s: got meets %v for %v of %v", method, d.Meets(), d.Allocated, d.Required)
		}
	}
	f(allocate.EqualRate, .1, true, 1, 2, 3, 4)
	f(allocate.IntensityGap, .075, true, 0, .5, 2.5, 4.5)
	// 50 of 100 are more than the gaps of 37.5: the other 12.5 come off the 62.5
	// that are left, a fifth each.
	f(allocate.IntensityGap, .5, true, 2, 2.5+3.5, 12.5+3.5, 22.5+3.5)
	f(allocate.Given, .1, false, 1, 2, 3, 0)
	f(allocate.Given, .06, true, 1, 2, 3, 0)
}

// Cuts add up to that of the whole, no part falls below nothing, and the unit of
// amounts and of activity does not count.
func TestDivide_Invariants(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 300 {
		shares := make([]allocate.Share, 1+r.IntN(30))
		scaled := make([]allocate.Share, len(shares))
		for i := range shares {
			shares[i] = allocate.Share{Amount: 1000 * r.Float64(), Activity: .1 + 10*r.Float64()}
			scaled[i] = allocate.Share{Amount: 7 * shares[i].Amount, Activity: 3 * shares[i].Activity}
		}
		reduction := .001 + .998*r.Float64()
		for _, method := range []allocate.Method{allocate.EqualRate, allocate.IntensityGap} {
			d, err := allocate.Divide(method, reduction, shares)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			e, err := allocate.Divide(method, reduction, scaled)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if math.Abs(d.Allocated-d.Required) > 1e-9*d.Required {
				t.Fatalf("seed %d: %s: got %v, want %v", seed, method, d.Allocated, d.Required)
			}
			for i, c := range d.Cut {
				if c < 0 || c > shares[i].Amount*(1+1e-9) || math.Abs(7*c-e.Cut[i]) > 1e-6 {
					t.Fatalf("seed %d: %s: part %d of %v falls by %v, scaled by %v", seed, method, i, shares[i], c, e.Cut[i])
				}
			}
		}
	}
}

func TestDivide_Refuses(t *testing.T) {
	one := []allocate.Share{{Amount: 1, Activity: 1}}
	f := func(method allocate.Method, reduction float64, shares []allocate.Share) {
		t.Helper()
		var input *analytics.InputError
		var few *analytics.NotEnoughError
		if d, err := allocate.Divide(method, reduction, shares); !errors.As(err, &input) && !errors.As(err, &few) {
			t.Errorf("%s of %v, %v: got %+v, %v, want a refusal", method, reduction, shares, d, err)
		}
	}
	f(allocate.EqualRate, 0, one)
	f(allocate.EqualRate, math.NaN(), one)
	f(allocate.EqualRate, 1.5, one)
	f(allocate.EqualRate, .1, nil)
	f(allocate.IntensityGap, .1, []allocate.Share{{Amount: 1, Activity: 0}})
	f(allocate.IntensityGap, .1, []allocate.Share{{Amount: -1, Activity: 1}})
	f(allocate.IntensityGap, .1, []allocate.Share{{Amount: math.Inf(1), Activity: 1}})
	f("by_lot", .1, one)
}

type nobody struct{}

func (nobody) Usage(context.Context, indicator.UsageQuery) ([]indicator.Usage, error) {
	return nil, nil
}

func question(t *testing.T, declared string) (*indicator.World, allocate.Query) {
	t.Helper()
	reg, err := registry.Build(registry.Tables{
		"regions.csv":      []byte("code,name,parent\n370000,省,\n370100,甲,370000\n370200,乙,370000\n"),
		"institutions.csv": []byte("id,name,class,region\nA,A,education,370100\nB,B,health,370200\n"),
		"buildings.csv":    []byte("id,institution,name\nA-B,A,B\nB-B,B,B\n"),
		"floor_area.csv":   []byte("building,valid_from,area_m2\nA-B,2020-01-01,1000\nB-B,2020-01-01,1000\n"),
		"declared.csv":     []byte("scope,id,year,quantity,unit,value,source\n" + declared),
	}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := indicator.NewWorld(reg)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Parse([]byte(`{"name":"own","base_year":2020,"target_year":2025,"source":"a test","min_coverage":0.95,"max_coverage_gap":0.02,"targets":[
		{"indicator":"energy_per_area","reduction_pct":10},{"indicator":"energy_per_area","region":"370100","reduction_pct":4}]}`))
	if err != nil {
		t.Fatal(err)
	}
	set, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	return w, allocate.Query{
		Query: progress.Query{
			Scope: indicator.Scope{Level: indicator.ByRegion, ID: "370000"}, Plan: p, Factors: set, Mode: set.Mode,
			Now: schema.InstantOf(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)),
		},
		By: indicator.ByRegion, Measure: indicator.EnergyPerArea, Method: allocate.Given,
	}
}

const both = "institution,A,2020,electricity,kWh,100000,f\ninstitution,B,2020,electricity,kWh,300000,f\n"

func TestAllocate_GivenMissesTheWhole(t *testing.T) {
	w, q := question(t, both)
	a, err := allocate.Allocate(t.Context(), w, nobody{}, q)
	if err != nil {
		t.Fatal(err)
	}
	// 4 % of 12,290 kgce and 10 % of 36,870 kgce, of 4,916 kgce that are wanted.
	if a.Meets || math.Abs(a.Allocated-(491.6+3687)) > 1e-9 || math.Abs(a.Missing-737.4) > 1e-9 || !strings.Contains(a.Reason, "misses 10 %") {
		t.Errorf("got %+v, want 737.4 kgce missing", a)
	}
	if p := a.Parts[0]; p.TargetOf != "region 370100" || math.Abs(*p.TargetPct-4) > 1e-12 || math.Abs(*p.Target-12.29*.96) > 1e-12 {
		t.Errorf("got %+v, want the region's own target", p)
	}
	q.Method = allocate.EqualRate
	if a, err = allocate.Allocate(t.Context(), w, nobody{}, q); err != nil || !a.Meets || a.Missing != 0 {
		t.Errorf("by equal rate: got %+v, %v, want the whole met", a, err)
	}
}

func TestAllocate_AnUnknownPartGetsNoNumber(t *testing.T) {
	w, q := question(t, "institution,A,2020,electricity,kWh,100000,f\n")
	q.Method = allocate.EqualRate
	a, err := allocate.Allocate(t.Context(), w, nobody{}, q)
	if err != nil {
		t.Fatal(err)
	}
	if p := a.Parts[1]; a.Meets || p.State != allocate.NotEnoughData || p.Cut != nil || p.Reason == "" || !strings.Contains(a.Reason, "1 of 2 parts") {
		t.Errorf("got %+v, want the second part without a number", a)
	}
}

func TestAllocate_Refuses(t *testing.T) {
	f := func(want error, change func(*allocate.Query)) {
		t.Helper()
		w, q := question(t, both)
		change(&q)
		if a, err := allocate.Allocate(t.Context(), w, nobody{}, q); !errors.Is(err, want) {
			t.Errorf("got %+v, %v, want %v", a, err, want)
		}
	}
	f(progress.ErrQuery, func(q *allocate.Query) { q.Measure = indicator.WaterPerCapita })
	f(progress.ErrQuery, func(q *allocate.Query) { q.Baseline = 2026 })
	f(indicator.ErrUnknownScope, func(q *allocate.Query) { q.Scope.ID = "1" })
}
