package towt

import (
	"fmt"
	"math"

	"jouleline/analytics"
	"jouleline/analytics/regress"
)

// Savings is avoided use over a reporting period, in the unit of the loads.
type Savings struct {
	Counterfactual float64
	Observed       float64 // over the same hours
	Savings        float64 // Counterfactual - Observed
	Fraction       float64 // Savings/Counterfactual; 0 where that is 0
	N              int     // hours compared
	LeftOut        int     // hours without load or temperature
	Unseen         int     // hours whose time of week the baseline never saw
	// Band is the half-width of ASHRAE Guideline 14's interval at Level,
	// 1.26 t(N-P) RMSE sqrt(m (N/N')(1+2/N')) for m hours. It is known to be
	// narrow for hourly models with strong autocorrelation.
	Band     float64
	Level    float64
	Warnings analytics.Warnings
}

// extrapolationMargin is the share of the baseline's temperature range by which
// reporting temperatures may leave it.
const extrapolationMargin = .1

// Savings compares a reporting period with the baseline's prediction.
func (m *Model) Savings(s Series) (*Savings, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	out := &Savings{Level: m.settings.Level}
	margin := extrapolationMargin * (m.MaxTemperature - m.MinTemperature)
	outside := 0
	predicted := m.PredictTo(nil, s.Times, s.Temps)
	for i, p := range predicted {
		switch {
		case math.IsNaN(s.Loads[i]) || math.IsNaN(s.Temps[i]):
			out.LeftOut++
			continue
		case math.IsNaN(p):
			out.Unseen++
			continue
		}
		if s.Temps[i] < m.MinTemperature-margin || s.Temps[i] > m.MaxTemperature+margin {
			outside++
		}
		out.N++
		out.Counterfactual += p
		out.Observed += s.Loads[i]
	}
	if out.N == 0 {
		return nil, &analytics.NotEnoughError{Op: op + " savings", What: "hours with load, temperature and a prediction", Got: 0, Want: 1}
	}
	out.Savings = out.Counterfactual - out.Observed
	if out.Counterfactual != 0 {
		out.Fraction = out.Savings / out.Counterfactual
	}
	b := m.Metrics
	ratio := float64(b.N) / b.EffectiveN * (1 + 2/b.EffectiveN)
	out.Band = 1.26 * regress.StudentQuantile(out.Level, max(b.N-b.P, 1)) * b.RMSE * math.Sqrt(float64(out.N)*ratio)
	out.warn(outside)
	return out, nil
}

func (s *Savings) warn(outside int) {
	add := func(code analytics.Code, got, want float64, detail string) {
		s.Warnings = append(s.Warnings, analytics.Warning{Code: code, Got: got, Want: want, Detail: detail})
	}
	if s.LeftOut > 0 {
		add(CodeMaskedHours, float64(s.LeftOut), 0, fmt.Sprintf("%d reporting hours lack load or temperature and are counted on neither side", s.LeftOut))
	}
	if s.Unseen > 0 {
		add(CodeUnseenHours, float64(s.Unseen), 0, fmt.Sprintf("%d reporting hours lie at times of the week that the baseline never saw", s.Unseen))
	}
	if outside > 0 {
		add(CodeExtrapolation, float64(outside), 0, fmt.Sprintf("%d reporting hours are colder or hotter than the baseline by more than 10 %% of its range", outside))
	}
	if math.Abs(s.Savings) <= s.Band {
		add(CodeNotSignificant, s.Savings, s.Band, "savings are smaller than their band")
	}
}
