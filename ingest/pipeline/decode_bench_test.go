package pipeline

import (
	"bytes"
	"fmt"
	"testing"

	"jouleline/ingest"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/arrow"
	"jouleline/schema/codec"
	"jouleline/schema/registry"
)

// benchWorld has a thousand meters of electricity.
func benchWorld(b *testing.B) *World {
	b.Helper()
	meters := []byte("id,building,carrier,kind,unit,interval\n")
	for i := range 1000 {
		meters = fmt.Appendf(meters, "E370102-%05d,B1,electricity,register,kWh,PT15M\n", i)
	}
	reg, err := registry.Build(registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,x,\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nI1,x,education,370000\n"),
		registry.BuildingsFile:    []byte("id,institution,name\nB1,I1,b\n"),
		registry.MetersFile:       meters,
	}, registry.Options{})
	if err != nil {
		b.Fatal(err)
	}
	world, _ := newBuilder(&posting.Start{}).build(reg)
	return world
}

// BenchmarkDecode decodes records of 1,000 readings of as many meters, from
// their bytes to readings of numbered meters.
func BenchmarkDecode(b *testing.B) {
	const readings = 1000
	const at = schema.Instant(1714521600000)
	var ndjson, line []byte
	var stream bytes.Buffer
	columns := arrow.NewEncoder(&stream)
	for i := range readings {
		r := schema.Reading{Meter: fmt.Sprintf("E370102-%05d", i), Time: at, Value: schema.Quantity(i)*137*schema.Micro + 250_000}
		ndjson = codec.AppendJSON(ndjson, &r)
		var err error
		if line, err = codec.AppendLine(line, &r, codec.Nanoseconds); err != nil {
			b.Fatal(err)
		}
		if err := columns.Encode(&r); err != nil {
			b.Fatal(err)
		}
	}
	if err := columns.Close(); err != nil {
		b.Fatal(err)
	}
	world := benchWorld(b)
	f := func(name, contentType string, value []byte) {
		b.Run(name, func(b *testing.B) {
			d := decoder{world: world}
			r := ingest.Record{Value: value, ContentType: contentType, Received: at}
			var c chunk
			b.SetBytes(int64(len(value)))
			b.ReportAllocs()
			for b.Loop() {
				c.readings = c.readings[:0]
				d.decode(&c, &r)
			}
			if len(c.readings) != readings {
				b.Fatalf("got %d readings, %d parked, %d rejected", len(c.readings), len(c.parked), len(c.rejected))
			}
			b.ReportMetric(float64(b.N)*readings/b.Elapsed().Seconds(), "readings/s")
		})
	}
	f("json", ingest.JSON, ndjson)
	f("line", ingest.LineProtocol, line)
	f("arrow", ingest.ArrowStream, stream.Bytes())
}
