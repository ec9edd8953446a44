package benchmark_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/benchmark"
	"jouleline/analytics/internal/hostile"
	"jouleline/analytics/orderstat"
	"jouleline/bench/chance"
)

func TestHostileNumbersNeverPanic(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 50))
	for range 1000 {
		n := r.IntN(25)
		if p, err := benchmark.NewPeers(hostile.Values(r, n), orderstat.Type7, .9); err == nil {
			if _, err := p.Place(20 * r.NormFloat64()); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
		_, _ = benchmark.Shrink([][]float64{hostile.Values(r, 1+n), hostile.Values(r, 3), hostile.Values(r, 2)}, .9)
		m, err := benchmark.QuantileRegression(hostile.Values(r, n), [][]float64{hostile.Values(r, n)}, .5)
		if (m == nil) == (err == nil) {
			t.Fatalf("seed %d: got %v and %v, want a model or an error", seed, m, err)
		}
		_, _ = benchmark.Ranking(hostile.Values(r, n), hostile.Values(r, n), .9, 100, r)
	}
}
