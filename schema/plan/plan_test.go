package plan_test

import (
	"slices"
	"strings"
	"testing"

	"jouleline/schema/plan"
)

func TestLoad_14fyp(t *testing.T) {
	p, err := plan.Load(plan.Default)
	if err != nil {
		t.Fatal(err)
	}
	if p.BaseYear != 2020 || p.TargetYear != 2025 || p.Title["zh"] == "" || p.Title["en"] == "" {
		t.Errorf("got %+v", p)
	}
	if got := p.MinCoverage.RatString() + " " + p.MaxCoverageGap.RatString(); got != "19/20 1/50" {
		t.Errorf("coverage: got %s, want 0.95 and 0.02", got)
	}
	target := func(indicator, want string) {
		t.Helper()
		if percent, ok := p.Target(indicator); !ok || percent.RatString() != want {
			t.Errorf("%s: got %v %v, want %s", indicator, percent, ok, want)
		}
	}
	target("energy_per_area", "5")
	target("energy_per_capita", "6")
	target("water_per_capita", "6")
	target("carbon_per_area", "7")
	limit := func(total, unit, want string) {
		t.Helper()
		if c, ok := p.Cap(total, plan.Place{}); !ok || c.Unit != unit || c.Value.RatString() != want {
			t.Errorf("%s: got %+v %v, want %s %s", total, c, ok, want, unit)
		}
	}
	limit("energy", "tce", "189000000")
	limit("water", "m3", "12400000000")
	limit("carbon", "tCO2", "400000000")
	if c, ok := p.Cap("energy", plan.Place{Level: "region", ID: "370000"}); ok {
		t.Errorf("a cap of the province is not in the plan: got %+v", c)
	}
	if percent, ok := p.Target("energy"); ok {
		t.Errorf("a total has no target: got %v", percent)
	}
}

func TestLoad_Unknown(t *testing.T) {
	if _, err := plan.Load("../plan"); err == nil || !strings.Contains(err.Error(), "want 14fyp") {
		t.Errorf("got %v", err)
	}
	if got := plan.Names(); !slices.Equal(got, []string{"14fyp"}) {
		t.Errorf("names: got %v", got)
	}
}

const small = `{"name":"15fyp","base_year":2025,"target_year":2030,"source":"a","targets":[{"indicator":"energy_per_area","reduction_pct":4.5}],
"caps":[{"total":"energy","unit":"tce","region":"370000","value":null}],"min_coverage":0.9,"max_coverage_gap":0.05}`

func TestParse(t *testing.T) {
	p, err := plan.Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	if percent, _ := p.Target("energy_per_area"); percent.RatString() != "9/2" {
		t.Errorf("got %v, want 4.5", percent)
	}
	if c, ok := p.Cap("energy", plan.Place{Level: "region", ID: "370000"}); ok || len(p.Caps) != 1 {
		t.Errorf("a cap without a value is none: got %+v", c)
	}

	f := func(old, new, want string) {
		t.Helper()
		text := strings.Replace(small, old, new, 1)
		if text == small {
			t.Fatalf("%q is not in the file", old)
		}
		if _, err := plan.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", new, err, want)
		}
	}
	f(`"source":"a",`, ``, "want a name and a source")
	f(`"base_year":2025,`, ``, "got base_year 0 and target_year 2030")
	f(`"target_year":2030`, `"target_year":2025`, "want a base year and a later target year")
	f(`{"indicator":"energy_per_area","reduction_pct":4.5}`, ``, "want at least one target")
	f(`energy_per_area`, `energy_per_room`, `target of "energy_per_room": unknown indicator`)
	f(`4.5}`, `4.5},{"indicator":"energy_per_area","reduction_pct":4.5}`, "the target stands twice")
	f(`4.5`, `0`, "got 0, want a number above zero")
	f(`4.5`, `101`, "got 101, want a number from 0 to 100")
	f(`4.5`, `-1`, "got -1, want a number from 0 to 100")
	f(`"reduction_pct":4.5`, `"reduction":4.5`, "unknown field")
	f(`"min_coverage":0.9,`, ``, "min_coverage: not a decimal number")
	f(`0.05`, `1.5`, "max_coverage_gap: got 1.5, want a number from 0 to 1")
	f(`"total":"energy"`, `"total":"steam"`, `cap of "steam" in region 370000: unknown total`)
	f(`"unit":"tce"`, `"unit":"kgce"`, `got unit "kgce", want tce`)
	f(`"value":null`, `"value":0`, "got 0, want a number above zero or null")
	f(`"caps":[`, `"caps":[{"total":"energy","unit":"tce","region":"370000","value":1},`, "the cap stands twice")
	f(`0.05}`, `0.05}]`, "more text after its end")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(`{"targets":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := plan.Parse(text)
		if err != nil {
			return
		}
		if p.TargetYear <= p.BaseYear || len(p.Targets) == 0 || p.MinCoverage == nil || p.MaxCoverageGap == nil {
			t.Fatalf("taken: %+v", p)
		}
		for _, target := range p.Targets {
			if target.Percent.Sign() <= 0 {
				t.Fatalf("%s: got %v", target.Indicator, target.Percent)
			}
		}
	})
}
