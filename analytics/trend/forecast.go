package trend

import (
	"fmt"
	"math"
	"math/rand/v2"

	"jouleline/analytics"
	"jouleline/analytics/regress"
)

const op = "trend"

// Forecast is the expectation of coming values and their intervals. Element h-1 is
// h steps after the last value.
type Forecast struct {
	Mean  []float64
	Error []float64 // standard error of a new value
	Low   []float64
	High  []float64
	Level float64
	DF    int // of the Student distribution of the bounds; 0 means normal
}

// Model is a fitted model that forecasts.
type Model interface {
	// Forecast looks horizon steps ahead with intervals of the given level.
	Forecast(horizon int, level float64) (*Forecast, error)
	// Path writes one random future of len(dst) steps, drawn with the uncertainty
	// of the model's parameters as far as the model knows it.
	Path(dst []float64, r *rand.Rand)
	// Residuals are the one-step errors (of a line: the distances) of the fit, in
	// order of time. The slice belongs to the model.
	Residuals() []float64
	// DF are the residual degrees of freedom.
	DF() int
}

func checkHorizon(horizon int, level float64) error {
	if horizon < 1 {
		return &analytics.InputError{Op: op, What: "horizon", Index: -1, Got: fmt.Sprint(horizon), Want: "1 step or more"}
	}
	return analytics.CheckLevel(op, level)
}

// newForecast builds the bounds mean -+ t(df) error; df 0 means normal.
func newForecast(mean, se []float64, level float64, df int) *Forecast {
	f := &Forecast{Mean: mean, Error: se, Level: level, DF: df, Low: make([]float64, len(mean)), High: make([]float64, len(mean))}
	t := quantile(level, df)
	for i := range mean {
		f.Low[i], f.High[i] = mean[i]-t*se[i], mean[i]+t*se[i]
	}
	return f
}

func quantile(level float64, df int) float64 {
	if df <= 0 {
		df = 1 << 30 // Student's t of so many is normal to twelve digits
	}
	return regress.StudentQuantile(level, df)
}

func checkValues(what string, y []float64, want int) error {
	if err := analytics.CheckFinite(op+" "+what, "values", y); err != nil {
		return err
	}
	if len(y) < want {
		return &analytics.NotEnoughError{Op: op + " " + what, What: "values", Got: len(y), Want: want}
	}
	return nil
}

// spread draws a standard deviation: s sqrt(df/chi2(df)), what a residual standard
// deviation s of df degrees of freedom says about the true one.
func spread(s float64, df int, r *rand.Rand) float64 {
	var chi2 float64
	for range df {
		z := r.NormFloat64()
		chi2 += z * z
	}
	if chi2 == 0 {
		return s
	}
	return s * math.Sqrt(float64(df)/chi2)
}
