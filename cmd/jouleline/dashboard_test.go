package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// board is what Grafana reads of a file, as far as the dashboards use it: a
// field that is not here is a mistake of writing.
type board struct {
	UID, Title, Description, Timezone, Refresh string
	Tags                                       []string
	SchemaVersion, Version, GraphTooltip       int
	Editable                                   bool
	Time                                       struct{ From, To string }
	Links                                      []map[string]any
	Annotations                                struct {
		List []struct {
			Name, IconColor, Expr, Step, TitleFormat, TagKeys string
			Enable                                            bool
			Datasource                                        dataSource
			Target                                            struct{ RefID string }
		}
	}
	Templating struct{ List []boardVariable }
	Panels     []boardPanel
}

type dataSource struct{ Type, UID string }

type boardVariable struct {
	Name, Label, Type, Definition, Regex, AllValue string
	Datasource                                     dataSource
	Query                                          any
	Refresh, Sort, Hide                            int
	IncludeAll, Multi                              bool
	Options                                        []struct {
		Text, Value string
		Selected    bool
	}
	Current struct {
		Text, Value string
		Selected    bool
	}
}

type boardPanel struct {
	ID                                           int
	Type, Title, Description, TimeFrom, Interval string
	Datasource                                   dataSource
	GridPos                                      struct{ X, Y, W, H int }
	Targets                                      []boardTarget
	FieldConfig                                  struct {
		Defaults struct {
			Unit        string
			DisplayName string
			Min, Max    *float64
			Decimals    *int
			Custom      map[string]any
			Color       map[string]any
			Thresholds  map[string]any
			Mappings    []map[string]any
		}
		Overrides []struct {
			Matcher    struct{ ID, Options string }
			Properties []struct {
				ID    string
				Value any
			}
		}
	}
	Options         map[string]any
	Transformations []map[string]any
}

type boardTarget struct {
	RefID, Expr, LegendFormat, Format, Interval, Query string
	Instant, Range                                     bool
}

// dashboards reads all of them, by the names of their files.
func dashboards(t testing.TB) map[string]*board {
	t.Helper()
	list := map[string]*board{}
	for _, file := range found(t, "grafana/dashboards/*.json") {
		text, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			t.Fatal(err)
		}
		d := &board{}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(d); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		list[filepath.Base(file)] = d
	}
	return list
}

var (
	provisionedUID = regexp.MustCompile(`(?m)^  - uid: (\S+)\n(?:.+\n)*?    type: (\S+)$`)
	usedVariable   = regexp.MustCompile(`\$\{?([A-Za-z_]\w*)`)
	twoLanguages   = regexp.MustCompile(`[A-Za-z].*\p{Han}`)
)

// What Grafana puts in place of these is its own.
var grafanaVariables = []string{"__range", "__rate_interval"}

// panelTypes are panels that every Grafana has.
var panelTypes = []string{"timeseries", "stat", "gauge", "bargauge", "piechart", "table", "heatmap", "geomap"}

// units are Grafana's names of units, besides "suffix:...".
var units = []string{"none", "percent", "percentunit", "kwatt", "kwatth", "masskg", "celsius", "s", "bytes", "cps", "reqps"}

// Every dashboard is one that Grafana takes: what it names exists, nothing lies
// upon anything else, every number has its unit, every text both languages.
func TestDashboards_AreSound(t *testing.T) {
	sources := map[string]string{}
	for _, m := range provisionedUID.FindAllStringSubmatch(read(t, "grafana/provisioning/datasources/jouleline.yaml"), -1) {
		sources[m[1]] = m[2]
	}
	if len(sources) != 3 {
		t.Fatalf("got data sources %v, want three", sources)
	}
	uids := map[string]bool{}
	for name, d := range dashboards(t) {
		fail := func(format string, args ...any) { t.Helper(); t.Errorf(name+": "+format, args...) }
		if d.UID == "" || uids[d.UID] || len(d.UID) > 40 || d.SchemaVersion < 36 || len(d.Panels) < 4 || d.Time.From == "" || d.Time.To == "" {
			fail("got uid %q, schema %d, %d panels, time %v", d.UID, d.SchemaVersion, len(d.Panels), d.Time)
		}
		uids[d.UID] = true
		defined := slices.Clone(grafanaVariables)
		for _, v := range d.Templating.List {
			defined = append(defined, v.Name)
			if v.Type == "query" && sources[v.Datasource.UID] != v.Datasource.Type {
				fail("variable %s: no data source %v", v.Name, v.Datasource)
			}
		}
		about := func(what, text string) {
			t.Helper()
			for _, m := range usedVariable.FindAllStringSubmatch(text, -1) {
				if !slices.Contains(defined, m[1]) {
					fail("%s: variable %s is not defined", what, m[1])
				}
			}
		}
		spoken := map[string]string{"dashboard's title": d.Title, "dashboard's description": d.Description}
		for _, a := range d.Annotations.List {
			spoken["annotation "+a.Name] = a.Name
			if sources[a.Datasource.UID] != a.Datasource.Type || a.Expr == "" {
				fail("annotation %s: got data source %v and asks %q", a.Name, a.Datasource, a.Expr)
			}
			about("annotation "+a.Name, a.Expr)
		}
		for _, v := range d.Templating.List {
			spoken["label of variable "+v.Name] = v.Label
			about("variable "+v.Name, v.Definition)
		}
		taken, ids := map[[2]int]string{}, map[int]bool{}
		for i := range d.Panels {
			p := &d.Panels[i]
			spoken["title of "+p.Title], spoken["description of "+p.Title] = p.Title, p.Description
			if p.ID == 0 || ids[p.ID] {
				fail("%s: id %d is not its own", p.Title, p.ID)
			}
			ids[p.ID] = true
			if sources[p.Datasource.UID] != p.Datasource.Type || !slices.Contains(panelTypes, p.Type) {
				fail("%s: got data source %v and type %q", p.Title, p.Datasource, p.Type)
			}
			settings := map[string][]any{"unit": {p.FieldConfig.Defaults.Unit}, "thresholds": {p.FieldConfig.Defaults.Thresholds}}
			for _, o := range p.FieldConfig.Overrides {
				for _, one := range o.Properties {
					settings[one.ID] = append(settings[one.ID], one.Value)
				}
			}
			for _, u := range settings["unit"] {
				if text, _ := u.(string); !slices.Contains(units, text) && !strings.HasPrefix(text, "suffix:") {
					fail("%s: got unit %q", p.Title, u)
				}
			}
			for _, list := range settings["thresholds"] {
				if steps, ok := ascending(list); !ok {
					fail("%s: got thresholds %v", p.Title, steps)
				}
			}
			g := p.GridPos
			if g.X < 0 || g.W < 1 || g.H < 1 || g.X+g.W > 24 {
				fail("%s: lies at %v", p.Title, g)
			}
			for x := g.X; x < g.X+g.W; x++ {
				for y := g.Y; y < g.Y+g.H; y++ {
					if other := taken[[2]int{x, y}]; other != "" {
						fail("%s lies upon %s", p.Title, other)
					}
					taken[[2]int{x, y}] = p.Title
				}
			}
			about(p.Title, p.Title)
			refs := map[string]bool{}
			for _, q := range p.Targets {
				if q.RefID == "" || refs[q.RefID] || (q.Expr == "") == (q.Query == "") || (q.Query != "") != (p.Datasource.Type == "influxdb") {
					fail("%s: query %q is none", p.Title, q.RefID)
				}
				refs[q.RefID] = true
				about(p.Title, q.Expr+q.Query)
			}
			if len(refs) == 0 {
				fail("%s: asks nothing", p.Title)
			}
		}
		for what, text := range spoken {
			if !twoLanguages.MatchString(text) {
				fail("%s: got %q, want English and Chinese", what, text)
			}
		}
	}
}

// ascending tells whether the steps of thresholds, where there are any, begin
// without a value, which is the base, and rise from there.
func ascending(thresholds any) (steps []any, ok bool) {
	list, _ := thresholds.(map[string]any)
	if len(list) == 0 {
		return nil, true
	}
	steps, _ = list["steps"].([]any)
	last := math.Inf(-1)
	for i, one := range steps {
		step, _ := one.(map[string]any)
		value, isNumber := step["value"].(float64)
		if isNumber != (i > 0) || isNumber && value <= last || step["color"] == "" {
			return steps, false
		}
		if isNumber {
			last = value
		}
	}
	return steps, len(steps) > 0
}

// The Flux dashboard asks for measurements, tags and fields of the documented
// layout.
func TestDashboards_FluxNamesTheLayout(t *testing.T) {
	page, err := os.ReadFile("../../docs/influxdb.md")
	if err != nil {
		t.Fatal(err)
	}
	word := regexp.MustCompile(`r\.(?:_measurement|_field) == "(\w+)"|r\.([a-z]\w*)|tag: "(\w+)"`)
	own := []string{"value_latest", "value_base"}
	asked := 0
	for name, d := range dashboards(t) {
		for _, p := range d.Panels {
			for _, q := range p.Targets {
				for _, m := range word.FindAllStringSubmatch(q.Query, -1) {
					asked++
					if w := m[1] + m[2] + m[3]; !slices.Contains(own, w) && !regexp.MustCompile(`\b`+w+`\b`).Match(page) {
						t.Errorf("%s: %s: docs/influxdb.md knows no %s", name, p.Title, w)
					}
				}
			}
		}
	}
	if asked < 20 {
		t.Errorf("only %d names were found", asked)
	}
}
