package benchmark_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics/benchmark"
	"jouleline/bench/chance"
)

// Values compared against the linear programme solved by HiGHS (scipy 1.15).
func TestQuantileRegression_MatchesLinearProgramme(t *testing.T) {
	const n = 40
	x1, x2, y := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		x1[i], x2[i] = float64(i*37%41), float64(i*i%23)
		y[i] = 50 + 2*x1[i] + 3*x2[i] + float64(i*7919%101-50)/10*(1+x1[i]/20)
	}
	for _, c := range []struct{ tau, b0, b1, b2, loss float64 }{
		{.1, 45, 1.9894, 2.8124, 35.26264},
		{.25, 45, 2.063888888888889, 3.0444444444444443, 69.6691666666667},
		{.5, 45.703465346534664, 2.1204455445544554, 3.1210396039603934, 93.36165841584163},
		{.9, 51.442672413793126, 2.3004310344827577, 3.1422413793103443, 33.851327586206914},
	} {
		m, err := benchmark.QuantileRegression(y, [][]float64{x1, x2}, c.tau)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "loss", m.Loss, c.loss, 1e-9)
		near(t, "intercept", m.Intercept, c.b0, 1e-9)
		near(t, "first slope", m.Slopes[0], c.b1, 1e-9)
		near(t, "second slope", m.Slopes[1], c.b2, 1e-9)
	}
}

// The least loss of all lines through two observations: the plain search.
func plainLoss(y, x []float64, tau float64) float64 {
	best := math.Inf(1)
	for i := range y {
		for j := range i {
			if x[i] == x[j] {
				continue
			}
			b := (y[i] - y[j]) / (x[i] - x[j])
			a := y[i] - b*x[i]
			var loss float64
			for k := range y {
				r := y[k] - a - b*x[k]
				loss += max(tau*r, (tau-1)*r)
			}
			best = min(best, loss)
		}
	}
	return best
}

func TestQuantileRegression_EqualsPlainSearch(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 150 {
		n := 4 + r.IntN(30)
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i], y[i] = 10*r.Float64(), 10*r.NormFloat64()
			if n%3 == 0 { // ties and repeated points
				x[i], y[i] = math.Round(x[i]/2), math.Round(y[i]/4)
			}
		}
		x[0], x[1] = -1, 11 // never constant
		tau := .05 + .9*r.Float64()
		m, err := benchmark.QuantileRegression(y, [][]float64{x}, tau)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if want := plainLoss(y, x, tau); math.Abs(m.Loss-want) > 1e-8*(1+want) {
			t.Fatalf("seed %d: n %d tau %v: got loss %.12g, want %.12g", seed, n, tau, m.Loss, want)
		}
		// About tau of the observations lie below, never more off than the
		// coefficients can be.
		below, above := 0, 0
		moved := make([]float64, n)
		for i := range y {
			switch d := y[i] - m.Predict([]float64{x[i]}); {
			case d < -1e-9:
				below++
			case d > 1e-9:
				above++
			}
			moved[i] = 3*y[i] + 2*x[i] + 5
		}
		if float64(below) > tau*float64(n)+1e-9 || float64(above) > (1-tau)*float64(n)+1e-9 {
			t.Fatalf("seed %d: tau %v: %d of %d below, %d above", seed, tau, below, n, above)
		}
		// Equivariance: b(3y + 2x + 5) has the loss 3 x loss.
		m2, err := benchmark.QuantileRegression(moved, [][]float64{x}, tau)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		near(t, "loss of 3y+2x+5", m2.Loss, 3*m.Loss, 1e-7*(1+m.Loss))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestCurves_DoNotCross(t *testing.T) {
	low := &benchmark.QuantileModel{Tau: .25, Intercept: 10, Slopes: []float64{2}}
	high := &benchmark.QuantileModel{Tau: .75, Intercept: 12, Slopes: []float64{1}}
	v, crossed := benchmark.Curves([]*benchmark.QuantileModel{low, high}, []float64{5})
	if v[0] != 17 || v[1] != 20 || !crossed {
		t.Errorf("got %v, crossed %v, want [17 20] true", v, crossed)
	}
	v, crossed = benchmark.Curves([]*benchmark.QuantileModel{low, high}, []float64{1})
	if v[0] != 12 || v[1] != 13 || crossed {
		t.Errorf("got %v, crossed %v, want [12 13] false", v, crossed)
	}
}
