// Package hostile makes the numbers that user data can hold, for tests that nothing
// of it panics or hangs: gaps, infinities, zeros, negatives, ties, constants, and
// values too large or too small to square.
package hostile

import (
	"math"
	"math/rand/v2"
)

// Values returns n hostile numbers. Most slices are of one hostile kind, so that
// each kind is met alone as well as mixed.
func Values(r *rand.Rand, n int) []float64 {
	kinds := []func() float64{
		func() float64 { return 20 + 10*r.NormFloat64() },
		func() float64 { return 0 },
		func() float64 { return math.NaN() },
		func() float64 { return math.Inf(1 - 2*r.IntN(2)) },
		func() float64 { return float64(r.IntN(3)) },
		func() float64 { return 7 },
		func() float64 { return -5 * r.Float64() },
		func() float64 { return math.Ldexp(r.NormFloat64(), 1000) },
		func() float64 { return math.Ldexp(r.NormFloat64(), -1060) },
		func() float64 { return 1e15 + r.Float64() },
	}
	main, other := kinds[r.IntN(len(kinds))], kinds[r.IntN(len(kinds))]
	share := []float64{0, 0, .01, .3}[r.IntN(4)]
	out := make([]float64, n)
	for i := range out {
		out[i] = main()
		if r.Float64() < share {
			out[i] = other()
		}
	}
	return out
}

// Finite tells whether none of the values is NaN or infinite.
func Finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
