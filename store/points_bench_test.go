package store

import (
	"math/rand/v2"
	"slices"
	"testing"

	"jouleline/bench/chance"
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
	random := chance.Random(t)
	reversed := window()
	slices.Reverse(reversed)
	shuffled := window()
	random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	blocks := window() // as two threads hand them out
	half := random.IntN(len(blocks))
	blocks = append(blocks[half:len(blocks):len(blocks)], blocks[:half]...)
	twice := append(window()[:1000], window()[:1000]...)
	for name, a := range map[string][]posting.Reading{
		"none": nil, "one": window()[:1], "in order of time": window(), "reversed": reversed, "shuffled": shuffled, "in blocks": blocks, "twice": twice,
		"one meter": oneMeter(random, 4097), "one meter, few times": oneMeter(random, 50),
	} {
		b := slices.Clone(a)
		SortReadings(a)
		sortPlainly(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: the orders differ", name)
		}
	}
}

// oneMeter makes readings of one meter in no order, four at most times.
func oneMeter(random *rand.Rand, n int) []posting.Reading {
	readings := make([]posting.Reading, n)
	for i := range readings {
		readings[i] = randomReading(random, 1)
		readings[i].Time = schema.Instant(random.IntN(1+n/4)) * 900_000
	}
	return readings
}
