package books_test

import (
	"testing"
	"time"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// A year of quarter hours of one register behind a transformer, judged at once, as
// questions about a building's hours do.
func BenchmarkJudge_Year(b *testing.B) {
	const readings = 365 * 96
	m := &books.Meter{
		Zone: calendar.NewZone(time.FixedZone("", 8*3600)), Multiplier: schema.Ratio{Num: 40, Den: 1},
		Eras: []books.Era{{
			From: schema.MinInstant, To: schema.MaxInstant, Kind: schema.Register, Carrier: schema.Electricity, Unit: schema.KilowattHour,
			RegisterMax: 999_999_990_000, Modulus: 1_000_000 * schema.Micro, Step: schema.Micro / 100, MaxRate: 5000 * schema.Micro,
			Interval: 15 * schema.Minute, GapLimit: 45 * schema.Minute,
		}},
	}
	points := make([]books.Point, readings)
	for i := range points {
		at := schema.Instant(i) * schema.Instant(15*schema.Minute)
		points[i] = books.Point{Time: at, Received: at + 2000, Value: schema.Quantity(i) * schema.Micro / 4, Unit: schema.KilowattHour, Kind: schema.Register}
	}
	var judged books.Judgement
	for b.Loop() {
		judged.Judge(m, points, false, schema.MaxInstant)
		if len(judged.Spans) != readings-1 {
			b.Fatalf("got %d spans, want %d", len(judged.Spans), readings-1)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/readings, "ns/reading")
}
