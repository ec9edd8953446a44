package gateway

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
)

const partitions = 4

// received is what the clock of these tests shows.
var received = schema.InstantOf(time.Date(2024, 5, 1, 1, 0, 0, 0, time.UTC))

// world is everything around a gateway, in memory.
type world struct {
	mu       sync.Mutex // guards all below
	records  []ingest.Record
	rejected []Rejected
	counts   map[Source]map[schema.Code]int
	unmapped int
	refused  map[int]int
	// the most of one call of Reject
	mostRejects, mostOriginals int

	produceErr, rejectErr error
}

func (w *world) Produce(_ context.Context, records []ingest.Record) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.produceErr == nil {
		w.records = append(w.records, records...)
	}
	return w.produceErr
}

func (w *world) Reject(_ context.Context, rejected []Rejected) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	size := 0
	for _, r := range rejected {
		size += len(r.Original)
	}
	w.mostRejects, w.mostOriginals = max(w.mostRejects, len(rejected)), max(w.mostOriginals, size)
	if w.rejectErr == nil {
		w.rejected = append(w.rejected, rejected...)
	}
	return w.rejectErr
}

// Known: meters whose id starts with E.
func (w *world) Known(meter string) bool { return strings.HasPrefix(meter, "E") }

// Compatible: they are meters of electricity.
func (w *world) Compatible(meter string, unit schema.Unit, _ schema.Kind) (schema.Code, string) {
	if _, ok := unit.In(schema.KilowattHour); ok || unit == schema.UnitNone {
		return schema.Accepted, ""
	}
	return schema.IncompatibleUnit, "unit: got " + unit.String() + " of " + meter + ", want a unit of energy"
}

func (w *world) Readings(source Source, code schema.Code, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.counts == nil {
		w.counts = map[Source]map[schema.Code]int{FromReadings: {}, FromWrite: {}, FromMQTT: {}}
	}
	w.counts[source][code] += n
}

func (w *world) Unmapped(_ Source, fields int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.unmapped += fields
}

func (w *world) Refused(_ Source, status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refused == nil {
		w.refused = map[int]int{}
	}
	w.refused[status]++
}

func (w *world) config() Config {
	return Config{
		Producer: w, Registry: w, Rejects: w, Telemetry: w, Partitions: partitions,
		Now: func() schema.Instant { return received },
	}
}

func open(t testing.TB, config Config) *Gateway {
	t.Helper()
	g, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// meters gives the meters of the readings on the topic, in the order of the
// records, and asserts what holds of every record.
func (w *world) meters(t testing.TB) (meters []string) {
	t.Helper()
	var d codec.Decoder
	for i, record := range w.records {
		if record.ContentType != ingest.JSON || record.Received != received || len(record.Value) > recordBytes+codec.MaxElement {
			t.Errorf("record %d: got type %s, received %v, %d bytes", i, record.ContentType, record.Received, len(record.Value))
		}
		d.Reset(codec.Format{Encoding: codec.JSON}, record.Value, record.Received)
		seen := map[string]bool{}
		for d.Next() {
			if r := d.Rejection(); r != nil {
				t.Fatalf("record %d: holds what is %s: %s", i, r.Code, r.Detail)
			}
			meter := string(d.Scanned().Meter)
			if p := ingest.PartitionOf(meter, partitions); p != record.Partition {
				t.Errorf("record %d: holds meter %s of partition %d, want %d", i, meter, p, record.Partition)
			}
			seen[meter] = true
			meters = append(meters, meter)
		}
		if len(seen) == 1 != seen[string(record.Key)] {
			t.Errorf("record %d: got key %s for %d meters", i, record.Key, len(seen))
		}
	}
	return meters
}

// post sends a body with headers given as name, value, name, value, ...
func post(handler http.Handler, target string, body []byte, headers ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, target, bytes.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	return response
}

// reading writes one element of a JSON body.
func reading(meter, more string) string {
	return `{"meter":"` + meter + `","time":"2024-05-01T00:00:00Z","value":1` + more + `}`
}
