package paper

import (
	"encoding/json"
	"fmt"
	"time"

	"jouleline/analytics/progress"
	"jouleline/api/planner"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/metrics/frozen"
)

// ReportHead is a report without its figures.
type ReportHead struct {
	ID       int64          `json:"id" example:"1"`
	Name     string         `json:"name,omitempty" example:"2023 年中期"`
	Author   string         `json:"author,omitempty" doc:"Who froze it"`
	Created  time.Time      `json:"created" doc:"When it was frozen"`
	KnownAt  time.Time      `json:"known_at" doc:"Moment of the latest transaction of the books that it knows: the same question as of then gives the same figures"`
	Question ReportQuestion `json:"question"`
	Versions ReportVersions `json:"versions"`
}

// ReportVersions is what figures rest on beside the books.
type ReportVersions struct {
	Program       string     `json:"program" doc:"Version of the program" example:"1.2.0"`
	FactorSet     string     `json:"factor_set" example:"gbt2589-2020"`
	FactorVersion string     `json:"factor_version" example:"1"`
	FactorMode    string     `json:"factor_mode" example:"fixed"`
	Plan          ReportPlan `json:"plan"`
	Registry      time.Time  `json:"registry" doc:"When the youngest table of the registry was recorded"`
}

// ReportPlan is what a plan promised.
type ReportPlan struct {
	Name           string            `json:"name" example:"14fyp"`
	Path           string            `json:"path,omitempty" doc:"compound or stepped; left out where it is linear" example:""`
	BaseYear       int               `json:"base_year" example:"2020"`
	TargetYear     int               `json:"target_year" example:"2025"`
	Targets        map[string]string `json:"targets" doc:"Targets in percent, and caps, as exact numbers" example:"{\"energy_per_area\":\"5\"}"`
	MinCoverage    string            `json:"min_coverage" example:"19/20"`
	MaxCoverageGap string            `json:"max_coverage_gap" example:"1/50"`
}

// ReportFigures is what was answered: one of both is given.
type ReportFigures struct {
	Progress  *progress.Answer `json:"progress,omitempty" doc:"The answer of progress"`
	Breakdown *progress.Parts  `json:"breakdown,omitempty" doc:"The answer of its breakdown"`
}

// ReportAnswer is a frozen report.
type ReportAnswer struct {
	ReportHead
	ReportFigures
}

// ReportsAnswer lists reports.
type ReportsAnswer struct {
	Reports []ReportHead `json:"reports" doc:"The youngest first"`
	Next    *int64       `json:"next" doc:"Number before which the next page begins, null where this is the last"`
}

// read reads question and versions.
func (h *ReportHead) read(r *frozen.Report) error {
	if err := json.Unmarshal(r.Question, &h.Question); err != nil {
		return fmt.Errorf("read the question of report %d: %w", r.ID, err)
	}
	if err := json.Unmarshal(r.Versions, &h.Versions); err != nil {
		return fmt.Errorf("read the versions of report %d: %w", r.ID, err)
	}
	return nil
}

// fill takes over what stands beside the JSON.
func (h *ReportHead) fill(r *frozen.Report) {
	h.ID, h.Name, h.Author = r.ID, r.Name, r.Author
	h.Created, h.KnownAt = r.Created.Time(), r.KnownAt.Time()
}

// rows gives the figures as rows: the whole first, then the parts.
func (f *ReportFigures) rows() []progress.Row {
	if f.Breakdown != nil {
		return append([]progress.Row{f.Breakdown.Total}, f.Breakdown.Rows...)
	}
	a := f.Progress
	return []progress.Row{{Scope: a.Scope, Expected: a.Expected, Counted: a.Counted, Indicators: a.Indicators, Caps: a.Caps}}
}

// reportTable gives the figures as the table of their question.
func reportTable(a *ReportAnswer) table.Table {
	if a.Breakdown != nil {
		return planner.BreakdownTable(a.Breakdown)
	}
	return planner.ProgressTable(a.Progress)
}

func reportsTable(a *ReportsAnswer) table.Table {
	return table.Table{
		Columns: append([]table.Column{table.Integer("report"), table.Text("report_name"), table.Text("author"), table.Instant("created"), table.Instant("known_at")},
			append(query.SubjectColumns(), table.Text("by"), table.Integer("year"), table.Text("plan"), table.Text("factor_set"), table.Text("factor_version"), table.Text("program"))...),
		Rows: func(yield func([]any) bool) {
			for i := range a.Reports {
				h := &a.Reports[i]
				about, _ := h.Question.subject() // a stored question has one
				if !yield(append(append([]any{h.ID, h.Name, h.Author, h.Created, h.KnownAt}, about.Subject("").Cells()...),
					h.Question.By, int64(h.Question.Year), h.Versions.Plan.Name, h.Versions.FactorSet, h.Versions.FactorVersion, h.Versions.Program)) {
					return
				}
			}
		},
	}
}
