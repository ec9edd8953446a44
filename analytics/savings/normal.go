package savings

import (
	"fmt"
	"math"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/caltrack"
	"jouleline/analytics/weather"
)

// Normalised is what a measure saves in a year of given weather (IPMVP option C,
// normalised savings): the model of the baseline minus a model of the reporting
// period, both under the same temperatures. Figures are nil where State is refused.
type Normalised struct {
	State  NormalState `json:"state" doc:"ok, or refused where a model is of no use for it" example:"ok"`
	Reason string      `json:"reason" doc:"The state in words"`
	Normal Period      `json:"normal" doc:"Days whose temperatures were taken"`
	Years  int         `json:"years" doc:"Years that they are; use and savings are those of the mean one" example:"1"`

	Model       string   `json:"model" doc:"Form of the model of the reporting period" example:"cdd_hdd"`
	RSquaredAdj *float64 `json:"r_squared_adj" doc:"Its adjusted R2"`
	CVRMSE      *float64 `json:"cvrmse" doc:"Its coefficient of variation, as of the baseline's"`
	N           int      `json:"n" doc:"Observations that it was fitted to"`

	BaselineUse     *float64 `json:"baseline_use" doc:"Use of a year of that weather by the baseline"`
	ReportingUse    *float64 `json:"reporting_use" doc:"The same by the model of the reporting period"`
	Savings         *float64 `json:"savings" doc:"baseline_use - reporting_use"`
	SavingsFraction *float64 `json:"savings_fraction" doc:"savings / baseline_use"`
	Band            *float64 `json:"band" doc:"Half-width of the savings' interval at the level: root of the sum of squares of both models' least-squares bands, widened for autocorrelation"`

	Verdict  Verdict             `json:"verdict" doc:"As of the avoided use, but of the normalised figure"`
	Warnings []analytics.Warning `json:"warnings" doc:"What a reader must know of the model of the reporting period and of the given weather; those of the baseline stand beside its own figures"`
}

// NormalState tells whether there are normalised savings.
type NormalState string

// The states.
const (
	NormalOK      NormalState = "ok"
	NormalRefused NormalState = "refused"
)

// normalYear is the weather that use is normalised to.
type normalYear struct {
	days  weather.Daily
	years int
}

// meanYear is the days of a mean year of the calendar.
const meanYear = 365.2425

// normalYear lays out the given weather. It refuses what is no whole number of
// years, and a day without a temperature: a year of given weather has none.
func (q *Question) normalYear() (*normalYear, error) {
	if len(q.Normal.Times) == 0 {
		return nil, nil
	}
	if q.Method != CaltrackDaily && q.Method != CaltrackBilling {
		return nil, &analytics.InputError{Op: op + " normalised", What: "method", Index: -1, Got: string(q.Method), Want: "caltrack-daily or caltrack-billing"}
	}
	days, err := DailyTemperatures(q.Normal, q.Location)
	if err != nil {
		return nil, fmt.Errorf("normal year: %w", err)
	}
	n := len(days.Values)
	years := math.Round(float64(n) / meanYear)
	if years < 1 || math.Abs(float64(n)-years*meanYear) > 1 {
		return nil, &analytics.InputError{Op: op, What: "normal year", Index: -1,
			Got:  fmt.Sprintf("%d days from %s to %s", n, days.First.Format(time.DateOnly), days.First.AddDate(0, 0, n-1).Format(time.DateOnly)),
			Want: "the days of a year, or of several whole years"}
	}
	for i, t := range days.Values {
		if math.IsNaN(t) {
			return nil, &analytics.InputError{Op: op, What: "normal year", Index: i,
				Got: "no temperature of " + days.First.AddDate(0, 0, i).Format(time.DateOnly), Want: "one of every day"}
		}
	}
	return &normalYear{days, int(years)}, nil
}

// period is the stretch of the given days.
func (y *normalYear) period() Period {
	return window{y.days.First, y.days.First.AddDate(0, 0, len(y.days.Values))}.period()
}

// normalised holds the baseline against a model of the reporting period, or says
// why there is none.
func (q *Question) normalised(y *normalYear, base, report *caltrack.Model, refusal error) *Normalised {
	n := &Normalised{State: NormalRefused, Normal: y.period(), Years: y.years, Verdict: Unusable, Warnings: []analytics.Warning{}}
	if w := weather.SuspectScale(y.days.Values, q.Scale); w != nil {
		n.Warnings = append(n.Warnings, *w)
	}
	if refusal != nil {
		n.Reason = "no model of the reporting period: " + refusal.Error()
		verdictOf(n.Warnings, Unusable)
		return n
	}
	n.Model, n.RSquaredAdj, n.CVRMSE, n.N = report.Kind.String(), some(report.AdjR2), some(report.Metrics.CVRMSE), report.Metrics.N
	n.Warnings = append(n.Warnings, report.Warnings...)
	n.beyond(y, base, "baseline")
	n.beyond(y, report, "reporting")
	s, err := caltrack.Normalised(base, report, y.days.Values)
	if err != nil {
		n.Reason = err.Error()
		verdictOf(n.Warnings, Unusable)
		return n
	}
	per := float64(y.years)
	saved, band := s.Savings/per, s.Band/per
	n.State, n.BaselineUse, n.ReportingUse, n.Savings, n.Band = NormalOK, some(s.Baseline.Use/per), some(s.Reporting.Use/per), some(saved), some(band)
	if s.Baseline.Use != 0 {
		n.SavingsFraction = some(s.Savings / s.Baseline.Use)
	}
	if saved < 0 {
		n.warn(caltrack.CodeNegativeSavings, saved, 0, "a year of this weather uses more than before the measure")
	}
	if math.Abs(saved) <= band {
		n.warn(caltrack.CodeNotSignificant, saved, band, "normalised savings are smaller than their band")
	}
	n.Verdict = verdictOf(n.Warnings, verdictOf(base.Warnings, Usable))
	return n
}

// beyond warns of temperatures that a model never saw.
func (n *Normalised) beyond(y *normalYear, m *caltrack.Model, period string) {
	if m.Kind == caltrack.InterceptOnly {
		return
	}
	low, high := m.Metrics.MinTemperature, m.Metrics.MaxTemperature
	margin := .1 * (high - low) // as for the days of a reporting period
	outside := 0
	for _, t := range y.days.Values {
		if t < low-margin || t > high+margin {
			outside++
		}
	}
	if outside > 0 {
		n.warn(caltrack.CodeExtrapolation, float64(outside), 0, fmt.Sprintf("%d of the given days are colder or hotter than any of the %s period by more than 10 %% of its range", outside, period))
	}
}

func (n *Normalised) warn(code analytics.Code, got, want float64, detail string) {
	n.Warnings = append(n.Warnings, analytics.Warning{Code: code, Got: got, Want: want, Detail: detail})
}
