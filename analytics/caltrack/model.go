package caltrack

import (
	"math"

	"jouleline/analytics"
	"jouleline/analytics/regress"
	"jouleline/analytics/weather"
)

// Model is a fitted baseline (or reporting period) model.
type Model struct {
	Kind           Kind
	Billing        bool    // fitted on bills, not on days
	HeatingBalance float64 // in Scale; 0 where the kind has no heating slope
	CoolingBalance float64 // in Scale; 0 where the kind has no cooling slope
	Intercept      float64 // use per day
	BetaHDD        float64 // use per heating degree day of Scale
	BetaCDD        float64 // use per cooling degree day of Scale
	AdjR2          float64 // 1 - (SSE/(P-c-1))/(SST/(P-1)), weighted by days for bills; 0 for the intercept alone

	Metrics      Metrics
	Alternatives []Alternative // other forms within AlternativeMargin of AdjR2, best of each
	HeatingRange [2]float64    // balance points of this form within AlternativeMargin
	CoolingRange [2]float64
	Warnings     analytics.Warnings

	scale    weather.Scale
	level    float64
	settings Settings
	fit      *regress.Model // in Fahrenheit
	heatingF float64
	coolingF float64
}

// PredictTo writes the use per day at each daily mean temperature into dst and
// returns it; a nil dst is made. A NaN temperature predicts NaN. It panics if dst
// has another length than temps.
func (m *Model) PredictTo(dst, temps []float64) []float64 {
	if dst == nil {
		dst = make([]float64, len(temps))
	}
	if len(dst) != len(temps) {
		panic("caltrack: length of dst differs from that of temps")
	}
	for i, t := range temps {
		h, c := m.degrees(m.scale.ToFahrenheit(t))
		dst[i] = m.predictF(h, c)
	}
	return dst
}

// degrees returns the heating and cooling degrees of a temperature in F; NaN
// where the model depends on an unknown temperature or the temperature is NaN.
func (m *Model) degrees(tF float64) (h, c float64) {
	if math.IsNaN(tF) {
		return tF, tF
	}
	if m.Kind.Heating() {
		h = max(m.heatingF-tF, 0)
	}
	if m.Kind.Cooling() {
		c = max(tF-m.coolingF, 0)
	}
	return h, c
}

func (m *Model) predictF(h, c float64) float64 {
	if math.IsNaN(h) {
		return h
	}
	return m.fit.Predict(m.row(h, c))
}

// row orders the columns as the fit knows them.
func (m *Model) row(h, c float64) []float64 {
	switch m.Kind {
	case HDDOnly:
		return []float64{h}
	case CDDOnly:
		return []float64{c}
	case CDDHDD:
		return []float64{c, h}
	}
	return nil
}

// newModel fits the chosen candidate by [regress.Fit], whose digits are better
// than those of the sums that the grid is searched with.
func newModel(s *scores, best int, y, weights []float64, columns func(kind Kind, h, c int) [][]float64, set Settings) (*Model, error) {
	kind, h, c := decode(best)
	fit, err := regress.Fit(y, columns(kind, h, c), regress.Settings{Weights: weights})
	if err != nil {
		return nil, err
	}
	m := &Model{
		Kind: kind, AdjR2: fit.AdjR2, Intercept: fit.Intercept.Value,
		scale: set.Scale, level: set.Level, settings: set, fit: fit,
		heatingF: float64(gridLow + h), coolingF: float64(gridLow + c),
	}
	if kind == InterceptOnly {
		m.AdjR2 = 0
	}
	switch kind {
	case HDDOnly:
		m.BetaHDD = set.Scale.PerDegree(fit.Slopes[0].Value)
	case CDDOnly:
		m.BetaCDD = set.Scale.PerDegree(fit.Slopes[0].Value)
	case CDDHDD:
		m.BetaCDD = set.Scale.PerDegree(fit.Slopes[0].Value)
		m.BetaHDD = set.Scale.PerDegree(fit.Slopes[1].Value)
	}
	m.describe(s, best)
	return m, nil
}

func (m *Model) describe(s *scores, best int) {
	at := func(i int) float64 { return m.scale.FromFahrenheit(float64(gridLow + i)) }
	_, h, c := decode(best)
	others, heating, cooling := s.rivals(best)
	if m.Kind.Heating() {
		m.HeatingBalance = at(h)
		m.HeatingRange = [2]float64{at(heating[0]), at(heating[1])}
	}
	if m.Kind.Cooling() {
		m.CoolingBalance = at(c)
		m.CoolingRange = [2]float64{at(cooling[0]), at(cooling[1])}
	}
	for _, i := range others {
		kind, h, c := decode(i)
		a := Alternative{Kind: kind, AdjR2: s[i]}
		if kind.Heating() {
			a.HeatingBalance = at(h)
		}
		if kind.Cooling() {
			a.CoolingBalance = at(c)
		}
		m.Alternatives = append(m.Alternatives, a)
	}
}
