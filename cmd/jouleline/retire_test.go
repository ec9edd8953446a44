package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/ingest"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/codec"
	"jouleline/store"
)

// put adds readings to a log of one partition, a record each.
func (l *memoryLog) put(readings []sent) {
	for i := range readings {
		r := &readings[i]
		l.add(0, ingest.Record{Value: codec.AppendJSON(nil, &r.Reading), ContentType: ingest.JSON, Received: r.received})
	}
}

// bookedOf gives the ledger of all meters.
func bookedOf(t testing.TB, s *store.Store) string {
	t.Helper()
	entries, err := s.Booked(t.Context(), []int32{0, 1, 2, 3}, schema.Open, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, e := range entries {
		if !e.IsZero() {
			text += fmt.Sprintf("%d %s %s %s est %s known %d\n", e.Meter, e.Day, e.Cause, e.Quantity, e.Estimated, e.Known)
		}
	}
	return text
}

// Old readings are let go in the middle of a random life. The books stay to the
// last bit, computing them anew changes nothing, they verify, and what comes
// later is booked as if all readings were still there; only what is older than
// the kept ones is rejected.
func TestRetire_TheBooksStay(t *testing.T) {
	seed := chance.Seed(t)
	retired, rejected := 0, 0
	for n := range uint64(8) {
		random := rand.New(rand.NewPCG(seed, n))
		tables, readings := randomWorld(random)
		random.Shuffle(len(readings)/3, func(i, j int) { // some come late
			i, j = i*3, j*3
			readings[i], readings[j] = readings[j], readings[i]
		})
		half := len(readings) * 3 / 4
		log := &memoryLog{}
		log.put(readings[:half])
		batch := 1 + random.IntN(40)
		s, p := bookAll(t, tables, log, batch)
		before := bookedOf(t, s)
		horizon := schema.InstantOf(time.Date(2024, 3, 30+random.IntN(3), 0, 0, 0, 0, time.UTC))
		gone, err := p.Retire(t.Context(), horizon)
		if err != nil {
			t.Fatal(err)
		}
		same := func(what string) {
			t.Helper()
			if got := bookedOf(t, s); got != before {
				t.Fatalf("world %d, horizon %s, %d readings gone: %s:\n%s", n, horizon, gone, what, unlike(got, before))
			}
			mustHold(t, s, p)
		}
		same("let go")
		start, err := s.Start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		until := map[string]schema.Instant{}
		for _, r := range start.Retired {
			until[start.Meters[r.Meter].Key] = r.Until
		}

		// The rest comes, to a pipeline that begins with what is stored, or to the
		// one that let them go.
		log.put(readings[half:])
		p = runPipeline(t, s, tables, log, posting.Log{Cluster: "c", Topic: "t", Partitions: 1}, batch)
		whole := &memoryLog{}
		whole.put(readings[:half])
		for _, r := range readings[half:] {
			if r.Time > until[r.Meter] {
				whole.put([]sent{r})
				continue
			}
			rejected++
		}
		other, _ := bookAll(t, tables, whole, batch)
		before = bookedOf(t, other)
		same("the rest has come")
		retired += int(gone)
	}
	if retired == 0 || rejected == 0 {
		t.Errorf("%d readings were let go, %d were too old: the test shows nothing", retired, rejected)
	}
}

func TestRetire_TellsWhatIsTooOld(t *testing.T) {
	flags := embedded(t.TempDir())
	flags.KeepReadings = leastKept
	s := mustServeWith(t, flags, os.Stderr)
	s.importFolder(exampleRegistry)
	s.push("text/csv", []byte("meter,time,value\nE1,2023-05-01T18:00:00+08:00,90\nE1,2023-05-01T19:00:00+08:00,92\nE1,2023-05-01T20:00:00+08:00,95\n"))
	for _, r := range exampleReadings {
		s.push("application/json", []byte(r))
	}
	s.settle()
	if err := s.upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	var days consumption
	s.ask("/api/v1/consumption", "meter=E1&from=2023-05-01T00:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00&step=P1D", &days)
	if got := days.lines(); got == "" || days.Points[0].Quantity == nil {
		t.Errorf("days after the readings went: got %s", got)
	}
	if _, err := s.get(t.Context(), "/api/v1/consumption", url.Values{"meter": {"E1"}, "step": {"PT1H"}, "from": {"2023-05-01T18:00:00+08:00"}, "to": {"2023-05-01T20:00:00+08:00"}}, "application/json"); err == nil || !strings.Contains(err.Error(), "not kept any more") {
		t.Errorf("hours whose readings went: got %v, want them refused", err)
	}
	s.push("application/json", []byte(`{"meter":"E1","time":"2023-05-01T21:00:00+08:00","value":99}`))
	s.settle()
	var rejected struct {
		Rejected []struct{ Code, Detail string } `json:"rejected"`
	}
	s.ask("/api/v1/rejected", "", &rejected)
	if len(rejected.Rejected) != 1 || rejected.Rejected[0].Code != string(schema.TooOld) {
		t.Errorf("got %+v, want the reading rejected as %s", rejected.Rejected, schema.TooOld)
	}
	flags.Data = filepath.Join(t.TempDir(), "other")
	flags.KeepReadings = time.Hour
	if err := flags.validate(); err == nil {
		t.Error("keeping readings for an hour was allowed")
	}
}
