package store

import (
	"math/rand/v2"
	"slices"
	"testing"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// sortPlainly is what SortReadings must equal.
func sortPlainly(readings []posting.Reading) {
	slices.SortFunc(readings, func(a, b posting.Reading) int {
		if a.Meter != b.Meter {
			return int(a.Meter) - int(b.Meter)
		}
		return books.Compare(&a.Point, &b.Point)
	})
}

// window makes what a batch with late readings looks up: 5,000 meters, 25
// readings each, in order of time.
func window() []posting.Reading {
	random := rand.New(rand.NewPCG(1, 1))
	var readings []posting.Reading
	for step := range 25 {
		for meter := range int32(5000) {
			r := randomReading(random, 1)
			r.Meter, r.Time = meter*3, schema.Instant(step)*900_000+r.Time%900_000
			readings = append(readings, r)
		}
	}
	return readings
}

func BenchmarkSortReadings(b *testing.B) {
	for _, way := range []struct {
		name string
		sort func([]posting.Reading)
	}{{"dealt", SortReadings}, {"plain", sortPlainly}} {
		b.Run(way.name, func(b *testing.B) {
			all := window()
			some := make([]posting.Reading, len(all))
			for b.Loop() {
				copy(some, all)
				way.sort(some)
			}
		})
	}
}

func TestSortReadings_EqualsThePlainSort(t *testing.T) {
	a := window()
	b := slices.Clone(a)
	SortReadings(a)
	sortPlainly(b)
	if !slices.Equal(a, b) {
		t.Error("the orders differ")
	}
}
