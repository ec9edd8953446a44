package api_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jouleline/analytics/progress"
)

// changing is the planners' province, of which the hospital closes and the last
// school opens between the years.
func changing(t *testing.T) map[string]string {
	t.Helper()
	tables := planned(t)
	var rows []string
	for _, row := range strings.Split(strings.TrimSpace(tables["institutions.csv"]), "\n") {
		switch {
		case strings.HasPrefix(row, "id,"):
			row += ",valid_from,valid_to"
		case strings.HasPrefix(row, "H01,"):
			row += ",,2022-01-01"
		case strings.HasPrefix(row, "S12,"):
			row += ",2023-01-01,"
		default:
			row += ",,"
		}
		rows = append(rows, row)
	}
	tables["institutions.csv"] = strings.Join(rows, "\n") + "\n"
	return tables
}

func TestExample_Changes(t *testing.T) {
	h := serve(t, plannersConfig(t, changing(t)))
	const question = "/api/v1/progress?region=370000&year=2023&changes=20"
	w := get(t, h, question)
	a := decode[progress.Answer](t, w)
	c := a.Changes
	if c == nil || c.Entered != 1 || c.Left != 1 || len(c.Institutions) != 2 || len(c.Effects) != 4 {
		t.Fatalf("got %+v, want one that entered and one that left", c)
	}
	for i, e := range c.Effects {
		whole := *a.Indicators[i].Current - *a.Indicators[i].Baseline
		if sum := *e.Entered + *e.Left + *e.Stayed; math.Abs(sum-whole) > 1e-9*math.Abs(*a.Indicators[i].Baseline) {
			t.Errorf("%s: effects add up to %v, want %v", e.Indicator, sum, whole)
		}
	}
	matched := decode[progress.Answer](t, get(t, h, "/api/v1/progress?region=370000&year=2023&panel=matched"))
	if got, want := *c.Effects[0].Matched, *matched.Indicators[0].Reduction; got != want {
		t.Errorf("got %s %% among those that stayed, want %s as the panel matched has it", got, want)
	}
	refused(t, get(t, h, question+"&panel=matched"), 422, "matched")
	refused(t, get(t, h, strings.Replace(question, "changes=20", "changes=1001", 1)), 422, "changes")

	// Only the part that is documented: the rest is that of the example of progress.
	pretty, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	holdExample(t, "progress_changes.json", pretty)
}

// As a table the effects stand behind the indicators, and below them those of each
// institution; the three effects of a row are those of the answer.
func TestProgress_ChangesAsTable(t *testing.T) {
	h := serve(t, plannersConfig(t, changing(t)))
	const question = "/api/v1/progress?region=370000&year=2023&changes=20"
	c := decode[progress.Answer](t, get(t, h, question)).Changes
	rows, err := csv.NewReader(get(t, h, question, "Accept", "text/csv").Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	if len(rows) != 1+4+2*4 || column("effect_entered") < 0 {
		t.Fatalf("got %d rows, %v, want four indicators of the whole and of two institutions", len(rows)-1, rows[0])
	}
	is := func(cell string, v *float64) bool {
		got, err := strconv.ParseFloat(cell, 64)
		return v == nil && cell == "" || v != nil && err == nil && got == *v
	}
	for i, e := range c.Effects {
		row := rows[1+i]
		if row[column("part")] != "whole" || row[column("indicator")] != e.Indicator || !is(row[column("effect_entered")], e.Entered) || !is(row[column("effect_left")], e.Left) || !is(row[column("effect_stayed")], e.Stayed) {
			t.Errorf("got %v, want %+v", row, e)
		}
	}
	for k, x := range c.Institutions {
		for i, effect := range x.Effects {
			row := rows[5+4*k+i]
			if row[column("part")] != x.Change || row[column("id")] != x.Institution || row[column("indicator")] != c.Effects[i].Indicator || !is(row[column("effect_"+x.Change)], effect) || row[column("current")] != "" {
				t.Errorf("got %v, want the effect %v of %s", row, effect, x.Institution)
			}
		}
	}
	for _, form := range []string{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.apache.arrow.stream"} {
		if w := get(t, h, question, "Accept", form); w.Code != 200 || w.Header().Get("Content-Type") != form || w.Body.Len() == 0 {
			t.Errorf("%s: got status %d, %s", form, w.Code, w.Header().Get("Content-Type"))
		}
	}
}
