package stl_test

import (
	"math"
	"testing"

	"jouleline/analytics/stl"
)

func series(n, period int) []float64 {
	y := make([]float64, n)
	for i := range y {
		y[i] = 100 + 30*math.Sin(2*math.Pi*float64(i)/float64(period)) + float64(i*7919%13)
	}
	return y
}

// Ten years of months.
func BenchmarkDecompose_120Robust(b *testing.B) {
	y := series(120, 12)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := stl.Decompose(y, stl.Settings{Period: 12, Robust: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// A year of hours with a weekly cycle, smoothed at every 17th point.
func BenchmarkDecompose_8760Robust(b *testing.B) {
	y := series(8760, 168)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := stl.Decompose(y, stl.Settings{Period: 168, Robust: true, Outer: 3, TrendJump: 17, LowPassJump: 17}); err != nil {
			b.Fatal(err)
		}
	}
}
