package caltrack_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/caltrack"
)

// One meter-year, all 2014 candidates, all metrics and warnings.
func BenchmarkFitDaily(b *testing.B) {
	temps, use := building(rand.New(rand.NewPCG(1, 2)), 4)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := caltrack.FitDaily(temps, use, fahrenheit); err != nil {
			b.Fatal(err)
		}
	}
}

// The same with the savings of a year and all bands.
func BenchmarkFitDailyAndSavings(b *testing.B) {
	temps, use := building(rand.New(rand.NewPCG(1, 2)), 4)
	b.ReportAllocs()
	for b.Loop() {
		m, err := caltrack.FitDaily(temps, use, fahrenheit)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.Savings(temps, use); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFitBilling(b *testing.B) {
	temps, use := building(rand.New(rand.NewPCG(1, 2)), 4)
	input, _, _ := bills(temps, use, 30)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := caltrack.FitBilling(input, fahrenheit); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBootstrap200(b *testing.B) {
	temps, use := building(rand.New(rand.NewPCG(1, 2)), 4)
	m, err := caltrack.FitDaily(temps, use, fahrenheit)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := m.Bootstrap(temps, use, temps, use, 200, rand.NewPCG(1, 2)); err != nil {
			b.Fatal(err)
		}
	}
}
