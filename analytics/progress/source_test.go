package progress_test

import (
	"fmt"
	"testing"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// Metered goes before declared from a coverage of 0.95 on, to the millisecond,
// and the two are never added.
func TestDeclaredBesideMetered(t *testing.T) {
	const hours = 365 * 24
	const enough = hours * 95 / 100 * schema.Hour
	f := func(known int64, declared bool, want string) {
		t.Helper()
		world := pair.with("institutions.csv", "id,class,region\nA,education,370100\n").with("buildings.csv", "id,institution\nA1,A\n").
			with("floor_area.csv", "building,area_m2\nA1,1229\n").with("headcount.csv", "institution,people\n").with("meters.csv", "id,building,carrier,kind\nMA,A1,electricity,register\n")
		if declared {
			world = world.with("declared.csv", "scope,id,year,quantity,value\ninstitution,A,2022,electricity,50000\n")
		}
		b := &books{rows: []booked{
			{institution: "A", day: mustDay("2021-05-01"), carrier: schema.Electricity, use: schema.ForBuilding, quantity: 60000, known: hours * schema.Hour},
			{institution: "A", day: mustDay("2022-05-01"), carrier: schema.Electricity, use: schema.ForBuilding, quantity: 40000, known: known, estimated: 10000},
		}}
		q := query(indicator.ByInstitution, "A", 2022)
		q.Baseline = 2021
		x := ask(t, world.world(), b, q).Indicators[0]
		got := fmt.Sprintf("%s %s %s, coverage %s, estimated %s", number(x.Current), x.CurrentSource, x.State, number(x.Coverage), number(x.EstimatedShare))
		if got != want {
			t.Errorf("%d ms known, declared %v: got %s, want %s", known, declared, got, want)
		}
	}
	f(hours*schema.Hour, true, "4 metered met, coverage 1, estimated 0.25")
	f(hours*schema.Hour*98/100, true, "4 metered met, coverage 0.98, estimated 0.25")
	f(enough, true, "4 metered not_enough_data, coverage 0.95, estimated 0.25") // 0.95 against 1: more than 0.02 apart
	f(enough-1, true, "5 declared mixed_sources, coverage null, estimated null")
	f(0, true, "5 declared mixed_sources, coverage null, estimated null")
	f(enough-1, false, "4 metered not_enough_data, coverage 0.95, estimated 0.25")
	f(0, false, "4 metered not_enough_data, coverage 0, estimated 0.25") // an amount of unknown time
}

// What a region declares of itself, as amounts: its own area and people hold,
// and its grid.
func TestRegion_OwnAmounts(t *testing.T) {
	w := tables{
		"regions.csv": "code,name,parent\n370000,p,\n370100,c,370000\n",
		"declared.csv": `
scope,id,year,quantity,unit,value
region,370100,2020,electricity,MWh,10000
region,370100,2020,gasoline:vehicle,L,100000
region,370100,2020,floor_area,m2,100000
region,370100,2020,headcount,person,5000
region,370100,2020,water,m3,50000
region,370100,2023,electricity,MWh,9000
region,370100,2023,gasoline:vehicle,L,100000
region,370100,2023,floor_area,m2,100000
region,370100,2023,headcount,person,5000
region,370100,2023,carbon,tCO2,6000
`,
	}.world()
	a := ask(t, w, &books{}, query(indicator.ByRegion, "370100", 2023))
	for i, want := range []string{
		"energy_per_area: 12.29 -> 11.061 kgce/m2; met; reduction 10.00, completion 200.00, pace 3, on pace true; coverage null; declared/declared",
		"energy_per_capita: 267.282 -> 242.702 kgce/person; met; reduction 9.20, completion 153.27, pace 3.6, on pace true; coverage null; declared/declared",
		"water_per_capita: 10 -> null m3/person; not_enough_data; reduction null, completion null, pace 3.6, on pace null; coverage null; declared/",
		// The carriers tell the carbon, so the declared total does not serve.
		"carbon_per_area: 64.1 -> 57.69 kgCO2/m2; met; reduction 10.00, completion 142.86, pace 4.2, on pace true; coverage null; declared/declared",
	} {
		expect(t, a.Indicators[i], want)
	}
	if got, want := a.Indicators[2].Reason, "2023: no institution exists, and water_per_capita is not declared"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Members go before the region's own figure as soon as enough of them count.
func TestRegion_MembersGoFirst(t *testing.T) {
	f := func(members, want string) {
		t.Helper()
		w := pair.with("declared.csv", `scope,id,year,quantity,unit,value
region,370000,2020,energy,tce,20
region,370000,2023,energy,tce,18
institution,A,2020,other,kgce,1000
institution,B,2020,other,kgce,2000
institution,A,2023,other,kgce,900
`+members).with("meters.csv", "id,building,carrier,kind\n").world()
		x := first(t, w, &books{}, 2023)
		if got := fmt.Sprintf("%s -> %s %s", number(x.Baseline), number(x.Current), x.State); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	f("institution,B,2023,other,kgce,1980\n", "1.5 -> 1.44 ok")
	// B is missing in 2023: the region's 18 tce over the 2000 m2 of its members
	// stand against the members' 3000 kgce of 2020, and are marked.
	f("", "1.5 -> 9 mixed_sources")
}

// Vehicles, water and shares of a year, by hand.
func TestInstitution_ByHand(t *testing.T) {
	w := tables{
		"regions.csv":      "code,name\n370000,p\n",
		"institutions.csv": "id,class,region,valid_from,valid_to\nA,education,370000,,\nB,education,370000,2022-10-20,\n",
		"buildings.csv":    "id,institution\nA1,A\nB1,B\n",
		"floor_area.csv":   "building,area_m2\nA1,1000\nB1,1000\n",
		"headcount.csv":    "institution,people\nA,100\nB,100\n",
		"declared.csv": `
scope,id,year,quantity,unit,value
institution,A,2022,other,kgce,8000
institution,A,2022,gasoline:vehicle,L,1000
institution,A,2022,gasoline,L,1000
institution,B,2022,other,kgce,1000
`,
	}.world()
	q := query(indicator.ByRegion, "370000", 2022)
	q.Baseline = 2022
	a := ask(t, w, &books{}, q)
	// B exists for 73 of 365 days, so it counts for 200 m2 and 20 persons.
	// Gasoline of buildings is in both, of vehicles only per person:
	// (9000 + 1074.122) / 1200 and (9000 + 2148.244) / 120.
	for i, want := range []string{"8.3951", "92.902"} {
		if got := fmt.Sprintf("%.5g", *a.Indicators[i].Current); got != want {
			t.Errorf("%s: got %s, want %s", a.Indicators[i].Indicator, got, want)
		}
	}
	if a.Expected != 2 || a.Counted != 2 || a.Indicators[0].State != progress.BaseYear {
		t.Errorf("got %d of %d counted, %s", a.Counted, a.Expected, a.Indicators[0].State)
	}
}

func TestCarbon_WithVehiclesWhereTheSetSaysSo(t *testing.T) {
	w := school.world()
	q := query(indicator.ByInstitution, "S1", 2020)
	with := *q.Factors
	with.CarbonIncludesVehicles = true
	q.Factors = &with
	// 320,500 kg of electricity and 2000 x 0.73 x 2.9251 of petrol over 10,000 m2.
	if got, want := number(ask(t, w, &books{}, q).Indicators[3].Current), "32.4771"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// By year the grid of 2020 is not known, which is said and not guessed.
func TestCarbon_WithoutAGridFactor(t *testing.T) {
	w := school.world()
	q := query(indicator.ByInstitution, "S1", 2023)
	q.Mode = "by_year"
	a := ask(t, w, schoolBooks(), q)
	x := a.Indicators[3]
	if want := "nothing is known of 2020; lacking: grid factor (1 institution)"; x.State != progress.NoBaseline || x.Reason != want {
		t.Errorf("got %s %q, want %q", x.State, x.Reason, want)
	}
	if *a.Factors.GridYear != 2023 || *a.Factors.GridValue != 0.6191 || a.Factors.Mode != "by_year" {
		t.Errorf("got factors %+v, want the grid of 2023", a.Factors)
	}
}
