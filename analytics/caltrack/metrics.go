package caltrack

import "math"

// Metrics describes how well a model fits the series it was fitted to. P is the
// number of observations and c the number of slopes: CalTRACK counts c without
// the intercept.
type Metrics struct {
	N               int     // P: days or bills
	Terms           int     // c
	Mean            float64 // mean use per day
	Variance        float64 // of use per day, over P
	RMSE            float64 // sqrt(SSE/(P-c)), unweighted
	CVRMSE          float64 // RMSE/Mean (CalTRACK 4.2.2); 0 where the mean is 0
	NMBE            float64 // sum of residuals over sum of use; 0 where that sum is 0
	Autocorrelation float64 // rho, lag-1 correlation of the residuals in order of time
	EffectiveN      float64 // P' = P(1-rho)/(1+rho), at least minEffectiveN and at most P
	MinTemperature  float64 // coldest and warmest daily mean, in the model's scale
	MaxTemperature  float64
}

// minEffectiveN keeps the bands finite where residuals are one long wave.
const minEffectiveN = 2

func measure(use, predicted []float64, terms int) Metrics {
	n := len(use)
	m := Metrics{N: n, Terms: terms}
	residuals := make([]float64, n)
	var sse, sumResiduals, sumAbs float64
	for i, v := range use {
		r := predicted[i] - v
		residuals[i] = r
		sse += r * r
		sumResiduals += r
		m.Mean += v
		sumAbs += math.Abs(v)
	}
	if m.Mean != 0 {
		m.NMBE = sumResiduals / m.Mean
	}
	m.Mean /= float64(n)
	for _, v := range use {
		m.Variance += (v - m.Mean) * (v - m.Mean) / float64(n)
	}
	m.RMSE = math.Sqrt(sse / float64(n-terms))
	if sumAbs > 0 { // negative use would make a plain mean small: eemeter 3.2
		m.CVRMSE = m.RMSE / (sumAbs / float64(n))
	}
	m.Autocorrelation = lagOne(residuals)
	m.EffectiveN = effective(float64(n), m.Autocorrelation)
	return m
}

// effective returns P', capped at P: a negative rho would claim more independent
// days than there are days.
func effective(n, rho float64) float64 {
	if rho <= 0 {
		return n
	}
	return max(n*(1-rho)/(1+rho), minEffectiveN)
}

// lagOne is Pearson's correlation of x[1:] with x[:n-1]; 0 where one of them does
// not vary.
func lagOne(x []float64) float64 {
	if len(x) < 3 {
		return 0
	}
	a, b := x[:len(x)-1], x[1:]
	var meanA, meanB float64
	for i := range a {
		meanA += a[i]
		meanB += b[i]
	}
	meanA /= float64(len(a))
	meanB /= float64(len(a))
	var saa, sbb, sab float64
	for i := range a {
		da, db := a[i]-meanA, b[i]-meanB
		saa += da * da
		sbb += db * db
		sab += da * db
	}
	if saa == 0 || sbb == 0 {
		return 0
	}
	return sab / math.Sqrt(saa*sbb)
}
