//go:build integration

package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// checkerFolder names the folder of the Flux checker; deploy/influx/fetch-checker.sh
// brings it and prints it.
const checkerFolder = "JOULELINE_FLUX_CHECKER"

// Every Flux query that is shipped, of dashboards and of the documents, has its
// names, arguments and types right by InfluxData's own checker, which knows the Flux
// of 2.x: the InfluxDB that the other tests run is 1.8.
func TestIntegrationFlux_IsSoundByItsChecker(t *testing.T) {
	folder := os.Getenv(checkerFolder)
	if folder == "" {
		t.Skipf("%s names no Flux checker: run make integration", checkerFolder)
	}
	var names, queries []string
	add := func(name, query string) { names, queries = append(names, name), append(queries, query) }
	const wrong = 3 // of these the checker must find something to say, or it says nothing of anything
	add("a wrong name", `from(bucket: "a") |> rnge(start: -1h)`)
	add("a wrong argument", `from(bucket: "a") |> range(start: -1h) |> aggregateWindow(every: 1h, func: sum)`)
	add("a wrong type", `from(bucket: "a") |> range(start: -1h) |> aggregateWindow(every: "1h", fn: sum)`)
	for name, d := range dashboards(t) {
		for _, v := range d.Templating.List {
			if strings.Contains(v.Definition, "(bucket:") {
				add(name+": variable "+v.Name, asGrafanaSends(v.Definition))
			}
		}
		for _, p := range d.Panels {
			for _, q := range p.Targets {
				if q.Query != "" {
					add(name+": "+p.Title+": "+q.RefID, asGrafanaSends(q.Query))
				}
			}
		}
	}
	page, err := os.ReadFile("../../docs/influxdb.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?s)```flux\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		add("docs/influxdb.md", m[1])
	}
	if len(queries) < wrong+9 {
		t.Fatalf("only %d queries were found", len(queries)-wrong)
	}
	var found [][]string
	runChecker(t, "influx/check.mjs", folder, queries, &found)
	if len(found) != len(queries) {
		t.Fatalf("got %d answers, want %d", len(found), len(queries))
	}
	for i, mistakes := range found {
		if (len(mistakes) > 0) != (i < wrong) {
			t.Errorf("%s: got %q of\n%s", names[i], mistakes, queries[i])
		}
	}
	t.Logf("%d Flux queries are sound", len(queries)-wrong)
}

// asGrafanaSends puts values of their kinds in place of Grafana's variables.
func asGrafanaSends(query string) string {
	query = strings.NewReplacer("v.timeRangeStart", "-14d", "v.timeRangeStop", "now()", "v.windowPeriod", "1h").Replace(query)
	return regexp.MustCompile(`\$\{\w+\}`).ReplaceAllString(query, "x")
}
