package trend

import (
	"fmt"
	"math"
	"math/rand/v2"

	"jouleline/analytics"
)

// ETS is exponential smoothing with additive error, damped additive trend and,
// where Period > 1, additive season: ETS(A,Ad,A) in the state space form of
// Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008),
//
//	y = l + phi b + s_{-m} + e
//	l' = l + phi b + Alpha e,  b' = phi b + Beta e,  s' = s_{-m} + Gamma e
//
// with Beta in that sense (alpha times Holt's own beta).
type ETS struct {
	Alpha, Beta, Gamma, Phi float64
	Period                  int // 1 without season

	Sigma float64 // standard deviation of the one-step errors
	AICc  float64

	level, slope float64
	season       []float64 // of the coming period, in order
	residuals    []float64
	df           int
}

// minHolt is the least number of values for a damped trend: four parameters and
// two initial states leave three to judge by. Fewer, and annual values above all,
// are left to drift and line.
const minHolt = 9

// FitHolt fits the damped trend without season. It needs nine values.
func FitHolt(y []float64) (*ETS, error) {
	if err := checkValues("holt", y, minHolt); err != nil {
		return nil, err
	}
	return fitETS(y, 1)
}

// FitETS fits damped trend and season. It needs two cycles and five values more.
// Parameters minimise the squared one-step errors, which is maximum likelihood;
// initial states are solved for exactly at each step, since the errors are linear
// in them.
func FitETS(y []float64, period int) (*ETS, error) {
	if period < 2 {
		return nil, &analytics.InputError{Op: op + " ets", What: "period", Index: -1, Got: fmt.Sprint(period), Want: "2 or more values in a cycle"}
	}
	if err := checkValues("ets", y, 2*period+5); err != nil {
		return nil, err
	}
	return fitETS(y, period)
}

// Forecast is the expected course, with the exact variance of the state space
// form, Sigma^2 [1 + sum_{j<h} c_j^2], c_j = Alpha + Beta (phi + ... + phi^j) +
// Gamma [j is a multiple of Period]. Bounds are normal; parameters count as known.
func (m *ETS) Forecast(horizon int, level float64) (*Forecast, error) {
	if err := checkHorizon(horizon, level); err != nil {
		return nil, err
	}
	mean, se := make([]float64, horizon), make([]float64, horizon)
	damped, power, sum := 0., 1., 0.
	for i := range mean {
		power *= m.Phi
		damped += power // phi + ... + phi^(i+1)
		mean[i] = m.level + damped*m.slope + m.seasonAt(i)
		se[i] = m.Sigma * math.Sqrt(1+sum)
		c := m.Alpha + m.Beta*damped
		if m.Period > 1 && (i+1)%m.Period == 0 {
			c += m.Gamma
		}
		sum += c * c
	}
	return newForecast(mean, se, level, 0), nil
}

func (m *ETS) seasonAt(i int) float64 {
	if m.Period == 1 {
		return 0
	}
	return m.season[i%m.Period]
}

// Path runs the model on with normal errors, whose spread is drawn from what the
// residuals say of it. Smoothing parameters and states count as known.
func (m *ETS) Path(dst []float64, r *rand.Rand) {
	sigma := spread(m.Sigma, m.df, r)
	level, slope := m.level, m.slope
	season := append([]float64{}, m.season...)
	for i := range dst {
		e := sigma * r.NormFloat64()
		next := level + m.Phi*slope
		dst[i] = next + e
		if m.Period > 1 {
			k := i % m.Period
			dst[i] += season[k]
			season[k] += m.Gamma * e
		}
		level, slope = next+m.Alpha*e, m.Phi*slope+m.Beta*e
	}
}

// Residuals are the one-step errors.
func (m *ETS) Residuals() []float64 { return m.residuals }

// DF is the number of values less parameters and initial states.
func (m *ETS) DF() int { return m.df }
