package standing_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"jouleline/analytics/benchmark"
	"jouleline/analytics/standing"
	"jouleline/bench/chance"
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

// schools are n schools of which the k-th uses 10 (k+1) kWh/m2 and loses 1 %
// a year, written in an order; the last one has no area.
func schools(t testing.TB, order []int) *indicator.World {
	t.Helper()
	var institutions, buildings, areas, declared strings.Builder
	institutions.WriteString("id,name,class,region\n")
	buildings.WriteString("id,institution,name\n")
	areas.WriteString("building,valid_from,area_m2\n")
	declared.WriteString("scope,id,year,quantity,unit,value,source\n")
	for _, k := range order {
		fmt.Fprintf(&institutions, "S%02d,S%02d,education,%s\n", k, k, []string{"370100", "370200"}[k%2])
		fmt.Fprintf(&buildings, "S%02d-B,S%02d,B\n", k, k)
		if k+1 < len(order) {
			fmt.Fprintf(&areas, "S%02d-B,2020-01-01,1000\n", k)
		}
		fmt.Fprintf(&declared, "institution,S%02d,2022,electricity,kWh,%d,f\n", k, 10000*(k+1))
		fmt.Fprintf(&declared, "institution,S%02d,2023,electricity,kWh,%d,f\n", k, 9900*(k+1)+10*(k%3))
	}
	reg, err := registry.Build(registry.Tables{
		"regions.csv":      []byte("code,name,parent\n370000,省,\n370100,甲,370000\n370200,乙,370000\n"),
		"institutions.csv": []byte(institutions.String()), "buildings.csv": []byte(buildings.String()), "floor_area.csv": []byte(areas.String()), "declared.csv": []byte(declared.String()),
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

func query(t testing.TB) standing.Query {
	t.Helper()
	p, err := plan.Load("14fyp")
	if err != nil {
		t.Fatal(err)
	}
	set, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	standards, err := benchmark.LoadStandards()
	if err != nil {
		t.Fatal(err)
	}
	now, err := schema.ParseInstant("2026-01-01T00:00:00Z")
	if err != nil {
		t.Fatal(err)
	}
	return standing.Query{
		Class: schema.Education, Measure: indicator.EnergyPerArea, Year: 2023, Seed: 1, Factors: set, Mode: set.Mode, Sets: []*factor.Set{set},
		Standards: standards, MinCoverage: p.MinCoverage, Now: now,
	}
}

// The order of the registry's rows changes nothing, and neighbours whose figures
// move by less than they differ have narrow ranks.
func TestCompare_RanksWhateverTheOrder(t *testing.T) {
	seed := chance.Seed(t)
	order := rand.New(rand.NewPCG(seed, 1)).Perm(16)
	a, err := standing.Compare(t.Context(), schools(t, order), nobody{}, query(t))
	if err != nil {
		t.Fatal(err)
	}
	if a.State != standing.OK || len(a.Ranking) != 15 || a.Peers.N != 15 {
		t.Fatalf("seed %d: got %s: %s, %d rows, want 15", seed, a.State, a.Reason, len(a.Ranking))
	}
	for i, r := range a.Ranking {
		if r.Institution != fmt.Sprintf("S%02d", i) || r.Rank != i+1 || r.RankLow == nil || *r.RankLow < float64(r.Rank)-1 || *r.RankHigh > float64(r.Rank)+1 {
			t.Errorf("seed %d: row %d: got %+v, want S%02d with a narrow rank", seed, i, r, i)
		}
	}
	if len(a.LeftOut) != 1 || a.LeftOut[0].Institution != "S15" || a.LeftOut[0].Reason != "no floor area" {
		t.Errorf("got %+v, want S15 left out for want of an area", a.LeftOut)
	}
}

func TestCompare_SmallGroups(t *testing.T) {
	order := rand.New(rand.NewPCG(1, 1)).Perm(9)
	w := schools(t, order)
	a, err := standing.Compare(t.Context(), w, nobody{}, query(t))
	if err != nil {
		t.Fatal(err)
	}
	codes := fmt.Sprint(a.Warnings)
	if len(a.Ranking) != 8 || a.Ranking[0].RankLow != nil || !strings.Contains(codes, "fewer_than_ten_peers") || !strings.Contains(codes, string(standing.CodeNoRankInterval)) {
		t.Errorf("eight schools: got %d rows with %v, want them without intervals of ranks, and both warnings", len(a.Ranking), codes)
	}
	q := query(t)
	q.Institution, q.Within = "S00", "370200" // it stands in 370100
	elsewhere, err := standing.Compare(t.Context(), w, nobody{}, q)
	if err != nil || elsewhere.State != standing.NotEnoughData || elsewhere.Place != nil {
		t.Errorf("got %+v, %v, want it to be none of these peers", elsewhere, err)
	}
	q.Within = ""
	placed, err := standing.Compare(t.Context(), w, nobody{}, q)
	if err != nil || placed.Place == nil || placed.Place.Better != 0 || placed.Place.Interval[1] <= placed.Place.Percentile || len(placed.Ranking) != 0 {
		t.Errorf("got %+v, %v, want the first place with an interval, and no one else's", placed, err)
	}
	f := func(change func(*standing.Query), want error) {
		t.Helper()
		q := query(t)
		change(&q)
		if a, err := standing.Compare(t.Context(), w, nobody{}, q); !errors.Is(err, want) {
			t.Errorf("got %+v, %v, want %v", a, err, want)
		}
	}
	f(func(q *standing.Query) { q.Measure = indicator.Energy }, standing.ErrQuery)
	f(func(q *standing.Query) { q.Year = 2026 }, standing.ErrQuery)
	f(func(q *standing.Query) { q.Level = 1 }, standing.ErrQuery)
	f(func(q *standing.Query) { q.Zone = "C" }, standing.ErrQuery)
	f(func(q *standing.Query) { q.Quotas = []string{"x"} }, standing.ErrQuery)
	f(func(q *standing.Query) { q.Quotas = []string{"db37-3780-2019-library"} }, standing.ErrQuery) // whose factor set is not offered here
	f(func(q *standing.Query) { q.Institution = "x" }, indicator.ErrUnknownScope)
	f(func(q *standing.Query) { q.Within = "x" }, indicator.ErrUnknownScope)
}
