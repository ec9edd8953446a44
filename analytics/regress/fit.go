package regress

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"jouleline/analytics"
)

// Term is one coefficient: its value, standard error, t statistic and two-sided
// p value. A fit without residual error has SE 0, T infinite and P 0.
type Term struct{ Value, SE, T, P float64 }

// Model is a fitted line with its diagnostics.
type Model struct {
	Intercept Term   // zero through the origin
	Slopes    []Term // one per column

	N         int     // rows with a weight above 0
	DF        int     // residual degrees of freedom
	SSE       float64 // weighted residual sum of squares
	SST       float64 // weighted sum of squares about the mean, about zero through the origin
	S         float64 // residual standard deviation sqrt(SSE/DF), of a row of weight 1
	R2        float64 // 1 - SSE/SST; 0 where y does not vary
	AdjR2     float64 // 1 - (SSE/DF)/(SST/(DF of SST)); 0 where y does not vary
	Condition float64 // of the centred and scaled columns
	Rank      int     // of the columns; below len(Slopes) only with Settings.MinimumNorm

	means       []float64
	totalWeight float64       // 0 through the origin
	inverse     *mat.SymDense // covariance of the slopes over S^2
}

// Fit fits y on the columns by weighted least squares (see the package comment).
// Every column has len(y) rows; there may be none, which fits the mean.
//
// It needs two rows more than it has columns (one more through the origin), as
// an exact fit knows nothing of its own error. NaN and infinity are refused.
func Fit(y []float64, columns [][]float64, s Settings) (*Model, error) {
	rows, err := check(y, columns, s)
	if err != nil {
		return nil, err
	}
	if s.Origin && len(columns) == 0 {
		return nil, &analytics.NotEnoughError{Op: op, What: "columns for a fit through the origin", Got: 0, Want: 1}
	}
	d := newDesign(y, columns, s, rows)
	sol, err := solve(d, s.MinimumNorm)
	if err != nil {
		return nil, err
	}
	m := &Model{N: rows, Condition: sol.condition, Rank: sol.rank, means: d.means, DF: rows - sol.rank}
	if !s.Origin {
		m.DF--
		m.totalWeight = d.totalWeight
	}
	for _, z := range d.z {
		m.SST += z * z
	}
	m.SSE = sumSquares(d, sol.g)
	m.S = math.Sqrt(m.SSE / float64(m.DF))
	m.summarise(d, sol, !s.Origin)
	return m, nil
}

func sumSquares(d *design, g []float64) float64 {
	var sum float64
	for _, r := range defect(d.columns, d.z, nil, g) {
		sum += r * r
	}
	return sum
}

func (m *Model) summarise(d *design, sol *solution, intercept bool) {
	k := len(d.scale)
	if k > 0 {
		m.inverse = mat.NewSymDense(k, nil)
	}
	m.Slopes = make([]Term, k)
	base := d.meanY
	for i := range k {
		if d.scale[i] == 0 {
			continue // a constant column under MinimumNorm: slope 0
		}
		for j := i; j < k; j++ {
			if d.scale[j] > 0 {
				m.inverse.SetSym(i, j, sol.inverse.At(i, j)/d.scale[i]/d.scale[j])
			}
		}
		slope := sol.g[i] / d.scale[i]
		m.Slopes[i] = m.term(slope, m.inverse.At(i, i))
		base -= slope * d.means[i]
	}
	dfTotal := float64(m.N)
	if intercept {
		dfTotal--
		m.Intercept = m.term(base, m.quadratic(1, make([]float64, k)))
	}
	if m.SST > 0 {
		m.R2 = 1 - m.SSE/m.SST
		m.AdjR2 = 1 - (m.SSE/float64(m.DF))/(m.SST/dfTotal)
	}
}

func (m *Model) term(value, variance float64) Term {
	t := Term{Value: value, SE: m.S * math.Sqrt(variance)}
	if t.SE == 0 {
		if value != 0 {
			t.T = math.Copysign(math.Inf(1), value)
			return t
		}
		t.P = 1
		return t
	}
	t.T = value / t.SE
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(m.DF)}
	t.P = 2 * student.CDF(-math.Abs(t.T))
	return t
}
