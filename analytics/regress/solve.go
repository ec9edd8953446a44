package regress

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// solution is the answer of the scaled problem: coefficients, the inverse of
// A'A, and how much the columns repeat one another.
type solution struct {
	g         []float64
	inverse   *mat.SymDense
	condition float64
	rank      int
}

func solve(d *design, minimumNorm bool) (*solution, error) {
	k := len(d.columns)
	if k == 0 {
		return &solution{}, nil
	}
	varying := 0
	for _, s := range d.scale {
		if s > 0 {
			varying++
		}
	}
	if varying < k {
		if minimumNorm {
			return solveSVD(d), nil
		}
		return nil, &RankError{Rank: varying, Columns: k, Condition: math.Inf(1)}
	}
	f := newFactor(d.columns)
	inverse, condition := f.inverseR()
	if !(condition <= ConditionLimit) {
		byValues := solveSVD(d)
		if minimumNorm {
			return byValues, nil
		}
		return nil, &RankError{Rank: min(byValues.rank, k-1), Columns: k, Condition: condition}
	}
	out := &solution{g: refine(f, d), inverse: mat.NewSymDense(k, nil), condition: condition, rank: k}
	for i := range k { // (A'A)^-1 = R^-1 R^-T
		for j := i; j < k; j++ {
			var sum float64
			for l := j; l < k; l++ {
				sum += inverse[i][l] * inverse[j][l]
			}
			out.inverse.SetSym(i, j, sum)
		}
	}
	return out, nil
}

// solveSVD returns the shortest solution, leaving out singular values below
// 1/ConditionLimit of the largest, as QR would refuse them.
func solveSVD(d *design) *solution {
	k := len(d.columns)
	out := &solution{g: make([]float64, k), inverse: mat.NewSymDense(k, nil)}
	a := mat.NewDense(len(d.z), k, nil)
	for j, c := range d.columns {
		a.SetCol(j, c)
	}
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		return out
	}
	values := svd.Values(nil)
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	for l, value := range values {
		if value*ConditionLimit <= values[0] || value == 0 {
			continue
		}
		out.rank++
		out.condition = values[0] / value
		var projection float64
		for i, z := range d.z {
			projection += u.At(i, l) * z
		}
		for i := range k {
			out.g[i] += projection / value * v.At(i, l)
			for j := i; j < k; j++ {
				out.inverse.SetSym(i, j, out.inverse.At(i, j)+v.At(i, l)*v.At(j, l)/(value*value))
			}
		}
	}
	return out
}
