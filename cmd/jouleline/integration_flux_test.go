//go:build integration && linux

package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// flux runs a query and gives its rows by column. An error in the middle of an
// answer is one: its status is 200 all the same.
func (n *influxNode) flux(text string) (rows []map[string]string, err error) {
	body, err := n.post("/api/v2/query", "application/vnd.flux", text)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(string(body)))
	r.FieldsPerRecord, r.Comment = -1, '#' // each table has its own columns; of annotations nothing is needed
	lines, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("answer to Flux: %w", err)
	}
	var columns []string
	for _, line := range lines {
		switch {
		case slices.Contains(line, "error") && slices.Contains(line, "reference"):
			return nil, fmt.Errorf("answer to Flux: %s", body)
		case len(line) > 2 && line[1] == "result" && line[2] == "table":
			columns = line
		case len(line) != len(columns):
			return nil, fmt.Errorf("answer to Flux: got a row of %d columns, want %d: %q", len(line), len(columns), line)
		default:
			row := map[string]string{}
			for i, name := range columns {
				row[name] = line[i]
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// fluxPoints reads all points of a database by Flux, written as the fake keeps them.
func (n *influxNode) fluxPoints(database string) map[string]map[string]any {
	n.t.Helper()
	rows, err := n.flux(fmt.Sprintf(`from(bucket: %q) |> range(start: 2000-01-01T00:00:00Z, stop: 2100-01-01T00:00:00Z)
		|> filter(fn: (r) => r._measurement =~ /^jouleline_/)`, database))
	if err != nil {
		n.t.Fatal(err)
	}
	points := map[string]map[string]any{}
	for _, row := range rows {
		at, err1 := time.Parse(time.RFC3339, row["_time"])
		value, err2 := strconv.ParseFloat(row["_value"], 64)
		if err1 != nil || err2 != nil {
			n.t.Fatalf("row %v: %v, %v", row, err1, err2)
		}
		tags := map[string]string{}
		for name, text := range row {
			if name != "" && name != "result" && name != "table" && name[0] != '_' {
				tags[name] = text
			}
		}
		key := fmt.Sprintf("%s %d", seriesKey(row["_measurement"], tags), at.Unix())
		if points[key] == nil {
			points[key] = map[string]any{}
		}
		if points[key][row["_field"]] != nil {
			n.t.Errorf("Flux gives %s of %s twice", row["_field"], key)
		}
		points[key][row["_field"]] = value
	}
	return points
}

// mustAnswer runs a query that has to give rows.
func (n *influxNode) mustAnswer(t *testing.T, text string) (rows []map[string]string) {
	t.Helper()
	rows, err := n.flux(text)
	switch {
	case err != nil:
		t.Errorf("%v\n%s", err, text)
	case len(rows) == 0:
		t.Errorf("got no rows\n%s", text)
	}
	return rows
}

var fluxBlock = regexp.MustCompile("(?s)```flux\n(.*?)```")

// The queries of the manual answer as they stand there, and the month of an
// institution is that of the API.
func checkManualFlux(t *testing.T, s *testServer, n *influxNode) {
	manual, err := os.ReadFile("../../docs/influxdb.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := fluxBlock.FindAllStringSubmatch(string(manual), -1)
	if len(blocks) == 0 {
		t.Fatal("the manual has no Flux")
	}
	for _, block := range blocks {
		compared := 0
		for _, row := range n.mustAnswer(t, block[1]) {
			at, err := time.Parse(time.RFC3339, row["_time"])
			if err != nil {
				t.Fatal(err)
			}
			got, err := strconv.ParseFloat(row["_value"], 64)
			if err != nil {
				t.Fatal(err)
			}
			zone := s.books.known().Registry.TimeZone
			var c consumption
			s.ask("/api/v1/consumption", pairs("institution", row["institution"], "carrier", "electricity",
				"from", at.In(zone).Format(time.RFC3339), "to", at.In(zone).AddDate(0, 1, 0).Format(time.RFC3339), "step", "P1M"), &c)
			want, err := c.Points[0].Quantity.Float64()
			if err != nil {
				t.Fatal(err)
			}
			if d := got - want; d > 1e-6 || d < -1e-6 {
				t.Errorf("%s from %s: got %v by Flux, the API says %v", row["institution"], at, got, want)
			}
			compared++
		}
		t.Logf("%d months of institutions are those of the API", compared)
	}
}
