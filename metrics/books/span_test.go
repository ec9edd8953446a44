package books

import (
	"testing"

	"jouleline/bench/chance"
	"jouleline/schema"
)

// Parts of spans sum to them exactly, however they are cut.
func TestSpan_PartsSumExactly(t *testing.T) {
	random := chance.Random(t)
	for range 2000 {
		from := schema.Instant(random.Int64N(1_700_000_000_000))
		s := Span{From: from, To: from + 1 + schema.Instant(random.Int64N(90*24*schema.Hour)), Quantity: schema.Quantity(random.Int64N(5_000_000_000_000))}
		sum, known := schema.Quantity(0), int64(0)
		s.Days(shanghai, func(day schema.Day, q schema.Quantity, ms int64) {
			var hours schema.Quantity
			for at := shanghai.Start(day); at < shanghai.Start(day+1); at += schema.Instant(schema.Hour) {
				part, _ := s.Part(at, at+schema.Instant(schema.Hour))
				hours += part
			}
			if hours != q {
				t.Fatalf("%v: the hours of %s sum to %s, want %s", s, day, hours, q)
			}
			sum += q
			known += ms
		})
		if sum != s.Quantity || known != s.To.Sub(s.From) {
			t.Fatalf("%v: parts sum to %s over %d ms", s, sum, known)
		}
	}
}
