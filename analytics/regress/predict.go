package regress

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Predict returns the fit at one row of column values. len(x) must be the number
// of slopes; a shorter or longer row gives NaN.
func (m *Model) Predict(x []float64) float64 {
	if len(x) != len(m.Slopes) {
		return math.NaN()
	}
	sum := m.Intercept.Value
	for j, v := range x {
		sum += m.Slopes[j].Value * v
	}
	return sum
}

// Aggregate describes a sum of predictions, one per row r with multiplicity n_r:
// the totals that its variance depends on.
type Aggregate struct {
	Rows   float64   // sum of n_r: what the intercept is multiplied by
	Slopes []float64 // sum of n_r x_rj for every column j
	// Noise is the sum of n_r^2/w_r over the rows that are compared with
	// measurements (Rows where all n and w are 1), times (1+rho)/(1-rho) where
	// the residuals are autocorrelated. 0 asks for the error of the fitted line alone.
	Noise float64
}

// Add puts one row of weight 1 and multiplicity 1 into the sum.
func (a *Aggregate) Add(x ...float64) {
	if a.Slopes == nil {
		a.Slopes = make([]float64, len(x))
	}
	a.Rows++
	a.Noise++
	for j, v := range x {
		a.Slopes[j] += v
	}
}

// SumVariance returns the variance of the error of a sum of predictions,
//
//	S^2 [ 1'X (X'WX)^-1 X'1 + Noise ],
//
// exact under the assumptions of least squares. A sum of another number of
// columns gives NaN.
func (m *Model) SumVariance(a Aggregate) float64 {
	if len(a.Slopes) != len(m.Slopes) {
		return math.NaN()
	}
	return m.S * m.S * (m.quadratic(a.Rows, a.Slopes) + a.Noise)
}

// SumBand returns the half-width of the two-sided interval of a sum of
// predictions: Student's t quantile with DF degrees of freedom times the root of
// [Model.SumVariance]. level is for instance 0.9.
func (m *Model) SumBand(a Aggregate, level float64) float64 {
	return StudentQuantile(level, m.DF) * math.Sqrt(m.SumVariance(a))
}

// PredictionError returns the standard error of one new observation at x:
// S sqrt(1 + x'(X'X)^-1 x).
func (m *Model) PredictionError(x []float64) float64 {
	return math.Sqrt(m.SumVariance(Aggregate{Rows: 1, Slopes: x, Noise: 1}))
}

// MeanError returns the standard error of the fitted line at x.
func (m *Model) MeanError(x []float64) float64 {
	return math.Sqrt(m.SumVariance(Aggregate{Rows: 1, Slopes: x}))
}

// StudentQuantile returns t such that a Student variable of df degrees of
// freedom lies in [-t, t] with probability level.
func StudentQuantile(level float64, df int) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(df)}.Quantile(.5 + level/2)
}

// quadratic returns v'(X'WX)^-1 v for v = (rows, slopes), computed about the
// means, where no digits cancel.
func (m *Model) quadratic(rows float64, slopes []float64) float64 {
	var sum float64
	if m.totalWeight > 0 {
		sum = rows * rows / m.totalWeight
	}
	if m.inverse == nil {
		return sum
	}
	dev := make([]float64, len(slopes))
	for j, v := range slopes {
		dev[j] = v - rows*m.means[j]
	}
	for i, a := range dev {
		for j, b := range dev {
			sum += a * m.inverse.At(i, j) * b
		}
	}
	return sum
}
