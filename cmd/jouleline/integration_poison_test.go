//go:build integration && linux

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"jouleline/bench/chance"
	"jouleline/ingest"
)

// What no gateway sent stands between good readings of every partition: nothing
// stops, the good is booked, the bad is kept with its reason.
func integratePoison(t *testing.T, n *node) {
	s := mustServeWith(t, onCluster(t, n), os.Stderr)
	s.importFolder(exampleRegistry)
	random := chance.Random(t)
	gateway := newClimber(t)
	noise := func(size int) []byte {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	typed := func(contentType string, value []byte) *kgo.Record {
		return &kgo.Record{Key: []byte("E1"), Value: value, Headers: []kgo.RecordHeader{{Key: ingest.HeaderContentType, Value: []byte(contentType)}}}
	}
	poison := []*kgo.Record{
		{},
		{Key: noise(10), Value: noise(100)},
		{Value: []byte("{")},
		{Value: []byte(`{"meter":"E1","time":"yesterday","value":1}`)},
		{Value: []byte(`{"meter":"E1","time":"2023-01-01T00:30:00Z","value":"NaN"}`)},
		{Value: []byte(strings.Repeat("[", 100_000))},
		typed(ingest.JSON, noise(1000)),
		typed(ingest.LineProtocol, noise(1000)),
		typed(ingest.LineProtocol, []byte("m,meter=E1 value=x 1")),
		typed(ingest.ArrowStream, noise(1000)),
		typed(ingest.ArrowStream, append([]byte{0xff, 0xff, 0xff, 0xff, 0xf0, 0xff, 0xff, 0x7f}, noise(492)...)),
		typed(ingest.RejectedJSON, noise(1000)),
		typed(ingest.RejectedJSON, []byte(`[{"original":17}]`)),
		typed("image/png", noise(1000)),
		typed("application/json; charset=utf-16", []byte(reading(1))),
		typed(ingest.JSON, noise(900_000)),
		typed(ingest.LineProtocol, bytes.Repeat([]byte("a"), 900_000)),
		{Value: noise(10), Headers: []kgo.RecordHeader{{Key: ingest.HeaderReceived, Value: []byte("now")}, {Key: "", Value: noise(10)}}},
	}
	bad := 0
	for partition := range 4 {
		for _, i := range random.Perm(len(poison)) {
			harm := *poison[i]
			harm.Partition = int32(partition)
			n.produce(&harm)
			bad++
		}
		for range 10 {
			gateway.mustPush(t, s.Remote)
		}
	}
	s.settle()
	gateway.check(t, s.Remote)
	var page struct {
		Rejected []struct {
			Code, Detail string
			Offset       int64
		} `json:"rejected"`
	}
	body, err := s.get(t.Context(), "/api/v1/rejected", map[string][]string{"limit": {"1000"}}, "application/json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &page); err != nil {
		t.Fatal(err)
	}
	codes := map[string]int{}
	for _, r := range page.Rejected {
		codes[r.Code]++
		if r.Code == "" || r.Detail == "" {
			t.Errorf("offset %d was rejected with code %q and detail %q, want both", r.Offset, r.Code, r.Detail)
		}
	}
	t.Logf("%d poisonous records, %d rejected rows: %v", bad, len(page.Rejected), codes)
	// The empty value holds nothing to reject; the rest leaves a row at least.
	if want := bad - 4; len(page.Rejected) < want {
		t.Errorf("got %d rejected rows, want %d or more", len(page.Rejected), want)
	}
}
