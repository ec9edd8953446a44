package savings

import (
	"fmt"
	"math"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/caltrack"
	"jouleline/analytics/weather"
)

// Estimate answers a question. The error is an [analytics.InputError] or
// [analytics.NotEnoughError] that says what was got and what is wanted.
func Estimate(q Question) (*Result, error) {
	if err := q.validate(); err != nil {
		return nil, err
	}
	normal, err := q.normalYear()
	if err != nil {
		return nil, err
	}
	var r *Result
	switch q.Method {
	case CaltrackBilling:
		r, err = q.billing(normal)
	case Changepoint:
		r, err = q.changepoint()
	case TOWT:
		r, err = q.towt()
	default:
		r, err = q.daily(normal)
	}
	if err != nil {
		return nil, err
	}
	return r.finish(), nil
}

func (q *Question) caltrack() caltrack.Settings {
	return caltrack.Settings{Scale: q.Scale, NoCooling: q.NoCooling, NoHeating: q.NoHeating, ZeroIsMissing: q.ZeroIsMissing, Level: q.Level}
}

func (q *Question) daily(normal *normalYear) (*Result, error) {
	d, err := q.align()
	if err != nil {
		return nil, err
	}
	base, report := q.baseline(d.use), q.reporting(d.use)
	temps, use := d.cut(base)
	m, err := caltrack.FitDaily(temps, use, q.caltrack())
	if err != nil {
		return nil, err
	}
	reportTemps, reportUse := d.cut(report)
	s, err := m.Savings(reportTemps, reportUse)
	if err != nil {
		return nil, err
	}
	r := q.ofCaltrack(m, s, base, report)
	if normal != nil {
		after, refusal := caltrack.FitDaily(reportTemps, reportUse, q.caltrack())
		r.Normalised = q.normalised(normal, m, after, refusal)
	}
	return r, nil
}

// billedYear is the least number of days that pass for a year of bills, whose ends
// are seldom those of the year: half a bill less.
const billedYear = baselineDays - 15

// billing takes each value for the use from its own time to the next one. The
// last value has no end: it only ends the one before.
func (q *Question) billing(normal *normalYear) (*Result, error) {
	if step := q.Usage.Step(); step <= mostDay {
		return nil, &analytics.InputError{Op: op + " " + string(q.Method), What: "usage", Index: -1,
			Got: "a value a day or more", Want: "bills (days or hours: caltrack-daily)"}
	}
	temps, err := DailyTemperatures(q.Temperature, q.Location)
	if err != nil {
		return nil, err
	}
	last := len(q.Usage.Times) - 1
	end := weather.DayOf(q.Usage.Times[last], q.Location)
	var base, report []caltrack.Read
	var baseEnd, reportEnd weather.Day
	baseTo := firstWhole(q.BaselineEnd, q.Location, false)
	baseFrom := baseTo.AddDate(0, 0, -baselineDays)
	if !q.BaselineStart.IsZero() {
		baseFrom = firstWhole(q.BaselineStart, q.Location, true)
	}
	reportFrom, reportTo := firstWhole(q.ReportingStart, q.Location, true), end
	if !q.ReportingEnd.IsZero() {
		reportTo = firstWhole(q.ReportingEnd, q.Location, false)
	}
	for i := range last {
		from, to := weather.DayOf(q.Usage.Times[i], q.Location), weather.DayOf(q.Usage.Times[i+1], q.Location)
		read := caltrack.Read{Start: from, Use: q.Usage.Values[i]}
		switch {
		case !from.Before(baseFrom) && !to.After(baseTo):
			base, baseEnd = append(base, read), to
		case !from.Before(reportFrom) && !to.After(reportTo):
			report, reportEnd = append(report, read), to
		}
	}
	baseBills, err := caltrack.Bills(base, baseEnd, temps)
	if err != nil {
		return nil, err
	}
	m, err := caltrack.FitBilling(baseBills, q.caltrack())
	if err != nil {
		return nil, err
	}
	reportBills, err := caltrack.Bills(report, reportEnd, temps)
	if err != nil {
		return nil, err
	}
	s, err := m.BillingSavings(reportBills)
	if err != nil {
		return nil, err
	}
	r := q.ofCaltrack(m, s, window{base[0].Start, baseEnd}, window{report[0].Start, reportEnd})
	if short := shortOfYear("baseline", r.Baseline.Days); short != nil {
		r.Warnings = append(r.Warnings, *short)
	}
	if normal != nil {
		after, refusal := caltrack.FitBilling(reportBills, q.caltrack())
		if short := shortOfYear("reporting period", r.Reporting.Days); short != nil && refusal == nil {
			after.Warnings = append(after.Warnings, *short)
		}
		r.Normalised = q.normalised(normal, m, after, refusal)
	}
	if !math.IsNaN(q.Usage.Values[last]) {
		r.warn(CodeUnfinishedBill, q.Usage.Values[last], 0, "the last row begins "+end.Format(time.DateOnly)+
			", but no row after it says where it ends: it was left out")
	}
	return r, nil
}

// shortOfYear warns of bills that cover less than a year, nil where they do not.
func shortOfYear(period string, covered int) *analytics.Warning {
	if covered >= billedYear {
		return nil
	}
	return &analytics.Warning{Code: caltrack.CodeNotAYear, Got: float64(covered), Want: baselineDays,
		Detail: fmt.Sprintf("the bills of the %s cover %d days, not a year; seasons that it lacks are extrapolated", period, covered)}
}

func (q *Question) ofCaltrack(m *caltrack.Model, s *caltrack.Savings, base, report window) *Result {
	r := &Result{
		Method: q.Method, Model: m.Kind.String(), TemperatureUnit: q.Scale.String(),
		Intercept: some(m.Intercept), RSquaredAdj: m.AdjR2, CVRMSE: m.Metrics.CVRMSE,
		CVRMSEDefinition: "sqrt(SSE/(n-c)) / mean use per day, c slopes without the intercept (CalTRACK 4.2.2)",
		N:                m.Metrics.N, Baseline: base.period(), Reporting: report.period(),
		Counterfactual: s.Counterfactual, Observed: s.Observed, Compared: s.N, LeftOut: s.LeftOut,
		Level: s.Bands.Level, BandFSU: some(s.Bands.FSU), BandOLS: some(s.Bands.OLS),
		FSUDefinition: "t (aM^2+bM+d) CV(RMSE) sqrt((n/n')(1+2/n')/m) x counterfactual (CalTRACK 4.3.2.1)",
		Warnings:      append(append([]analytics.Warning{}, m.Warnings...), s.Warnings...),
	}
	if m.Kind.Heating() {
		r.HeatingBalancePoint, r.BetaHDD = some(m.HeatingBalance), some(m.BetaHDD)
	}
	if m.Kind.Cooling() {
		r.CoolingBalancePoint, r.BetaCDD = some(m.CoolingBalance), some(m.BetaCDD)
	}
	return r
}
