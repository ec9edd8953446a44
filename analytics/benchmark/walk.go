package benchmark

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"jouleline/analytics"
)

// walk is the vertex search of quantile regression. A vertex is a set of k rows
// through which the plane passes; an edge lets go of one of them.
type walk struct {
	x     [][]float64 // rows, first value 1
	y     []float64
	tau   float64
	scale float64 // of y, for tolerances
	basis []int
	inv   *mat.Dense // inverse of the basis rows
	b     []float64
	rest  []float64 // residuals
}

func newWalk(y []float64, columns [][]float64, tau float64) *walk {
	w := &walk{y: slices.Clone(y), tau: tau, x: make([][]float64, len(y)), rest: make([]float64, len(y))}
	for i, v := range y {
		row := make([]float64, 1, len(columns)+1)
		row[0] = 1
		for _, c := range columns {
			row = append(row, c[i])
		}
		w.x[i] = row
		w.scale = max(w.scale, math.Abs(v))
	}
	return w
}

// run walks to the optimum. Where more rows than needed lie on the plane, an edge
// may not show a way down that exists: then the walk is repeated from there with y
// moved by parts in 1e9, which no two rows share, and the better plane counts.
func (w *walk) run() (b []float64, loss float64, err error) {
	if w.basis = w.independentRows(); w.basis == nil {
		return nil, 0, &analytics.InputError{Op: op, What: "columns", Index: -1, Got: "columns that repeat one another", Want: "independent columns"}
	}
	if err := w.descend(); err != nil {
		return nil, 0, err
	}
	b, loss = slices.Clone(w.b), w.loss()
	if !w.degenerate() {
		return b, loss, nil
	}
	y := slices.Clone(w.y)
	for i := range w.y {
		w.y[i] += 1e-9 * w.scale * (math.Mod(float64(i+1)*math.Phi, 1) - .5)
	}
	if err := w.descend(); err != nil {
		return nil, 0, err
	}
	w.y = y
	if err := w.stand(); err != nil {
		return nil, 0, err
	}
	if l := w.loss(); l < loss {
		return w.b, l, nil
	}
	return b, loss, nil
}

// independentRows picks a first basis by elimination with row pivots on columns
// of equal size; nil where the columns repeat one another.
func (w *walk) independentRows() []int {
	k := len(w.x[0])
	rows := make([][]float64, len(w.x))
	size := make([]float64, k)
	for i, r := range w.x {
		rows[i] = slices.Clone(r)
		for j, v := range r {
			size[j] = max(size[j], math.Abs(v))
		}
	}
	var basis []int
	for j := range k {
		best := -1
		for i := range rows {
			if rows[i] != nil && (best < 0 || math.Abs(rows[i][j]) > math.Abs(rows[best][j])) {
				best = i
			}
		}
		if best < 0 || math.Abs(rows[best][j]) <= 1e-10*size[j] {
			return nil
		}
		pivot := rows[best]
		rows[best] = nil
		basis = append(basis, best)
		for _, r := range rows {
			if r == nil {
				continue
			}
			f := r[j] / pivot[j]
			for l := j; l < k; l++ {
				r[l] -= f * pivot[l]
			}
		}
	}
	return basis
}

// stand computes coefficients and residuals of the present basis.
func (w *walk) stand() error {
	k := len(w.basis)
	m := mat.NewDense(k, k, nil)
	rhs := mat.NewVecDense(k, nil)
	for r, i := range w.basis {
		m.SetRow(r, w.x[i])
		rhs.SetVec(r, w.y[i])
	}
	w.inv = mat.NewDense(k, k, nil)
	if err := w.inv.Inverse(m); err != nil {
		if c, ok := err.(mat.Condition); !ok || math.IsInf(float64(c), 1) {
			return &analytics.InputError{Op: op, What: "columns", Index: -1, Got: "rows that repeat one another", Want: "independent columns"}
		}
	}
	var b mat.VecDense
	b.MulVec(w.inv, rhs)
	w.b = slices.Clone(b.RawVector().Data)
	for i, row := range w.x {
		r := w.y[i]
		for j, v := range row {
			r -= v * w.b[j]
		}
		if math.Abs(r) <= 1e-12*w.scale {
			r = 0
		}
		w.rest[i] = r
	}
	for _, i := range w.basis {
		w.rest[i] = 0
	}
	return nil
}

func (w *walk) loss() float64 {
	var sum float64
	for _, r := range w.rest {
		sum += w.cost(r)
	}
	return sum
}

func (w *walk) cost(r float64) float64 {
	if r < 0 {
		return (w.tau - 1) * r
	}
	return w.tau * r
}

func (w *walk) degenerate() bool {
	zeros := 0
	for _, r := range w.rest {
		if r == 0 {
			zeros++
		}
	}
	return zeros > len(w.basis)
}
