package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// directly is when direct producers say that they received their readings.
const directly = schema.Instant(1767225600000) // 2026-01-01T00:00:00Z

// send pushes readings through a and b in turn, and gives some to a direct
// producer that puts them anywhere, mixed. The single instance gets the same.
func (tr *trio) send(random *rand.Rand, readings []schema.Reading) {
	tr.t.Helper()
	const partitions, every = 4, 97
	anywhere := make([][]schema.Reading, partitions) // of all meters, to each partition
	var rest []schema.Reading
	for i := range readings {
		if k := i % every; k < partitions {
			anywhere[k] = append(anywhere[k], readings[i])
			continue
		}
		rest = append(rest, readings[i])
	}
	for partition, some := range anywhere {
		tr.produce(partition, encode(some))
	}
	for len(rest) > 0 {
		n := min(len(rest), 1+random.IntN(2000))
		body := encode(rest[:n])
		switch random.IntN(3) {
		case 0:
			tr.pushTo(tr.a, "application/x-ndjson", body)
		case 1:
			tr.pushTo(tr.b, "application/x-ndjson", body)
		case 2:
			tr.produce(random.IntN(partitions), body)
		}
		rest = rest[n:]
	}
}

// produce puts readings of any meters into a partition, as a careless producer.
func (tr *trio) produce(partition int, body []byte) {
	tr.t.Helper()
	record := ingest.Record{Partition: partition, Key: []byte("anybody"), Value: body, ContentType: ingest.JSON, Received: directly}
	for _, s := range []*testServer{tr.a, tr.single} {
		if err := s.producer.Produce(tr.t.Context(), []ingest.Record{record}); err != nil {
			tr.t.Fatal(err)
		}
	}
}

// pushTo pushes to one of the two and to the single instance, and wants the same
// verdicts.
func (tr *trio) pushTo(s *testServer, contentType string, body []byte) {
	tr.t.Helper()
	if got, want := s.push(contentType, body), tr.single.push(contentType, body); fmt.Sprint(got) != fmt.Sprint(want) {
		tr.t.Errorf("push: got %+v, want %+v", got, want)
	}
}

func encode(readings []schema.Reading) (body []byte) {
	for i := range readings {
		body = codec.AppendJSON(body, &readings[i])
	}
	return body
}

// Two instances answer every question as a single one does, byte for byte.
func TestPeers_AnswerAsOne(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	tr := newTrio(t, "")
	w := newTrioWorld(t, random)
	tr.importTables(tr.b, w.tables)
	tr.send(random, w.readings)
	for _, s := range []*testServer{tr.a, tr.b} { // what a gateway rejects
		tr.pushTo(s, "application/json", []byte(`{"meter":"E1","time":"2023-01-01T00:00:00Z","value":1,"unit":"furlong"}`))
		tr.pushTo(s, "application/json", []byte(`{"meter":"house-01-E1","time":"2023-01-01T00:00:00Z","value":1,"unit":"L"}`))
	}
	tr.settle()
	for name, s := range map[string]*testServer{"a": tr.a, "b": tr.b} {
		if _, metrics := s.fetch("/metrics"); !strings.Contains(metrics, "jouleline_pipeline_forwarded_readings_total{") {
			t.Errorf("%s forwarded nothing: the test misplaced nothing", name)
		}
	}
	tr.then = url.QueryEscape(schema.InstantOf(time.Now()).String())
	t.Run("every question", func(t *testing.T) { tr.t = t; tr.askEverything(w) })
	t.Run("changes", func(t *testing.T) { tr.t = t; tr.change(w) })
}

// askEverything asks every GET route of the API, and pages.
func (tr *trio) askEverything(w *trioWorld) {
	const house = "house-01-E1"
	province, city := "370000", "370100"
	meter := w.province.Meters[0]
	other := w.province.Meters[len(w.province.Meters)-1]
	year := "from=2023-01-01T00:00:00%2B08:00&to=2024-01-01T00:00:00%2B08:00"
	month := "from=2023-01-01T00:00:00-08:00&to=2023-02-01T00:00:00-08:00"
	var paths []string
	add := func(format string, args ...any) { paths = append(paths, fmt.Sprintf(format, args...)) }
	for _, scope := range []string{"region=" + province, "region=" + city, "institution=" + meter.Institution, "institution=" + other.Institution, "class=education"} {
		add("/api/v1/progress?%s&year=2023", scope)
		add("/api/v1/progress?%s&year=2022&panel=matched", scope)
		add("/api/v1/progress?%s&year=2023&known_at=%s", scope, tr.then)
		add("/api/v1/consumption?%s&carrier=electricity&%s&step=P1M", scope, year)
		add("/api/v1/indicators?%s&%s&step=P1M", scope, year)
		add("/api/v1/quality?%s&%s", scope, year)
		add("/api/v1/forecast?%s", scope)
		if !strings.HasPrefix(scope, "institution") {
			add("/api/v1/decomposition?%s&from_year=2020&to_year=2023&by=institution", scope)
		}
		add("/api/v1/explain?%s&figure=reduction&year=2023&indicator=energy_per_area", scope)
	}
	for _, by := range []string{"region", "class", "institution", "department"} {
		add("/api/v1/progress/breakdown?region=%s&by=%s&year=2023", province, by)
	}
	for _, id := range []string{house, "house-02-E1", "house-03-E1", meter.ID, other.ID} {
		add("/api/v1/consumption?meter=%s&%s&step=P1D", id, year)
		add("/api/v1/consumption?meter=%s&%s&step=PT1H", id, month)
		add("/api/v1/readings?meter=%s&%s&limit=500", id, month)
		add("/api/v1/quality?meter=%s&%s", id, year)
		add("/api/v1/anomalies?meter=%s&%s", id, month)
		add("/api/v1/explain?meter=%s&%s", id, month)
		if id != house {
			continue // no weather there
		}
		add("/api/v1/savings?meter=%s&baseline_end=2023-01-01T00:00:00-08:00&reporting_start=2023-01-01T00:00:00-08:00", id)
	}
	add("/api/v1/benchmark?class=education&within=%s&year=2023", province)
	add("/api/v1/benchmark?institution=%s&year=2023", meter.Institution)
	add("/api/v1/quality?region=%s&from=2023-01-01T00:00:00%%2B08:00&to=2023-02-01T00:00:00%%2B08:00", province)
	add("/api/v1/allocation?region=%s&by=region&indicator=energy_per_area", province)
	add("/api/v1/plans")
	add("/api/v1/registry/meters")
	add("/api/v1/reports")
	for _, page := range []string{"/", "/region/" + province, "/institution/" + meter.Institution, "/meter/" + house} {
		add("%s", page)
	}
	tr.t.Logf("%d questions", len(paths))
	for _, path := range paths {
		tr.same(path)
	}
	tr.sameRejects()
}

// sameRejects wants the same rejected rows, in whatever order each instance has
// them, page by page.
func (tr *trio) sameRejects() {
	tr.t.Helper()
	rows := func(s *testServer) map[string]int {
		seen := map[string]int{}
		after := int64(0)
		for {
			var page struct {
				Rejected []struct {
					Sequence               int64
					Code, Detail, Original string
				}
				Next *int64
			}
			s.ask("/api/v1/rejected", fmt.Sprintf("after=%d&limit=3", after), &page)
			for _, r := range page.Rejected {
				seen[r.Code+" "+r.Detail+" "+r.Original]++
			}
			if page.Next == nil {
				return seen
			}
			after = *page.Next
		}
	}
	want := rows(tr.single)
	if len(want) == 0 {
		tr.t.Error("nothing was rejected: the test asks for nothing")
	}
	for name, s := range map[string]*testServer{"a": tr.a, "b": tr.b} {
		if got := rows(s); fmt.Sprint(got) != fmt.Sprint(want) {
			tr.t.Errorf("rejected at %s: got %v, want %v", name, got, want)
		}
	}
}

// change makes every kind of change through one of two instances, and the same
// at the single one.
func (tr *trio) change(w *trioWorld) {
	t := tr.t
	meter := "house-01-E1"
	both := func(through *testServer, path, body string, unlike ...string) {
		t.Helper()
		status, want := tr.single.fetch(path, body)
		if status >= http.StatusBadRequest {
			t.Errorf("POST %s: the single instance answers %d: %s", path, status, want)
		}
		gotStatus, got := through.fetch(path, body)
		for _, field := range unlike {
			got, want = withoutField(got, field), withoutField(want, field)
		}
		if got, want = withoutOwnMoments(got), withoutOwnMoments(want); gotStatus != status || got != want {
			t.Errorf("POST %s: got %d %s\nwant %d %s", path, gotStatus, got, status, want)
		}
	}
	both(tr.a, "/api/v1/reports", `{"name":"before","question":{"region":"370000","by":"institution","year":2023}}`)
	both(tr.b, "/api/v1/reports", `{"name":"second","question":{"region":"370000","year":2022}}`)
	both(tr.b, "/api/v1/events", `[{"meter":"`+meter+`","time":"2023-01-10T00:00:00-08:00","event":"multiplier","multiplier":2}]`)
	both(tr.a, "/api/v1/recompute", `{"all":true,"dry_run":true}`)
	both(tr.b, "/api/v1/recompute", `{"meters":["`+meter+`","house-02-E1","house-03-E1"]}`)
	both(tr.b, "/api/v1/recompute", `{"all":true,"from":"2023-01-05","to":"2023-01-12"}`)
	both(tr.a, "/api/v1/verify", `{"seed":1}`, "months")
	both(tr.b, "/api/v1/verify", `{"seed":7,"sample":20}`, "months")
	for _, path := range []string{"/api/v1/reports", "/api/v1/reports/1", "/api/v1/reports/2", "/api/v1/reports/1/diff", "/api/v1/registry/meter_events", "/api/v1/consumption?meter=" + meter + "&from=2023-01-01T00:00:00-08:00&to=2023-02-01T00:00:00-08:00&step=P1D"} {
		tr.same(path)
	}
	// What waited for its meter is booked once it is registered.
	meters := string(w.tables["meters.csv"])
	head, _, _ := strings.Cut(meters, "\n")
	row := make([]string, len(strings.Split(head, ",")))
	for i, column := range strings.Split(head, ",") {
		switch column {
		case "id":
			row[i] = "unknown-1"
		case "building":
			row[i] = "house-01-B1"
		case "carrier":
			row[i] = "water"
		case "kind":
			row[i] = "register"
		}
	}
	tr.importTables(tr.a, map[string][]byte{"meters.csv": []byte(strings.TrimRight(meters, "\n") + "\n" + strings.Join(row, ",") + "\n")})
	for _, path := range []string{"/api/v1/readings?meter=unknown-1&from=2019-01-01T00:00:00Z&to=2027-01-01T00:00:00Z", "/api/v1/reports/1/diff", "/api/v1/progress?region=999900&year=2023", "/api/v1/progress?region=999900&year=2023&known_at=" + tr.then,
		"/api/v1/progress/breakdown?region=370000&by=region&year=2023&known_at=" + tr.then} {
		tr.same(path)
	}
	both(tr.a, "/api/v1/replay", `{}`, "last")
	tr.settle()
	tr.same("/api/v1/progress/breakdown?region=370000&by=institution&year=2023")
}

// withoutField takes a number out of an answer.
func withoutField(text, name string) string {
	at := strings.Index(text, `"`+name+`":`)
	if at < 0 {
		return text
	}
	end := at + strings.IndexAny(text[at:], ",}")
	return text[:at] + text[end:]
}
