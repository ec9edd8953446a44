package trend_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/internal/hostile"
	"jouleline/analytics/trend"
	"jouleline/bench/chance"
)

func TestFit_HostileNumbersNeverPanic(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 50))
	path := make([]float64, 5)
	for range 300 {
		y := hostile.Values(r, r.IntN(40))
		for _, method := range []trend.Method{trend.MethodDrift, trend.MethodLine, trend.MethodTheilSen, trend.MethodHolt, trend.MethodETS} {
			m, err := trend.Fit(method, y, 4)
			if err != nil {
				continue
			}
			f, err := m.Forecast(5, .9)
			if err != nil {
				t.Fatalf("seed %d: %s: %v", seed, method, err)
			}
			if _, err := trend.ChanceBelow(f, 5, 1); err != nil {
				t.Fatalf("seed %d: %s: %v", seed, method, err)
			}
			m.Path(path, r)
		}
		_, _ = trend.MannKendall(y)
		_, _ = trend.HamedRao(y)
		_, _ = trend.SeasonalMannKendall(y, 4)
	}
}
