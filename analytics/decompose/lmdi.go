package decompose

import (
	"fmt"
	"math"

	"jouleline/analytics"
)

const op = "lmdi"

// Table is one period: a row per sector, a column per factor. The value of a
// sector is the product of its row. A factor that is not defined because another
// one of its row is zero, such as the intensity of a sector without area, is NaN.
type Table [][]float64

// Effects is the decomposition of one change.
type Effects struct {
	V0, VT         float64   // totals before and after
	Additive       []float64 // one per factor, in the unit of V; sums to VT - V0
	Multiplicative []float64 // one per factor; the product is VT/V0. nil where a total is zero
	BySector       [][]float64
}

// LMDI decomposes the change from x0 to xT. Both have the same sectors in the same
// order; a sector that exists in one period only has a zero factor in the other.
func LMDI(x0, xT Table) (*Effects, error) {
	factors, err := check(x0, xT)
	if err != nil {
		return nil, err
	}
	e := &Effects{Additive: make([]float64, factors), BySector: make([][]float64, len(x0))}
	for i := range x0 {
		v0, vT := product(x0[i]), product(xT[i])
		e.V0 += v0
		e.VT += vT
		e.BySector[i] = effects(x0[i], xT[i], v0, vT)
		for k, d := range e.BySector[i] {
			e.Additive[k] += d
		}
	}
	if math.IsInf(e.V0, 0) || math.IsInf(e.VT, 0) {
		return nil, &analytics.InputError{Op: op, What: "total", Index: -1, Got: "a product beyond the range of numbers", Want: "smaller units"}
	}
	if e.V0 > 0 && e.VT > 0 {
		mean := LogMean(e.VT, e.V0)
		e.Multiplicative = make([]float64, factors)
		for k, d := range e.Additive {
			e.Multiplicative[k] = math.Exp(d / mean)
		}
	}
	return e, nil
}

// LogMean is the logarithmic mean of two values of at least 0: 0 where one is 0.
func LogMean(a, b float64) float64 {
	switch {
	case a == b:
		return a
	case a <= 0 || b <= 0:
		return 0
	}
	return (a - b) / logRatio(a, b)
}

// product is the value of a row; a zero settles it, whatever is undefined beside.
func product(row []float64) float64 {
	v := 1.
	for _, x := range row {
		if x == 0 {
			return 0
		}
		v *= x
	}
	return v
}

// effects splits one sector's change. With values above zero on both sides it is
// L(vT, v0) ln(xT/x0), taken as the share of ln(vT/v0) so that the parts sum to
// vT - v0. Where one side is zero, that goes to the factors that are zero there:
// in the limit of a common small number d in place of all zeros, L ln(x/d) tends to
// v/m for each of m such factors and to 0 for every other. Where both are zero
// nothing changed.
func effects(x0, xT []float64, v0, vT float64) []float64 {
	out := make([]float64, len(x0))
	switch {
	case v0 == 0 && vT == 0:
	case v0 == 0:
		share(out, x0, vT)
	case vT == 0:
		share(out, xT, -v0)
	default:
		mean := LogMean(vT, v0)
		for k := range x0 {
			out[k] = mean * logRatio(xT[k], x0[k])
		}
	}
	return out
}

func share(out, zeros []float64, change float64) {
	m := 0
	for _, x := range zeros {
		if x == 0 {
			m++
		}
	}
	for k, x := range zeros {
		if x == 0 {
			out[k] = change / float64(m)
		}
	}
}

// logRatio is ln(a/b), by log1p where a and b are close and the quotient would
// lose digits.
func logRatio(a, b float64) float64 {
	if d := (a - b) / b; math.Abs(d) < .5 {
		return math.Log1p(d)
	}
	return math.Log(a) - math.Log(b) // the quotient may leave the range of numbers
}

func check(x0, xT Table) (factors int, err error) {
	if len(x0) == 0 {
		return 0, &analytics.NotEnoughError{Op: op, What: "sectors", Got: 0, Want: 1}
	}
	if err := analytics.CheckLength(op, "sectors after", len(xT), len(x0)); err != nil {
		return 0, err
	}
	factors = len(x0[0])
	if factors == 0 {
		return 0, &analytics.NotEnoughError{Op: op, What: "factors", Got: 0, Want: 1}
	}
	for i := range x0 {
		for period, row := range [][]float64{x0[i], xT[i]} {
			name := fmt.Sprintf("sector %d %s", i, [...]string{"before", "after"}[period])
			if err := analytics.CheckLength(op, name, len(row), factors); err != nil {
				return 0, err
			}
			if err := checkRow(name, row); err != nil {
				return 0, err
			}
		}
	}
	return factors, nil
}

func checkRow(name string, row []float64) error {
	zero := false
	for _, x := range row {
		zero = zero || x == 0
	}
	for k, x := range row {
		switch {
		case math.IsNaN(x) && !zero:
			return &analytics.InputError{Op: op, What: name, Index: k, Got: "NaN", Want: "a number (undefined only beside a zero factor)"}
		case x < 0 || math.IsInf(x, 0):
			return &analytics.InputError{Op: op, What: name, Index: k, Got: fmt.Sprint(x), Want: "a finite value of at least 0"}
		}
	}
	return nil
}
