package progress_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// county is a province with two cities, an institution of its own, departments
// and one institution that moved between the cities in 2022.
var county = tables{
	"regions.csv":     "code,name,parent\n370000,p,\n370100,one,370000\n370102,c,370100\n370200,two,370000\n370300,empty,370000\n",
	"departments.csv": "id,name,parent\nD,ministry,\nD1,bureau,D\nD2,office,D\n",
	"institutions.csv": `
id,name,class,region,department,valid_from,valid_to
H,seat,state_organ,370000,D,,
M,moved,education,370102,D1,,2022-01-01
M,moved,health,370200,D2,2022-01-01,
N,stays,education,370102,D1,,
O,other,education,370200,,,
`,
	"buildings.csv":  "id,institution\nH1,H\nM1,M\nN1,N\nO1,O\n",
	"floor_area.csv": "building,area_m2\nH1,1000\nM1,2000\nN1,3000\nO1,4000\n",
	"headcount.csv":  "institution,people\nH,10\nM,20\nN,30\nO,40\n",
	"meters.csv":     "id,building,carrier,kind\nMH,H1,electricity,register\nMM,M1,electricity,register\nMN,N1,electricity,register\nMO,O1,electricity,register\n",
}

func countyBooks() *books {
	b := &books{}
	for _, m := range []struct {
		id                 string
		in2021, in2022and3 float64
	}{{"H", 10, 9}, {"M", 40, 36}, {"N", 30, 30}, {"O", 80, 72}} {
		b.meter(m.id, schema.Electricity, "2021-01-01", "2022-01-01", m.in2021)
		b.meter(m.id, schema.Electricity, "2022-01-01", "2024-01-01", m.in2022and3)
	}
	return b
}

// lines lists the parts: name, counted, baseline -> current kWh/m2 of a day.
func lines(parts progress.Parts) string {
	var text strings.Builder
	for _, r := range append(parts.Rows, parts.Total) {
		x := r.Indicators[0]
		perDay := func(v *float64) *float64 {
			if v == nil {
				return nil
			}
			kWh := math.Round(*v/365/0.1229*1e9) / 1e6
			return &kWh
		}
		name := r.Scope.Name
		if r.Scope.Own {
			name += " itself"
		}
		text.WriteString(name + ": " + number(perDay(x.Baseline)) + " -> " + number(perDay(x.Current)) + " " + string(x.State) + "\n")
	}
	return text.String()
}

func breakdown(t *testing.T, w *indicator.World, b *books, q progress.Query, by indicator.Level) progress.Parts {
	t.Helper()
	parts, err := progress.Breakdown(context.Background(), w, b, q, by)
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

func TestBreakdown_Parts(t *testing.T) {
	w, b := county.world(), countyBooks()
	f := func(level indicator.Level, id string, by indicator.Level, boundary indicator.Boundary, want string) {
		t.Helper()
		q := query(level, id, 2023)
		q.Baseline, q.Boundary = 2021, boundary
		parts := breakdown(t, w, b, q, by)
		if got := lines(parts); got != want {
			t.Errorf("%s %s by %s, %s:\n%swant\n%s", level, id, by, boundary, got, want)
		}
		if len(parts.Rows) > 0 && parts.By != string(by) {
			t.Errorf("got by %q, want %q", parts.By, by)
		}
	}
	// Moved counts in its new place in both years: 120 / 6000, 108 / 6000.
	f(indicator.ByRegion, "370000", indicator.ByRegion, indicator.AsIs,
		"one: 10 -> 10 ok\ntwo: 20 -> 18 met\nempty: null -> null no_baseline\np itself: 10 -> 9 met\np: 16 -> 14.7 met\n")
	// Where it stood: 70 / 5000 and 30 / 3000; 80 / 4000 and 108 / 6000.
	f(indicator.ByRegion, "370000", indicator.ByRegion, indicator.AsWas,
		"one: 14 -> 10 met\ntwo: 20 -> 18 met\nempty: null -> null no_baseline\np itself: 10 -> 9 met\np: 16 -> 14.7 met\n")
	f(indicator.ByRegion, "370100", indicator.ByRegion, indicator.AsIs, "c: 10 -> 10 ok\none: 10 -> 10 ok\n")
	f(indicator.ByRegion, "370100", indicator.ByRegion, indicator.AsWas, "c: 14 -> 10 met\none: 14 -> 10 met\n")
	f(indicator.ByRegion, "370000", indicator.ByClass, indicator.AsIs,
		"state_organ: 10 -> 9 met\neducation: 15.7143 -> 14.5714 met\nhealth: 20 -> 18 met\np: 16 -> 14.7 met\n")
	f(indicator.ByRegion, "370000", indicator.ByDepartment, indicator.AsIs,
		"bureau: 10 -> 10 ok\noffice: 20 -> 18 met\nministry itself: 10 -> 9 met\n: 20 -> 18 met\np: 16 -> 14.7 met\n")
	f(indicator.ByDepartment, "D", indicator.ByInstitution, indicator.AsIs,
		"seat: 10 -> 9 met\nmoved: 20 -> 18 met\nstays: 10 -> 10 ok\nministry: 13.3333 -> 12.5 met\n")
	f(indicator.ByClass, "education", indicator.ByRegion, indicator.AsIs, "one: 10 -> 10 ok\ntwo: 20 -> 18 met\neducation: 15.7143 -> 14.5714 met\n")
}

func TestPanel_Matched(t *testing.T) {
	w := county.with("institutions.csv", `
id,name,class,region,valid_from,valid_to
H,seat,state_organ,370000,,
M,left,education,370102,,2022-01-01
N,stays,education,370102,,
O,new,education,370200,2022-01-01,
`).world()
	q := query(indicator.ByRegion, "370000", 2023)
	q.Baseline = 2021
	f := func(panel indicator.Panel, want string, expected int) {
		t.Helper()
		q.Panel = panel
		a := ask(t, w, countyBooks(), q)
		if got := lines(progress.Parts{Total: progress.Row{Scope: a.Scope, Indicators: a.Indicators}}); got != want || a.Expected != expected {
			t.Errorf("%s: got %d institutions, %s want %d, %s", panel, a.Expected, got, expected, want)
		}
	}
	f(indicator.All, "p: 13.3333 -> 13.875 ok\n", 3) // 80/6000, 111/8000
	f(indicator.Matched, "p: 10 -> 9.75 ok\n", 2)    // 40/4000, 39/4000
	f(indicator.DeclaredOnly, "p: null -> null no_baseline\n", 3)
}

func TestCaps(t *testing.T) {
	nation := func(energy string) *indicator.World {
		return tables{
			"regions.csv":  "code,name,parent\n000000,n,\n370000,p,000000\n",
			"declared.csv": "scope,id,year,quantity,unit,value\nregion,000000,2023,energy,tce," + energy + "\nregion,000000,2023,water,m3,12400000001\n",
		}.world()
	}
	f := func(a progress.Answer, want ...string) {
		t.Helper()
		for i, c := range a.Caps {
			if got := c.Total + " " + c.Unit + " " + number(c.Cap) + " " + number(c.Current) + " " + string(c.State); got != want[i] {
				t.Errorf("got %s, want %s", got, want[i])
			}
		}
	}
	f(ask(t, nation("189000000"), &books{}, query(indicator.ByRegion, "000000", 2023)),
		"energy tce 1.89e+08 1.89e+08 ok", "water m3 1.24e+10 1.24e+10 over", "carbon tCO2 4e+08 null not_enough_data")
	f(ask(t, nation("189000000.001"), &books{}, query(indicator.ByRegion, "000000", 2023)),
		"energy tce 1.89e+08 1.89e+08 over", "water m3 1.24e+10 1.24e+10 over", "carbon tCO2 4e+08 null not_enough_data")
	// A province has no cap of the nation's plan, but a total.
	f(ask(t, school.world(), schoolBooks(), query(indicator.ByRegion, "370000", 2023)),
		"energy tce null 65.5192 no_cap", "water m3 null 12100 no_cap", "carbon tCO2 null 333.32 no_cap")
	// A year that has not ended can be over its cap, but not within it.
	q := query(indicator.ByRegion, "000000", 2023)
	q.Now = schema.InstantOf(time.Date(2023, 7, 1, 0, 0, 0, 0, time.UTC))
	f(ask(t, nation("1"), &books{}, q), "energy tce 1.89e+08 null not_enough_data", "water m3 1.24e+10 null not_enough_data", "carbon tCO2 4e+08 null not_enough_data")
}

// The answer's names are a contract (section 6 of the design).
func TestAnswer_Shape(t *testing.T) {
	w := tables{
		"regions.csv":  "code,name,parent\n370000,山东省,\n",
		"declared.csv": "scope,id,year,quantity,unit,value\nregion,370000,2023,energy_per_area,index,95.21\n",
	}.world()
	got, err := json.MarshalIndent(ask(t, w, &books{}, query(indicator.ByRegion, "370000", 2023)), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/answer.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(want)) != string(got) {
		t.Errorf("got\n%s\nwant testdata/answer.json", got)
	}
}
