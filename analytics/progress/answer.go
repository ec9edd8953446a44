package progress

import "jouleline/metrics/indicator"

// Answer is the progress of a scope. Percentages are at full precision, beside
// the official texts of two decimals; what is not known is nil.
type Answer struct {
	Scope Scope  `json:"scope"`
	Plan  string `json:"plan"`
	// PlanVersion tells one text of the plan's file from another.
	PlanVersion string  `json:"plan_version,omitempty" doc:"Beginning of the SHA-256 of the file of the plan; reports that were frozen before lack it" example:"b35638a6524d"`
	BaseYear    int     `json:"base_year"`
	TargetYear  int     `json:"target_year"`
	Year        int     `json:"year"`
	Panel       string  `json:"panel"`
	Boundary    string  `json:"boundary"`
	Factors     Factors `json:"factors"`
	Expected    int     `json:"institutions_expected"`
	Counted     int     `json:"institutions_counted"`
	// Indicators are the four indicators in the order of the evaluations.
	Indicators []Indicator `json:"indicators"`
	Caps       []Cap       `json:"caps"`
	// Corrections is left out where the registry holds none for the base year and
	// the scope.
	Corrections *Corrections `json:"corrections,omitempty" doc:"Recalculations of the baseline and non-routine adjustments; left out where there are none"`
	// MissingPartitions are those whose books could not be asked; see api.
	MissingPartitions []int `json:"missing_partitions,omitempty"`
	// Changes is left out where it was not asked for.
	Changes *Changes `json:"changes,omitempty" doc:"Institutions that entered or left and their effects; left out where they were not asked for"`
}

// Parts is the progress of a scope and of each of its parts.
type Parts struct {
	Scope Scope  `json:"scope"`
	By    string `json:"by"`
	Plan  string `json:"plan"`
	// PlanVersion tells one text of the plan's file from another.
	PlanVersion string  `json:"plan_version,omitempty" doc:"Beginning of the SHA-256 of the file of the plan; reports that were frozen before lack it" example:"b35638a6524d"`
	BaseYear    int     `json:"base_year"`
	TargetYear  int     `json:"target_year"`
	Year        int     `json:"year"`
	Panel       string  `json:"panel"`
	Boundary    string  `json:"boundary"`
	Factors     Factors `json:"factors"`
	Total       Row     `json:"total"`
	Rows        []Row   `json:"rows"`
	// Corrections are those of the whole scope, without its other figures.
	Corrections *Corrections `json:"corrections,omitempty" doc:"As in progress, without the other figures"`
	// MissingPartitions are as in Answer.
	MissingPartitions []int `json:"missing_partitions,omitempty"`
}

// Row is the progress of one part, or of the whole.
type Row struct {
	Scope Scope `json:"scope"`
	// Expected institutions exist in the year, Counted of them are fully known
	// in energy.
	Expected   int         `json:"institutions_expected"`
	Counted    int         `json:"institutions_counted"`
	Indicators []Indicator `json:"indicators"`
	Caps       []Cap       `json:"caps"`
}

// Scope names what a figure speaks of: one of the ids is given, none for what
// has no department.
type Scope struct {
	Region      string `json:"region,omitempty"`
	Department  string `json:"department,omitempty"`
	Class       string `json:"class,omitempty"`
	Institution string `json:"institution,omitempty"`
	Name        string `json:"name"`
	// Own marks what hangs at the region or department directly and not at one
	// of its children.
	Own bool `json:"own,omitempty"`
}

// ScopeOf names a group.
func ScopeOf(g indicator.Group) Scope {
	s := Scope{Name: g.Name, Own: g.Own}
	switch g.Scope.Level {
	case indicator.ByRegion:
		s.Region = g.Scope.ID
	case indicator.ByDepartment:
		s.Department = g.Scope.ID
	case indicator.ByClass:
		s.Class = g.Scope.ID
	case indicator.ByInstitution:
		s.Institution = g.Scope.ID
	}
	return s
}

// Factors names the factor set of an answer. The grid is that of the scope in
// the year; nil where its institutions have different ones or none. GridRegion
// "" is the nation.
type Factors struct {
	Set        string   `json:"set"`
	Version    string   `json:"version"`
	Mode       string   `json:"mode"`
	GridRegion *string  `json:"grid_region"`
	GridYear   *int     `json:"grid_year"`
	GridValue  *float64 `json:"grid_value"`
}

// State is what can be said of an indicator or a cap.
type State string

// The states of indicators.
const (
	// OK: both years are known and comparable.
	OK State = "ok"
	// Met: the target is reached.
	Met State = "met"
	// PartialYear: the year has not ended; its days so far are compared.
	PartialYear State = "partial_year"
	// NoBaseline: nothing is known of the base year.
	NoBaseline State = "no_baseline"
	// BaseYear: the year is the base year.
	BaseYear State = "base_year"
	// Incomparable: the two years are known in different forms.
	Incomparable State = "incomparable"
	// MixedSources: the two years come from different sources.
	MixedSources State = "mixed_sources"
	// NotEnoughData: too little is known of one of the years.
	NotEnoughData State = "not_enough_data"
)

// The states of caps, beside ok and not_enough_data.
const (
	// NoCap: the plan sets none for the scope.
	NoCap State = "no_cap"
	// Over: the total is above the cap.
	Over State = "over"
)

// Indicator is the progress of one indicator.
type Indicator struct {
	Indicator string `json:"indicator"`
	// Unit is that of Baseline and Current: the indicator's, or "index".
	Unit     string   `json:"unit"`
	Baseline *float64 `json:"baseline"`
	Current  *float64 `json:"current"`
	State    State    `json:"state"`
	Reason   string   `json:"reason"`
	// ReductionPct is 100 x (baseline - current) / baseline.
	ReductionPct *float64 `json:"reduction_pct"`
	Reduction    *string  `json:"reduction"`
	TargetPct    *float64 `json:"target_pct"`
	// TargetOf is whom the target is set for, as "region 370100"; "" is
	// everybody.
	TargetOf string `json:"target_of,omitempty" doc:"Whom the plan sets the target for; empty for everybody" example:""`
	// CompletionPct is 100 x reduction / target; it may be below 0 and above 100.
	CompletionPct *float64 `json:"completion_pct"`
	Completion    *string  `json:"completion"`
	// PacePct is what the plan's path asks for in the year: on a linear one target x
	// years since the base / years of the plan.
	PacePct *float64 `json:"pace_pct"`
	OnPace  *bool    `json:"on_pace"`
	// Coverage is the known share of the expected meter-time of the current
	// year, a declared figure counted as one meter that is fully known; nil where
	// nothing is, or should be, metered. EstimatedShare is the part of the
	// current figure that was estimated, weighted in kgce, m3 or kgCO2.
	Coverage       *float64 `json:"coverage"`
	EstimatedShare *float64 `json:"estimated_share"`
	// The sources are metered, declared or mixed, "" where nothing is known.
	BaselineSource string `json:"baseline_source"`
	CurrentSource  string `json:"current_source"`
}

// Cap is the total of the year against the plan's cap of the target year.
type Cap struct {
	Total   string   `json:"total"`
	Unit    string   `json:"unit"`
	Cap     *float64 `json:"cap"`
	CapOf   string   `json:"cap_of,omitempty" doc:"Whom the plan sets the cap for, as region 370000; empty for the nation, or where there is none" example:""`
	Current *float64 `json:"current"`
	// UsedPct is 100 x current / cap, Left cap - current: below 0 where it is over.
	UsedPct *float64 `json:"used_pct,omitempty" doc:"100 x current / cap"`
	Left    *float64 `json:"left,omitempty" doc:"cap - current"`
	// Baseline is the total of the base year, OnPath what the straight way from
	// it to the cap allows in the year, OnPace whether the current total keeps
	// within; left out where a side is not known well enough, as is all that
	// there is no cap for: a breakdown has 135,000 of these.
	Baseline *float64 `json:"baseline,omitempty" doc:"Total of the base year, over the institutions of then"`
	OnPath   *float64 `json:"on_path,omitempty" doc:"What the straight way from the baseline to the cap allows in the year"`
	OnPace   *bool    `json:"on_pace,omitempty" doc:"Whether the total keeps within that"`
	State    State    `json:"state"`
	Reason   string   `json:"reason,omitempty" doc:"The state in words; left out for ok and no_cap"`
	// Known tells that Current is the whole total of a year that is over, known
	// well enough to be compared with other years, whether there is a cap or not.
	Known bool `json:"-"`
}
