package exact_test

import (
	"math"
	"math/big"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/exact"
)

func TestThreshold_AgreesWithRationals(t *testing.T) {
	r := chance.Random(t)
	for range 20_000 {
		den := 1 + r.Int64N(1<<20)
		share := big.NewRat(r.Int64N(den+1), den)
		threshold, err := exact.NewThreshold(share)
		if err != nil {
			t.Fatal(err)
		}
		whole := 1 + anyInt64(r)&math.MaxInt64>>1
		part := r.Int64N(whole) + r.Int64N(2)
		if r.IntN(2) == 0 { // at the threshold itself
			whole = whole/den*den + den
			part = whole / den * share.Num().Int64() * (den / share.Denom().Int64())
		}
		if got, want := threshold.Met(part, whole), big.NewRat(part, whole).Cmp(share) >= 0; got != want {
			t.Fatalf("%d of %d against %s: got %v, want %v", part, whole, share, got, want)
		}
	}
}

func TestThreshold_Edges(t *testing.T) {
	threshold, err := exact.NewThreshold(big.NewRat(19, 20))
	if err != nil {
		t.Fatal(err)
	}
	f := func(part, whole int64, want bool) {
		t.Helper()
		if got := threshold.Met(part, whole); got != want {
			t.Errorf("%d of %d: got %v, want %v", part, whole, got, want)
		}
	}
	f(95, 100, true)
	f(94, 100, false)
	f(0, 0, false)
	f(1, 0, false)
	f(-1, 1, false)
	f(2, 1, true)
	f(math.MaxInt64, math.MaxInt64, true)
	f(math.MaxInt64/100*94, math.MaxInt64, false)
	for _, share := range []*big.Rat{nil, big.NewRat(-1, 2), big.NewRat(3, 2), big.NewRat(1, 1<<40)} {
		if _, err := exact.NewThreshold(share); err == nil {
			t.Errorf("%v: got a threshold, want an error", share)
		}
	}
}
