package regress

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// factor is the Householder QR of a tall matrix held by columns: reflections in
// place of the columns, R beside them. Columns lie in one piece of memory, so that
// a year of hours factors at the speed of dot products; a general QR with its
// blocks takes twice as long for so few columns.
type factor struct {
	v   [][]float64 // v[j][j:] is the j-th reflection vector
	tau []float64
	r   [][]float64 // r[i][j] for i <= j
}

func newFactor(columns [][]float64) *factor {
	k := len(columns)
	f := &factor{v: make([][]float64, k), tau: make([]float64, k), r: make([][]float64, k)}
	for j, c := range columns {
		f.v[j] = append(make([]float64, 0, len(c)), c...)
		f.r[j] = make([]float64, k)
	}
	for j := range k {
		x := f.v[j][j:]
		norm := floats.Norm(x, 2)
		if norm == 0 {
			continue
		}
		alpha := -math.Copysign(norm, x[0])
		// v = x - alpha e1, H = I - tau v v', tau = 2/v'v = -1/(alpha v[0]).
		x[0] -= alpha
		f.tau[j] = -1 / (alpha * x[0])
		f.r[j][j] = alpha
		for l := j + 1; l < k; l++ {
			f.reflect(j, f.v[l])
			f.r[j][l] = f.v[l][j]
		}
	}
	return f
}

// reflect applies the j-th reflection to y, which it changes.
func (f *factor) reflect(j int, y []float64) {
	x := f.v[j][j:]
	floats.AddScaled(y[j:], -f.tau[j]*floats.Dot(x, y[j:]), x)
}

// solve returns the least squares solution for z. z is not changed.
func (f *factor) solve(z []float64) []float64 {
	k := len(f.v)
	y := append([]float64{}, z...)
	for j := range k {
		f.reflect(j, y)
	}
	g := make([]float64, k)
	for i := k - 1; i >= 0; i-- {
		sum := y[i]
		for j := i + 1; j < k; j++ {
			sum -= f.r[i][j] * g[j]
		}
		g[i] = sum / f.r[i][i]
	}
	return g
}

// lift returns Q R^-T b: the shortest y with A'y = b.
func (f *factor) lift(b []float64, n int) []float64 {
	k := len(f.v)
	y := make([]float64, n)
	for i := range k {
		sum := b[i]
		for j := range i {
			sum -= f.r[j][i] * y[j]
		}
		y[i] = sum / f.r[i][i]
	}
	for j := k - 1; j >= 0; j-- {
		f.reflect(j, y)
	}
	return y
}

// inverseR returns R^-1 by rows, and the condition number of R in the 1-norm,
// infinite where R is singular.
func (f *factor) inverseR() (inv [][]float64, condition float64) {
	k := len(f.v)
	inv = make([][]float64, k)
	for i := range inv {
		inv[i] = make([]float64, k)
		if f.r[i][i] == 0 {
			return nil, math.Inf(1)
		}
	}
	for j := range k {
		for i := j; i >= 0; i-- {
			var sum float64
			if i == j {
				sum = 1
			}
			for l := i + 1; l <= j; l++ {
				sum -= f.r[i][l] * inv[l][j]
			}
			inv[i][j] = sum / f.r[i][i]
		}
	}
	return inv, norm1(f.r) * norm1(inv)
}

func norm1(m [][]float64) float64 {
	var top float64
	for j := range m {
		var sum float64
		for i := range m {
			sum += math.Abs(m[i][j])
		}
		top = max(top, sum)
	}
	return top
}
