package main

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"jouleline/api/proof"
	"jouleline/bench/chance"
)

// What was said of whole days before their readings were let go is said after
// it, to the last digit, and still is the sum of its parts; the explanation ends
// at the days of the ledger and says why.
func TestExplain_AfterReadingsWereLetGo(t *testing.T) {
	random := chance.Random(t)
	tables, readings := randomWorld(random)
	flags := embedded(t.TempDir())
	flags.KeepReadings = leastKept
	s := mustServeWith(t, flags, os.Stderr)
	s.importTables(tables)
	s.pushSent(readings, random)
	query := func(meter int) string {
		from, to := "2024-03-28T00:00:00%2B08:00", "2024-04-20T00:00:00%2B08:00"
		if meter >= 2 { // in Berlin
			from, to = "2024-03-28T00:00:00%2B01:00", "2024-04-20T00:00:00%2B02:00"
		}
		return fmt.Sprintf("meter=M%d&from=%s&to=%s&depth=4", meter, from, to)
	}
	var before [4]proof.ExplainAnswer
	for meter := range before {
		s.ask("/api/v1/explain", query(meter), &before[meter])
	}
	if err := s.upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	opened, closed, ended := 0, 0, 0
	for meter := range before {
		var after proof.ExplainAnswer
		s.ask("/api/v1/explain", query(meter), &after)
		want, got := exactValue(t, &before[meter].Tree), exactValue(t, &after.Tree)
		if (want == nil) != (got == nil) || want != nil && want.Cmp(got) != 0 {
			t.Errorf("meter M%d: got %v, want %v as before", meter, after.Tree.Value, before[meter].Tree.Value)
		}
		sumsUp(t, &after.Tree)
		visit(&before[meter].Tree, func(e *proof.Explained) { opened += len(e.Readings) })
		visit(&after.Tree, func(e *proof.Explained) {
			closed += len(e.Readings)
			if e.Label == "booked from readings that are not kept any more" {
				ended++
			}
		})
	}
	if ended == 0 {
		t.Error("no day says that its readings are not kept any more")
	}
	for _, path := range []string{"/api/v1/explain", "/api/v1/consumption"} { // parts of days are cut from readings
		query := url.Values{"meter": {"M0"}, "from": {"2024-03-28T07:00:00+08:00"}, "to": {"2024-03-30T00:00:00+08:00"}}
		if path == "/api/v1/consumption" {
			query.Set("step", "P1D")
		}
		if _, err := s.get(t.Context(), path, query, "application/json"); err == nil || !strings.Contains(err.Error(), "not kept any more") {
			t.Errorf("%s of a part of a day whose readings went: got %v, want it refused", path, err)
		}
	}
	if closed >= opened {
		t.Errorf("got %d readings opened after %d: none was let go, the test shows nothing", closed, opened)
	}
}
