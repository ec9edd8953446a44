package trend

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"jouleline/analytics"
)

// Method names a model that can be fitted.
type Method string

const (
	MethodDrift    Method = "drift"
	MethodLine     Method = "ols"
	MethodTheilSen Method = "theil-sen"
	MethodHolt     Method = "holt"
	MethodETS      Method = "ets"
)

// Fit fits one method; period matters for ETS only.
func Fit(method Method, y []float64, period int) (Model, error) {
	switch method {
	case MethodDrift:
		return FitDrift(y)
	case MethodLine:
		return FitLine(y)
	case MethodTheilSen:
		if err := checkValues("theil-sen", y, 5); err != nil { // a forecast needs all values
			return nil, err
		}
		return FitTheilSen(y, .9)
	case MethodHolt:
		return FitHolt(y)
	case MethodETS:
		return FitETS(y, period)
	}
	return nil, &analytics.InputError{Op: op, What: "method", Index: -1, Got: fmt.Sprintf("%q", string(method)), Want: "drift, ols, theil-sen, holt or ets"}
}

// Score is what a method would have forecast, at rolling origins.
type Score struct {
	Method  Method
	MASE    float64 // mean absolute error over all origins and steps, scaled by that of the naive forecast
	Origins int
	// LogDensity is the mean logarithm of the density that the method gave to what
	// came, at one step: for [StackWeights].
	LogDensity []float64
	Skipped    string // why the method was not tried, empty otherwise
}

// Selection is the outcome of [Select].
type Selection struct {
	Best     Method
	Scores   []Score // in the order of methods tried, drift first
	Warnings analytics.Warnings
}

// Codes of warnings.
const (
	CodeFewValues analytics.Code = "few_values"
	CodeNaiveWins analytics.Code = "nothing_beats_drift"
)

// fewValues is the number of values up to which only drift and line are tried:
// with five annual points there is no smoothing to choose.
const fewValues = 4

// Select fits each method to growing parts of y, lets it forecast up to horizon
// steps, and chooses the one of least mean absolute scaled error (Hyndman and
// Koehler, International Journal of Forecasting 22 (2006), 679-688). The scale is
// the naive forecast's mean error within the whole series: of the value one cycle
// before where period > 1, else of the last value. Another model than drift is
// chosen only if it beats drift. It needs four values.
func Select(y []float64, period, horizon int) (*Selection, error) {
	if err := checkValues("select", y, 4); err != nil {
		return nil, err
	}
	if err := checkHorizon(horizon, .5); err != nil {
		return nil, err
	}
	if period < 1 {
		return nil, &analytics.InputError{Op: op, What: "period", Index: -1, Got: fmt.Sprint(period), Want: "1 or more"}
	}
	n := len(y)
	lag := period
	if n <= 2*lag {
		lag = 1
	}
	var scale float64
	for i := lag; i < n; i++ {
		scale += math.Abs(y[i]-y[i-lag]) / float64(n-lag)
	}
	methods := []Method{MethodDrift, MethodLine}
	out := &Selection{Best: MethodDrift}
	if n > fewValues {
		methods = append(methods, MethodTheilSen, MethodHolt)
		if period > 1 {
			methods = append(methods, MethodETS)
		}
	} else {
		out.Warnings = append(out.Warnings, analytics.Warning{
			Code: CodeFewValues, Got: float64(n), Want: fewValues + 1,
			Detail: fmt.Sprintf("%d values allow a drift or a line, nothing finer", n),
		})
	}
	// All methods start where the most demanding possible one can, so that they
	// are judged on the same origins; at least the last third is held out.
	origins := origins(max(3, min(firstOrigin(methods, period), n-max(n/3, 1))), n)
	for _, m := range methods {
		out.Scores = append(out.Scores, roll(m, y, period, horizon, origins, scale))
	}
	best := out.Scores[0]
	for _, s := range out.Scores[1:] {
		if s.Skipped == "" && s.MASE < best.MASE {
			best = s
		}
	}
	out.Best = best.Method
	if best.Method == MethodDrift {
		out.Warnings = append(out.Warnings, analytics.Warning{
			Code: CodeNaiveWins, Got: best.MASE,
			Detail: "no model forecasts this series better than its last value and average step",
		})
	}
	return out, nil
}

func firstOrigin(methods []Method, period int) int {
	need := 3
	for _, m := range methods {
		switch m {
		case MethodTheilSen:
			need = max(need, 5)
		case MethodHolt:
			need = max(need, minHolt)
		case MethodETS:
			need = max(need, 2*period+5)
		}
	}
	return need
}

// maxOrigins bounds the work: a seasonal model is fitted anew at each origin.
const maxOrigins = 12

// origins spreads at most maxOrigins evenly over first to n-1, both included.
func origins(first, n int) []int {
	count := min(n-first, maxOrigins)
	out := make([]int, count)
	for i := range out {
		out[i] = n - 1 - (n-1-first)*i/max(count-1, 1)
	}
	return out
}

// roll forecasts from every origin; a method that cannot be fitted at one of
// them is skipped as a whole.
func roll(method Method, y []float64, period, horizon int, origins []int, scale float64) Score {
	s := Score{Method: method}
	var sum float64
	count := 0
	for _, origin := range origins {
		m, err := Fit(method, y[:origin], period)
		if err != nil {
			s.Skipped = err.Error()
			var few *analytics.NotEnoughError
			if errors.As(err, &few) {
				s.Skipped = fmt.Sprintf("%d values are too few", origin)
			}
			return s
		}
		steps := min(horizon, len(y)-origin)
		f, err := m.Forecast(steps, .9)
		if err != nil {
			s.Skipped = err.Error()
			return s
		}
		for h := range steps {
			sum += math.Abs(y[origin+h] - f.Mean[h])
			count++
		}
		s.LogDensity = append(s.LogDensity, logDensity(y[origin], f))
		s.Origins++
	}
	if scale > 0 {
		s.MASE = sum / float64(count) / scale
	} else if sum > 0 {
		s.MASE = math.MaxFloat64 // a constant series, missed
	}
	return s
}

func logDensity(v float64, f *Forecast) float64 {
	// The 90 % bounds hold the distribution's own width; the normal density with
	// that width is close enough to weigh models by, and finite for any se.
	se := max((f.High[0]-f.Low[0])/(2*distuv.UnitNormal.Quantile(.95)), 1e-9*max(math.Abs(f.Mean[0]), 1e-300))
	z := (v - f.Mean[0]) / se
	return -.5*z*z - math.Log(se*math.Sqrt(2*math.Pi))
}

// StackWeights returns the weights of the mixture of models that would have given
// the highest density to what came (Yao, Vehtari, Simpson and Gelman, Bayesian
// Analysis 13 (2018), 917-1007). logDensity holds one row per model, one column
// per origin, as in [Score.LogDensity]; rows are of equal length, at least one.
func StackWeights(logDensity [][]float64) ([]float64, error) {
	if len(logDensity) == 0 || len(logDensity[0]) == 0 {
		return nil, &analytics.NotEnoughError{Op: op + " stacking", What: "models and origins", Got: 0, Want: 1}
	}
	models, origins := len(logDensity), len(logDensity[0])
	for k, row := range logDensity {
		if err := analytics.CheckLength(op, fmt.Sprintf("densities of model %d", k), len(row), origins); err != nil {
			return nil, err
		}
		if err := analytics.CheckFinite(op, fmt.Sprintf("densities of model %d", k), row); err != nil {
			return nil, err
		}
	}
	w := make([]float64, models)
	for k := range w {
		w[k] = 1 / float64(models)
	}
	next := make([]float64, models)
	for range 500 { // expectation-maximisation: each round raises a concave function
		clear(next)
		for t := range origins {
			top := math.Inf(-1)
			for k := range w {
				top = max(top, logDensity[k][t])
			}
			var total float64
			for k := range w {
				total += w[k] * math.Exp(logDensity[k][t]-top)
			}
			for k := range w {
				next[k] += w[k] * math.Exp(logDensity[k][t]-top) / total / float64(origins)
			}
		}
		var moved float64
		for k := range w {
			moved = max(moved, math.Abs(next[k]-w[k]))
		}
		copy(w, next)
		if moved < 1e-9 {
			break
		}
	}
	return w, nil
}
