package decompose_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/decompose"
	"jouleline/analytics/internal/hostile"
	"jouleline/bench/chance"
)

func TestLMDI_HostileNumbersNeverPanic(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 50))
	for range 3000 {
		x0, xT := decompose.Table{hostile.Values(r, 3), hostile.Values(r, 3)}, decompose.Table{hostile.Values(r, 3), hostile.Values(r, 3)}
		e, err := decompose.LMDI(x0, xT)
		if (e == nil) == (err == nil) {
			t.Fatalf("seed %d: got %v and %v, want effects or an error", seed, e, err)
		}
		if err == nil && !hostile.Finite(e.Additive...) {
			t.Fatalf("seed %d: %v to %v: got %v, want finite effects or a refusal", seed, x0, xT, e.Additive)
		}
	}
}
