package kafka

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"testing"

	"github.com/segmentio/kafka-go/compress"

	"jouleline/bench/chance"
	"jouleline/schema"
)

func packed(t testing.TB, codec compress.Compression, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := codec.Codec().NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestDecoder_Codecs(t *testing.T) {
	var d decoder
	for codec := compress.None; codec <= compress.Zstd; codec++ {
		var records, answer []byte
		for i := range 3000 {
			records = wireRecord(records, int64(i), 0, nil, fmt.Appendf(nil, "value %d", i))
		}
		if codec != compress.None {
			records = packed(t, codec, records)
		}
		// Several batches: each unpacks behind the other.
		for i := range int64(4) {
			answer = append(answer, wireBatch(3000*i, int16(codec), 2999, 3000, records)...)
		}
		for range 2 { // the second time in memory that was used before
			d.reset(0)
			if err := d.decode(answer, new(transactions), false); err != nil {
				t.Fatal(err)
			}
			if len(d.records) != 12_000 || d.next != 12_000 {
				t.Fatalf("%s: got %d records, next %d; want 12000", codec, len(d.records), d.next)
			}
			for i, r := range d.records {
				if want := fmt.Sprintf("value %d", i%3000); r.Offset != int64(i) || string(r.Value) != want {
					t.Fatalf("%s: offset %d: got %d %q, want %q", codec, i, r.Offset, r.Value, want)
				}
			}
		}
	}
}

func TestDecoder_ABatchMayNotUnpackToEverything(t *testing.T) {
	var bomb bytes.Buffer
	w, err := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for n := 0; n <= maxDecompressed; n += len(zeros) {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var d decoder
	if err := d.decode(wireBatch(0, int16(compress.Gzip), 0, 1, bomb.Bytes()), new(transactions), false); err != nil {
		t.Fatal(err)
	}
	if len(d.records) != 1 || d.records[0].ContentType != Damaged {
		t.Fatalf("got %d records, want one damaged", len(d.records))
	}
}

func TestDecoder_Times(t *testing.T) {
	records := wireRecord(wireRecord(nil, 0, 0, nil, nil), 1, 500, nil, nil)
	f := func(attributes int16, want ...schema.Instant) {
		t.Helper()
		var d decoder
		if err := d.decode(wireBatch(0, attributes, 1, 2, records), new(transactions), false); err != nil {
			t.Fatal(err)
		}
		for i, w := range want {
			if d.records[i].Appended != w {
				t.Errorf("attributes %x: record %d: got %d, want %d", attributes, i, d.records[i].Appended, w)
			}
		}
	}
	f(0, 1000, 1500)
	f(attributeAppendTime, 2000, 2000)
}

func TestHeaders_Read(t *testing.T) {
	var h headers
	f := func(contentType string, received schema.Instant, fields ...string) {
		t.Helper()
		record := wireRecord(nil, 0, 0, nil, nil, fields...)
		r, _, err := parseRecord(record)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time remembered
			gotType, gotTime := h.read(r.headers)
			if gotType != contentType || gotTime != received {
				t.Errorf("%q: got %q %d, want %q %d", fields, gotType, gotTime, contentType, received)
			}
		}
	}
	f("", 0)
	f("application/json", 0, "content-type", "application/json")
	f("a/b", 0, "content-type", "a/b")
	f("c/d", 0, "content-type", "a/b", "content-type", "c/d")
	f("text/plain", 1714522530123, "traceparent", "00-1-2-3", "content-type", "text/plain", "received", "2024-05-01T00:15:30.123Z")
	f("", 1714522530124, "received", "2024-05-01T00:15:30.124Z")
	f("", 1714522559999, "received", "2024-05-01T00:15:59.999Z")
	f("", 1714522560000, "received", "2024-05-01T00:16:00.000Z")
	f("", 1714522560000, "received", "2024-05-01T08:16:00+08:00")
	f("", 0, "received", "2024-05-01T00:16:60.000Z")
	f("", 0, "received", "2024-05-01T00:16:0x.000Z")
	f("", 0, "received", "yesterday")
	f("", 0, "received", "")
	f("", -500, "received", "1969-12-31T23:59:59.500Z")
	f("", -400, "received", "1969-12-31T23:59:59.600Z")
	f("", 0, "Received", "2024-05-01T00:16:00.000Z") // keys are exact
}

func TestHeaders_RememberedTimesAreParsedTimes(t *testing.T) {
	random := chance.Random(t)
	var h headers
	at := schema.Instant(1_714_522_530_123)
	for range 20_000 {
		at += schema.Instant(random.Int64N(30_000) - 14_000)
		if got := h.instant(stamp(at)); got != at {
			t.Fatalf("%s: got %d, want %d", stamp(at), got, at)
		}
	}
}

// FuzzDecoder holds that any answer of a broker gives records in order of their
// offsets, from the wanted one on, and no panic; and the same ones a second time.
func FuzzDecoder(f *testing.F) {
	f.Add(rowBatch(0, 3), int64(0), true)
	f.Add(append(rowBatch(5, 3), rowBatch(8, 2)...), int64(6), false)
	f.Add(wireBatch(0, 0, 2, 3, []byte{0xff}), int64(0), true)
	f.Add(wireBatch(0, attributeControl|attributeTransaction, 0, 1, wireRecord(nil, 0, 0, []byte{0, 0, 0, 1}, nil)), int64(0), true)
	for codec := compress.Gzip; codec <= compress.Zstd; codec++ {
		f.Add(wireBatch(0, int16(codec), 0, 1, packed(f, codec, wireRecord(nil, 0, 0, []byte("k"), []byte("v"), "received", "2024-05-01T00:16:00.000Z"))), int64(0), true)
	}
	f.Fuzz(func(t *testing.T, answer []byte, from int64, lenient bool) {
		if from < 0 {
			from = 0
		}
		// A fuzzer does not find checksums: give each batch its own.
		for b := answer; ; {
			batch, err := parseBatch(b)
			if err != nil {
				break
			}
			sum(batch.raw)
			b = b[len(batch.raw):]
		}
		var d decoder
		d.reset(from)
		_ = d.decode(answer, &transactions{pending: []abort{{producer: 1, first: 2}}}, lenient)
		if d.next < from {
			t.Fatalf("went back from %d to %d", from, d.next)
		}
		first := clone(d.records)
		next := from
		for _, r := range first {
			if r.Offset < next && (r.ContentType != Damaged || r.Offset != next-1) || r.Offset >= d.next {
				t.Fatalf("got offset %d, want %d to %d", r.Offset, next, d.next)
			}
			next = r.Offset + 1
		}
		end := d.next
		d.reset(from)
		_ = d.decode(answer, &transactions{pending: []abort{{producer: 1, first: 2}}}, lenient)
		if d.next != end || fmt.Sprint(clone(d.records)) != fmt.Sprint(first) {
			t.Fatalf("got other records the second time")
		}
	})
}
