package pack

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"jouleline/bench/chance"
	"jouleline/bench/sim"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

func mustPack(t testing.TB, p *Packer, readings []posting.Reading) []byte {
	t.Helper()
	data, err := p.Append(nil, readings)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// anything gives readings without any order or reason in them.
func anything(random *rand.Rand) []posting.Reading {
	number := func() int64 {
		switch v := random.Int64(); random.IntN(4) {
		case 0:
			return -v
		case 1:
			return v % 1000
		case 2:
			return math.MaxInt64 - v%3
		default:
			return math.MinInt64 + v%3
		}
	}
	readings := make([]posting.Reading, 1+random.IntN(MaxReadings))
	for i := range readings {
		r := &readings[i]
		*r = posting.Reading{Meter: 7, Recorded: schema.Instant(number()), Point: books.Point{
			Time: schema.Instant(number()), Start: schema.Instant(number()), Received: schema.Instant(number()),
			Value: schema.Quantity(number()), Revision: int32(number()), Unit: schema.Unit(number()), Kind: schema.Kind(number()),
			Register: uint8(number()), Deleted: random.IntN(2) == 0,
		}}
		if random.IntN(10) == 0 {
			r.Original = "36.88662298928380000001"[:1+random.IntN(22)]
		}
	}
	return readings
}

// course gives a meter's readings as they come: a register read every interval,
// received and recorded soon after, some late, one corrected, one register swapped.
func course(random *rand.Rand, n int) []posting.Reading {
	readings := make([]posting.Reading, n)
	at, value := schema.Instant(1_704_038_400_000), int64(12_345_67)
	for i := range readings {
		at += schema.Instant(15 * schema.Minute)
		value += 20 + random.Int64N(50)
		received := at + 1500 + schema.Instant(random.Int64N(3000))
		if random.IntN(50) == 0 {
			received += schema.Instant(random.Int64N(24 * schema.Hour))
		}
		if i == n/2 {
			value = 17
		}
		readings[i] = posting.Reading{Meter: 7, Recorded: received + 40 + schema.Instant(random.Int64N(60)), Point: books.Point{
			Time: at, Received: received, Value: schema.Quantity(value) * schema.Micro / 100, Unit: schema.KilowattHour, Kind: schema.Register,
		}}
		if i > 0 && random.IntN(200) == 0 {
			readings[i].Time, readings[i].Revision, at = readings[i-1].Time, 1, readings[i-1].Time
		}
	}
	return readings
}

func TestPack_GivesBackWhatWasPacked(t *testing.T) {
	random := chance.Random(t)
	p := &Packer{}
	for range 300 {
		for _, want := range [][]posting.Reading{anything(random), course(random, 1+random.IntN(MaxReadings))} {
			data := mustPack(t, p, want)
			before := want[:1:1]
			got, err := p.Decode(before, 7, data)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got[1:], want) {
				t.Fatalf("got other readings than the %d that were packed", len(want))
			}
			if again := mustPack(t, p, got[1:]); !bytes.Equal(again, data) {
				t.Fatalf("the same readings were packed otherwise")
			}
		}
	}
}

func TestAppend_RefusesNoneAndTooMany(t *testing.T) {
	p := &Packer{}
	for _, n := range []int{0, MaxReadings + 1} {
		if _, err := p.Append(nil, make([]posting.Reading, n)); err == nil {
			t.Errorf("%d readings were packed", n)
		}
	}
}

// Every pack that lacks its end, or has more than its end, is refused.
func TestDecode_RefusesAPackThatIsCutOrLonger(t *testing.T) {
	random := chance.Random(t)
	p := &Packer{}
	for _, readings := range [][]posting.Reading{anything(random), course(random, 96)} {
		data := mustPack(t, p, readings)
		for end := range data {
			if got, err := p.Decode(nil, 7, data[:end]); !errors.Is(err, ErrMalformed) || got != nil {
				t.Fatalf("%d of %d bytes: got %d readings, %v", end, len(data), len(got), err)
			}
		}
		if _, err := p.Decode(nil, 7, append(data, 0)); !errors.Is(err, ErrMalformed) {
			t.Fatalf("a byte too many: got %v", err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 1))
	p := &Packer{}
	for _, readings := range [][]posting.Reading{course(random, 96), course(random, 1), anything(random)} {
		f.Add(mustPack(f, p, readings))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := p.Decode(nil, 7, data)
		if err != nil {
			if !errors.Is(err, ErrMalformed) || got != nil {
				t.Fatalf("got %d readings, %v", len(got), err)
			}
			return
		}
		again, err := p.Decode(nil, 7, mustPack(t, p, got))
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Fatalf("what was read is not what is packed: %v", err)
		}
	})
}

// What packing costs: bytes a reading, for meters that are read hourly or each
// quarter of an hour, a week to the pack.
func BenchmarkAppend(b *testing.B) {
	for _, way := range []struct {
		name     string
		readings func() []posting.Reading
	}{{"week_of_quarters", func() []posting.Reading { return course(rand.New(rand.NewPCG(1, 1)), 672) }}, {"week_of_hours_simulated", simulated}} {
		b.Run(way.name, func(b *testing.B) {
			readings := way.readings()
			p := &Packer{}
			var data []byte
			for b.Loop() {
				var err error
				if data, err = p.Append(data[:0], readings); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(data))/float64(len(readings)), "B/reading")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(readings)), "ns/reading")
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	p := &Packer{}
	readings := course(rand.New(rand.NewPCG(1, 1)), 672)
	data := mustPack(b, p, readings)
	var got []posting.Reading
	for b.Loop() {
		var err error
		if got, err = p.Decode(got[:0], 7, data); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(readings)), "ns/reading")
}

// simulated gives a week of the load that the disk is measured with.
func simulated() []posting.Reading {
	const meters, hours = 100, 168
	load, err := sim.NewLoad(sim.LoadConfig{Seed: 1, Meters: meters, Readings: meters * hours})
	if err != nil {
		panic(err)
	}
	var readings []posting.Reading
	var s sim.Sample
	for load.Next(&s) {
		if s.Meter == load.ID(0) {
			readings = append(readings, posting.Reading{Recorded: s.Received + 40, Point: books.Point{
				Time: s.Time, Received: s.Received, Value: s.Value, Unit: schema.KilowattHour, Kind: schema.Register,
			}})
		}
	}
	return readings
}
