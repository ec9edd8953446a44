package benchmark

import (
	"fmt"
	"math"

	"jouleline/analytics"
)

// QuantileModel is a fitted conditional quantile: Intercept + sum Slopes x.
type QuantileModel struct {
	Tau       float64
	Intercept float64
	Slopes    []float64
	N         int
	Loss      float64 // sum of rho_tau(residual), rho_tau(r) = r (tau - [r < 0])
	Warnings  analytics.Warnings
}

// QuantileRegression minimises sum rho_tau(y - b0 - X b) (Koenker and Bassett,
// Econometrica 46 (1978), 33-50): the use that a share tau of comparable buildings
// stays below, given area, hours, density or degree days. The optimum passes
// through as many observations as there are coefficients; it is found by walking
// from one such set to the next along the steepest edge (Barrodale and Roberts
// 1973). It needs two more rows than coefficients.
func QuantileRegression(y []float64, columns [][]float64, tau float64) (*QuantileModel, error) {
	if !(tau > 0 && tau < 1) {
		return nil, &analytics.InputError{Op: op, What: "tau", Index: -1, Got: fmt.Sprint(tau), Want: "a share between 0 and 1, exclusive"}
	}
	if err := analytics.CheckFinite(op, "y", y); err != nil {
		return nil, err
	}
	for j, c := range columns {
		name := fmt.Sprintf("column %d", j)
		if err := analytics.CheckLength(op, name, len(c), len(y)); err != nil {
			return nil, err
		}
		if err := analytics.CheckFinite(op, name, c); err != nil {
			return nil, err
		}
	}
	n, k := len(y), len(columns)+1
	if n < k+2 {
		return nil, &analytics.NotEnoughError{Op: op + " quantile regression", What: "rows", Got: n, Want: k + 2}
	}
	w := newWalk(y, columns, tau)
	b, loss, err := w.run()
	if err != nil {
		return nil, err
	}
	m := &QuantileModel{Tau: tau, N: n, Loss: loss, Intercept: b[0], Slopes: b[1:]}
	if beyond := min(tau, 1-tau) * float64(n); beyond < MinPeers {
		m.Warnings = append(m.Warnings, analytics.Warning{
			Code: CodeFewPerGap, Got: beyond, Want: MinPeers,
			Detail: fmt.Sprintf("only about %.0f observations lie beyond this quantile", beyond),
		})
	}
	return m, nil
}

// Predict returns the conditional quantile at one row of column values; NaN for a
// row of another width.
func (m *QuantileModel) Predict(x []float64) float64 {
	if len(x) != len(m.Slopes) {
		return math.NaN()
	}
	v := m.Intercept
	for j, s := range m.Slopes {
		v += s * x[j]
	}
	return v
}

// Curves predicts several quantiles at one row and puts them in ascending order
// where they cross (Chernozhukov, Fernandez-Val and Galichon, Econometrica 78
// (2010), 1093-1125). Models must be in order of tau; crossed says whether
// anything moved.
func Curves(models []*QuantileModel, x []float64) (values []float64, crossed bool) {
	for _, m := range models {
		values = append(values, m.Predict(x))
	}
	for i := 1; i < len(values); i++ {
		for j := i; j > 0 && values[j] < values[j-1]; j-- {
			values[j], values[j-1] = values[j-1], values[j]
			crossed = true
		}
	}
	return values, crossed
}
