package trend

import (
	"math"
	"math/rand/v2"

	"jouleline/analytics/regress"
)

// Line is a straight line through the values at 0, 1, ..., n-1.
type Line struct {
	Intercept, Slope regress.Term // Slope per step, with its p value
	S                float64      // residual standard deviation, n-2 degrees of freedom
	R2               float64

	n          int
	mean, sxx  float64 // mean value at the middle of time; sum of squares of time
	residuals  []float64
	valueAtMid float64
}

// FitLine fits by least squares. It needs three values.
func FitLine(y []float64) (*Line, error) {
	if err := checkValues("line", y, 3); err != nil {
		return nil, err
	}
	n := len(y)
	time := make([]float64, n)
	for i := range time {
		time[i] = float64(i)
	}
	m, err := regress.Fit(y, [][]float64{time}, regress.Settings{})
	if err != nil {
		return nil, err
	}
	l := &Line{Intercept: m.Intercept, Slope: m.Slopes[0], S: m.S, R2: m.R2, n: n, mean: float64(n-1) / 2}
	l.sxx = float64(n) * (float64(n)*float64(n) - 1) / 12
	l.valueAtMid = l.At(l.mean)
	for i, v := range y {
		l.residuals = append(l.residuals, v-l.At(float64(i)))
	}
	return l, nil
}

// At returns the line at a time counted from the first value.
func (l *Line) At(time float64) float64 { return l.Intercept.Value + l.Slope.Value*time }

// Forecast has the error S sqrt(1 + 1/n + (x-xbar)^2/Sxx) and Student bounds of
// n-2 degrees of freedom.
func (l *Line) Forecast(horizon int, level float64) (*Forecast, error) {
	if err := checkHorizon(horizon, level); err != nil {
		return nil, err
	}
	mean, se := make([]float64, horizon), make([]float64, horizon)
	for i := range mean {
		x := float64(l.n + i)
		mean[i] = l.At(x)
		se[i] = l.S * math.Sqrt(1+1/float64(l.n)+(x-l.mean)*(x-l.mean)/l.sxx)
	}
	return newForecast(mean, se, level, l.DF()), nil
}

// Path draws a line and a spread from what the data say of them, and noise.
func (l *Line) Path(dst []float64, r *rand.Rand) {
	sigma := spread(l.S, l.DF(), r)
	level := l.valueAtMid + sigma/math.Sqrt(float64(l.n))*r.NormFloat64()
	slope := l.Slope.Value + sigma/math.Sqrt(l.sxx)*r.NormFloat64()
	for i := range dst {
		dst[i] = level + slope*(float64(l.n+i)-l.mean) + sigma*r.NormFloat64()
	}
}

// Residuals are the distances from the line.
func (l *Line) Residuals() []float64 { return l.residuals }

// DF is n-2.
func (l *Line) DF() int { return l.n - 2 }
