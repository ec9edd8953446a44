package stl_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/internal/hostile"
	"jouleline/analytics/stl"
	"jouleline/bench/chance"
)

func TestDecompose_HostileNumbersNeverPanic(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 50))
	for range 500 {
		y := hostile.Values(r, r.IntN(60))
		s := stl.Settings{Period: r.IntN(14), Robust: r.IntN(2) == 0, Trend: []int{0, 3, 101}[r.IntN(3)], TrendJump: r.IntN(9), SeasonalJump: r.IntN(5)}
		p, err := stl.Decompose(y, s)
		if (p == nil) == (err == nil) {
			t.Fatalf("seed %d: got %v and %v, want parts or an error", seed, p, err)
		}
	}
}
