package arrow

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"

	"jouleline/schema"
)

const benchRows = 10_000

func benchReadings() []schema.Reading {
	readings := make([]schema.Reading, benchRows)
	for i := range readings {
		readings[i] = schema.Reading{
			Meter: fmt.Sprintf("370102-%05d-E01", i%1000), Time: received - schema.Instant(i)*1000,
			Value: schema.Quantity(i*137_010_000 + 500_000), Unit: schema.KilowattHour, Kind: schema.Register,
		}
	}
	return readings
}

func benchmarkDecode(b *testing.B, body []byte) {
	var d Decoder
	var sum schema.Quantity
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		for d.Reset(body, received); d.Next(); {
			if r := d.Rejection(); r != nil {
				b.Fatalf("%s: %s", r.Code, r.Detail)
			}
			sum += d.Scanned().Reading.Value
		}
	}
	if sum == 0 {
		b.Fatal("nothing was read")
	}
	b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds(), "readings/s")
	b.ReportMetric(float64(len(body))/benchRows, "B/reading")
}

func BenchmarkDecode_Dictionaries(b *testing.B) { benchmarkDecode(b, encode(b, benchReadings())) }

// What most tools send: plain text and floats.
func benchmarkPlain(b *testing.B, value func(r *schema.Reading) any, as arrow.DataType) {
	columns := []col{{name: "meter", as: utf8}, {name: "time", as: micros}, {name: "value", as: as}, {name: "unit", as: utf8}, {name: "kind", as: utf8}}
	for _, r := range benchReadings() {
		for i, cell := range []any{r.Meter, arrow.Timestamp(int64(r.Time) * 1000), value(&r), r.Unit.String(), r.Kind.String()} {
			columns[i].cells = append(columns[i].cells, cell)
		}
	}
	benchmarkDecode(b, stream(b, columns...))
}

func BenchmarkDecode_Floats(b *testing.B) {
	benchmarkPlain(b, func(r *schema.Reading) any { return r.Value.Float64() }, double)
}

// Floats of more than six decimals take the way through their text.
func BenchmarkDecode_LongFloats(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	benchmarkPlain(b, func(*schema.Reading) any { return random.Float64() * 1e6 }, double)
}

func BenchmarkEncode(b *testing.B) {
	readings := benchReadings()
	b.ReportAllocs()
	for b.Loop() {
		e := NewEncoder(io.Discard)
		for i := range readings {
			if err := e.Encode(&readings[i]); err != nil {
				b.Fatal(err)
			}
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds(), "readings/s")
}

func BenchmarkWriteTable(b *testing.B) {
	table := Table{
		Columns: []Column{{Name: "region", Type: Text}, {Name: "start", Type: Time}, {Name: "quantity", Type: Decimal}, {Name: "coverage", Type: Float}},
		Rows: func(yield func([]any) bool) {
			for i := range benchRows {
				if !yield([]any{"370102", received.Time(), schema.Quantity(i), 0.5}) {
					return
				}
			}
		},
	}
	var body bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		body.Reset()
		if err := WriteTable(&body, table); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds(), "rows/s")
}
