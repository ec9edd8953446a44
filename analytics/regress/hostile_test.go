package regress_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/internal/hostile"
	"jouleline/analytics/regress"
	"jouleline/bench/chance"
)

func TestFit_HostileNumbersNeverPanic(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 50))
	for range 3000 {
		n, k := r.IntN(20), r.IntN(4)
		columns := make([][]float64, k)
		for j := range columns {
			columns[j] = hostile.Values(r, n)
		}
		s := regress.Settings{Origin: r.IntN(2) == 0, MinimumNorm: r.IntN(2) == 0}
		if r.IntN(2) == 0 {
			s.Weights = hostile.Values(r, n)
		}
		m, err := regress.Fit(hostile.Values(r, n), columns, s)
		if (m == nil) == (err == nil) {
			t.Fatalf("seed %d: got %v and %v, want a model or an error", seed, m, err)
		}
		if err == nil && !hostile.Finite(m.SSE, m.S, m.R2, m.AdjR2, m.Intercept.Value) {
			t.Fatalf("seed %d: got %+v, want finite numbers or a refusal", seed, m)
		}
	}
}
