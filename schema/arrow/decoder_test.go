package arrow

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jouleline/schema"
	"jouleline/schema/codec"
)

// received is when the readings of these tests were taken in.
var received = instantOf("2024-05-01T01:00:00Z")

func instantOf(text string) schema.Instant {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return schema.InstantOf(t)
}

// show writes the elements of a body, one a line: a good reading as its JSON, a
// rejection as "!code detail".
func show(body []byte) string {
	var d Decoder
	var out strings.Builder
	for d.Reset(body, received); d.Next(); {
		if r := d.Rejection(); r != nil {
			fmt.Fprintf(&out, "!%s %s\n", r.Code, r.Detail)
			continue
		}
		r := d.Scanned().Owned()
		out.Write(codec.AppendJSON(nil, &r))
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", name+".arrows"))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// checkElements asserts what holds of every body, and gives the good readings.
func checkElements(t testing.TB, body []byte) (good []schema.Reading, bad []codec.Rejection) {
	t.Helper()
	var d Decoder
	d.Reset(body, received)
	for index := 0; d.Next(); index++ {
		if r := d.Rejection(); r != nil {
			if d.Scanned() != nil {
				t.Fatalf("row %d: is scanned and rejected", index)
			}
			if r.Index != index || r.Code == schema.Accepted || r.Detail == "" || len(r.Detail) > 1000 {
				t.Fatalf("row %d: got rejection %+v", index, r)
			}
			if r.Offset < 0 || r.Offset > len(body) || len(r.Original) > codec.MaxElement {
				t.Fatalf("row %d: got an original of %d bytes at %d of %d", index, len(r.Original), r.Offset, len(body))
			}
			bad = append(bad, *r)
			continue
		}
		s := d.Scanned()
		if s.Index != index || s.Reading.Meter != "" {
			t.Fatalf("row %d: got %+v", index, s)
		}
		if code, detail := codec.CheckMeter(s.Meter); code != schema.Accepted {
			t.Fatalf("row %d: meter: %s", index, detail)
		}
		if code, detail := codec.Validate(&s.Reading, received); code != schema.Accepted {
			t.Fatalf("row %d: %s", index, detail)
		}
		good = append(good, s.Owned())
	}
	if d.Next() {
		t.Fatal("there is a row behind the end")
	}
	return good, bad
}

const asDecimals = `{"meter":"370102-0007-E01","time":"2024-04-30T00:15:00Z","value":123456.7,"unit":"kWh","kind":"register"}
{"meter":"一号楼-W1","time":"2024-04-30T00:30:00Z","value":-0.000001,"start":"2024-04-30T00:15:00Z","unit":"m3","kind":"delta","revision":3}
{"meter":"370102-0007-E01","time":"2024-04-30T00:45:00Z","value":0.1}
{"meter":"E-very-long-meter-name-03","time":"2024-04-30T01:00:00Z","value":999999999999.999999,"unit":"kWh"}
{"meter":"E4","time":"2024-04-30T01:15:00Z","value":0,"unit":"kWh","kind":"register","revision":1,"deleted":true}
{"meter":"E5","time":"2024-04-30T01:30:00Z","value":7,"start":"2024-04-30T01:15:00Z","unit":"GJ","kind":"bill","revision":2}`

// TestDecoder_ReadsWhatOthersWrite reads streams of other programs, whose
// readings were written down independently.
func TestDecoder_ReadsWhatOthersWrite(t *testing.T) {
	f := func(name, want string) {
		t.Helper()
		if got := show(file(t, name)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
	asFloats := strings.Replace(asDecimals, "999999999999.999999", "1000000000000", 1) // the nearest float
	f("pyarrow-decimal", asDecimals)
	f("pyarrow-batches", asDecimals)
	f("pyarrow-float", asFloats)
	f("pyarrow-v4", asFloats)
	f("pyarrow-legacy", asFloats)
	f("polars-view", asFloats)
	f("polars-categorical", asFloats)
	f("pyarrow-deltas", `{"meter":"M0a","time":"2024-04-30T00:15:00Z","value":0.25}
{"meter":"M0b","time":"2024-04-30T00:30:00Z","value":0.5}
{"meter":"M0a","time":"2024-04-30T00:45:00Z","value":1.25}
{"meter":"M1b","time":"2024-04-30T01:00:00Z","value":1.5}
{"meter":"M0a","time":"2024-04-30T01:15:00Z","value":2.25}
{"meter":"M2b","time":"2024-04-30T01:30:00Z","value":2.5}`)
}

func TestDecoder_PackedInsideIsRefused(t *testing.T) {
	for _, name := range []string{"pyarrow-zstd", "pyarrow-lz4"} {
		if got := show(file(t, name)); !strings.HasPrefix(got, "!malformed ") || !strings.Contains(got, "pack the whole body") || strings.Contains(got, "\n") {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

// TestDecoder_CutStreamKeepsWholeBatches cuts a stream of three batches at every
// byte: the rows of whole batches are there, the rest is one rejection.
func TestDecoder_CutStreamKeepsWholeBatches(t *testing.T) {
	body := file(t, "pyarrow-batches")
	whole, _ := checkElements(t, body)
	seen := map[int]int{}
	for n := range body {
		good, bad := checkElements(t, body[:n])
		if len(good)%2 != 0 || len(good) > 6 || len(bad) > 1 {
			t.Fatalf("cut at byte %d: got %d readings and %d rejections", n, len(good), len(bad))
		}
		for i, r := range good {
			if r != whole[i] {
				t.Fatalf("cut at byte %d: got %+v, want %+v", n, r, whole[i])
			}
		}
		seen[len(good)]++
	}
	if len(seen) != 4 {
		t.Errorf("got cuts with %v readings, want some with 0, 2, 4 and 6", seen)
	}
}

func TestDecoder_WrongStreams(t *testing.T) {
	good := file(t, "pyarrow-float")
	end := bytes.LastIndex(good, []byte("\xff\xff\xff\xff\x00\x00\x00\x00"))
	if end < 0 {
		t.Fatal("the stream does not end as it should")
	}
	f := func(body []byte, readings int, want string) {
		t.Helper()
		got, bad := checkElements(t, body)
		switch {
		case len(got) != readings:
			t.Errorf("got %d readings, want %d", len(got), readings)
		case want == "" && len(bad) > 0:
			t.Errorf("got %s, want none rejected", bad[0].Detail)
		case want != "" && (len(bad) != 1 || bad[0].Code != schema.Malformed || !strings.Contains(bad[0].Detail, want)):
			t.Errorf("got %+v, want one malformed with %q", bad, want)
		}
	}
	f(good, 6, "")
	f(good[:end], 6, "") // the mark of the end may be missing
	f(nil, 0, "got no schema")
	f(good[end:], 0, "got no schema")
	f([]byte("ARROW1\x00\x00"), 0, "got an Arrow file")
	f([]byte(`{"readings":[]}`), 0, "metadata of")
	f(append(bytes.Clone(good), good...), 6, "behind the end of the stream")
	f(append(bytes.Clone(good[:end]), good...), 6, "got a second schema")
	f(bytes.Repeat([]byte{0xff}, 500), 0, "metadata of 4294967295 bytes where 492 are left")
	f(append([]byte("\xff\xff\xff\xff\x10\x00\x00\x00"), make([]byte, 16)...), 0, "is damaged")
}

// TestDecoder_IsUsedAgain decodes different streams by one decoder.
func TestDecoder_IsUsedAgain(t *testing.T) {
	var d Decoder
	for _, name := range []string{"polars-view", "pyarrow-decimal", "pyarrow-lz4", "pyarrow-deltas", "pyarrow-float", "polars-view"} {
		body := file(t, name)
		want, _ := checkElements(t, body)
		d.Reset(body, received)
		for i := 0; d.Next(); i++ {
			if s := d.Scanned(); s != nil && s.Owned() != want[i] {
				t.Errorf("%s: row %d: got %+v, want %+v", name, i, s.Owned(), want[i])
			}
		}
	}
}
