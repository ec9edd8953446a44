package gateway

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"testing"

	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/arrow"
)

// BenchmarkReadings pushes requests of 5,000 readings of as many meters, from
// the handler to a producer that does nothing.
func BenchmarkReadings(b *testing.B) {
	const readings = 5000
	var lines, ndjson, stream bytes.Buffer
	columns := arrow.NewEncoder(&stream)
	for i := range readings {
		fmt.Fprintf(&ndjson, `{"meter":"E370102-%05d","time":"2024-05-01T08:15:00+08:00","value":%d.25}`+"\n", i, i*137)
		fmt.Fprintf(&lines, "reading,meter=E370102-%05d value=%d.25 1714521600\n", i, i*137)
		r := schema.Reading{Meter: fmt.Sprintf("E370102-%05d", i), Time: received, Value: schema.Quantity(i) * 137 * schema.Micro}
		if err := columns.Encode(&r); err != nil {
			b.Fatal(err)
		}
	}
	if err := columns.Close(); err != nil {
		b.Fatal(err)
	}
	w := new(world)
	config := w.config()
	config.Producer = produceFunc(func(context.Context, []ingest.Record) error { return nil })
	g := open(b, config)
	f := func(name string, handler http.Handler, body []byte, status int, headers ...string) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if got := post(handler, "/?precision=s", body, headers...); got.Code != status {
					b.Fatalf("got %d %s", got.Code, got.Body)
				}
			}
			b.ReportMetric(float64(b.N)*readings/b.Elapsed().Seconds(), "readings/s")
		})
	}
	f("ndjson", g.Readings(), ndjson.Bytes(), http.StatusOK)
	f("line", g.Write(), lines.Bytes(), http.StatusNoContent)
	f("arrow", g.Readings(), stream.Bytes(), http.StatusOK, "Content-Type", ingest.ArrowStream)
	f("gzip", g.Readings(), packGzip(b, ndjson.Bytes()), http.StatusOK, "Content-Encoding", "gzip")
}
