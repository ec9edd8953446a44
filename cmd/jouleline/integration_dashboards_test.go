//go:build integration && linux

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fluxFiles are the dashboards that Grafana is provisioned with.
const fluxFiles = deployFolder + "grafana/dashboards/*.json"

// fluxDashboard is what of a dashboard asks a data source.
type fluxDashboard struct {
	Panels     []fluxPanel `json:"panels"`
	Templating struct {
		List []fluxVariable `json:"list"`
	} `json:"templating"`
	Annotations struct {
		List []fluxTarget `json:"list"`
	} `json:"annotations"`
}

type fluxPanel struct {
	Title   string       `json:"title"`
	Targets []fluxTarget `json:"targets"`
	Panels  []fluxPanel  `json:"panels"` // of a row that is folded
}

// fluxTarget is one query; its text is Flux where it names a bucket.
type fluxTarget struct {
	Query json.RawMessage `json:"query"`
}

type fluxVariable struct {
	Name  string          `json:"name"`
	Type  string          `json:"type"`
	Query json.RawMessage `json:"query"`
	Multi bool            `json:"multi"`
}

// queryText gives the text of a query, that of a variable may be in an object.
func queryText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var object struct {
		Query string `json:"query"`
	}
	if json.Unmarshal(raw, &object) == nil {
		return object.Query
	}
	return "" // another data source's own form
}

func isFlux(text string) bool { return strings.Contains(text, "(bucket:") }

// checkDashboardFlux runs every Flux query of every dashboard, its variables set to
// the first of their values, over the months that the test has readings of. Each
// has to give rows.
func checkDashboardFlux(t *testing.T, n *influxNode) {
	files, err := filepath.Glob(fluxFiles)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Logf("no dashboards in %s", fluxFiles)
	}
	files = append(files, "testdata/dashboard.json") // of every kind of variable one
	ran := 0
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var d fluxDashboard
		if err := json.Unmarshal(content, &d); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		t.Run(filepath.Base(file), func(t *testing.T) { ran += d.run(t, n) })
	}
	if ran < 5 {
		t.Errorf("only %d queries were Flux: those of the test's own dashboard are not found", ran)
	}
	t.Logf("%d queries of %d dashboards are Flux, and answer", ran, len(files))
}

// run runs the Flux of one dashboard and counts its queries.
func (d *fluxDashboard) run(t *testing.T, n *influxNode) (ran int) {
	values := fluxValues{}
	for _, v := range d.Templating.List {
		text := queryText(v.Query)
		if v.Type == "query" && isFlux(text) {
			ran++
			rows := n.mustAnswer(t, values.fill(t, text))
			if len(rows) == 0 {
				continue
			}
			list := fluxValue{multi: v.Multi}
			for _, row := range rows {
				list.texts = append(list.texts, row["_value"])
			}
			values[v.Name] = list
			continue
		} else if v.Type == "custom" || v.Type == "interval" {
			text, _, _ = strings.Cut(text, ",")
			if _, value, labelled := strings.Cut(text, " : "); labelled {
				text = value
			}
		}
		values[v.Name] = fluxValue{[]string{strings.TrimSpace(text)}, v.Multi}
	}
	ask := func(title string, targets []fluxTarget) {
		for _, target := range targets {
			if text := queryText(target.Query); isFlux(text) {
				ran++
				t.Run(title, func(t *testing.T) { values.mustAnswer(t, n, text) })
			}
		}
	}
	ask("annotations", d.Annotations.List)
	for list := d.Panels; len(list) > 0; list = list[1:] {
		ask(list[0].Title, list[0].Targets)
		list = append(list, list[0].Panels...)
	}
	return ran
}

// fluxValue is what a variable may be set to; the first is what it is set to.
type fluxValue struct {
	texts []string
	multi bool
}

type fluxValues map[string]fluxValue

var fluxName = regexp.MustCompile(`\$\{(\w+)(?::(\w+))?\}|\[\[(\w+)(?::(\w+))?\]\]|\$([A-Za-z_]\w*)`)

// mustAnswer runs a query that has to give rows: with the first values, or with
// another of one of them, since not every region has others below it.
func (v fluxValues) mustAnswer(t *testing.T, n *influxNode, text string) {
	t.Helper()
	first := v.fill(t, text)
	if rows, err := n.flux(first); err == nil && len(rows) == 0 {
		for name, value := range v {
			for i := range value.texts {
				other := maps.Clone(v)
				other[name] = fluxValue{value.texts[i:], value.multi}
				if rows, err := n.flux(other.fill(t, text)); err == nil && len(rows) > 0 {
					return
				}
			}
		}
	}
	n.mustAnswer(t, first)
}

// fill writes a query as Grafana sends it: with the time range, the data source's
// defaults, and variables by their format.
func (v fluxValues) fill(t *testing.T, text string) string {
	t.Helper()
	text = strings.NewReplacer(
		"v.timeRangeStart", influxMonths[0]+"T00:00:00Z", "v.timeRangeStop", influxMonths[len(influxMonths)-1]+"T00:00:00Z",
		"v.windowPeriod", "1h", "v.defaultBucket", fmt.Sprintf("%q", influxDatabase), "v.organization", `""`,
		"${__interval}", "1h", "$__interval", "1h",
		`"influxdata/influxdb/schema"`, `"influxdata/influxdb/v1"`, "schema.tag", "v1.tag", // as 1.8 calls the same package
	).Replace(text)
	return fluxName.ReplaceAllStringFunc(text, func(found string) string {
		part := fluxName.FindStringSubmatch(found)
		name, format := part[1]+part[3]+part[5], part[2]+part[4]
		value, ok := v[name]
		switch {
		case !ok && part[5] != "": // the end of a regular expression, or so
			return found
		case !ok:
			t.Errorf("variable %s is nowhere set", name)
			return found
		case format == "json" && value.multi:
			return fmt.Sprintf("[%q]", value.texts[0])
		case format == "json" || format == "doublequote":
			return fmt.Sprintf("%q", value.texts[0])
		case format == "regex":
			return regexp.QuoteMeta(value.texts[0])
		}
		return value.texts[0]
	})
}
