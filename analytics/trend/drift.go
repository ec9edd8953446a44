package trend

import (
	"math"
	"math/rand/v2"
)

// Drift is a random walk with a mean step: the next value is the last one plus the
// average change so far. Any other model must beat it.
type Drift struct {
	Step      float64 // (y_n - y_1)/(n-1)
	Sigma     float64 // standard deviation of the steps about Step, with n-2 degrees of freedom
	last      float64
	n         int
	residuals []float64
}

// FitDrift needs three values.
func FitDrift(y []float64) (*Drift, error) {
	if err := checkValues("drift", y, 3); err != nil {
		return nil, err
	}
	n := len(y)
	d := &Drift{Step: (y[n-1] - y[0]) / float64(n-1), last: y[n-1], n: n}
	var ss float64
	for i := 1; i < n; i++ {
		e := y[i] - y[i-1] - d.Step
		d.residuals = append(d.residuals, e)
		ss += e * e
	}
	d.Sigma = math.Sqrt(ss / float64(n-2))
	return d, nil
}

// Forecast is last + h Step with error Sigma sqrt(h (1 + h/(n-1))) (Hyndman and
// Athanasopoulos, Forecasting: principles and practice, 5.5).
func (d *Drift) Forecast(horizon int, level float64) (*Forecast, error) {
	if err := checkHorizon(horizon, level); err != nil {
		return nil, err
	}
	mean, se := make([]float64, horizon), make([]float64, horizon)
	for i := range mean {
		h := float64(i + 1)
		mean[i] = d.last + h*d.Step
		se[i] = d.Sigma * math.Sqrt(h*(1+h/float64(d.n-1)))
	}
	return newForecast(mean, se, level, d.DF()), nil
}

// Path walks on with a step and a spread drawn from what the data say of them.
func (d *Drift) Path(dst []float64, r *rand.Rand) {
	sigma := spread(d.Sigma, d.DF(), r)
	step := d.Step + sigma/math.Sqrt(float64(d.n-1))*r.NormFloat64()
	v := d.last
	for i := range dst {
		v += step + sigma*r.NormFloat64()
		dst[i] = v
	}
}

// Residuals are the steps less their mean.
func (d *Drift) Residuals() []float64 { return d.residuals }

// DF is n-2.
func (d *Drift) DF() int { return d.n - 2 }
