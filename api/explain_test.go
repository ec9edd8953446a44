package api_test

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"jouleline/analytics/progress"
	"jouleline/api/proof"
	"jouleline/schema/registry"
)

const (
	mayDay   = "&from=2023-05-01T00:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00"
	year2023 = "&from=2023-01-01T00:00:00%2B08:00&to=2024-01-01T00:00:00%2B08:00"
)

// rat reads an exact number of an answer.
func rat(t *testing.T, e *proof.Explained) *big.Rat {
	t.Helper()
	if e.Value == nil {
		return nil
	}
	text := e.Value.String()
	if e.Fraction != "" {
		text = e.Fraction
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%s: got value %q, want a number", e.Label, text)
	}
	return r
}

// addsUp checks that every sum, quotient and product of an answer holds exactly,
// from nothing but the JSON.
func addsUp(t *testing.T, e *proof.Explained) {
	t.Helper()
	value := rat(t, e)
	var want *big.Rat
	switch e.Op {
	case "sum":
		want = new(big.Rat)
		for i := range e.Children {
			if child := rat(t, &e.Children[i]); child != nil {
				want.Add(want, child)
			}
		}
		if len(e.Children) == 0 {
			want = value // not opened
		}
	case "quotient":
		want = new(big.Rat).Quo(rat(t, &e.Children[0]), rat(t, &e.Children[1]))
	case "reduction":
		base, current := rat(t, &e.Children[0]), rat(t, &e.Children[1])
		want = new(big.Rat).Sub(base, current)
		want.Quo(want.Mul(want, big.NewRat(100, 1)), base)
	case "product":
		q, _ := new(big.Rat).SetString(e.Quantity.Value.String())
		text := e.Factor.Value.String()
		if e.Factor.Fraction != "" {
			text = e.Factor.Fraction
		}
		f, _ := new(big.Rat).SetString(text)
		want = q.Mul(q, f)
		if e.Subtracted {
			want.Neg(want)
		}
	default:
		want = value
	}
	if value != nil && want.Cmp(value) != 0 {
		t.Errorf("%s: got %s, want %s by its %s", e.Label, value.RatString(), want.RatString(), e.Op)
	}
	for i := range e.Children {
		addsUp(t, &e.Children[i])
	}
}

// find gives the first part whose label begins so.
func find(e *proof.Explained, label string) *proof.Explained {
	if strings.HasPrefix(e.Label, label) {
		return e
	}
	for i := range e.Children {
		if found := find(&e.Children[i], label); found != nil {
			return found
		}
	}
	return nil
}

func TestExplain_Consumption(t *testing.T) {
	h := serve(t, newConfig(t))
	for _, about := range []string{"meter=E1", "building=S1-B1&carrier=electricity", "institution=S1&carrier=electricity"} {
		a := decode[proof.ExplainAnswer](t, get(t, h, "/api/v1/explain?"+about+mayDay))
		addsUp(t, &a.Tree)
		if got := a.Tree.Value.String(); got != "13" {
			t.Errorf("%s: got %s, want 13", about, got)
		}
		first, second := find(&a.Tree, "2023-05-01"), find(&a.Tree, "2023-05-02")
		if first.Value.String() != "5.5" || second.Value.String() != "7.5" {
			t.Errorf("%s: got %s and %s, want 5.5 and 7.5", about, first.Value, second.Value)
		}
		last := second.Children[1]
		if last.How != "113 - 109 kWh" || len(last.Readings) != 4 {
			t.Fatalf("%s: got %q with %d readings, want 113 - 109 kWh with 109 twice, 112.5 and 113", about, last.How, len(last.Readings))
		}
		var roles []string
		for _, r := range last.Readings {
			roles = append(roles, fmt.Sprintf("%s %s %s %d", r.Role, r.Value, r.Code, r.Revision))
		}
		if got, want := strings.Join(roles, "; "), "begin 109  0; repeated 109 duplicate 0; superseded 112.5 superseded 0; end 113  1"; got != want {
			t.Errorf("%s: got  %s\nwant %s", about, got, want)
		}
	}
	then := decode[proof.ExplainAnswer](t, get(t, h, "/api/v1/explain?meter=E1&known_at=2023-05-02T03:00:03%2B08:00"+mayDay))
	addsUp(t, &then.Tree)
	if got := find(&then.Tree, "2023-05-01").Value.String(); got != "6" {
		t.Errorf("as known before the late reading: got %s, want 6", got)
	}
	if span := find(&then.Tree, "23:00:00 to 00:00:00"); span.How != "part of 6 kWh from 2023-05-01T23:00:00+08:00 to 2023-05-02T01:00:00+08:00: 109 - 103 kWh" {
		t.Errorf("as known before the late reading: got %q, want the part of the span over midnight", span.How)
	}
	for depth, want := range map[int]int{1: 0, 2: 1} {
		a := decode[proof.ExplainAnswer](t, get(t, h, fmt.Sprintf("/api/v1/explain?meter=E1&depth=%d%s", depth, mayDay)))
		if len(a.Tree.Children) != want || a.Tree.Value.String() != "13" {
			t.Errorf("depth %d: got %d children of %s, want %d of 13", depth, len(a.Tree.Children), a.Tree.Value, want)
		}
	}
}

func TestExplain_Indicator(t *testing.T) {
	h := serve(t, newConfig(t))
	f := func(query, value, fraction string, parts map[string]string) {
		t.Helper()
		a := decode[proof.ExplainAnswer](t, get(t, h, "/api/v1/explain?figure=indicator&"+query+year2023))
		addsUp(t, &a.Tree)
		if a.Tree.Value.String() != value || a.Tree.Fraction != fraction {
			t.Errorf("%s: got %s (%s), want %s (%s)", query, a.Tree.Value, a.Tree.Fraction, value, fraction)
		}
		for label, want := range parts {
			part := find(&a.Tree, label)
			if part == nil || part.Value.String()+" "+part.Source != want {
				t.Errorf("%s: %s: got %+v, want %s", query, label, part, want)
			}
		}
	}
	f("institution=S1&indicator=energy_per_area", "5.805480338477", "1166321/200900", map[string]string{
		"energy without vehicles": "63908 ", "electricity": "63908 declared",
		"building S1-B1 from 2020-01-01": "4958.904109589041 ",
	})
	f("region=370000&indicator=energy_per_capita", "59.562893636364", "65519183/1100000", map[string]string{"gasoline:vehicle": "1611.183 declared"})
	f("class=education&indicator=water", "12100", "", nil)
}

func TestExplain_Reduction(t *testing.T) {
	h := serve(t, newConfig(t))
	for i, name := range []string{"energy_per_area", "energy_per_capita", "water_per_capita", "carbon_per_area"} {
		a := decode[proof.ExplainAnswer](t, get(t, h, "/api/v1/explain?figure=reduction&region=370000&year=2023&indicator="+name))
		addsUp(t, &a.Tree)
		official := decode[progress.Answer](t, get(t, h, "/api/v1/progress?region=370000&year=2023")).Indicators[i]
		reduction, _ := rat(t, &a.Tree).Float64()
		base, _ := rat(t, &a.Tree.Children[0]).Float64()
		current, _ := rat(t, &a.Tree.Children[1]).Float64()
		if reduction != *official.ReductionPct || base != *official.Baseline || current != *official.Current || *a.Progress.Reduction != *official.Reduction {
			t.Errorf("%s: got %v of %v and %v, want %+v", name, reduction, base, current, official)
		}
	}
}

func TestExplain_Text(t *testing.T) {
	h := serve(t, newConfig(t))
	w := get(t, h, questions["explain"], "Accept", "text/plain")
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Fatalf("got status %d, %s: %s", w.Code, w.Header(), w.Body)
	}
	holdExample(t, "explain.txt", w.Body.Bytes())
	reduction := get(t, h, "/api/v1/explain?figure=reduction&institution=S1&year=2023&indicator=carbon_per_area", "Accept", "text/plain").Body.String()
	for _, text := range []string{"carbon_per_area", "520000 kWh x 0.641 kgCO2/kWh", "grid of 370000 in 2022", "12000 m2 x 184 of 365 days", "target of plan 14fyp: 7 %", "on pace"} {
		if !strings.Contains(reduction, text) {
			t.Errorf("got\n%s\nwant %q in it", reduction, text)
		}
	}
}

func TestExplain_Refuses(t *testing.T) {
	config := newConfig(t)
	config.Limits.Explained = 40
	h := serve(t, config)
	refused(t, get(t, h, "/api/v1/explain?meter=E1"), 422, "from and to")
	refused(t, get(t, h, "/api/v1/explain?meter=E1&figure=indicator"+mayDay), 422, "region")
	refused(t, get(t, h, "/api/v1/explain?region=370000"+mayDay), 422, "carrier")
	refused(t, get(t, h, "/api/v1/explain?region=370000&carrier=electricity&skip=1"+mayDay), 422, "skip: got 1 of 1 institutions")
	refused(t, get(t, h, "/api/v1/explain?region=370000&carrier=electricity&from=2023-05-01T10:00:00%2B08:00&to=2023-05-02T00:00:00%2B08:00"), 422, "beginning of a day")
	refused(t, get(t, h, "/api/v1/explain?region=990000&carrier=electricity"+mayDay), 404, "990000")
	refused(t, get(t, h, "/api/v1/explain?meter=E9"+mayDay), 404, "E9")
	refused(t, get(t, h, "/api/v1/explain?figure=reduction&region=370000"), 422, "year")
	refused(t, get(t, h, "/api/v1/explain?figure=reduction&region=370000&year=2023&indicator=water"), 422, "four")
	refused(t, get(t, h, "/api/v1/explain?figure=indicator&region=370000&from=2022-06-01T00:00:00%2B08:00&to=2023-06-01T00:00:00%2B08:00"), 422, "one year")
	refused(t, get(t, h, "/api/v1/explain?meter=E1&depth=4"+mayDay), 422, "less depth")
	a := decode[proof.ExplainAnswer](t, get(t, h, "/api/v1/explain?meter=E1"+mayDay))
	if day := find(&a.Tree, "2023-05-01"); day == nil || len(day.Children) != 0 {
		t.Errorf("without a depth: got %+v, want days that are not opened", day)
	}
}

// An institution that shares a meter is explained by its part of each day.
func TestExplain_Shares(t *testing.T) {
	config := newConfig(t)
	shared := map[string]string{"shares.csv": "meter,target,share,valid_from\nE1,S2,0.333333,2023-05-02\n"}
	for name, text := range school {
		shared[name] = text
	}
	shared["institutions.csv"] += "S2,第二中学,education,370102\n"
	reg := build(t, shared)
	config.World.(*fakeWorld).RegistryFunc = func(context.Context) (*registry.Registry, error) { return reg, nil }
	config.Books = schoolBooks(t, reg)
	h := serve(t, config)
	sum := new(big.Rat)
	for _, id := range []string{"S1", "S2"} {
		a := decode[proof.ExplainAnswer](t, get(t, h, "/api/v1/explain?carrier=electricity&institution="+id+mayDay))
		addsUp(t, &a.Tree)
		sum.Add(sum, rat(t, &a.Tree))
		day := find(&a.Tree, "2023-05-02")
		if day == nil || day.Op != "division" || find(day, "the whole meter").Value.String() != "7.5" {
			t.Errorf("%s: got %+v, want a division of 7.5", id, day)
		}
	}
	if sum.Cmp(big.NewRat(13, 1)) != 0 {
		t.Errorf("got %s from the parts, want 13", sum.RatString())
	}
}
