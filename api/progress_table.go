package api

import (
	"jouleline/analytics/progress"
)

// progressColumns are those of progress and of its breakdown: a row for each
// indicator of each part.
func progressColumns() []column {
	return append([]column{{"part", text}}, append(subjectColumns(), []column{
		{"year", integer}, {"base_year", integer}, {"indicator", text}, {"unit", text}, {"baseline", number}, {"current", number},
		{"state", text}, {"reason", text}, {"reduction_pct", number}, {"reduction", text}, {"target_pct", number},
		{"completion_pct", number}, {"completion", text}, {"pace_pct", number}, {"on_pace", flag}, {"coverage", number},
		{"estimated_share", number}, {"baseline_source", text}, {"current_source", text},
		{"institutions_expected", integer}, {"institutions_counted", integer},
	}...)...)
}

// The words of the column part.
const (
	wholePart = "whole"
	onePart   = "part"
	ownPart   = "own" // what hangs at the region or department directly
)

func progressTable(a *progress.Answer) table {
	row := progress.Row{Scope: a.Scope, Expected: a.Expected, Counted: a.Counted, Indicators: a.Indicators}
	return table{columns: progressColumns(), rows: func(yield func([]any) bool) {
		progressRows(wholePart, &row, a.Year, a.BaseYear, yield)
	}}
}

func breakdownTable(a *progress.Parts) table {
	return table{columns: progressColumns(), rows: func(yield func([]any) bool) {
		if !progressRows(wholePart, &a.Total, a.Year, a.BaseYear, yield) {
			return
		}
		for i := range a.Rows {
			part := onePart
			if a.Rows[i].Scope.Own {
				part = ownPart
			}
			if !progressRows(part, &a.Rows[i], a.Year, a.BaseYear, yield) {
				return
			}
		}
	}}
}

// progressRows gives the indicators of one part as rows.
func progressRows(part string, r *progress.Row, year, base int, yield func([]any) bool) bool {
	s := Subject{Region: r.Scope.Region, Department: r.Scope.Department, Class: r.Scope.Class, Institution: r.Scope.Institution, Name: r.Scope.Name}
	for i := range r.Indicators {
		x := &r.Indicators[i]
		row := append([]any{part}, append(s.cells(),
			int64(year), int64(base), x.Indicator, x.Unit, opt(x.Baseline), opt(x.Current),
			string(x.State), x.Reason, opt(x.ReductionPct), opt(x.Reduction), opt(x.TargetPct),
			opt(x.CompletionPct), opt(x.Completion), opt(x.PacePct), opt(x.OnPace), opt(x.Coverage),
			opt(x.EstimatedShare), x.BaselineSource, x.CurrentSource, int64(r.Expected), int64(r.Counted))...)
		if !yield(row) {
			return false
		}
	}
	return true
}
