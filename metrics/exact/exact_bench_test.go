package exact_test

import (
	"math/big"
	"testing"

	"jouleline/metrics/exact"
)

func BenchmarkSum_AddMul(b *testing.B) {
	var s exact.Sum
	for i := range b.N {
		s.AddMul(int64(i)<<20, 122_900)
	}
	if b.N > 1 && s.IsZero() {
		b.Fatal("nothing was added")
	}
}

// One indicator of one row: two values, reduction, completion, both texts.
func BenchmarkFraction_Row(b *testing.B) {
	num, den := exact.Product(500_000_000_000, 122_900), exact.Product(10_000_000_000, 366)
	var base, current, reduction, completion exact.Fraction
	target := big.NewRat(5, 1)
	var text []byte
	b.ReportAllocs()
	for i := range b.N {
		base.SetSums(num, 366, den, 1_000_000)
		current.SetSums(exact.Product(490_000_000_000+int64(i), 122_900), 365, den, 1_000_000)
		reduction.SetReduction(&base, &current)
		completion.SetQuotient(&reduction, target)
		text = reduction.AppendDecimal(text[:0], 2)
		text = completion.AppendDecimal(text[:0], 2)
		if base.Float64()+current.Float64()+reduction.Float64()+completion.Float64() == 0 {
			b.Fatal("nothing was computed")
		}
	}
}
