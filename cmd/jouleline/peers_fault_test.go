package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"jouleline/bench/chance"
)

// lacking is what an answer says of what it lacks.
type lacking struct {
	Missing []int `json:"missing_partitions"`
	Points  []struct {
		Quantity *json.Number
		Coverage *float64
	}
	Indicators []struct {
		State, Reason     string
		Baseline, Current *float64
		Reduction         *string
	}
	Carriers []struct{ Quantity *json.Number }
	Rows     []struct {
		Scope      struct{ Institution string }
		Indicators []struct{ State string }
	}
	Code string
}

// One of two instances is killed: the other names the partitions whose books it
// cannot ask, and gives no smaller number. What it owns itself it answers in full.
// The killed one returns, catches up, and both are as the single one again.
func TestPeers_OneIsKilled(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	tr := newTrio(t, "")
	w := newTrioWorld(t, random)
	tr.importTables(tr.a, w.tables)
	half := len(w.readings) / 2
	tr.send(random, w.readings[:half])
	tr.settle()

	tr.killB()
	ask := tr.lacking
	tr.lacksB()
	for _, path := range []string{
		"/api/v1/forecast?region=370000", "/api/v1/decomposition?region=370000&from_year=2020&to_year=2022&by=institution", "/api/v1/rejected",
		"/api/v1/explain?region=370000&figure=reduction&year=2022&indicator=energy_per_area",
	} {
		if status, a, text := ask(path); status != http.StatusServiceUnavailable || a.Code != "missing_partitions" || fmt.Sprint(a.Missing) != "[2 3]" {
			t.Errorf("%s: got %d %s, want a problem that names the missing partitions", path, status, text)
		}
	}
	if status, text := tr.a.fetch("/api/v1/reports", `{"question":{"region":"370000","year":2022}}`); status != http.StatusServiceUnavailable {
		t.Errorf("freeze a report: got %d %s, want it refused", status, text)
	}
	if status, text := tr.a.fetch("/api/v1/events", `[{"meter":"house-01-E1","time":"2023-01-10T00:00:00-08:00","event":"multiplier","multiplier":2}]`); status != http.StatusServiceUnavailable {
		t.Errorf("a meter event: got %d %s, want it refused while an instance cannot take it", status, text)
	}
	own, others := 0, 0
	for _, m := range w.province.Meters {
		path := "/api/v1/consumption?meter=" + m.ID + "&step=P1Y&" + faultYear
		_, a, got := ask(path)
		if tr.a.owns(m.ID) {
			own++
			if _, want := tr.single.fetch(path); got != want {
				t.Errorf("%s: got %s, want the whole answer, %s", path, got, want)
			}
			continue
		}
		others++
		if fmt.Sprint(a.Missing) != "[2 3]" && fmt.Sprint(a.Missing) != "[2]" && fmt.Sprint(a.Missing) != "[3]" || a.Points[0].Quantity != nil {
			t.Errorf("%s: got %s, want its partition named and no quantity", path, got)
		}
	}
	if own == 0 || others == 0 {
		t.Errorf("got %d meters of a and %d of b, want both", own, others)
	}
	tr.b = tr.a // readings go on through the one that is left
	tr.send(random, w.readings[half:])

	tr.restartB()
	tr.settle()
	for _, path := range []string{
		"/api/v1/progress/breakdown?region=370000&by=institution&year=2022", "/api/v1/quality?region=370000&" + faultYear,
		"/api/v1/consumption?region=370000&carrier=electricity&step=P1Y&" + faultYear, "/api/v1/progress?region=370000&year=2022",
	} {
		tr.same(path)
	}
	for _, m := range w.province.Meters {
		tr.same("/api/v1/consumption?meter=" + m.ID + "&step=P1M&" + faultYear)
	}
	for name, s := range map[string]*testServer{"a": tr.a, "b": tr.b} {
		if _, text := s.fetch("/api/v1/verify", `{"seed":1}`); !strings.Contains(text, `"sound":true`) {
			t.Errorf("verify at %s: got %s", name, text)
		}
	}
}

// faultYear is a year that the readings of a province lie in.
const faultYear = "from=2022-01-01T00:00:00%2B08:00&to=2023-01-01T00:00:00%2B08:00"

// lacking asks a for an answer, and for what it lacks.
func (tr *trio) lacking(path string) (int, lacking, string) {
	tr.t.Helper()
	status, text := tr.a.fetch(path)
	var a lacking
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		tr.t.Fatalf("%s: %v in %s", path, err, text)
	}
	return status, a, text
}

// lacksB wants a to answer without b: it names the partitions whose books it
// cannot ask, and gives no number that would be smaller for it.
func (tr *trio) lacksB() {
	t := tr.t
	t.Helper()
	for _, path := range []string{
		"/api/v1/progress?region=370000&year=2022", "/api/v1/progress/breakdown?region=370000&by=class&year=2022",
		"/api/v1/consumption?region=370000&carrier=electricity&step=P1Y&" + faultYear, "/api/v1/indicators?region=370000&step=P1Y&" + faultYear, "/api/v1/quality?region=370000&" + faultYear,
	} {
		status, a, text := tr.lacking(path)
		if status != http.StatusOK || fmt.Sprint(a.Missing) != "[2 3]" {
			t.Errorf("%s: got %d with missing partitions %v, want 200 and [2 3]", path, status, a.Missing)
		}
		for _, x := range a.Indicators {
			if x.State != "not_enough_data" || x.Current != nil || x.Baseline != nil || x.Reduction != nil || !strings.Contains(x.Reason, "partitions 2, 3") {
				t.Errorf("%s: got %+v, want not_enough_data without numbers", path, x)
			}
		}
		for _, p := range a.Points {
			if p.Quantity != nil || p.Coverage == nil || *p.Coverage > .9 {
				t.Errorf("%s: got %+v in %s, want no quantity, and a coverage that counts half the meters as unknown", path, p, text)
			}
		}
		for _, c := range a.Carriers {
			if c.Quantity != nil {
				t.Errorf("%s: got a quantity of %s, want none", path, c.Quantity)
			}
		}
	}
}

// owns tells whether an instance keeps a meter's books itself.
func (s *testServer) owns(meter string) bool {
	for _, p := range s.books.config.Owned {
		if p == partitionOfMeter(meter) {
			return true
		}
	}
	return false
}
