package anomaly_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/anomaly"
	"jouleline/analytics/internal/hostile"
	"jouleline/bench/chance"
)

func TestDetect_HostileNumbersNeverPanic(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 50))
	for range 200 {
		s := plain()
		n := r.IntN(len(s.Times))
		s.Times, s.Values = s.Times[:n], hostile.Values(r, n)
		for i := range s.Times { // holes and odd steps
			s.Times[i] += int64(i/50) * int64(r.IntN(7200))
		}
		rep, err := anomaly.Detect(s, newYear.Location(), anomaly.Settings{Carrier: anomaly.Carrier(r.IntN(3))})
		if (rep == nil) == (err == nil) {
			t.Fatalf("seed %d: got %v and %v, want a report or an error", seed, rep, err)
		}
	}
}
