package towt_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"jouleline/analytics/internal/hostile"
	"jouleline/analytics/towt"
	"jouleline/bench/chance"
)

func TestFit_HostileNumbersNeverPanic(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 50))
	for range 120 {
		n := 200 + r.IntN(800)
		s := office(r, start, n, 1)
		if r.IntN(2) == 0 {
			s.Loads = hostile.Values(r, n)
		}
		if r.IntN(2) == 0 {
			s.Temps = hostile.Values(r, n)
		}
		m, err := towt.Fit(s, time.UTC, towt.Settings{Variant: towt.Variant(r.IntN(3))})
		if (m == nil) == (err == nil) {
			t.Fatalf("seed %d: got %v and %v, want a model or an error", seed, m, err)
		}
		if err == nil && !hostile.Finite(m.Metrics.RMSE, m.Metrics.R2, m.Metrics.CVRMSE) {
			t.Fatalf("seed %d: got %+v, want finite numbers or a refusal", seed, m.Metrics)
		}
	}
}
