package store

import (
	"path/filepath"
	"testing"
	"time"

	"jouleline/bench/sim"
	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// What the quarter hours of a building's four meters cost to read, of a year of
// which 200 meters are stored: as they arrived, and settled.
func BenchmarkPoints_BuildingYear(b *testing.B) {
	const meters, days = 200, 365
	s := mustOpen(b, filepath.Join(b.TempDir(), "books"))
	defer mustClose(b, s)
	load, err := sim.NewLoad(sim.LoadConfig{Seed: 1, Meters: meters, Interval: 15 * schema.Minute, Readings: meters * days * 96})
	if err != nil {
		b.Fatal(err)
	}
	var batch posting.Batch
	var sample sim.Sample
	end := load.Config().Start
	for n := int32(0); load.Next(&sample); n++ {
		end = sample.Time
		batch.Readings = append(batch.Readings, posting.Reading{Meter: n % meters, Point: books.Point{
			Time: end, Received: sample.Received, Value: sample.Value, Unit: schema.KilowattHour, Kind: schema.Register,
		}})
		if len(batch.Readings) == 250_000 {
			mustPost(b, s, &batch)
			batch.Readings = batch.Readings[:0]
		}
	}
	mustPost(b, s, &batch)
	ask := func(b *testing.B) {
		for n := int32(0); b.Loop(); n++ {
			var stretches []posting.Stretch
			for m := range int32(4) {
				stretches = append(stretches, posting.Stretch{Meter: (4*n + m) % meters, From: load.Config().Start, To: end})
			}
			got, err := s.Points(b.Context(), stretches, 0)
			if err != nil || len(got) < 4*(days-1)*96 {
				b.Fatalf("got %d readings, %v", len(got), err)
			}
		}
	}
	b.Run("arrived", ask)
	settleAll(b, s, schema.DayOf(2026, 1, 1))
	b.Run("settled", ask)
	b.Run("by_quarters", func(b *testing.B) { byQuarters(b, s, load.Config().Start, end) })
}

// byQuarters judges a building's readings and cuts them into quarter hours.
func byQuarters(b *testing.B, s *Store, from, to schema.Instant) {
	zone := calendar.NewZone(time.FixedZone("", 8*3600))
	buckets, err := zone.Buckets(from, to, calendar.QuarterHour, 1_000_000)
	if err != nil {
		b.Fatal(err)
	}
	facts := &books.Meter{Zone: zone, Multiplier: schema.Ratio{Num: 1, Den: 1}, Eras: []books.Era{{
		From: schema.MinInstant, To: schema.MaxInstant, Kind: schema.Register, Carrier: schema.Electricity, Unit: schema.KilowattHour,
		Interval: 15 * schema.Minute,
	}}}
	q := consumption.Query{Places: 1, Buckets: buckets, Zone: zone, Step: calendar.QuarterHour, Now: to + 1}
	for m := range int32(4) {
		q.Members = append(q.Members, consumption.Member{Number: m, Facts: facts, Counts: []schema.Validity{schema.Open}})
	}
	for b.Loop() {
		series, err := consumption.Read(b.Context(), s, q)
		if err != nil {
			b.Fatal(err)
		}
		if sum, err := series.Amounts(len(buckets)/2, 0); err != nil || sum.Quantity == 0 {
			b.Fatalf("got %v, %v", sum, err)
		}
	}
}
