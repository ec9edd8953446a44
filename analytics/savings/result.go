package savings

import (
	"fmt"
	"math"

	"jouleline/analytics"
)

// Result is what a measure saved, in the unit of use. A figure that the method
// does not give is nil.
type Result struct {
	Method          Method `json:"method" doc:"How the baseline was fitted" example:"caltrack-daily"`
	Model           string `json:"model" doc:"Form of the model that was chosen" example:"cdd_hdd"`
	TemperatureUnit string `json:"temperature_unit" doc:"C or F: of balance points and slopes" example:"C"`

	HeatingBalancePoint *float64  `json:"heating_balance_point" doc:"Below it use rises"`
	CoolingBalancePoint *float64  `json:"cooling_balance_point" doc:"Above it use rises"`
	ChangePoints        []float64 `json:"change_points,omitempty" nullable:"false" doc:"Change points of a change-point model"`
	Intercept           *float64  `json:"intercept" doc:"Use per day that does not depend on weather"`
	BetaHDD             *float64  `json:"beta_hdd" doc:"Use per heating degree day"`
	BetaCDD             *float64  `json:"beta_cdd" doc:"Use per cooling degree day"`

	RSquaredAdj      float64 `json:"r_squared_adj" doc:"Adjusted R2 of the baseline"`
	CVRMSE           float64 `json:"cvrmse" doc:"Coefficient of variation of the root mean squared error of the baseline"`
	CVRMSEDefinition string  `json:"cvrmse_definition" doc:"By which formula"`
	N                int     `json:"n" doc:"Observations that the baseline was fitted to"`

	Baseline  Period `json:"baseline"`
	Reporting Period `json:"reporting"`

	Counterfactual  float64  `json:"counterfactual" doc:"What the baseline would have used in the reporting period"`
	Observed        float64  `json:"observed" doc:"What was used, over the same days or hours"`
	Savings         float64  `json:"savings" doc:"counterfactual - observed; below 0 where use grew"`
	SavingsFraction *float64 `json:"savings_fraction" doc:"savings / counterfactual"`
	Compared        int      `json:"compared" doc:"Days, bills or hours compared"`
	LeftOut         int      `json:"left_out" doc:"Those without use or temperature, counted on neither side"`

	Level         float64  `json:"level" doc:"Confidence of the bands" example:"0.9"`
	BandFSU       *float64 `json:"band_fsu" doc:"Half-width of the savings' interval by fractional savings uncertainty"`
	FSUDefinition string   `json:"fsu_definition" doc:"By which formula"`
	BandOLS       *float64 `json:"band_ols" doc:"Half-width by least squares, exact for the model's form, widened for autocorrelation"`

	Verdict  Verdict             `json:"verdict" doc:"usable: no caveat; doubtful: read the warnings; unusable: do not report the number"`
	Warnings []analytics.Warning `json:"warnings" doc:"What a reader must know beside the number"`

	Normalised *Normalised `json:"normalised,omitempty" doc:"Savings in a year of given weather, where that was asked for"`
}

// Verdict is how far a result can be relied on.
type Verdict string

// The verdicts.
const (
	Usable   Verdict = "usable"
	Doubtful Verdict = "doubtful"
	Unusable Verdict = "unusable"
)

// Codes of warnings of this package.
const (
	CodeShortReporting  analytics.Code = "reporting_shorter_than_a_month"
	CodeUnfinishedBill  analytics.Code = "last_bill_has_no_end"
	CodeFormsNotLimited analytics.Code = "forms_not_limited"
)

const shortReporting = 28 // days

// ruinous are the warnings with which no number should be reported.
var ruinous = map[analytics.Code]bool{
	"fit_unusable": true, "suspect_temperature_scale": true,
}

// finish adds what holds for all methods and forms the verdict.
func (r *Result) finish() *Result {
	r.Savings = r.Counterfactual - r.Observed
	if r.Counterfactual != 0 {
		f := r.Savings / r.Counterfactual
		r.SavingsFraction = &f
	}
	if r.Reporting.Days < shortReporting {
		r.warn(CodeShortReporting, float64(r.Reporting.Days), shortReporting, fmt.Sprintf("the reporting period has %d days", r.Reporting.Days))
	}
	if r.Warnings == nil {
		r.Warnings = []analytics.Warning{}
	}
	r.Verdict = verdictOf(r.Warnings, Usable)
	return r
}

// verdictOf lowers a verdict by warnings, and makes their figures finite.
func verdictOf(warnings []analytics.Warning, v Verdict) Verdict {
	for i := range warnings {
		w := &warnings[i]
		w.Got, w.Want = finite(w.Got), finite(w.Want)
		switch {
		case ruinous[w.Code]:
			v = Unusable
		case v == Usable:
			v = Doubtful
		}
	}
	return v
}

func (r *Result) warn(code analytics.Code, got, want float64, detail string) {
	r.Warnings = append(r.Warnings, analytics.Warning{Code: code, Got: got, Want: want, Detail: detail})
}

// finite gives 0 for what JSON cannot say.
func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// some gives a pointer to a figure, nil where it is not finite.
func some(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
