package changepoint

import (
	"errors"
	"fmt"
	"math"

	"jouleline/analytics"
	"jouleline/analytics/regress"
)

// Model is a fitted change-point model. Slopes are use per degree and per
// observation, in the scale of the temperatures given.
type Model struct {
	Form          Form
	Base          float64    // b0: level between (or at) the change points; for 2P the level at T = 0
	Slope         float64    // b of 2P, any sign
	HeatingSlope  float64    // b1 >= 0
	CoolingSlope  float64    // b2 >= 0
	HeatingChange float64    // c1; equals CoolingChange for 4P
	CoolingChange float64    // c2
	HeatingCI     [2]float64 // profile-likelihood interval of c1
	CoolingCI     [2]float64

	N, P     int // observations; parameters, change points included
	SSE      float64
	R2       float64 // 1 - SSE/SST; 0 where use does not vary
	AdjR2    float64 // 1 - (SSE/(N-P))/(SST/(N-1))
	RMSE     float64 // sqrt(SSE/(N-P))
	CVRMSE   float64 // RMSE over mean use; 0 where the mean is 0 (ASHRAE Guideline 14: N-P)
	BIC      float64 // N ln(SSE/N) + P ln N
	Level    float64 // of the intervals
	Warnings analytics.Warnings

	fit     *regress.Model
	heating bool // column is part of fit
	cooling bool
}

// NoFitError says that no model of that form exists for the data: every slope
// that fits best has the wrong sign.
type NoFitError struct{ Form Form }

// Error names the form.
func (e *NoFitError) Error() string {
	return fmt.Sprintf("%s: got no %v model, want one with slopes of at least 0", op, e.Form)
}

// Fit finds the least-squares model of one form. temps and use are paired
// observations (days, or months as use per day); NaN and infinity are refused.
// It needs 3 points for 1P, 4 for 2P, 6 for 3P and 4P, 7 for 5P, on at least as
// many distinct temperatures as there are parameters.
func Fit(form Form, temps, use []float64, s Settings) (*Model, error) {
	s, err := s.withDefaults()
	if err != nil {
		return nil, err
	}
	data, err := load(temps, use)
	if err != nil {
		return nil, err
	}
	m, err := fit(data, form, temps, use, s)
	if err != nil {
		return nil, err
	}
	m.doubt(temps, use, s)
	return m, nil
}

func load(temps, use []float64) (*series, error) {
	if err := analytics.CheckLength(op, "temperatures", len(temps), len(use)); err != nil {
		return nil, err
	}
	if err := analytics.CheckFinite(op, "temperatures", temps); err != nil {
		return nil, err
	}
	if err := analytics.CheckFinite(op, "use", use); err != nil {
		return nil, err
	}
	return newSeries(temps, use), nil
}

func fit(data *series, form Form, temps, use []float64, s Settings) (*Model, error) {
	n := len(use)
	if n < form.minRows() {
		return nil, &analytics.NotEnoughError{Op: op + " " + form.String(), What: "observations", Got: n, Want: form.minRows()}
	}
	if len(data.knots) < form.parameters() {
		return nil, &analytics.NotEnoughError{Op: op + " " + form.String(), What: "distinct temperatures", Got: len(data.knots), Want: form.parameters()}
	}
	m := &Model{Form: form, N: n, P: form.parameters(), Level: s.Level}
	best := optimum{found: true}
	switch form {
	case ThreePHeating:
		best = data.heating3()
	case ThreePCooling:
		best = data.mirrored().heating3()
		best.c1, best.c2 = -best.c1, -best.c2
	case FourP:
		best = data.four()
	case FiveP:
		best = data.five()
	}
	if !best.found {
		return nil, &NoFitError{form}
	}
	if form.Heating() {
		m.HeatingChange = best.c1 + data.meanT
	}
	if form.Cooling() {
		m.CoolingChange = best.c2 + data.meanT
	}
	if err := m.solve(temps, use); err != nil {
		return nil, err
	}
	m.intervals(data, best, s)
	return m, nil
}

// solve fits the coefficients at the change points found, through regress, whose
// digits are better than those of running sums.
func (m *Model) solve(temps, use []float64) error {
	m.heating, m.cooling = m.Form.Heating(), m.Form.Cooling()
	for {
		columns := make([][]float64, 0, 2)
		for i, t := range temps {
			row := m.row(t)
			for len(columns) < len(row) {
				columns = append(columns, make([]float64, len(temps)))
			}
			for j, v := range row {
				columns[j][i] = v
			}
		}
		f, err := regress.Fit(use, columns, regress.Settings{})
		var rank *regress.RankError
		if errors.As(err, &rank) {
			return &NoFitError{m.Form}
		}
		if err != nil {
			return err
		}
		j := 0
		next := func() float64 { j++; return f.Slopes[j-1].Value }
		if m.Form == TwoP {
			m.Slope = next()
		}
		m.HeatingSlope, m.CoolingSlope = 0, 0
		if m.heating {
			m.HeatingSlope = next()
		}
		if m.cooling {
			m.CoolingSlope = next()
		}
		switch { // a 3P model taken as 4P: its idle slope is zero, or below by rounding
		case m.HeatingSlope < 0:
			m.heating = false
			continue
		case m.CoolingSlope < 0:
			m.cooling = false
			continue
		}
		m.fit, m.Base, m.SSE = f, f.Intercept.Value, f.SSE
		break
	}
	df := float64(m.N - m.P)
	m.RMSE = math.Sqrt(m.SSE / df)
	if sst := m.fit.SST; sst > 0 {
		m.R2 = 1 - m.SSE/sst
		m.AdjR2 = 1 - (m.SSE/df)/(sst/float64(m.N-1))
	}
	var mean float64
	for _, v := range use {
		mean += v / float64(m.N)
	}
	if mean != 0 {
		m.CVRMSE = m.RMSE / math.Abs(mean)
	}
	// An exact fit would have a BIC of minus infinity; a relative error of 1e-12
	// of the total is as exact as it gets.
	floor := 1e-24 * (m.fit.SST + float64(m.N)*mean*mean)
	m.BIC = float64(m.N)*math.Log(max(m.SSE, floor, 1e-300)/float64(m.N)) + float64(m.P)*math.Log(float64(m.N))
	return nil
}

func (m *Model) row(t float64) []float64 {
	if m.Form == TwoP {
		return []float64{t}
	}
	var row []float64
	if m.heating {
		row = append(row, max(m.HeatingChange-t, 0))
	}
	if m.cooling {
		row = append(row, max(t-m.CoolingChange, 0))
	}
	return row
}

// Predict returns the expected use at a temperature; NaN at NaN.
func (m *Model) Predict(t float64) float64 {
	if math.IsNaN(t) {
		return t
	}
	return m.fit.Predict(m.row(t))
}

// Band returns the half-width of the interval of one new observation at t,
//
//	t(N-P) s sqrt(1 + x'(X'X)^-1 x),
//
// given the change points (Kissock, Haberl and Claridge 2003). Their own error is
// in HeatingCI and CoolingCI.
func (m *Model) Band(t float64) float64 {
	if math.IsNaN(t) {
		return t
	}
	leverage := 1.
	if m.fit.S > 0 {
		leverage = m.fit.PredictionError(m.row(t)) / m.fit.S
	}
	return regress.StudentQuantile(m.Level, m.N-m.P) * m.RMSE * leverage
}
