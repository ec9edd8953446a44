package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"jouleline/schema"
)

// carrierNames are the carriers that there are.
func carrierNames() (list []string) {
	for _, c := range schema.Carriers {
		list = append(list, c.String())
	}
	slices.Sort(list)
	return list
}

var (
	indicatorNames = []string{"energy_per_area", "energy_per_capita", "water_per_capita", "carbon_per_area"}
	// coded are the labels whose values are words of the program, of a small set.
	coded = map[string][]string{
		"carrier": carrierNames(), "use": {"building", "vehicle"}, "indicator": indicatorNames, "bound": {"constraint", "base", "guide"},
		"metric": {"electricity_per_area", "non_heating_energy_per_area", "energy_per_capita", "water_per_capita"},
	}
	ofLabel    = regexp.MustCompile(`\{\{(\w+)\}\}`)
	aWord      = regexp.MustCompile(`[A-Za-z]{3}`)
	notAWord   = regexp.MustCompile(`kgce|CO₂|p\d\d`)
	bothSpoken = regexp.MustCompile(`[A-Za-z].* · .*\p{Han}`)
)

// renamed puts a name through the renamings of a panel, as Grafana does.
func (p *boardPanel) renamed(t testing.TB, name string) string {
	t.Helper()
	for _, step := range p.Transformations {
		options, _ := step["options"].(map[string]any)
		if step["id"] != "renameByRegex" {
			continue
		}
		pattern, _ := options["regex"].(string)
		to, _ := options["renamePattern"].(string)
		from, err := regexp.Compile(strings.Trim(pattern, "/"))
		if err != nil || to == "" || len(pattern) < 3 || pattern[0] != '/' {
			t.Fatalf("%s: renames by %q to %q: %v", p.Title, pattern, to, err)
		}
		if at := from.FindStringIndex(name); at != nil { // without /g the first alone
			name = name[:at[0]] + to + name[at[1]:]
		}
	}
	return name
}

// Names beside curves are in both languages too, those that the program makes of its
// own words as well.
func TestDashboards_LegendsSpeakBothLanguages(t *testing.T) {
	looked := 0
	for name, d := range dashboards(t) {
		for _, v := range d.Templating.List {
			if v.Name != "carrier" {
				continue
			}
			var offered []string
			for _, o := range v.Options {
				if o.Value != "$__all" {
					offered = append(offered, o.Value)
				}
				if text, _ := v.Query.(string); o.Value != "$__all" && !strings.Contains(text, o.Text+" : "+o.Value) {
					t.Errorf("%s: carrier %s is an option and not in the query", name, o.Value)
				}
			}
			slices.Sort(offered)
			if !slices.Equal(offered, coded["carrier"]) {
				t.Errorf("%s: got carriers %v, want %v", name, offered, coded["carrier"])
			}
		}
		for i := range d.Panels {
			p := &d.Panels[i]
			for _, q := range p.Targets {
				fixed := notAWord.ReplaceAllString(ofLabel.ReplaceAllString(q.LegendFormat, ""), "")
				if aWord.MatchString(fixed) && !twoLanguages.MatchString(fixed) && !strings.Contains(q.LegendFormat, "{{bound}}") {
					t.Errorf("%s: %s: got legend %q, want English and Chinese", name, p.Title, q.LegendFormat)
				}
				for _, label := range ofLabel.FindAllStringSubmatch(q.LegendFormat, -1) {
					for _, value := range coded[label[1]] {
						looked++
						if got := p.renamed(t, value); !bothSpoken.MatchString(got) {
							t.Errorf("%s: %s: %s %s stands in the legend as %q, want English and Chinese", name, p.Title, label[1], value, got)
						}
					}
				}
			}
		}
	}
	if looked < 100 {
		t.Errorf("only %d words were looked at", looked)
	}
}

// Each carrier's own unit is found by the name that its curve has.
func TestDashboards_CarriersHaveTheirUnits(t *testing.T) {
	panels := 0
	for name, d := range dashboards(t) {
		for i := range d.Panels {
			p := &d.Panels[i]
			var units []*regexp.Regexp
			for _, o := range p.FieldConfig.Overrides {
				if o.Matcher.ID == "byRegexp" && o.Properties[0].ID == "unit" {
					units = append(units, regexp.MustCompile(strings.Trim(o.Matcher.Options, "/")))
				}
			}
			if len(units) == 0 || !strings.Contains(p.Targets[0].LegendFormat, "{{carrier}}") {
				continue
			}
			panels++
			for _, carrier := range coded["carrier"] {
				curve, matched := p.renamed(t, carrier+" building"), 0
				for _, unit := range units {
					if unit.MatchString(curve) {
						matched++
					}
				}
				if matched != 1 {
					t.Errorf("%s: %s: %d units for the curve %q, want one", name, p.Title, matched, curve)
				}
			}
		}
	}
	if panels == 0 {
		t.Error("no panel has units by carrier")
	}
}

// columns tells of a table's labels which are shown under names in one language, and
// which names are of no label.
func (p *boardPanel) columns(labels []string) (mute, unused []string) {
	hidden, names := map[string]any{}, map[string]any{}
	for _, step := range p.Transformations {
		if step["id"] == "organize" {
			options, _ := step["options"].(map[string]any)
			hidden, _ = options["excludeByName"].(map[string]any)
			names, _ = options["renameByName"].(map[string]any)
		}
	}
	for _, label := range append(labels, "Value") {
		if text, _ := names[label].(string); hidden[label] == nil && !bothSpoken.MatchString(text) {
			mute = append(mute, label)
		}
	}
	for label := range names {
		if label != "Value" && !slices.Contains(labels, label) {
			unused = append(unused, label)
		}
	}
	return mute, unused
}
