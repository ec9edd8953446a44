package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/arrow"
	"jouleline/schema/codec"
)

// encoded is a body with what it is.
type encoded struct {
	name, contentType string
	body              []byte
}

// inEveryEncoding writes the same readings in each encoding of the contract.
func inEveryEncoding(t testing.TB, readings []schema.Reading) []encoded {
	t.Helper()
	var ndjson, line []byte
	rows := codec.AppendCSVHeader(nil)
	var stream bytes.Buffer
	columns := arrow.NewEncoder(&stream)
	for i := range readings {
		r := &readings[i]
		ndjson, rows = codec.AppendJSON(ndjson, r), codec.AppendCSV(rows, r)
		var err error
		if line, err = codec.AppendLine(line, r, codec.Nanoseconds); err != nil {
			t.Fatal(err)
		}
		if err := columns.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := columns.Close(); err != nil {
		t.Fatal(err)
	}
	return []encoded{
		{"json", ingest.JSON, ndjson},
		{"csv", "text/csv", rows},
		{"line", ingest.LineProtocol, line},
		{"arrow", ingest.ArrowStream, stream.Bytes()},
	}
}

// exampleAsReadings gives the readings of the example world, and one of a unit
// that its meter cannot have.
func exampleAsReadings(t testing.TB) (readings []schema.Reading) {
	t.Helper()
	var d codec.Decoder
	d.Reset(codec.Format{Encoding: codec.JSON}, []byte(strings.Join(exampleReadings, "\n")), schema.MaxInstant)
	for d.Next() {
		if r := d.Rejection(); r != nil {
			t.Fatalf("got %s: %s", r.Code, r.Detail)
		}
		readings = append(readings, d.Scanned().Owned())
	}
	odd := readings[0]
	odd.Unit = schema.CubicMetre
	return append(readings, odd)
}

// The same readings in any encoding, pushed or produced to Kafka, end in the same
// books, and the one that is rejected is kept so that it can be read and offered
// once more.
func TestEncodings_IdenticalBooks(t *testing.T) {
	want := ""
	check := func(t *testing.T, s *testServer, e encoded) {
		t.Helper()
		s.settle()
		checkExample(t, s)
		got := everything(t, s.store, 1)
		if want == "" {
			want = got
		}
		if got != want || got == "" {
			t.Errorf("other books:\n%s", unlike(got, want))
		}
		kept := rejectedRows(t, s)
		if len(kept) != 1 || kept[0].Code != schema.IncompatibleUnit {
			t.Fatalf("got the rejected rows %+v, want one of an incompatible unit", kept)
		}
		if strings.HasPrefix(e.contentType, "text/csv") {
			return // a row of CSV means nothing without its header
		}
		body := strings.NewReader(`{}`)
		if _, err := s.send(t.Context(), http.MethodPost, "/api/v1/replay", "application/json", body); err != nil {
			t.Fatal(err)
		}
		s.settle()
		again := rejectedRows(t, s)
		if len(again) != 2 || again[1].Code != kept[0].Code || again[1].Original != kept[0].Original {
			t.Errorf("got %+v after a replay, want %+v twice", again, kept[0])
		}
	}
	for _, e := range inEveryEncoding(t, exampleAsReadings(t)) {
		t.Run("pushed/"+e.name, func(t *testing.T) {
			s := mustServe(t, t.TempDir())
			s.importFolder(exampleRegistry)
			if e.contentType == ingest.LineProtocol {
				if answer := s.write(e.body, http.StatusBadRequest); !strings.Contains(answer, "1 of 8 lines rejected") {
					t.Fatalf("got %s, want one line of eight rejected", answer)
				}
			} else if v := s.push(e.contentType, e.body); v.Accepted != 7 || len(v.Rejected) != 1 {
				t.Fatalf("got %+v, want seven accepted and one rejected", v)
			}
			check(t, s, e)
		})
		t.Run("produced/"+e.name, func(t *testing.T) {
			s := mustServe(t, t.TempDir())
			s.importFolder(exampleRegistry)
			record := ingest.Record{Partition: ingest.PartitionOf("E1", 4), Key: []byte("E1"), Value: e.body, ContentType: e.contentType}
			if err := s.producer.Produce(t.Context(), []ingest.Record{record}); err != nil {
				t.Fatal(err)
			}
			check(t, s, e)
		})
	}
}

// write posts line protocol of nanoseconds and gives the answer's body.
func (s *testServer) write(lines []byte, status int) string {
	s.t.Helper()
	answer, err := http.Post(s.Server+"/api/v2/write", ingest.LineProtocol, bytes.NewReader(lines))
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != status {
		s.t.Fatalf("write: got %s %s, %v, want %d", answer.Status, body, err, status)
	}
	return string(body)
}

// rejectedRow is a row of /api/v1/rejected.
type rejectedRow struct {
	Code             schema.Code
	Detail, Original string
}

func rejectedRows(t testing.TB, s *testServer) []rejectedRow {
	t.Helper()
	body, err := s.get(t.Context(), "/api/v1/rejected", nil, "application/json")
	if err != nil {
		t.Fatal(err)
	}
	var page struct{ Rejected []rejectedRow }
	if err := json.Unmarshal(body, &page); err != nil {
		t.Fatal(err)
	}
	return page.Rejected
}
