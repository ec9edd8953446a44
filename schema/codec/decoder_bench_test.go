package codec

import (
	"fmt"
	"testing"

	"jouleline/schema"
)

// benchmarkBodies decodes one body after another, as the pipeline does with the
// messages of the topic, and reports readings per second.
func benchmarkBodies(b *testing.B, format Format, perBody int, element func(i int) string) {
	const bodies = 1000
	data := make([][]byte, bodies)
	size := 0
	for i := range data {
		if format.Encoding == CSV {
			data[i] = AppendCSVHeader(nil)
		}
		for k := range perBody {
			data[i] = append(data[i], element(i*perBody+k)...)
		}
		size += len(data[i])
	}
	var d Decoder
	var sum schema.Quantity
	b.SetBytes(int64(size / bodies))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.Reset(format, data[i%bodies], received)
		for d.Next() {
			if r := d.Rejection(); r != nil {
				b.Fatalf("%s: %s", r.Code, r.Detail)
			}
			sum += d.Scanned().Reading.Value
		}
	}
	if sum == 0 {
		b.Fatal("nothing was read")
	}
	b.ReportMetric(float64(b.N)*float64(perBody)/b.Elapsed().Seconds(), "readings/s")
}

func jsonReading(i int) string {
	return fmt.Sprintf(`{"meter":"370102-%05d-E01","time":"2024-04-30T%02d:15:00+08:00","value":%d.%02d}`+"\n", i%20000, i%24, i*137, i%90+10)
}

func jsonFullReading(i int) string {
	return fmt.Sprintf(`{"meter":"370102-%05d-E01","time":"2024-04-30T%02d:15:00+08:00","value":%d.%02d,"start":"2024-04-29T08:00:00+08:00","unit":"kWh","kind":"delta","revision":0}`+"\n", i%20000, i%24, i*137, i%90+10)
}

func lineReading(i int) string {
	return fmt.Sprintf("reading,meter=370102-%05d-E01 value=%d.%02d %d\n", i%20000, i*137, i%90+10, 1714400000+i)
}

func csvReading(i int) string {
	return fmt.Sprintf("370102-%05d-E01,2024-04-30T%02d:15:00+08:00,%d.%02d,,kWh,,,,\n", i%20000, i%24, i*137, i%90+10)
}

func BenchmarkDecode_JSONOneAMessage(b *testing.B) { benchmarkBodies(b, asJSON, 1, jsonReading) }
func BenchmarkDecode_JSONFullOneAMessage(b *testing.B) {
	benchmarkBodies(b, asJSON, 1, jsonFullReading)
}
func BenchmarkDecode_JSONHundred(b *testing.B)     { benchmarkBodies(b, asJSON, 100, jsonReading) }
func BenchmarkDecode_LineOneAMessage(b *testing.B) { benchmarkBodies(b, asLine, 1, lineReading) }
func BenchmarkDecode_LineHundred(b *testing.B)     { benchmarkBodies(b, asLine, 100, lineReading) }
func BenchmarkDecode_CSVHundred(b *testing.B)      { benchmarkBodies(b, asCSV, 100, csvReading) }

// The plain parsers, for comparison: what a body of escapes costs.
func BenchmarkDecode_JSONPlainParser(b *testing.B) {
	benchmarkBodies(b, asJSON, 1, func(i int) string { return `{"\u0078":0,` + jsonReading(i)[1:] })
}

func BenchmarkDecode_LinePlainParser(b *testing.B) {
	benchmarkBodies(b, asLine, 1, func(i int) string { return `\` + lineReading(i) })
}

func BenchmarkAppendJSON(b *testing.B) {
	r := schema.Reading{Meter: "370102-00001-E01", Time: received, Value: 123_456_700_000, Unit: schema.KilowattHour}
	var line []byte
	b.ReportAllocs()
	for b.Loop() {
		line = AppendJSON(line[:0], &r)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "readings/s")
}
