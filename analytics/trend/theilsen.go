package trend

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
)

// TheilSen is the line of median slope: up to 29 % of wrong values hardly move it.
type TheilSen struct {
	Slope     float64    // median of all pairwise slopes, per step
	Interval  [2]float64 // of the slope, by ranks (Sen 1968)
	Level     float64    // of Interval
	Intercept float64    // median(y) - Slope median(t) (Conover 1980)
	Sigma     float64    // 1.4826 MAD of the residuals

	n         int
	known     int
	residuals []float64
}

// maxTheilSen bounds the pairs to eight million: a decade of days and no more.
const maxTheilSen = 4000

// FitTheilSen fits the median slope; NaN is a gap and is skipped. The interval of
// the slope is Sen's: with C = z sqrt(Var S), Var S corrected for ties, it lies
// between the ordered slopes of rank (N-C)/2 and (N+C)/2 + 1 (Sen, JASA 63 (1968),
// 1379-1389). It needs four known values.
func FitTheilSen(y []float64, level float64) (*TheilSen, error) {
	if err := analytics.CheckLevel(op, level); err != nil {
		return nil, err
	}
	if err := analytics.CheckNotInf(op, "values", y); err != nil {
		return nil, err
	}
	var t, v []float64
	for i, x := range y {
		if !math.IsNaN(x) {
			t, v = append(t, float64(i)), append(v, x)
		}
	}
	n := len(v)
	if n < 4 {
		return nil, &analytics.NotEnoughError{Op: op + " theil-sen", What: "known values", Got: n, Want: 4}
	}
	if n > maxTheilSen {
		return nil, &analytics.InputError{Op: op + " theil-sen", What: "values", Index: -1, Got: "more than 4000", Want: "months or years, not hours"}
	}
	slopes := make([]float64, 0, n*(n-1)/2)
	for i := range v {
		for j := range i {
			slopes = append(slopes, (v[i]-v[j])/(t[i]-t[j]))
		}
	}
	slopes = orderstat.Sorted(slopes)
	m := &TheilSen{Slope: orderstat.Quantile(slopes, .5, orderstat.Type7), Level: level, n: len(y), known: n}
	m.Intercept = orderstat.Median(v) - m.Slope*orderstat.Median(t)
	for i := range v {
		m.residuals = append(m.residuals, v[i]-m.Intercept-m.Slope*t[i])
	}
	_, mad := orderstat.MAD(m.residuals)
	m.Sigma = orderstat.NormalMAD * mad
	c := distuv.UnitNormal.Quantile(.5+level/2) * math.Sqrt(varianceS(v))
	count := float64(len(slopes))
	low := int(math.Round((count - c) / 2))
	high := min(int(math.Round((count+c)/2)), len(slopes)-1)
	m.Interval = [2]float64{slopes[max(low-1, 0)], slopes[high]}
	return m, nil
}

// Forecast continues the line; its error is that of a least-squares line with the
// robust Sigma, and Student bounds of n-2 degrees of freedom.
func (m *TheilSen) Forecast(horizon int, level float64) (*Forecast, error) {
	if err := checkHorizon(horizon, level); err != nil {
		return nil, err
	}
	mean, se := make([]float64, horizon), make([]float64, horizon)
	n := float64(m.n)
	for i := range mean {
		x := n + float64(i)
		mean[i] = m.Intercept + m.Slope*x
		d := x - (n-1)/2
		se[i] = m.Sigma * math.Sqrt(1+1/float64(m.known)+d*d/m.sxx())
	}
	return newForecast(mean, se, level, m.DF()), nil
}

func (m *TheilSen) sxx() float64 {
	n := float64(m.n)
	return n * (n*n - 1) / 12
}

// Path draws a slope from its standard error, a level and noise.
func (m *TheilSen) Path(dst []float64, r *rand.Rand) {
	sigma := spread(m.Sigma, m.DF(), r)
	middle := float64(m.n-1) / 2
	level := m.Intercept + m.Slope*middle + sigma/math.Sqrt(float64(m.known))*r.NormFloat64()
	slope := m.Slope + sigma/math.Sqrt(m.sxx())*r.NormFloat64()
	for i := range dst {
		dst[i] = level + slope*(float64(m.n+i)-middle) + sigma*r.NormFloat64()
	}
}

// Residuals are the distances from the line at the known values.
func (m *TheilSen) Residuals() []float64 { return m.residuals }

// DF is the number of known values less 2.
func (m *TheilSen) DF() int { return m.known - 2 }
