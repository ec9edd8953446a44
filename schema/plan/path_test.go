package plan_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"jouleline/schema/plan"
)

func mustParse(t *testing.T, text string) *plan.Plan {
	t.Helper()
	p, err := plan.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// shaped is a plan from 2025 to 2030 with a path.
func shaped(path, target string) string {
	return `{"name":"p","base_year":2025,"target_year":2030,"source":"a","path":"` + path + `","targets":[{"indicator":"energy_per_area",` + target + `}],"min_coverage":0.9,"max_coverage_gap":0.05}`
}

func TestPace(t *testing.T) {
	f := func(p *plan.Plan, base, year int, want string) {
		t.Helper()
		target, _ := p.TargetOf("energy_per_area", plan.Place{})
		if got := p.Pace(*target, base, year).FloatString(6); got != want {
			t.Errorf("%s in %d from %d: got %s, want %s", p.Path, year, base, got, want)
		}
	}
	linear := mustParse(t, shaped("linear", `"reduction_pct":10`))
	f(linear, 0, 2024, "0.000000")
	f(linear, 0, 2025, "0.000000")
	f(linear, 0, 2028, "6.000000")
	f(linear, 0, 2031, "10.000000")
	f(linear, 2026, 2028, "5.000000") // another base year
	compound := mustParse(t, shaped("compound", `"reduction_pct":10`))
	f(compound, 0, 2025, "0.000000")
	f(compound, 0, 2028, "6.125961") // 100 (1 - 0.9^0.6), by bc
	f(compound, 0, 2030, "10.000000")
	stepped := mustParse(t, shaped("stepped", `"reduction_pct":10,"steps":[{"year":2027,"reduction_pct":2.5},{"year":2030,"reduction_pct":10}]`))
	f(stepped, 0, 2026, "0.000000")
	f(stepped, 0, 2027, "2.500000")
	f(stepped, 0, 2029, "2.500000")
	f(stepped, 0, 2030, "10.000000")
	if linear.Version == compound.Version || len(linear.Version) != 12 {
		t.Errorf("versions: got %q and %q, want two of twelve digits", linear.Version, compound.Version)
	}
}

// A path never goes back and ends at the target.
func TestPace_Rises(t *testing.T) {
	for _, path := range []string{"linear", "compound"} {
		for _, percent := range []string{"0.01", "5", "99.9"} {
			p := mustParse(t, shaped(path, `"reduction_pct":`+percent))
			target, _ := p.TargetOf("energy_per_area", plan.Place{})
			for year := 2025; year < 2030; year++ {
				if p.Pace(*target, 0, year).Cmp(p.Pace(*target, 0, year+1)) >= 0 {
					t.Errorf("%s to %s %%: got no rise from %d on", path, percent, year)
				}
			}
			if p.Pace(*target, 0, 2030).Cmp(target.Percent) != 0 {
				t.Errorf("%s: got %v in the target year, want %s", path, p.Pace(*target, 0, 2030), percent)
			}
		}
	}
}

func TestParse_RefusesPathsAndPlaces(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		if _, err := plan.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
	f(shaped("spiral", `"reduction_pct":10`), `path: got "spiral"`)
	f(shaped("compound", `"reduction_pct":100`), "no equal rate reaches")
	f(shaped("linear", `"reduction_pct":10,"steps":[{"year":2030,"reduction_pct":10}]`), "got steps on a linear path")
	f(shaped("stepped", `"reduction_pct":10`), "want steps")
	f(shaped("stepped", `"reduction_pct":10,"steps":[{"year":2030,"reduction_pct":9}]`), "the last step is 9 in 2030")
	f(shaped("stepped", `"reduction_pct":10,"steps":[{"year":2029,"reduction_pct":10}]`), "want the target 10 in 2030")
	f(shaped("stepped", `"reduction_pct":10,"steps":[{"year":2027,"reduction_pct":5},{"year":2030,"reduction_pct":4}]`), "no less than the step before")
	f(shaped("stepped", `"reduction_pct":10,"steps":[{"year":2025,"reduction_pct":5}]`), "want years after 2025")
	f(shaped("linear", `"region":"370100","class":"health","reduction_pct":10`), "got region 370100 and class health, want one place")
	f(shaped("linear", `"class":"castle","reduction_pct":10`), `unknown class "castle"`)
}

func TestTargetOf_TheFirstPlaceThatHasOne(t *testing.T) {
	p := mustParse(t, `{"name":"p","base_year":2025,"target_year":2030,"source":"a","min_coverage":0.9,"max_coverage_gap":0.05,"targets":[
		{"indicator":"energy_per_area","reduction_pct":4},{"indicator":"energy_per_area","region":"370100","reduction_pct":5},
		{"indicator":"energy_per_area","class":"health","reduction_pct":3}]}`)
	jinan, health := plan.Place{Level: "region", ID: "370100"}, plan.Place{Level: "class", ID: "health"}
	f := func(want string, places ...plan.Place) {
		t.Helper()
		target, ok := p.TargetOf("energy_per_area", places...)
		if !ok || target.Percent.RatString() != want {
			t.Errorf("%v: got %+v, want %s", places, target, want)
		}
	}
	f("3", plan.Place{Level: "institution", ID: "I"}, health, jinan, plan.Place{})
	f("5", jinan, plan.Place{})
	f("4", plan.Place{Level: "region", ID: "370200"}, plan.Place{})
	if target, ok := p.TargetOf("water_per_capita", jinan, plan.Place{}); ok {
		t.Errorf("got %+v, want none", target)
	}
	if !p.HasTargets("class") || p.HasTargets("institution") {
		t.Error("levels: want targets of classes and none of institutions")
	}
}

func TestFolder(t *testing.T) {
	good := strings.Replace(shaped("linear", `"reduction_pct":10`), `"p"`, `"own"`, 1)
	read := func(files map[string]string) ([]*plan.Plan, error) {
		fsys := fstest.MapFS{}
		for name, text := range files {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
		return plan.Folder(fsys)
	}
	if plans, err := read(map[string]string{"own.json": good, "notes.txt": "no plan"}); err != nil || len(plans) != 1 || plans[0].Name != "own" {
		t.Errorf("got %+v, %v, want the plan own", plans, err)
	}
	f := func(name, text, want string) {
		t.Helper()
		if _, err := read(map[string]string{name: text}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %q of %s", err, want, name)
		}
	}
	f("other.json", good, `got the name "own", want "other"`)
	f("14fyp.json", strings.Replace(good, `"own"`, `"14fyp"`, 1), "ships with the program")
	f("own.json", "{", "unexpected end of JSON input")
	f("own.json", good+strings.Repeat(" ", plan.MaxFileBytes), "got more than")
}
