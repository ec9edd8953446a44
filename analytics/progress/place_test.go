package progress_test

import (
	"testing"

	"jouleline/metrics/indicator"
	"jouleline/schema/plan"

	"jouleline/analytics/progress"
)

// two is a province of two cities with one school and one hospital each.
var two = tables{
	"regions.csv": "code,name,parent\n370000,省,\n370100,甲,370000\n370200,乙,370000\n",
	"institutions.csv": "id,name,class,region\nS1,S1,education,370100\nH1,H1,health,370100\n" +
		"S2,S2,education,370200\nH2,H2,health,370200\n",
	"buildings.csv":  "id,institution,name\nS1-B,S1,B\nH1-B,H1,B\nS2-B,S2,B\nH2-B,H2,B\n",
	"floor_area.csv": "building,valid_from,area_m2\nS1-B,2020-01-01,1000\nH1-B,2020-01-01,1000\nS2-B,2020-01-01,1000\nH2-B,2020-01-01,1000\n",
	"headcount.csv":  "institution,valid_from,people\nS1,2020-01-01,10\nH1,2020-01-01,10\nS2,2020-01-01,10\nH2,2020-01-01,10\n",
	"declared.csv": `scope,id,year,quantity,unit,value,source
institution,S1,2020,electricity,kWh,100000,f
institution,S1,2023,electricity,kWh,96000,f
institution,H1,2020,electricity,kWh,200000,f
institution,H1,2023,electricity,kWh,196000,f
institution,S2,2020,electricity,kWh,100000,f
institution,S2,2023,electricity,kWh,97000,f
institution,H2,2020,electricity,kWh,400000,f
institution,H2,2023,electricity,kWh,380000,f
`,
}

func placed(t *testing.T, path string) *plan.Plan {
	t.Helper()
	p, err := plan.Parse([]byte(`{"name":"own","base_year":2020,"target_year":2025,"source":"a test","path":"` + path + `","min_coverage":0.95,"max_coverage_gap":0.02,"targets":[
		{"indicator":"energy_per_area","reduction_pct":5},{"indicator":"energy_per_area","region":"370100","reduction_pct":10},
		{"indicator":"energy_per_area","class":"health","reduction_pct":2},{"indicator":"energy_per_area","institution":"H2","reduction_pct":1}],
		"caps":[{"total":"energy","unit":"tce","region":"370100","value":36},{"total":"energy","unit":"tce","institution":"H2","value":40}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestProgress_TargetsOfPlaces(t *testing.T) {
	w := two.world()
	f := func(level indicator.Level, id, of string, target float64) {
		t.Helper()
		q := query(level, id, 2023)
		q.Plan = placed(t, "linear")
		x := ask(t, w, &books{}, q).Indicators[0]
		if x.TargetOf != of || x.TargetPct == nil || *x.TargetPct != target || *x.PacePct != target*3/5 {
			t.Errorf("%s %s: got %v of %q, pace %v, want %v of %q", level, id, number(x.TargetPct), x.TargetOf, number(x.PacePct), target, of)
		}
	}
	f(indicator.ByRegion, "370000", "", 5)
	f(indicator.ByRegion, "370100", "region 370100", 10)
	f(indicator.ByRegion, "370200", "", 5)
	f(indicator.ByClass, "health", "class health", 2)
	f(indicator.ByInstitution, "S1", "region 370100", 10)
	f(indicator.ByInstitution, "H1", "class health", 2)
	f(indicator.ByInstitution, "H2", "institution H2", 1)
	f(indicator.ByInstitution, "S2", "", 5)
}

// Parts of a breakdown are bound as they are when asked alone, and a class within a
// region by the class's own target, else by the region's.
func TestBreakdown_TargetsOfPlaces(t *testing.T) {
	w := two.world()
	q := query(indicator.ByRegion, "370000", 2023)
	q.Plan = placed(t, "linear")
	got := map[string]string{}
	for _, by := range []indicator.Level{indicator.ByRegion, indicator.ByInstitution, indicator.ByClass} {
		parts, err := progress.Breakdown(t.Context(), w, &books{}, q, by)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range parts.Rows {
			got[r.Scope.Region+r.Scope.Institution+r.Scope.Class] = r.Indicators[0].TargetOf
		}
		if parts.Total.Indicators[0].TargetOf != "" {
			t.Errorf("by %s: the whole is bound by %q, want everybody's target", by, parts.Total.Indicators[0].TargetOf)
		}
	}
	for id, want := range map[string]string{
		"370100": "region 370100", "370200": "", "S1": "region 370100", "H1": "class health", "S2": "", "H2": "institution H2", "health": "class health", "education": "",
	} {
		if of, ok := got[id]; !ok || of != want {
			t.Errorf("%s: got %q, want %q", id, of, want)
		}
	}
	q.Scope.ID = "370100"
	parts, err := progress.Breakdown(t.Context(), w, &books{}, q, indicator.ByClass)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range parts.Rows {
		if want := map[string]string{"education": "region 370100", "health": "class health"}[r.Scope.Class]; r.Indicators[0].TargetOf != want {
			t.Errorf("%s within 370100: got %q, want %q", r.Scope.Class, r.Indicators[0].TargetOf, want)
		}
	}
}

func TestProgress_PathOfThePlan(t *testing.T) {
	q := query(indicator.ByRegion, "370100", 2023)
	q.Plan = placed(t, "compound")
	x := ask(t, two.world(), &books{}, q).Indicators[0]
	if got := number(x.PacePct); got != "6.12596" || *x.OnPace {
		t.Errorf("got pace %s, on pace %v, want 100 (1 - 0.9^0.6) and not on pace", got, *x.OnPace)
	}
	d, err := progress.Detailed(t.Context(), two.world(), &books{}, q, indicator.EnergyPerArea)
	if err != nil || d.Paced != "10.00 % by an equal rate over 3 of 5 years" {
		t.Errorf("got %q, %v", d.Paced, err)
	}
}

// 300,000 kWh at 0.1229 are 36.87 tce in 2020, 292,000 are 35.8868 in 2023; the cap
// of 2025 is 36, so the straight way allows 36.348 in 2023.
func TestCap_OfPlaces(t *testing.T) {
	q := query(indicator.ByRegion, "370100", 2023)
	q.Plan = placed(t, "linear")
	w := two.world()
	c := ask(t, w, &books{}, q).Caps[0]
	if c.State != progress.OK || c.CapOf != "region 370100" || number(c.UsedPct) != "99.6856" || number(c.Left) != "0.1132" ||
		number(c.Baseline) != "36.87" || number(c.OnPath) != "36.348" || !*c.OnPace {
		t.Errorf("got %+v: used %s, left %s, from %s, path %s", c, number(c.UsedPct), number(c.Left), number(c.Baseline), number(c.OnPath))
	}
	q.Scope = indicator.Scope{Level: indicator.ByInstitution, ID: "H2"}
	if c := ask(t, w, &books{}, q).Caps[0]; c.State != progress.Over || c.CapOf != "institution H2" || c.Reason == "" || *c.Left >= 0 {
		t.Errorf("H2: got %+v, want over its cap of 40 tce", c)
	}
	q.Scope = indicator.Scope{Level: indicator.ByRegion, ID: "370000"}
	if c := ask(t, w, &books{}, q).Caps[0]; c.State != progress.NoCap || c.Cap != nil {
		t.Errorf("the province: got %+v, want no cap, since caps are not inherited", c)
	}
}
