package regress_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/regress"
)

func BenchmarkFit_365x2(b *testing.B) {
	y, columns := problem(rand.New(rand.NewPCG(1, 2)), 365, 2)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := regress.Fit(y, columns, regress.Settings{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFit_8760x7(b *testing.B) {
	y, columns := problem(rand.New(rand.NewPCG(1, 2)), 8760, 7)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := regress.Fit(y, columns, regress.Settings{}); err != nil {
			b.Fatal(err)
		}
	}
}
