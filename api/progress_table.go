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
	return table{columns: progressColumns(), rows: func(yield func([]any) bool) {
		p := partRows{year: int64(a.Year), base: int64(a.BaseYear), yield: yield}
		p.give(wholePart, &progress.Row{Scope: a.Scope, Expected: a.Expected, Counted: a.Counted, Indicators: a.Indicators})
	}}
}

func breakdownTable(a *progress.Parts) table {
	return table{columns: progressColumns(), rows: func(yield func([]any) bool) {
		p := partRows{year: int64(a.Year), base: int64(a.BaseYear), yield: yield}
		more := p.give(wholePart, &a.Total)
		for i := 0; more && i < len(a.Rows); i++ {
			part := onePart
			if a.Rows[i].Scope.Own {
				part = ownPart
			}
			more = p.give(part, &a.Rows[i])
		}
	}}
}

// partRows gives the indicators of parts as rows, in the memory of one.
type partRows struct {
	year, base int64
	yield      func([]any) bool
	row        []any
}

func (p *partRows) give(part string, r *progress.Row) bool {
	s := Subject{Region: r.Scope.Region, Department: r.Scope.Department, Class: r.Scope.Class, Institution: r.Scope.Institution, Name: r.Scope.Name}
	for i := range r.Indicators {
		x := &r.Indicators[i]
		p.row = append(append(append(p.row[:0], part), s.cells()...),
			p.year, p.base, x.Indicator, x.Unit, opt(x.Baseline), opt(x.Current),
			string(x.State), x.Reason, opt(x.ReductionPct), opt(x.Reduction), opt(x.TargetPct),
			opt(x.CompletionPct), opt(x.Completion), opt(x.PacePct), opt(x.OnPace), opt(x.Coverage),
			opt(x.EstimatedShare), x.BaselineSource, x.CurrentSource, int64(r.Expected), int64(r.Counted))
		if !p.yield(p.row) {
			return false
		}
	}
	return true
}
