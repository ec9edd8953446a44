package progress_test

import (
	"fmt"
	"math/big"
	"testing"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// wide is a region of forty institutions; the first has as many meters as all
// others together.
func wide() (*indicator.World, yearly) {
	world := many(40)
	for i := range 39 {
		world["meters.csv"] += fmt.Sprintf("E%02d,B000,electricity,register\n", i)
	}
	w := world.world()
	source := yearly{}
	for _, year := range []int{2021, 2022} {
		for i := range int32(40) {
			for _, carrier := range []schema.Carrier{schema.Electricity, schema.NaturalGas, schema.Water} {
				meters := int64(1)
				if i == 0 && carrier == schema.Electricity {
					meters = 40
				}
				from := indicator.YearStretch(year).Days.From
				source[from] = append(source[from], indicator.Usage{
					Institution: i, Carrier: carrier, Use: schema.ForBuilding, Quantity: 1e12, Known: meters * 365 * 24 * schema.Hour,
				})
			}
		}
	}
	return w, source
}

// Rule 15 beside the counted institutions: the time that is known, and how far
// the years are apart.
func TestCoverage_RuleFifteen(t *testing.T) {
	f := func(what, state, reason string, spoil func(year int, u *indicator.Usage)) {
		t.Helper()
		w, source := wide()
		for from, rows := range source {
			year, _, _ := from.Date()
			for i := range rows {
				spoil(year, &rows[i])
			}
		}
		q := query(indicator.ByRegion, "370000", 2022)
		q.Baseline = 2021
		x := ask(t, w, source, q).Indicators[0]
		if string(x.State) != state || x.Reason != reason {
			t.Errorf("%s: got %s %q, want %s %q", what, x.State, x.Reason, state, reason)
		}
		if number(x.Baseline) == "null" || number(x.Current) == "null" {
			t.Errorf("%s: got %s, want what is known", what, show(x))
		}
		if known := x.ReductionPct != nil && x.CompletionPct != nil && x.OnPace != nil; known != (x.State == progress.OK) {
			t.Errorf("%s: got %s", what, show(x))
		}
	}
	part := func(u *indicator.Usage, percent int64) {
		u.Known = u.Known / 100 * percent
		u.Quantity = u.Quantity / 100 * schema.Quantity(percent)
	}
	f("nothing", "ok", "", func(int, *indicator.Usage) {})
	// One of forty institutions is dark, but a third of the meters is its.
	f("dark", "not_enough_data", "2022: coverage is 66.39 %, want at least 95 %", func(year int, u *indicator.Usage) {
		if year == 2022 && u.Institution == 0 && u.Carrier == schema.Electricity {
			u.Known, u.Quantity = 0, 0
		}
	})
	f("dark before", "not_enough_data", "2021: coverage is 66.39 %, want at least 95 %", func(year int, u *indicator.Usage) {
		if year == 2021 && u.Institution == 0 && u.Carrier == schema.Electricity {
			u.Known, u.Quantity = 0, 0
		}
	})
	f("thinner", "not_enough_data", "coverage differs by more than 2 %: 100 % in 2021, 97 % in 2022", func(year int, u *indicator.Usage) {
		if year == 2022 {
			part(u, 97)
		}
	})
	f("as thin", "ok", "", func(_ int, u *indicator.Usage) { part(u, 97) })
	f("by the gap", "ok", "", func(year int, u *indicator.Usage) {
		if year == 2022 {
			part(u, 98)
		}
	})
	f("fewer", "not_enough_data", "the counted share of institutions differs by more than 2 %: 100 % in 2021, 97.5 % in 2022", func(year int, u *indicator.Usage) {
		if year == 2022 && u.Institution == 7 && u.Carrier == schema.NaturalGas {
			u.Known, u.Quantity = 0, 0
		}
	})
}

// What an institution declares as an indicator speaks for it alone: it cannot be
// added to anything.
func TestInstitution_DeclaredIndicator(t *testing.T) {
	w := pair.with("declared.csv", `scope,id,year,quantity,unit,value
institution,A,2023,energy_per_area,index,97
institution,B,2020,energy_per_area,kgce/m2,20
institution,B,2023,energy_per_area,kgce/m2,18
institution,B,2020,energy_per_capita,kgce/person,20
`).with("meters.csv", "id,building,carrier,kind\n").world()
	f := func(level indicator.Level, id string, i int, want string) {
		t.Helper()
		expect(t, ask(t, w, &books{}, query(level, id, 2023)).Indicators[i], want)
	}
	f(indicator.ByInstitution, "A", 0, "energy_per_area: 100 -> 97 index; ok; reduction 3.00, completion 60.00, pace 3, on pace true; coverage null; declared/declared")
	f(indicator.ByInstitution, "B", 0, "energy_per_area: 20 -> 18 kgce/m2; met; reduction 10.00, completion 200.00, pace 3, on pace true; coverage null; declared/declared")
	f(indicator.ByInstitution, "B", 1, "energy_per_capita: 20 -> null kgce/person; not_enough_data; reduction null, completion null, pace 3.6, on pace null; coverage null; declared/")
	f(indicator.ByRegion, "370000", 0, "energy_per_area: null -> null kgce/m2; no_baseline; reduction null, completion null, pace 3, on pace null; coverage null; /")
	f(indicator.ByRegion, "370000", 2, "water_per_capita: null -> null m3/person; no_baseline; reduction null, completion null, pace 3.6, on pace null; coverage null; /")
}

// A carrier that the factor set does not know is named, not left out.
func TestReason_NamesTheFactorThatIsMissing(t *testing.T) {
	w := pair.with("meters.csv", "id,building,carrier,kind\n").with("declared.csv", `scope,id,year,quantity,value
institution,A,2020,cooling,10
institution,A,2023,cooling,10
`).world()
	q := query(indicator.ByInstitution, "A", 2023)
	without := *q.Factors
	without.Coal = map[schema.Carrier]*big.Rat{schema.Electricity: big.NewRat(1229, 10000)}
	q.Factors = &without
	x := ask(t, w, &books{}, q).Indicators[0]
	if want := "nothing is known of 2020; lacking: factor of cooling"; x.State != progress.NoBaseline || x.Reason != want {
		t.Errorf("got %s %q, want %q", x.State, x.Reason, want)
	}
	if got := ask(t, w, &books{}, query(indicator.ByInstitution, "A", 2023)).Indicators[0]; got.State != progress.OK {
		t.Errorf("with the factor: got %s", show(got))
	}
}
