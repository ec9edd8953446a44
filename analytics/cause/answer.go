package cause

import (
	"jouleline/analytics"
	"jouleline/analytics/progress"
)

// Answer is the decomposition of one change.
type Answer struct {
	Scope    progress.Scope   `json:"scope"`
	By       string           `json:"by" example:"class"`
	Of       Of               `json:"of" example:"energy"`
	Activity Activity         `json:"activity" example:"area"`
	From     int              `json:"from" example:"2020"`
	To       int              `json:"to" example:"2023"`
	Panel    string           `json:"panel"`
	Boundary string           `json:"boundary"`
	Factors  progress.Factors `json:"factors"`
	Unit     string           `json:"unit" doc:"kgce or kgCO2" example:"kgce"`
	State    State            `json:"state" doc:"ok or not_enough_data"`
	Reason   string           `json:"reason" doc:"The state in words"`

	// Expected and Counted institutions in both years.
	ExpectedFrom int `json:"institutions_expected_from" doc:"Institutions that existed in the first year"`
	CountedFrom  int `json:"institutions_counted_from" doc:"Those that are fully known"`
	ExpectedTo   int `json:"institutions_expected_to" doc:"The same in the second year"`
	CountedTo    int `json:"institutions_counted_to"`

	V0     *float64 `json:"v0" doc:"Of the institutions that can be compared, in the first year"`
	VT     *float64 `json:"vt" doc:"In the second year"`
	Change *float64 `json:"change" doc:"vt - v0; the additive effects add up to it"`

	Weather  *Weather            `json:"weather,omitempty" doc:"What the weather factor rests on; left out where it could not be separated"`
	Effects  []Effect            `json:"effects" doc:"Direct comparison of both years"`
	Parts    []Part              `json:"parts" doc:"What each part contributes"`
	Chained  *Chained            `json:"chained,omitempty" doc:"Year by year, where asked for"`
	Warnings []analytics.Warning `json:"warnings"`
}

// State is what can be said.
type State string

// The states.
const (
	OK            State = "ok"
	NotEnoughData State = "not_enough_data"
)

// Effect is what one factor did.
type Effect struct {
	Factor         string   `json:"factor" doc:"activity, structure, weather, intensity, fuel_mix or emission_factor" example:"intensity"`
	Additive       float64  `json:"additive" doc:"In the unit"`
	Multiplicative *float64 `json:"multiplicative" doc:"Ratio; the product over all factors is vt / v0. Null where a total is zero"`
	SharePct       *float64 `json:"share_pct" doc:"additive in percent of v0; null where that is zero"`
}

// Part is one part of the scope.
type Part struct {
	Scope   progress.Scope `json:"scope"`
	V0      float64        `json:"v0"`
	VT      float64        `json:"vt"`
	Effects []Effect       `json:"effects" doc:"Its part of the additive effects"`
}

// Chained is the decomposition year by year. The effects and the change of panel
// add up to the direct change.
type Chained struct {
	Steps       []Step   `json:"steps"`
	Effects     []Effect `json:"effects" doc:"Sums over the steps"`
	PanelChange float64  `json:"panel_change" doc:"What the steps do not see: institutions that could not be compared in each of them"`
}

// Step is one year of a chain.
type Step struct {
	From    int      `json:"from"`
	To      int      `json:"to"`
	V0      float64  `json:"v0"`
	VT      float64  `json:"vt"`
	Effects []Effect `json:"effects"`
}

// Codes of warnings.
const (
	CodeWeather     analytics.Code = "weather_not_separated"
	CodePartsLeft   analytics.Code = "parts_left_out"
	CodeNoActivity  analytics.Code = "institutions_without_area_or_headcount"
	CodePanel       analytics.Code = "panel_changes_within_chain"
	CodeOnePart     analytics.Code = "one_part_has_no_structure"
	CodeZero        analytics.Code = "total_of_zero"
	CodeBrokenChain analytics.Code = "chain_not_known"
)
