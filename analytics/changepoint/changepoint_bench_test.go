package changepoint_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/changepoint"
)

func benchmarkFit(b *testing.B, form changepoint.Form) {
	temps, use := random(rand.New(rand.NewPCG(1, 2)), 365, 10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := changepoint.Fit(form, temps, use, inF); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFit3P(b *testing.B) { benchmarkFit(b, changepoint.ThreePCooling) }
func BenchmarkFit4P(b *testing.B) { benchmarkFit(b, changepoint.FourP) }
func BenchmarkFit5P(b *testing.B) { benchmarkFit(b, changepoint.FiveP) }

func BenchmarkBest(b *testing.B) {
	temps, use := random(rand.New(rand.NewPCG(1, 2)), 365, 10)
	for b.Loop() {
		if _, _, err := changepoint.Best(temps, use, inF); err != nil {
			b.Fatal(err)
		}
	}
}
