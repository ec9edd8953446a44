package decompose_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/analytics/decompose"
)

// Sixteen cities times eight classes, five factors, one step.
func BenchmarkLMDI_128x5(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	x0, xT := random(r, 128, 5, false), random(r, 128, 5, false)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decompose.LMDI(x0, xT); err != nil {
			b.Fatal(err)
		}
	}
}
