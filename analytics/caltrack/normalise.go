package caltrack

import (
	"fmt"
	"math"

	"jouleline/analytics"
	"jouleline/analytics/regress"
)

// Normal is use under a given year of weather.
type Normal struct {
	Use float64 // sum of the model over the days
	// Band is the half-width at the model's level, of the fitted line alone (no
	// noise of single days), widened by the root of n/n' where residuals follow one
	// another.
	Band float64
	Days int
}

// Normal returns what the model expects over days of the given mean temperatures,
// for instance a typical year. It refuses a missing temperature (a typical year
// has none) and a model of which [CodeUnusable] warns.
func (m *Model) Normal(temps []float64) (*Normal, error) {
	if err := analytics.CheckFinite(op, "typical temperatures", temps); err != nil {
		return nil, err
	}
	if len(temps) == 0 {
		return nil, &analytics.NotEnoughError{Op: op + " normal", What: "days", Got: 0, Want: 1}
	}
	if m.Warnings.Has(CodeUnusable) {
		return nil, &analytics.InputError{
			Op: op, What: "model", Index: -1,
			Got:  fmt.Sprintf("adjusted R2 %.2f and CV(RMSE) %.2f", m.AdjR2, m.Metrics.CVRMSE),
			Want: fmt.Sprintf("adjusted R2 of at least %v or CV(RMSE) of at most %v", unusableAdjR2, unusableCVRMSE),
		}
	}
	a := regress.Aggregate{Slopes: make([]float64, m.Kind.terms())}
	out := &Normal{Days: len(temps)}
	for _, t := range temps {
		row := m.row(m.degrees(m.scale.ToFahrenheit(t)))
		out.Use += m.fit.Predict(row)
		a.Rows++
		for j, v := range row {
			a.Slopes[j] += v
		}
	}
	out.Band = m.fit.SumBand(a, m.level) * math.Sqrt(float64(m.Metrics.N)/m.Metrics.EffectiveN)
	return out, nil
}

// NormalSavings are the savings under one typical year: baseline model minus
// reporting model, with the band sqrt(Ub^2 + Ur^2) (IPMVP option C, normalised).
type NormalSavings struct {
	Baseline, Reporting Normal
	Savings, Band       float64
}

// Normalised compares two models under the same days; both take temperatures in
// their own scale, which must be the same.
func Normalised(baseline, reporting *Model, temps []float64) (*NormalSavings, error) {
	if baseline.scale != reporting.scale {
		return nil, &analytics.InputError{Op: op, What: "models", Index: -1, Got: "models of different temperature scales", Want: "one scale"}
	}
	b, err := baseline.Normal(temps)
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	r, err := reporting.Normal(temps)
	if err != nil {
		return nil, fmt.Errorf("reporting: %w", err)
	}
	return &NormalSavings{Baseline: *b, Reporting: *r, Savings: b.Use - r.Use, Band: math.Hypot(b.Band, r.Band)}, nil
}

// Portfolio sums savings of many meters: total, and the root of the sum of squared
// bands, as meters err independently (CalTRACK 4.3.2.4). fraction is 0 where the
// total is 0.
func Portfolio(savings []*Savings) (total, band, fraction float64) {
	var squares float64
	for _, s := range savings {
		total += s.Savings
		squares += s.Bands.OLS * s.Bands.OLS
	}
	band = math.Sqrt(squares)
	if total != 0 {
		fraction = band / math.Abs(total)
	}
	return total, band, fraction
}
