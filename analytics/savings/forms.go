package savings

import (
	"errors"
	"fmt"
	"math"

	"jouleline/analytics"
	"jouleline/analytics/changepoint"
	"jouleline/analytics/regress"
)

// changepoint fits the best change-point model to the days of the baseline. Its
// least-squares band takes the change points as known.
func (q *Question) changepoint() (*Result, error) {
	d, err := q.align()
	if err != nil {
		return nil, err
	}
	base, report := q.baseline(d.use), q.reporting(d.use)
	allT, allU := d.cut(base)
	temps, use := q.known(allT, allU)
	if len(use) < minChangepointDays {
		return nil, &analytics.NotEnoughError{Op: op + " changepoint", What: "days with use and temperature", Got: len(use), Want: minChangepointDays}
	}
	m, err := q.form(temps, use)
	if err != nil {
		return nil, err
	}
	r := &Result{
		Method: q.Method, Model: m.Form.String(), TemperatureUnit: q.Scale.String(),
		RSquaredAdj: m.AdjR2, CVRMSE: m.CVRMSE, N: m.N, Level: q.Level,
		CVRMSEDefinition: "sqrt(SSE/(n-p)) / mean use per day, p coefficients and change points (ASHRAE Guideline 14)",
		FSUDefinition:    "1.26 t CV(RMSE) sqrt((n/n')(1+2/n')/m) x counterfactual (ASHRAE Guideline 14)",
		Intercept:        some(m.Base), Baseline: base.period(), Reporting: report.period(),
		Warnings: append([]analytics.Warning{}, m.Warnings...),
	}
	if m.Form.Heating() {
		r.HeatingBalancePoint, r.BetaHDD = some(m.HeatingChange), some(m.HeatingSlope)
		r.ChangePoints = append(r.ChangePoints, m.HeatingChange)
	}
	if m.Form.Cooling() {
		r.CoolingBalancePoint, r.BetaCDD = some(m.CoolingChange), some(m.CoolingSlope)
		if m.Form != changepoint.FourP {
			r.ChangePoints = append(r.ChangePoints, m.CoolingChange)
		}
	}
	if missing := len(allU) - len(use); missing > len(allU)/10 {
		r.warn("too_many_missing_days", float64(missing), float64(len(allU)/10), fmt.Sprintf("%d of %d baseline days lack use or temperature", missing, len(allU)))
	}
	if len(allU) < baselineDays {
		r.warn("not_365_days", float64(len(allU)), baselineDays, fmt.Sprintf("the baseline covers %d days, not a year; seasons that it lacks are extrapolated", len(allU)))
	}
	reportT, reportU := d.cut(report)
	return r, q.hold(r, m, temps, use, reportT, reportU)
}

// minChangepointDays is the least number of days: a month, as for CalTRACK.
const minChangepointDays = 30

// form fits the best form among those that are asked for.
func (q *Question) form(temps, use []float64) (*changepoint.Model, error) {
	settings := changepoint.Settings{Scale: q.Scale, Level: q.Level}
	if !q.NoCooling && !q.NoHeating {
		m, _, err := changepoint.Best(temps, use, settings)
		return m, err
	}
	forms := []changepoint.Form{changepoint.OneP}
	if !q.NoHeating {
		forms = append(forms, changepoint.ThreePHeating)
	}
	if !q.NoCooling {
		forms = append(forms, changepoint.ThreePCooling)
	}
	var best *changepoint.Model
	for _, f := range forms {
		m, err := changepoint.Fit(f, temps, use, settings)
		if none := (*changepoint.NoFitError)(nil); errors.As(err, &none) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if best == nil || m.BIC < best.BIC {
			best = m
		}
	}
	return best, nil
}

// known gives the days on which both are known.
func (q *Question) known(temps, use []float64) (t, u []float64) {
	for i, v := range use {
		if math.IsNaN(v) || math.IsNaN(temps[i]) || q.ZeroIsMissing && v == 0 {
			continue
		}
		t, u = append(t, temps[i]), append(u, v)
	}
	return t, u
}

// columns are the terms of a form at a temperature.
func columns(m *changepoint.Model, t float64) []float64 {
	if m.Form == changepoint.TwoP {
		return []float64{t}
	}
	var row []float64
	if m.HeatingSlope > 0 {
		row = append(row, max(m.HeatingChange-t, 0))
	}
	if m.CoolingSlope > 0 {
		row = append(row, max(t-m.CoolingChange, 0))
	}
	return row
}

// hold compares the reporting days with the model and forms both bands.
func (q *Question) hold(r *Result, m *changepoint.Model, temps, use, reportT, reportU []float64) error {
	low, high := math.Inf(1), math.Inf(-1)
	residuals := make([]float64, len(use))
	design := make([][]float64, len(columns(m, 0)))
	for i, t := range temps {
		low, high = min(low, t), max(high, t)
		residuals[i] = m.Predict(t) - use[i]
		for j, v := range columns(m, t) {
			design[j] = append(design[j], v)
		}
	}
	fit, err := regress.Fit(use, design, regress.Settings{})
	if err != nil {
		return err
	}
	sum := regress.Aggregate{Slopes: make([]float64, len(design))}
	outside := 0
	margin := .1 * (high - low)
	for i, v := range reportU {
		t := reportT[i]
		if math.IsNaN(v) || math.IsNaN(t) || q.ZeroIsMissing && v == 0 {
			r.LeftOut++
			continue
		}
		if t < low-margin || t > high+margin {
			outside++
		}
		r.Counterfactual += m.Predict(t)
		r.Observed += v
		r.Compared++
		sum.Add(columns(m, t)...)
	}
	if r.Compared == 0 {
		return &analytics.NotEnoughError{Op: op + " changepoint", What: "reporting days with use and temperature", Got: 0, Want: 1}
	}
	n := float64(m.N)
	ratio := n / effective(residuals)
	sum.Noise *= ratio
	df := max(m.N-m.P, 1)
	band := regress.StudentQuantile(q.Level, df)
	if fit.S > 0 { // the form's own degrees of freedom, change points counted
		r.BandOLS = some(band * m.RMSE / fit.S * math.Sqrt(fit.SumVariance(sum)))
	} else {
		r.BandOLS = some(0)
	}
	r.BandFSU = some(math.Abs(1.26 * band * m.CVRMSE * math.Sqrt(ratio*(1+2*ratio/n)/float64(r.Compared)) * r.Counterfactual))
	if r.LeftOut > 0 {
		r.warn("reporting_periods_left_out", float64(r.LeftOut), float64(len(reportU)), fmt.Sprintf("%d of %d reporting days lack use or temperature and are counted on neither side", r.LeftOut, len(reportU)))
	}
	if outside > 0 {
		r.warn("extrapolation", float64(outside), 0, fmt.Sprintf("%d reporting days are colder or hotter than the baseline by more than 10 %% of its range", outside))
	}
	if saved := r.Counterfactual - r.Observed; math.Abs(saved) <= *r.BandOLS {
		r.warn("savings_within_band", saved, *r.BandOLS, "savings are smaller than their band")
	}
	return nil
}

// effective is n(1-rho)/(1+rho), at least 2 and at most n, rho being the lag-1
// correlation of the residuals.
func effective(x []float64) float64 {
	var cross, square float64
	for i, v := range x {
		square += v * v
		if i > 0 {
			cross += v * x[i-1]
		}
	}
	n := float64(len(x))
	if square == 0 || cross <= 0 {
		return n
	}
	rho := cross / square
	return max(n*(1-rho)/(1+rho), 2)
}
