package decompose_test

import (
	"math"
	"testing"

	"jouleline/analytics/decompose"
	"jouleline/bench/chance"
)

// Taking a part out of a factor leaves values and the effects of all others as they
// were, and the two effects that come of it add up to the one that was.
func TestSplit_LeavesAllElse(t *testing.T) {
	r := chance.Random(t)
	for range 50 {
		rows, factors := 1+r.IntN(6), 2+r.IntN(4)
		var tables, parts [2]decompose.Table
		k := r.IntN(factors)
		for side := range tables {
			var part []float64
			for range rows {
				row := make([]float64, factors)
				for j := range row {
					row[j] = 5 * r.Float64()
				}
				if r.IntN(5) == 0 {
					row[r.IntN(factors)] = 0
				}
				tables[side] = append(tables[side], row)
				part = append(part, .5+r.Float64())
			}
			var err error
			if parts[side], err = decompose.Split(tables[side], k, part); err != nil {
				t.Fatal(err)
			}
		}
		whole, err := decompose.LMDI(tables[0], tables[1])
		if err != nil {
			t.Fatal(err)
		}
		split, err := decompose.LMDI(parts[0], parts[1])
		if err != nil {
			t.Fatal(err)
		}
		near := func(what string, got, want float64) {
			t.Helper()
			if math.Abs(got-want) > 1e-9*(1+whole.V0+whole.VT) {
				t.Errorf("%s: got %v, want %v", what, got, want)
			}
		}
		near("V0", split.V0, whole.V0)
		near("VT", split.VT, whole.VT)
		for j, want := range whole.Additive {
			at := j
			if j > k {
				at++
			}
			got := split.Additive[at]
			if j == k {
				got += split.Additive[at+1]
			}
			near("effect", got, want)
		}
	}
}

func TestSplit_Refuses(t *testing.T) {
	f := func(k int, part ...float64) {
		t.Helper()
		if got, err := decompose.Split(decompose.Table{{1, 2}}, k, part); err == nil {
			t.Errorf("got %v, want a refusal", got)
		}
	}
	f(0)
	f(0, 1, 1)
	f(0, 0)
	f(0, math.NaN())
	f(0, math.Inf(1))
	f(-1, 1)
	f(2, 1)
	// A factor that is not defined beside a zero stays so.
	got, err := decompose.Split(decompose.Table{{0, math.NaN()}}, 1, []float64{2})
	if err != nil || !math.IsNaN(got[0][2]) {
		t.Errorf("got %v, %v, want NaN beside the zero", got, err)
	}
}
