package posting

import (
	"slices"
	"testing"

	"jouleline/bench/chance"
	"jouleline/schema"
)

func TestSplit_LargestRemainder(t *testing.T) {
	f := func(q schema.Quantity, shares []schema.Ratio, want ...schema.Quantity) {
		t.Helper()
		d := Division{Shares: shares}
		if got := d.Split(q); !slices.Equal(got, want) {
			t.Errorf("%d by %v: got %v, want %v", int64(q), shares, got, want)
		}
	}
	third, half := schema.Ratio{Num: 1, Den: 3}, schema.Ratio{Num: 1, Den: 2}
	f(10, []schema.Ratio{third, third, third}, 4, 3, 3)
	f(11, []schema.Ratio{third, third, third}, 4, 4, 3)
	f(1, []schema.Ratio{half, half}, 1, 0)
	f(-11, []schema.Ratio{third, third, third}, -4, -4, -3)
	f(100, []schema.Ratio{{Num: 1, Den: 4}, {Num: 1, Den: 10}, {Num: 13, Den: 20}}, 25, 10, 65)
}

func TestSplit_PartsSumExactly(t *testing.T) {
	random := chance.Random(t)
	for range 20000 {
		rest := int64(1_000_000)
		var d Division
		for rest > 0 {
			part := 1 + random.Int64N(rest)
			d.Shares = append(d.Shares, schema.Ratio{Num: part, Den: 1_000_000})
			rest -= part
		}
		q := schema.Quantity(random.Int64N(1<<62) - 1<<61)
		sum := schema.Quantity(0)
		for _, p := range d.Split(q) {
			sum += p
		}
		if sum != q {
			t.Fatalf("%d by %v: parts sum to %d", int64(q), d.Shares, int64(sum))
		}
	}
}
