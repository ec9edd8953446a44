package changepoint_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/changepoint"
	"jouleline/analytics/internal/hostile"
	"jouleline/bench/chance"
)

func TestBest_HostileNumbersNeverPanic(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 50))
	for range 800 {
		n := r.IntN(30)
		temps, use := hostile.Values(r, n), hostile.Values(r, n)
		if r.IntN(2) == 0 {
			temps, _ = random(r, n, 0)
		}
		m, all, err := changepoint.Best(temps, use, inF)
		if (m == nil) == (err == nil) {
			t.Fatalf("seed %d: got %v and %v, want a model or an error", seed, m, err)
		}
		for _, m := range all {
			if !hostile.Finite(m.Base, m.SSE, m.BIC, m.HeatingChange, m.CoolingChange, m.HeatingCI[0], m.CoolingCI[1]) {
				t.Fatalf("seed %d: got %+v, want finite numbers or a refusal", seed, m)
			}
		}
	}
}
