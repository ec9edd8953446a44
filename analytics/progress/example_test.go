package progress_test

import (
	"testing"

	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// school is a world small enough to check by hand: one school, one meter that
// knows four hours of 2023, and declared figures of 2020 and 2023.
var school = tables{
	"regions.csv": `
code,name,parent
370000,山东省,
370100,济南市,370000
370102,历下区,370100
`,
	"institutions.csv": `
id,name,class,region
S1,第一中学,education,370102
`,
	"buildings.csv": `
id,institution,name
S1-B1,S1,教学楼
`,
	"floor_area.csv": `
building,valid_from,area_m2
S1-B1,2020-01-01,10000
S1-B1,2023-07-01,12000
`,
	"headcount.csv": `
institution,valid_from,people
S1,2020-01-01,1000
S1,2023-01-01,1100
`,
	"meters.csv": `
id,building,carrier,use,kind,unit,multiplier,register_max,max_rate,interval,gap_limit
E1,S1-B1,electricity,building,register,kWh,1,99999.99,60,PT1H,PT3H
`,
	"declared.csv": `
scope,id,year,quantity,unit,value,source
institution,S1,2020,electricity,kWh,500000,NY301
institution,S1,2020,water,m3,12000,NY301
institution,S1,2020,gasoline:vehicle,L,2000,NY301
institution,S1,2023,electricity,kWh,520000,NY301
institution,S1,2023,water,m3,12100,NY301
institution,S1,2023,gasoline:vehicle,L,1500,NY301
`,
}

// schoolBooks are the thirteen kilowatt-hours of four hours.
func schoolBooks() *books {
	return &books{rows: []booked{
		{institution: "S1", day: mustDay("2023-05-01"), carrier: schema.Electricity, use: schema.ForBuilding, quantity: 5.5, known: 2 * schema.Hour},
		{institution: "S1", day: mustDay("2023-05-02"), carrier: schema.Electricity, use: schema.ForBuilding, quantity: 7.5, known: 2 * schema.Hour},
	}}
}

func TestExample_TheYearAgainst2020(t *testing.T) {
	w := school.world()
	for _, scope := range []indicator.Scope{{Level: indicator.ByInstitution, ID: "S1"}, {Level: indicator.ByRegion, ID: "370000"}, {Level: indicator.ByClass, ID: "education"}} {
		a := ask(t, w, schoolBooks(), query(scope.Level, scope.ID, 2023))
		if a.Expected != 1 || a.Counted != 1 {
			t.Errorf("%s: got %d of %d institutions counted, want 1 of 1", scope, a.Counted, a.Expected)
		}
		for i, want := range []string{
			"energy_per_area: 6.145 -> 5.80548 kgce/m2; met; reduction 5.53, completion 110.50, pace 3, on pace true; coverage null; declared/declared",
			"energy_per_capita: 63.5982 -> 59.5629 kgce/person; met; reduction 6.35, completion 105.75, pace 3.6, on pace true; coverage null; declared/declared",
			"water_per_capita: 12 -> 11 m3/person; met; reduction 8.33, completion 138.89, pace 3.6, on pace true; coverage null; declared/declared",
			"carbon_per_area: 32.05 -> 30.2792 kgCO2/m2; ok; reduction 5.53, completion 78.93, pace 4.2, on pace true; coverage null; declared/declared",
		} {
			expect(t, a.Indicators[i], want)
		}
		for i, want := range []struct{ baseline, current, reduction float64 }{
			{6.145, 5.805480, 5.525137}, {63.598244, 59.562894, 6.345066}, {12, 11, 8.333333}, {32.05, 30.279194, 5.525137},
		} {
			x := a.Indicators[i]
			for _, pair := range [][2]float64{{*x.Baseline, want.baseline}, {*x.Current, want.current}, {*x.ReductionPct, want.reduction}} {
				if difference := pair[0] - pair[1]; difference > 5e-7 || difference < -5e-7 {
					t.Errorf("%s %s: got %.7f, want %.6f", scope, x.Indicator, pair[0], pair[1])
				}
			}
		}
		f := a.Factors
		if f.Set != "gbt2589-2020" || f.Version != "1" || f.Mode != "fixed" || *f.GridRegion != "370000" || *f.GridYear != 2022 || *f.GridValue != 0.6410 {
			t.Errorf("%s: factors: got %+v", scope, f)
		}
	}
}

// Before the figures of 2023 were imported only four hours of it are known.
func TestExample_BeforeTheYearWasDeclared(t *testing.T) {
	w := school.with("declared.csv", `
scope,id,year,quantity,unit,value,source
institution,S1,2020,electricity,kWh,500000,NY301
institution,S1,2020,water,m3,12000,NY301
institution,S1,2020,gasoline:vehicle,L,2000,NY301
`).world()
	a := ask(t, w, schoolBooks(), query(indicator.ByInstitution, "S1", 2023))
	if a.Expected != 1 || a.Counted != 0 {
		t.Errorf("got %d of %d institutions counted, want 0 of 1", a.Counted, a.Expected)
	}
	for i, want := range []string{
		"energy_per_area: 6.145 -> 0.000145137 kgce/m2; not_enough_data; reduction null, completion null, pace 3, on pace null; coverage 0.000456621; declared/metered",
		"energy_per_capita: 63.5982 -> null kgce/person; not_enough_data; reduction null, completion null, pace 3.6, on pace null; coverage 0.000456621; declared/",
		"water_per_capita: 12 -> null m3/person; not_enough_data; reduction null, completion null, pace 3.6, on pace null; coverage null; declared/",
		"carbon_per_area: 32.05 -> 0.00075698 kgCO2/m2; not_enough_data; reduction null, completion null, pace 4.2, on pace null; coverage 0.000456621; declared/metered",
	} {
		expect(t, a.Indicators[i], want)
	}
	for i, want := range []string{
		"2023: 0 of 1 institutions counted, want at least 95 %; coverage is 0.05 %",
		"2023: 0 of 1 institutions counted, want at least 95 %; coverage is 0.05 %; lacking: gasoline:vehicle (1 institution)",
		"2023: 0 of 1 institutions counted, want at least 95 %; lacking: water (1 institution)",
		"2023: 0 of 1 institutions counted, want at least 95 %; coverage is 0.05 %",
	} {
		if got := a.Indicators[i].Reason; got != want {
			t.Errorf("got reason %q, want %q", got, want)
		}
	}
}
