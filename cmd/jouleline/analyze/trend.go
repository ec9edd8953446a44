package analyze

import (
	"fmt"
	"io"
	"math"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/trend"
)

// TrendCmd tells where a series goes.
type TrendCmd struct {
	AnswerFlags
	ZoneFlags
	Input   string  `help:"CSV of time,value at equal steps, as years or months." required:"" type:"existingfile" placeholder:"FILE"`
	Method  string  `help:"ols, theil-sen, mann-kendall, holt (damped trend) or ets (with season)." enum:"ols,theil-sen,mann-kendall,holt,ets" default:"theil-sen"`
	Period  int     `help:"Steps of a cycle, as 12 for months; needed by ets. With mann-kendall each phase is tested by itself." default:"1"`
	Horizon int     `help:"Steps to look ahead; left out: a cycle, or 3." default:"0"`
	Level   float64 `help:"Confidence of the bounds." default:"0.9"`
}

// trendAnswer is the answer. What a method does not give is null.
type trendAnswer struct {
	Method        string             `json:"method"`
	N             int                `json:"n"`
	Missing       int                `json:"missing"`
	Step          string             `json:"step"`
	Period        int                `json:"period"`
	Slope         *float64           `json:"slope"`
	SlopeInterval []float64          `json:"slope_interval"`
	Statistic     *float64           `json:"statistic"`
	StatisticName string             `json:"statistic_name"`
	PValue        *float64           `json:"p_value"`
	Tau           *float64           `json:"tau"`
	Corrected     *correctedTest     `json:"corrected_for_autocorrelation,omitempty"`
	Parameters    map[string]float64 `json:"parameters,omitempty"`
	DF            *int               `json:"df"`
	Level         float64            `json:"level"`

	Forecast []trendPoint        `json:"forecast"`
	Warnings []analytics.Warning `json:"warnings"`
}

// correctedTest is Mann-Kendall after Hamed and Rao.
type correctedTest struct {
	Statistic  float64 `json:"statistic"`
	PValue     float64 `json:"p_value"`
	Correction float64 `json:"correction"`
}

type trendPoint struct {
	Step int     `json:"step"`
	Time string  `json:"time"`
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Codes of warnings.
const (
	codeFewDegrees    analytics.Code = "few_degrees_of_freedom"
	codeNoVariation   analytics.Code = "values_do_not_vary"
	codeNoWidth       analytics.Code = "bounds_of_no_width"
	codeBehindDrift   analytics.Code = "drift_forecasts_better"
	codeMissingValues analytics.Code = "missing_values"
	codeAtEdge        analytics.Code = "smoothing_at_edge"
	codeUncorrected   analytics.Code = "autocorrelation_not_corrected"
)

// fewDegrees is the number of residual degrees of freedom below which bounds are
// mostly the tail of Student's t: five annual values leave three.
const fewDegrees = 5

// edgeOfSmoothing is the weight of the last error in the trend above which a
// damped trend has forgotten all but its last step.
const edgeOfSmoothing = .9

// Run reads the series and prints trend and forecast.
func (c *TrendCmd) Run(out io.Writer) error {
	if err := checkLevel(c.Level); err != nil {
		return err
	}
	if c.Period < 1 || c.Horizon < 0 {
		return misuse{fmt.Errorf("--period and --horizon: got %d and %d, want 1 or more and 0 or more", c.Period, c.Horizon)}
	}
	s, err := c.spaced(c.Input)
	if err != nil {
		return err
	}
	if c.Horizon == 0 {
		if c.Horizon = 3; c.Period > 1 {
			c.Horizon = c.Period
		}
	}
	a := &trendAnswer{
		Method: c.Method, N: len(s.values) - s.missing(), Missing: s.missing(), Step: s.step, Period: c.Period, Level: c.Level,
		Forecast: []trendPoint{}, Warnings: []analytics.Warning{},
	}
	if err := c.fit(a, s); err != nil {
		if a.Missing > 0 && c.Method != "theil-sen" && c.Method != "mann-kendall" {
			return fmt.Errorf("%s: %d of %d steps have no value, and %s takes no gaps (theil-sen and mann-kendall do): %w", c.Input, a.Missing, len(s.values), c.Method, err)
		}
		return fmt.Errorf("%s: %w", c.Input, err)
	}
	if a.Missing > 0 {
		a.warn(codeMissingValues, float64(a.Missing), 0, fmt.Sprintf("%d of %d steps have no value", a.Missing, len(s.values)))
	}
	if isConstant(s.values) {
		a.warn(codeNoVariation, 0, 0, "all values are equal: the bounds say nothing of the future")
	}
	return c.show(out, a)
}

func (c *TrendCmd) fit(a *trendAnswer, s *spaced) error {
	var model trend.Model
	var err error
	switch c.Method {
	case "ols":
		var line *trend.Line
		if line, err = trend.FitLine(s.values); err != nil {
			return err
		}
		model = line
		a.Slope, a.Statistic, a.StatisticName, a.PValue = finiteOrNil(line.Slope.Value), finiteOrNil(line.Slope.T), "t", finiteOrNil(line.Slope.P)
		a.Parameters = map[string]float64{"intercept": line.Intercept.Value, "s": line.S, "r_squared": line.R2}
	case "mann-kendall":
		return c.test(a, s)
	case "theil-sen":
		var line *trend.TheilSen
		if line, err = trend.FitTheilSen(s.values, c.Level); err != nil {
			return err
		}
		model = line
		a.Slope, a.SlopeInterval = &line.Slope, line.Interval[:]
		a.Parameters = map[string]float64{"intercept": line.Intercept, "sigma": line.Sigma}
		if err := c.test(a, s); err != nil {
			return err
		}
	case "ets":
		if c.Period < 2 {
			return misuse{fmt.Errorf("--period: got %d, want the steps of a cycle, as 12 for months", c.Period)}
		}
		model, err = a.smooth(trend.FitETS(s.values, c.Period))
	default:
		model, err = a.smooth(trend.FitHolt(s.values))
	}
	if err != nil {
		return err
	}
	return c.forecast(a, s, model)
}

// smooth takes over what exponential smoothing has found.
func (a *trendAnswer) smooth(m *trend.ETS, err error) (trend.Model, error) {
	if err != nil {
		return nil, err
	}
	a.Parameters = map[string]float64{"alpha": m.Alpha, "beta": m.Beta, "phi": m.Phi, "sigma": m.Sigma}
	if m.Period > 1 {
		a.Parameters["gamma"] = m.Gamma
	}
	if m.Beta > edgeOfSmoothing {
		a.warn(codeAtEdge, m.Beta, edgeOfSmoothing, "the trend follows the last error wholly: a season that grows or shrinks is taken for a trend; try the logarithms of the values")
	}
	if aicc := finiteOrNil(m.AICc); aicc != nil {
		a.Parameters["aicc"] = *aicc
	}
	return m, nil
}

// test adds the Mann-Kendall test.
func (c *TrendCmd) test(a *trendAnswer, s *spaced) error {
	var t *trend.Test
	var err error
	if c.Period > 1 {
		t, err = trend.SeasonalMannKendall(s.values, c.Period)
	} else {
		t, err = trend.MannKendall(s.values)
	}
	if err != nil {
		return err
	}
	a.Statistic, a.StatisticName, a.PValue, a.Tau = &t.Z, "z of Mann-Kendall", &t.P, &t.Tau
	if c.Method == "mann-kendall" {
		if line, err := trend.FitTheilSen(s.values, c.Level); err == nil {
			a.Slope, a.SlopeInterval = &line.Slope, line.Interval[:]
		}
	}
	if a.N < 10 {
		a.warn(codeFewDegrees, float64(a.N), 10, fmt.Sprintf("%d values: the test's normal approximation is rough", a.N))
	}
	if c.Period > 1 || a.Missing > 0 || a.N < 10 {
		return nil
	}
	corrected, err := trend.HamedRao(s.values)
	if err != nil {
		return err
	}
	if corrected.Uncorrected {
		a.warn(codeUncorrected, 0, 0, "the values follow one another in a way that the correction cannot take in; the plain test stands")
		return nil
	}
	a.Corrected = &correctedTest{corrected.Z, corrected.P, corrected.Correction}
	return nil
}

// forecast looks ahead and holds the model against drift.
func (c *TrendCmd) forecast(a *trendAnswer, s *spaced, m trend.Model) error {
	f, err := m.Forecast(c.Horizon, c.Level)
	if err != nil {
		return err
	}
	for h := range f.Mean {
		a.Forecast = append(a.Forecast, trendPoint{h + 1, s.at(len(s.values) + h).Format(time.RFC3339), f.Mean[h], f.Low[h], f.High[h]})
	}
	if f.Low[0] == f.High[0] && !isConstant(s.values) {
		a.warn(codeNoWidth, 0, 0, "most values lie exactly on the line: the robust spread is 0, and the bounds say nothing")
	}
	df := m.DF()
	a.DF = &df
	if df < fewDegrees {
		a.warn(codeFewDegrees, float64(df), fewDegrees, fmt.Sprintf("%d values leave %d degrees of freedom: the bounds are mostly the tail of Student's t", a.N, df))
	}
	if a.Missing > 0 || a.N < 4 {
		return nil
	}
	sel, err := trend.Select(s.values, c.Period, c.Horizon)
	if err != nil {
		return err
	}
	for _, score := range sel.Scores {
		if score.Skipped == "" && string(score.Method) == c.Method && score.MASE > sel.Scores[0].MASE {
			a.warn(codeBehindDrift, score.MASE, sel.Scores[0].MASE, "at rolling origins the last value and average step forecast this series better")
		}
	}
	return nil
}

func (a *trendAnswer) warn(code analytics.Code, got, want float64, detail string) {
	a.Warnings = append(a.Warnings, analytics.Warning{Code: code, Got: got, Want: want, Detail: detail})
}

// isConstant tells whether all known values are equal.
func isConstant(values []float64) bool {
	first := math.NaN()
	for _, v := range values {
		switch {
		case math.IsNaN(v):
		case math.IsNaN(first):
			first = v
		case v != first:
			return false
		}
	}
	return true
}
