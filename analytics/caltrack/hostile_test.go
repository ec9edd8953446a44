package caltrack_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/caltrack"
	"jouleline/analytics/internal/hostile"
	"jouleline/analytics/weather"
	"jouleline/bench/chance"
)

func TestFit_HostileNumbersNeverPanic(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 50))
	for range 600 {
		n := r.IntN(120)
		temps, use := hostile.Values(r, n), hostile.Values(r, n)
		if r.IntN(2) == 0 {
			temps, _ = meter(r, n)
		}
		s := caltrack.Settings{Scale: weather.Scale(r.IntN(2)), ZeroIsMissing: r.IntN(2) == 0, NoCooling: r.IntN(4) == 0}
		m, err := caltrack.FitDaily(temps, use, s)
		if (m == nil) == (err == nil) {
			t.Fatalf("seed %d: got %v and %v, want a model or an error", seed, m, err)
		}
		if err == nil {
			if !hostile.Finite(m.Intercept, m.BetaHDD, m.BetaCDD, m.AdjR2, m.Metrics.CVRMSE) {
				t.Fatalf("seed %d: got %+v, want finite numbers or a refusal", seed, m)
			}
			if out, err := m.Savings(hostile.Values(r, 40), hostile.Values(r, 40)); err == nil && out.N == 0 {
				t.Fatalf("seed %d: savings of nothing: %+v", seed, out)
			}
		}
		var bills []caltrack.Bill
		for range r.IntN(14) {
			bills = append(bills, caltrack.Bill{Temps: hostile.Values(r, 20+r.IntN(50)), Use: hostile.Values(r, 1)[0]})
		}
		if m, err := caltrack.FitBilling(bills, s); (m == nil) == (err == nil) {
			t.Fatalf("seed %d: got %v and %v, want a model or an error", seed, m, err)
		}
	}
}
