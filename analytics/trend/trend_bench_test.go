package trend_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/trend"
)

func BenchmarkFitETS_72(b *testing.B) {
	y := months()
	for b.Loop() {
		if _, err := trend.FitETS(y, 12); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTheilSen_120(b *testing.B) {
	y := append(months(), months()[:48]...)
	for b.Loop() {
		if _, err := trend.FitTheilSen(y, .9); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSimulateTotals_2000x60(b *testing.B) {
	m, err := trend.FitETS(months(), 12)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := trend.SimulateTotals(m, []int{12, 12, 12, 12, 12}, nil, .9, 2000, rand.NewPCG(1, 1)); err != nil {
			b.Fatal(err)
		}
	}
}
