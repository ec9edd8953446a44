//go:build integration && linux

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dashboardFiles are the dashboards that Grafana is provisioned with.
const dashboardFiles = deployFolder + "grafana/dashboards/*.json"

// dashboard is what of a dashboard asks a data source.
type dashboard struct {
	Panels     []dashboardPanel `json:"panels"`
	Templating struct {
		List []dashboardVariable `json:"list"`
	} `json:"templating"`
	Annotations struct {
		List []dashboardTarget `json:"list"`
	} `json:"annotations"`
}

type dashboardPanel struct {
	Title   string            `json:"title"`
	Targets []dashboardTarget `json:"targets"`
	Panels  []dashboardPanel  `json:"panels"` // of a row that is folded
}

// dashboardTarget is one query; its text is Flux where it has a pipe.
type dashboardTarget struct {
	Query json.RawMessage `json:"query"`
}

type dashboardVariable struct {
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

func isFlux(text string) bool { return strings.Contains(text, "|>") }

// checkDashboardFlux runs every Flux query of every dashboard, its variables set to
// the first of their values, over the months that the test has readings of. Each
// has to give rows.
func checkDashboardFlux(t *testing.T, n *influxNode) {
	files, err := filepath.Glob(dashboardFiles)
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var d dashboard
		if err := json.Unmarshal(content, &d); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		t.Run(filepath.Base(file), func(t *testing.T) { ran += d.run(t, n) })
	}
	t.Logf("%d queries of %d dashboards are Flux, and answer", ran, len(files))
}

// run runs the Flux of one dashboard and counts its queries.
func (d *dashboard) run(t *testing.T, n *influxNode) (ran int) {
	values := dashboardValues{}
	for _, v := range d.Templating.List {
		text := queryText(v.Query)
		if v.Type == "query" && isFlux(text) {
			ran++
			rows := n.mustAnswer(t, values.fill(t, text))
			if len(rows) == 0 {
				continue
			}
			text = rows[0]["_value"]
		} else if v.Type == "custom" || v.Type == "interval" {
			text, _, _ = strings.Cut(text, ",")
			if _, value, labelled := strings.Cut(text, " : "); labelled {
				text = value
			}
		}
		values[v.Name] = dashboardValue{strings.TrimSpace(text), v.Multi}
	}
	ask := func(title string, targets []dashboardTarget) {
		for _, target := range targets {
			if text := queryText(target.Query); isFlux(text) {
				ran++
				t.Run(title, func(t *testing.T) { n.mustAnswer(t, values.fill(t, text)) })
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

// dashboardValue is what a variable is set to.
type dashboardValue struct {
	text  string
	multi bool
}

type dashboardValues map[string]dashboardValue

var dashboardName = regexp.MustCompile(`\$\{(\w+)(?::(\w+))?\}|\[\[(\w+)(?::(\w+))?\]\]|\$([A-Za-z_]\w*)`)

// fill writes a query as Grafana sends it: with the time range, the data source's
// defaults, and variables by their format.
func (v dashboardValues) fill(t *testing.T, text string) string {
	t.Helper()
	text = strings.NewReplacer(
		"v.timeRangeStart", influxMonths[0]+"T00:00:00Z", "v.timeRangeStop", influxMonths[len(influxMonths)-1]+"T00:00:00Z",
		"v.windowPeriod", "1h", "v.defaultBucket", fmt.Sprintf("%q", influxDatabase), "v.organization", `""`,
		"${__interval}", "1h", "$__interval", "1h",
	).Replace(text)
	return dashboardName.ReplaceAllStringFunc(text, func(found string) string {
		part := dashboardName.FindStringSubmatch(found)
		name, format := part[1]+part[3]+part[5], part[2]+part[4]
		value, ok := v[name]
		switch {
		case !ok && part[5] != "": // the end of a regular expression, or so
			return found
		case !ok:
			t.Errorf("variable %s is nowhere set", name)
			return found
		case format == "json" && value.multi:
			return fmt.Sprintf("[%q]", value.text)
		case format == "json" || format == "doublequote":
			return fmt.Sprintf("%q", value.text)
		case format == "regex":
			return regexp.QuoteMeta(value.text)
		}
		return value.text
	})
}
