package towt_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"jouleline/analytics/towt"
)

func benchmarkFit(b *testing.B, v towt.Variant) {
	s := office(rand.New(rand.NewPCG(1, 1)), start, 8760, 3)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := towt.Fit(s, time.UTC, towt.Settings{Variant: v}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFitUnweighted(b *testing.B) { benchmarkFit(b, towt.Unweighted) }
func BenchmarkFitMonthly(b *testing.B)    { benchmarkFit(b, towt.Monthly) }
func BenchmarkFitWeighted(b *testing.B)   { benchmarkFit(b, towt.Weighted) }

func BenchmarkSavings(b *testing.B) {
	s := office(rand.New(rand.NewPCG(1, 1)), start, 8760, 3)
	m, err := towt.Fit(s, time.UTC, towt.Settings{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := m.Savings(s); err != nil {
			b.Fatal(err)
		}
	}
}
