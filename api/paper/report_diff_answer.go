package paper

import (
	"time"

	"jouleline/analytics/progress"
)

// ReportDiffInput asks what a report would say today.
type ReportDiffInput struct {
	ReportPath
	Limit int `query:"limit" default:"100" minimum:"1" maximum:"10000" doc:"Most meters, and rows of each table, that are listed; the others are counted and summed" example:"100"`
}

// ReportDiffAnswer is a report beside what the same question answers now.
type ReportDiffAnswer struct {
	Report  ReportHead      `json:"report"`
	Asked   time.Time       `json:"asked" doc:"When the same question was asked again"`
	Same    bool            `json:"same" doc:"Every indicator is what it was" example:"false"`
	Figures []ReportFigure  `json:"figures" doc:"Indicators that differ"`
	Causes  []ReportCause   `json:"causes" doc:"What changed beside the books: program, factors, plan, rows of the registry, time"`
	Meters  []ReportMeter   `json:"meters" doc:"What was booked since for meters that count in the scope, the largest first, each year by itself"`
	Sums    []ReportCarrier `json:"sums" doc:"The same summed by carrier and year, over all meters"`
}

// The causes, in the order of the steps.
const (
	causeProgram  = "program"
	causeFactors  = "factors"
	causePlan     = "plan"
	causeRegistry = "registry"
	causeBooks    = "books"
	causeTime     = "time"
)

// ReportFigure is an indicator that differs.
type ReportFigure struct {
	Scope     progress.Scope `json:"scope"`
	Indicator string         `json:"indicator" example:"energy_per_area"`
	Before    *ReportValue   `json:"before" doc:"As frozen; null where the part did not exist"`
	Now       *ReportValue   `json:"now" doc:"As answered now; null where the part is no more"`
	Effects   []ReportEffect `json:"effects" doc:"Step by step from before to now; they add up"`
}

// ReportValue is what was said of an indicator.
type ReportValue struct {
	Unit           string         `json:"unit" example:"kgce/m2"`
	Baseline       *float64       `json:"baseline"`
	Current        *float64       `json:"current"`
	ReductionPct   *float64       `json:"reduction_pct"`
	Reduction      *string        `json:"reduction"`
	State          progress.State `json:"state" example:"ok"`
	Coverage       *float64       `json:"coverage"`
	EstimatedShare *float64       `json:"estimated_share"`
}

// ReportEffect is what one kind of change did to an indicator.
type ReportEffect struct {
	Cause        string         `json:"cause" enum:"program,registry,books,time" doc:"program with factor set and plan; registry; books: readings, events and corrections booked since; time that has passed" example:"books"`
	Baseline     *float64       `json:"baseline" doc:"Difference that it made; null where one of both values is not known"`
	Current      *float64       `json:"current"`
	ReductionPct *float64       `json:"reduction_pct"`
	State        progress.State `json:"state" doc:"State after the step" example:"ok"`
}
