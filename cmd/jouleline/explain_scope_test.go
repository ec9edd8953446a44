package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"time"

	"jouleline/api/proof"
	"jouleline/bench/chance"
	"jouleline/metrics/explain"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// treeOf reads an answered tree back, so that it can be checked as it was shown.
func treeOf(t *testing.T, e *proof.Explained) *explain.Node {
	t.Helper()
	ratio := func(value proof.Exact, fraction string) *big.Rat {
		if fraction == "" {
			fraction = value.String()
		}
		r, ok := new(big.Rat).SetString(fraction)
		if !ok {
			t.Fatalf("%s: got number %q", e.Label, fraction)
		}
		return r
	}
	n := &explain.Node{Label: e.Label, Op: e.Op, Subtracted: e.Subtracted}
	if e.Value != nil {
		n.Value = ratio(*e.Value, e.Fraction)
	}
	if e.Quantity != nil {
		n.Quantity = &explain.Quantity{Value: ratio(e.Quantity.Value, "")}
	}
	if e.Factor != nil {
		n.Factor = &explain.Factor{Value: ratio(e.Factor.Value, e.Factor.Fraction)}
	}
	for i := range e.Children {
		n.Children = append(n.Children, treeOf(t, &e.Children[i]))
	}
	return n
}

// counties is a province of two cities with seven institutions: one moves, one
// begins in 2022, two share a meter, one keeps another calendar, one has
// sub-meters.
var counties = map[string]string{
	"regions.csv":      "code,name,parent\n370000,p,\n370100,a,370000\n370200,b,370000\n370102,c,370100\n",
	"departments.csv":  "id,name,parent\nedu,e,\nmed,m,\n",
	"institutions.csv": "id,name,class,region,department,valid_from,valid_to\nA,a,education,370102,edu,,\nB,b,education,370100,edu,,2022-05-01\nB,b,education,370200,edu,2022-05-01,\nC,c,health,370200,med,,\nD,d,health,370100,med,2022-01-01,\nE,e,culture,370200,,,\nF,f,culture,370102,,,\nG,g,education,370102,edu,,\n",
	"buildings.csv":    "id,institution,name,time_zone\nA1,A,,\nB1,B,,\nC1,C,,Asia/Urumqi\nD1,D,,\nE1,E,,\nF1,F,,\nG1,G,,\n",
	"floor_area.csv":   "building,valid_from,area_m2\nA1,2019-01-01,1000\nB1,2019-01-01,700\nC1,2019-01-01,333.3\nD1,2019-01-01,90\nE1,2019-01-01,1\nF1,2019-01-01,77\nA1,2023-07-11,1300\n",
	"headcount.csv":    "institution,valid_from,people\nA,2019-01-01,100\nB,2019-01-01,70\nC,2019-01-01,31\nD,2019-01-01,9\nE,2019-01-01,11\nF,2019-01-01,7\nB,2023-03-03,61\n",
	"meters.csv": "id,building,carrier,kind,unit,interval,gap_limit,parent\na,A1,electricity,register,kWh,P1D,P9D,\na1,A1,electricity,register,kWh,P1D,P9D,a\nag,A1,natural_gas,register,m3,P1D,P9D,\n" +
		"b,B1,electricity,register,kWh,P1D,P9D,\nc,C1,electricity,register,kWh,P1D,P9D,\nd,D1,electricity,register,kWh,P1D,P9D,\ne,E1,electricity,register,kWh,P1D,P9D,\nbw,B1,water,register,m3,P1D,P9D,\n",
	"shares.csv":   "meter,target,share,valid_from\ne,E,0.333333,\ne,F,0.666667,\n",
	"declared.csv": "scope,id,year,quantity,unit,value,source\ninstitution,A,2020,water,m3,777.7,x\ninstitution,A,2023,water,m3,700.1,x\ninstitution,G,2020,electricity,kWh,1234.5,x\ninstitution,G,2023,electricity,kWh,1111.1,x\n",
}

// Of random scopes, random months of a carrier open down to their institutions,
// page by page, each of which opens to the same figure again; indicators and
// reductions open to their parts. The tree's root is the figure that is answered
// without an explanation, and all of it adds up exactly.
func TestExplain_RandomScopesAddUp(t *testing.T) {
	random := chance.Random(t)
	s := mustServe(t, t.TempDir())
	folder := t.TempDir()
	for name, text := range counties {
		writeFile(t, folder+"/"+name, text)
	}
	s.importFolder(folder)
	var body []byte
	for _, m := range []string{"a", "a1", "ag", "b", "c", "d", "e", "bw"} {
		shown := schema.Quantity(0)
		for _, year := range []int{2020, 2023} {
			begin := schema.InstantOf(time.Date(year-1, 12, 31, 10, 0, 0, 0, time.UTC))
			for day := range 368 {
				shown += schema.Quantity(random.Int64N(100_000_000))
				if random.IntN(12) > 0 {
					body = codec.AppendJSON(body, &schema.Reading{Meter: m, Time: begin + schema.Instant(int64(day)*24*schema.Hour), Value: shown})
				}
			}
		}
	}
	s.push("application/x-ndjson", body)
	s.settle()

	explained := func(path, query string) (*proof.ExplainAnswer, *big.Rat) {
		t.Helper()
		var a proof.ExplainAnswer
		s.ask(path, query, &a)
		tree := treeOf(t, &a.Tree)
		if err := explain.Check(tree); err != nil {
			t.Fatalf("%s?%s: %v", path, query, err)
		}
		return &a, tree.Value
	}
	same := func(what string, got *big.Rat, want *json.Number) {
		t.Helper()
		if (got == nil) != (want == nil) {
			t.Fatalf("%s: got %v explained, want %v", what, got, want)
		}
		if got == nil {
			return
		}
		figure, _ := want.Float64()
		if value, _ := got.Float64(); value != figure {
			t.Fatalf("%s: got %s explained, want %s", what, got.RatString(), want)
		}
	}
	stretch := func(from, to schema.Day) string {
		shanghai, err := time.LoadLocation("Asia/Shanghai")
		if err != nil {
			t.Fatal(err)
		}
		return "&from=" + url.QueryEscape(from.Start(shanghai).Format(shanghai)) + "&to=" + url.QueryEscape(to.Start(shanghai).Format(shanghai))
	}
	scopes := []string{"region=370000", "region=370100", "region=370200", "region=370102", "department=edu", "department=med", "class=education", "class=health", "class=culture"}
	opened, reduced := 0, 0
	for range 30 {
		scope := scopes[random.IntN(len(scopes))]
		carrier := []string{"electricity", "electricity", "natural_gas", "water"}[random.IntN(4)]
		month := schema.MonthOf(schema.DayOf([]int{2020, 2023}[random.IntN(2)], time.Month(1+random.IntN(12)), 1))
		period := stretch(month.First(), (month + 1).First())

		question := scope + "&carrier=" + carrier + period
		var used consumption
		s.ask("/api/v1/consumption", question+"&step=P1M", &used)
		skip := 0
		for seen := ""; ; skip++ {
			a, value := explained("/api/v1/explain", fmt.Sprintf("%s&limit=1&skip=%d", question, skip))
			same(question, value, used.Points[0].Quantity)
			for i := range a.Tree.Children {
				child := &a.Tree.Children[i]
				if child.Open == "" {
					continue
				}
				if strings.Contains(seen, child.Label+";") {
					t.Fatalf("%s: page %d lists %s again", question, skip, child.Label)
				}
				seen += child.Label + ";"
				path, query, _ := strings.Cut(child.Open, "?")
				_, below := explained(path, query)
				want := exactValue(t, child)
				if (below == nil) != (want == nil) || below != nil && below.Cmp(want) != 0 {
					t.Fatalf("%s: %s is %v in the group and %v by itself", question, child.Label, want, below)
				}
				opened++
			}
			if len(a.Tree.Children) == 0 || !strings.Contains(a.Tree.Children[len(a.Tree.Children)-1].Label, "after these") {
				break
			}
		}

		measure := []string{"energy_per_area", "energy_per_capita", "water_per_capita", "carbon_per_area", "energy", "water", "carbon"}[random.IntN(7)]
		question = scope + "&indicator=" + measure + period
		var indicators struct {
			Points []struct{ Value *json.Number }
		}
		s.ask("/api/v1/indicators", question+"&step=P1M", &indicators)
		_, value := explained("/api/v1/explain", "figure=indicator&limit=2&"+question)
		same(question, value, indicators.Points[0].Value)

		question = "figure=reduction&year=2023&limit=2&" + scope + "&indicator=" + []string{"energy_per_area", "energy_per_capita", "water_per_capita", "carbon_per_area"}[random.IntN(4)]
		a, value := explained("/api/v1/explain", question)
		if got := a.Progress.ReductionPct; (got == nil) != (value == nil) {
			t.Fatalf("%s: got %v explained, want %v", question, value, got)
		} else if got != nil {
			reduced++
			if f, _ := value.Float64(); f != *got {
				t.Fatalf("%s: got %s explained, want %v", question, value.RatString(), *got)
			}
		}
	}
	if opened == 0 || reduced == 0 {
		t.Errorf("%d institutions were opened and %d reductions: the test shows nothing", opened, reduced)
	}
}
