package outlook

import (
	"jouleline/analytics"
	"jouleline/analytics/progress"
)

// Answer is the outlook of a scope.
type Answer struct {
	Scope      progress.Scope   `json:"scope"`
	Plan       string           `json:"plan" example:"14fyp"`
	BaseYear   int              `json:"base_year" example:"2020"`
	TargetYear int              `json:"target_year" example:"2025"`
	LastYear   int              `json:"last_year" doc:"Last year that is over" example:"2024"`
	Panel      string           `json:"panel"`
	Boundary   string           `json:"boundary"`
	Factors    progress.Factors `json:"factors"`
	Level      float64          `json:"level" doc:"Confidence of all bounds" example:"0.9"`
	Indicators []Indicator      `json:"indicators"`
	Totals     []Total          `json:"totals,omitempty" doc:"Energy, water and carbon in total against the caps of the plan; left out where they were not asked for"`
}

// State is what can be said of an indicator's future.
type State string

// The states.
const (
	// OK: there is a forecast.
	OK State = "ok"
	// Met: the target is reached already; the forecast tells whether it holds.
	Met State = "met"
	// NoTarget: the plan sets none; there is a forecast without a probability.
	NoTarget State = "no_target"
	// NotEnoughData: fewer than three years in a row are known.
	NotEnoughData State = "not_enough_data"
	// Reached and Missed: the target year is over.
	Reached State = "reached"
	Missed  State = "missed"
)

// Indicator is the outlook of one indicator. Indices are percent of the base
// year: a reduction of 4 % is an index of 96.
type Indicator struct {
	Indicator   string       `json:"indicator" example:"energy_per_area"`
	Unit        string       `json:"unit" doc:"Unit of values; index where only declared indices are known"`
	State       State        `json:"state" doc:"ok, met, no_target, not_enough_data, reached or missed"`
	Reason      string       `json:"reason" doc:"The state in words"`
	Baseline    *float64     `json:"baseline" doc:"Value of the base year"`
	TargetPct   *float64     `json:"target_pct" doc:"Promised reduction in percent"`
	Target      *float64     `json:"target" doc:"Value that the target comes to"`
	Years       []Year       `json:"years" doc:"The course so far"`
	Method      string       `json:"method" doc:"Model of the forecast: the one that would have forecast best so far; empty where there is none"`
	DF          *int         `json:"df" doc:"Degrees of freedom behind bounds and probability"`
	Forecast    []Point      `json:"forecast" doc:"Year by year until the target year"`
	Probability *Probability `json:"probability,omitempty" doc:"Of meeting the target in the target year; left out where there is none"`
	Mixed       *Probability `json:"probability_mixed,omitempty" doc:"The same over all models: weighed by how well they would have forecast, or equally where fewer than three years can tell"`
	Models      []Model      `json:"models" doc:"All models that were tried"`
	Required    *Required    `json:"required,omitempty" doc:"What it takes from the last known year on"`
	Monthly     *Monthly     `json:"monthly,omitempty" doc:"The same from months, where asked for"`

	Warnings []analytics.Warning `json:"warnings"`
}

// Year is one year that is over.
type Year struct {
	Year      int      `json:"year"`
	Value     *float64 `json:"value" doc:"In the unit"`
	Index     *float64 `json:"index" doc:"Percent of the comparable base year"`
	Reduction *float64 `json:"reduction_pct"`
	State     string   `json:"state" doc:"As progress judges it"`
	Reason    string   `json:"reason"`
	Used      bool     `json:"used" doc:"Took part in the forecast"`
}

// Point is a forecast of one year.
type Point struct {
	Year      int      `json:"year"`
	Index     float64  `json:"index"`
	Low       float64  `json:"index_low"`
	High      float64  `json:"index_high"`
	Reduction float64  `json:"reduction_pct"`
	Value     *float64 `json:"value" doc:"In the unit; null where only an index is known"`
	ValueLow  *float64 `json:"value_low"`
	ValueHigh *float64 `json:"value_high"`
}

// Probability is a chance of meeting the target.
type Probability struct {
	P       float64 `json:"p" doc:"Between 0.01 and 0.99: few years know no better" example:"0.8"`
	DF      int     `json:"df" doc:"Degrees of freedom; 3 are five years" example:"3"`
	Clipped bool    `json:"clipped" doc:"It was beyond these bounds"`
}

// Model is one model that was tried.
type Model struct {
	Method      string       `json:"method"`
	MASE        *float64     `json:"mase" doc:"Mean absolute error at rolling origins over that of the last value; null where it was not tried"`
	Origins     int          `json:"origins" doc:"Years from which it had to forecast"`
	Skipped     string       `json:"skipped" doc:"Why it was not tried"`
	Index       *float64     `json:"index" doc:"Its forecast of the target year"`
	Probability *Probability `json:"probability,omitempty"`
	Weight      *float64     `json:"weight" doc:"In the mixed probability"`
}

// Required is the way from the last known year to the target.
type Required struct {
	Year            int      `json:"year" doc:"Last known year"`
	State           string   `json:"state" doc:"on_track, behind, met, reached or missed"`
	Path            string   `json:"path" doc:"The plan's path: linear, compound or stepped" example:"linear"`
	OnPath          *float64 `json:"index_on_path" doc:"Index that the plan's path has in that year"`
	RatePct         *float64 `json:"required_rate_pct" doc:"Fall a year from then on, in percent of the year before; null where none is required"`
	PerYear         *float64 `json:"required_per_year" doc:"The same in the unit"`
	AchievedRatePct *float64 `json:"achieved_rate_pct" doc:"Mean fall a year so far"`
	Urgency         *float64 `json:"urgency" doc:"Required over achieved rate: above 1 it must fall faster than it did; null where it has not fallen"`
}
