package progress_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"jouleline/analytics/progress"
	"jouleline/bench/chance"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// yearly is a source of whole years.
type yearly map[schema.Day][]indicator.Usage

func (y yearly) Usage(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	return y[q.From], nil
}

// Whatever is missing, and of whom, a world in which nothing changed shows no
// reduction: either none at all, or no number.
func TestGap_IsNeverASaving(t *testing.T) {
	const institutions = 120
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 1))
	w := many(institutions).world()
	length := int64(365) * 24 * schema.Hour
	judged, refused := 0, 0
	for range 60 {
		source := yearly{}
		gaps := r.IntN(12)
		for _, year := range []int{2021, 2022} {
			amounts := rand.New(rand.NewPCG(seed, 2))
			var rows []indicator.Usage
			for i := range int32(institutions) {
				for _, carrier := range []schema.Carrier{schema.Electricity, schema.NaturalGas, schema.Water} {
					u := indicator.Usage{Institution: i, Carrier: carrier, Use: schema.ForBuilding, Quantity: schema.Quantity(amounts.Int64N(1e15)), Known: length}
					switch {
					case gaps == 0 || r.IntN(institutions*6/gaps) > 0:
					case r.IntN(2) == 0:
						continue
					default:
						part := r.Int64N(94)
						u.Quantity, u.Known = u.Quantity/100*schema.Quantity(part), u.Known/100*part
					}
					rows = append(rows, u)
				}
			}
			source[indicator.YearStretch(year).Days.From] = rows
		}
		q := query(indicator.ByRegion, "370000", 2022)
		q.Baseline = 2021
		parts, err := progress.Breakdown(context.Background(), w, source, q, indicator.ByClass)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range append(parts.Rows, parts.Total) {
			for _, x := range row.Indicators {
				if x.ReductionPct == nil {
					refused++
					continue
				}
				judged++
				if *x.ReductionPct != 0 || *x.Reduction != "0.00" {
					t.Fatalf("seed %d: %s of %s: a gap became a reduction: %s", seed, x.Indicator, row.Scope.Class, show(x))
				}
			}
		}
	}
	if judged == 0 || refused == 0 {
		t.Errorf("seed %d: got %d figures judged and %d refused, want some of both", seed, judged, refused)
	}
}

// many is a region of institutions with three meters each.
func many(n int) tables {
	t := tables{
		"regions.csv":      "code,name\n370000,p\n",
		"institutions.csv": "id,class,region\n",
		"buildings.csv":    "id,institution\n",
		"floor_area.csv":   "building,area_m2\n",
		"headcount.csv":    "institution,people\n",
		"meters.csv":       "id,building,carrier,kind\n",
	}
	for i := range n {
		t["institutions.csv"] += fmt.Sprintf("I%03d,%s,370000\n", i, schema.Classes[i%2])
		t["buildings.csv"] += fmt.Sprintf("B%03d,I%03d\n", i, i)
		t["floor_area.csv"] += fmt.Sprintf("B%03d,%d\n", i, 1000+i)
		t["headcount.csv"] += fmt.Sprintf("I%03d,%d\n", i, 10+i)
		for _, carrier := range []string{"electricity", "natural_gas", "water"} {
			t["meters.csv"] += fmt.Sprintf("M%03d%s,B%03d,%s,register\n", i, carrier, i, carrier)
		}
	}
	return t
}
