package trend_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics/trend"
)

// statsmodels 0.15 ETSModel, additive error and damped trend, reaches these sums of
// squared errors on the same data with bounds on phi of .8 to .98; the optimum over
// all initial states is not above.
func TestFitETS_NoWorseThanReference(t *testing.T) {
	sse := func(m trend.Model) (sum float64) {
		for _, e := range m.Residuals() {
			sum += e * e
		}
		return sum
	}
	y := months()
	if got := sse(must(trend.FitHolt(y))); got > 121.96396951288119*1.0001 {
		t.Errorf("Holt: got %v, want at most 121.964", got)
	}
	m := must(trend.FitETS(y, 12))
	if got := sse(m); got > 39.85808719417952*1.0001 {
		t.Errorf("ETS: got %v, want at most 39.858", got)
	}
	f := must(m.Forecast(24, .9))
	for h, want := range []float64{11.33, 12.80, 13.87} {
		near(t, "forecast", f.Mean[h], want, .15)
	}
	var cycle float64
	for h := range 12 {
		cycle += f.Mean[h+12] - f.Mean[h]
	}
	near(t, "the season repeats", cycle/12, 0, .6)
}

// R's forecast package (and the book, table 6.1): with alpha .8, beta .2, phi .9 the
// second step adds c_1 = .98, the third c_2 = 1.142.
func TestETS_ForecastVariance(t *testing.T) {
	m := &trend.ETS{Alpha: .8, Beta: .2, Phi: .9, Period: 1, Sigma: 1}
	f := must(m.Forecast(3, .9))
	near(t, "h=1", f.Error[0], 1, 1e-15)
	near(t, "h=2", f.Error[1], math.Sqrt(1+.98*.98), 1e-12)
	near(t, "h=3", f.Error[2], math.Sqrt(1+.98*.98+1.142*1.142), 1e-12)
}

// Simulated paths spread as the formula says.
func TestETS_PathsSpreadAsForecast(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	y := make([]float64, 400)
	for i := range y {
		y[i] = 100 + 10*math.Sin(2*math.Pi*float64(i)/12) + 2*r.NormFloat64()
		if i > 0 {
			y[i] += .3 * (y[i-1] - 100 - 10*math.Sin(2*math.Pi*float64(i-1)/12))
		}
	}
	m := must(trend.FitETS(y, 12))
	f := must(m.Forecast(18, .9))
	const paths = 20000
	sum, squares := make([]float64, 18), make([]float64, 18)
	path := make([]float64, 18)
	for range paths {
		m.Path(path, r)
		for h, v := range path {
			sum[h] += v
			squares[h] += v * v
		}
	}
	for h := range path {
		mean := sum[h] / paths
		sd := math.Sqrt(squares[h]/paths - mean*mean)
		near(t, "mean", mean, f.Mean[h], 4*f.Error[h]/math.Sqrt(paths))
		near(t, "spread", sd/f.Error[h], 1, .03)
	}
}

func TestFitETS_FindsStructure(t *testing.T) {
	season := []float64{30, 25, 15, 5, -5, -15, -20, -20, -10, -5, 5, -5}
	y := make([]float64, 60)
	for i := range y {
		y[i] = 200 + season[i%12]
	}
	f := must(must(trend.FitETS(y, 12)).Forecast(14, .9))
	for h := range f.Mean {
		near(t, "an exact season", f.Mean[h], 200+season[h%12], 1e-4)
	}
	scaled := make([]float64, 60)
	for i := range y {
		y[i] += float64(i*7919%17) - 8
		scaled[i] = 3*y[i] + 1e6
	}
	a, b := must(must(trend.FitETS(y, 12)).Forecast(6, .9)), must(must(trend.FitETS(scaled, 12)).Forecast(6, .9))
	for h := range a.Mean {
		near(t, "forecast of 3y+1e6", b.Mean[h], 3*a.Mean[h]+1e6, .05)
	}
}
