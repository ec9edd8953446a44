package regress

import (
	"math"
)

// refine solves the least squares problem by QR and corrects both the residual
// r and the coefficients g of
//
//	r + A g = z,  A'r = 0,
//
// against defects computed in twice the working precision. It gains half a digit
// on Filip and on the Wampler problems; the rounding of the centred columns
// themselves bounds what more corrections could bring.
// Bjorck, Iterative refinement of linear least squares solutions I, BIT 7
// (1967), 257-278.
func refine(f *factor, d *design) []float64 {
	g := f.solve(d.z)
	r := defect(d.columns, d.z, nil, g)
	rest := defect(d.columns, d.z, r, g)
	for i, v := range f.lift(orthogonality(d.columns, r), len(d.z)) {
		rest[i] -= v
	}
	for j, step := range f.solve(rest) {
		g[j] += step
	}
	return g
}

// defect returns z - r - A g, rounded once: products and sums are carried as
// unevaluated pairs of doubles. A nil r counts as zero.
func defect(columns [][]float64, z, r, g []float64) []float64 {
	out := make([]float64, len(z))
	for i := range z {
		sum := pair{hi: z[i]}
		if r != nil {
			sum.add(-r[i])
		}
		for j, c := range columns {
			sum.addProduct(-c[i], g[j])
		}
		out[i] = sum.hi + sum.lo
	}
	return out
}

// orthogonality returns -A'r, rounded once.
func orthogonality(columns [][]float64, r []float64) []float64 {
	out := make([]float64, len(columns))
	for j, c := range columns {
		var sum pair
		for i, v := range r {
			sum.addProduct(-c[i], v)
		}
		out[j] = sum.hi + sum.lo
	}
	return out
}

// pair is an unevaluated sum of two doubles.
type pair struct{ hi, lo float64 }

func (p *pair) add(v float64) {
	sum := p.hi + v
	b := sum - p.hi
	p.lo += (p.hi - (sum - b)) + (v - b)
	p.hi = sum
}

func (p *pair) addProduct(x, y float64) {
	v := x * y
	p.lo += math.FMA(x, y, -v)
	p.add(v)
}
