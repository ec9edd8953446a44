package benchmark_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/benchmark"
)

func BenchmarkQuantileRegression_1000x4(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	columns := make([][]float64, 4)
	y := make([]float64, 1000)
	for j := range columns {
		columns[j] = make([]float64, len(y))
	}
	for i := range y {
		for j := range columns {
			columns[j][i] = r.NormFloat64()
			y[i] += columns[j][i]
		}
		y[i] += r.NormFloat64()
	}
	for b.Loop() {
		if _, err := benchmark.QuantileRegression(y, columns, .5); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRanking_136x2000(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	x, e := make([]float64, 136), make([]float64, 136)
	for i := range x {
		x[i], e[i] = 10*r.NormFloat64(), 1+r.Float64()
	}
	for b.Loop() {
		if _, err := benchmark.Ranking(x, e, .9, 2000, rand.NewPCG(1, 1)); err != nil {
			b.Fatal(err)
		}
	}
}
