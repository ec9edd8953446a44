package gateway

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"

	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/arrow"
	"jouleline/schema/codec"
)

// stream writes an Arrow stream of one reading for each meter.
func stream(t testing.TB, meters ...string) []byte {
	t.Helper()
	var body bytes.Buffer
	out := arrow.NewEncoder(&body)
	for _, meter := range meters {
		r := schema.Reading{Meter: meter, Time: received, Value: 1500000}
		if meter == "E9" {
			r.Unit = schema.CubicMetre
		}
		if err := out.Encode(&r); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return body.Bytes()
}

func TestReadings_ArrowVerdictForEach(t *testing.T) {
	body := stream(t, "E1", "X1", "E9", "E2")
	f := func(body []byte, headers ...string) {
		t.Helper()
		w := new(world)
		got := post(open(t, w.config()).Readings(), "/", body, headers...)
		want := `{"accepted":2,"parked":[{"index":1,"meter":"X1"}],"rejected":[{"index":2,"code":"incompatible_unit","detail":"unit: got m3 of E9, want a unit of energy"}]}`
		if got.Code != http.StatusOK || strings.TrimSpace(got.Body.String()) != want {
			t.Fatalf("%v: got %d %s\nwant %s", headers, got.Code, got.Body, want)
		}
		meters := w.meters(t)
		if slices.Sort(meters); !slices.Equal(meters, []string{"E1", "E2", "X1"}) {
			t.Errorf("%v: got the meters %v on the topic", headers, meters)
		}
		if len(w.rejected) != 1 {
			t.Fatalf("%v: got %d rejected, want 1", headers, len(w.rejected))
		}
		// What is kept of the row is read as the same reading once more.
		var d codec.Decoder
		d.Reset(codec.Sniff(w.rejected[0].Original, codec.Line), w.rejected[0].Original, received)
		if !d.Next() || d.Rejection() != nil {
			t.Fatalf("%v: the original %q cannot be read", headers, w.rejected[0].Original)
		}
		want9 := schema.Reading{Meter: "E9", Time: received, Value: 1500000, Unit: schema.CubicMetre}
		if r := d.Scanned().Owned(); r != want9 || d.Next() {
			t.Errorf("%v: got the original %+v, want %+v", headers, r, want9)
		}
	}
	f(body, "Content-Type", ingest.ArrowStream)
	f(body, "Content-Type", ingest.ArrowStream+"; codecs=none")
	f(body) // told by its first bytes
	f(packGzip(t, body), "Content-Type", ingest.ArrowStream, "Content-Encoding", "gzip")
	f(packZstd(t, body), "Content-Type", ingest.ArrowStream, "Content-Encoding", "zstd")
}

// A stream that is cut off keeps its good rows; one that holds none is refused.
func TestReadings_ArrowDamaged(t *testing.T) {
	body := stream(t, "E1", "E2")
	w := new(world)
	got := post(open(t, w.config()).Readings(), "/", append(body, "more"...), "Content-Type", ingest.ArrowStream)
	var verdicts Verdicts
	if err := json.Unmarshal(got.Body.Bytes(), &verdicts); err != nil || got.Code != http.StatusOK {
		t.Fatalf("got %d %s", got.Code, got.Body)
	}
	if verdicts.Accepted != 2 || len(verdicts.Rejected) != 1 || verdicts.Rejected[0].Index != 2 || verdicts.Rejected[0].Code != schema.Malformed {
		t.Errorf("got %+v, want two accepted and the rest malformed", verdicts)
	}
	w = new(world)
	if got := post(open(t, w.config()).Readings(), "/", body[:100], "Content-Type", ingest.ArrowStream); got.Code != http.StatusBadRequest {
		t.Errorf("got %d %s, want 400", got.Code, got.Body)
	}
}

// TestReadings_ForgedArrow pushes streams of which each length, offset and count
// was made huge in turn. None may take memory beyond a few megabytes, nor give
// an answer that another body would not.
func TestReadings_ForgedArrow(t *testing.T) {
	good := stream(t, "E1", "X1")
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	most := uint64(0)
	for at := 0; at+8 <= len(good); at += 4 {
		for _, forgery := range []uint64{0x7fffffff, 0xffffffff, 1 << 40, 1<<63 - 1} {
			body := bytes.Clone(good)
			if forgery > 1<<32 {
				binary.LittleEndian.PutUint64(body[at:], forgery)
			} else {
				binary.LittleEndian.PutUint32(body[at:], uint32(forgery))
			}
			w := new(world)
			handler := open(t, w.config()).Readings()
			metrics.Read(sample)
			before := sample[0].Value.Uint64()
			got := post(handler, "/", body, "Content-Type", ingest.ArrowStream)
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64()-before)
			checkAnswer(t, w, got.Code, got.Body.Bytes())
		}
	}
	if most > 4<<20 {
		t.Errorf("a body of %d bytes took %d bytes of memory, want at most 4 MiB", len(good), most)
	}
}
