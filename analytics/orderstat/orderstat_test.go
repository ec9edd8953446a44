package orderstat_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"jouleline/analytics/orderstat"
	"jouleline/bench/chance"
)

// Values compared against R 4.2 quantile(c(1,2,4,8,16), p, type=7) and type=5.
func TestQuantile_MatchesPublishedDefinitions(t *testing.T) {
	x := []float64{1, 2, 4, 8, 16}
	f := func(p float64, m orderstat.Method, want float64) {
		t.Helper()
		if got := orderstat.Quantile(x, p, m); math.Abs(got-want) > 1e-12 {
			t.Errorf("p=%v method=%v: got %v, want %v", p, m, got, want)
		}
	}
	f(0, orderstat.Type7, 1)
	f(.25, orderstat.Type7, 2)
	f(.1, orderstat.Type7, 1.4)
	f(.9, orderstat.Type7, 12.8)
	f(1, orderstat.Type7, 16)
	f(.1, orderstat.Hazen, 1)
	f(.25, orderstat.Hazen, 1.75)
	f(.5, orderstat.Hazen, 4)
	f(.9, orderstat.Hazen, 16)
	f(7, orderstat.Hazen, 16)
}

func TestMAD(t *testing.T) {
	median, mad := orderstat.MAD([]float64{1, 1, 2, 2, 4, 6, 9}) // textbook example: deviations 1,1,0,0,2,4,7
	if median != 2 || mad != 1 {
		t.Errorf("got median %v mad %v, want 2 1", median, mad)
	}
	if m := orderstat.Median(nil); !math.IsNaN(m) {
		t.Errorf("got %v for no values, want NaN", m)
	}
}

func TestRank(t *testing.T) {
	x := []float64{1, 2, 2, 3}
	for _, c := range []struct{ v, want float64 }{{0, 0}, {1, .125}, {2, .5}, {2.5, .75}, {3, .875}, {9, 1}} {
		if got := orderstat.Rank(x, c.v); got != c.want {
			t.Errorf("rank of %v: got %v, want %v", c.v, got, c.want)
		}
	}
}

func TestQuantile_MonotoneAndEquivariant(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 200 {
		x := make([]float64, 1+r.IntN(30))
		y := make([]float64, len(x))
		for i := range x {
			x[i] = math.Round(r.NormFloat64() * 5) // ties wanted
			y[i] = 3*x[i] - 7
		}
		input := slices.Clone(x)
		slices.Sort(x)
		slices.Sort(y)
		for _, m := range []orderstat.Method{orderstat.Type7, orderstat.Hazen} {
			last := math.Inf(-1)
			for p := 0.; p <= 1; p += .05 {
				q := orderstat.Quantile(x, p, m)
				if q < last {
					t.Fatalf("seed %d: quantile falls from %v to %v at p=%v of %v", seed, last, q, p, x)
				}
				last = q
				if got := orderstat.Quantile(y, p, m); math.Abs(got-(3*q-7)) > 1e-9 {
					t.Fatalf("seed %d: got %v after x->3x-7, want %v", seed, got, 3*q-7)
				}
			}
		}
		before := slices.Clone(input)
		orderstat.MAD(input)
		if !slices.Equal(before, input) {
			t.Fatalf("seed %d: MAD changed its input", seed)
		}
	}
}
