package planner

import (
	"jouleline/analytics/progress"
	"jouleline/api/query"
	"jouleline/api/table"
)

// progressColumns are those of progress and of its breakdown: a row for each
// indicator of each part.
func progressColumns() []table.Column {
	return append([]table.Column{table.Text("part")}, append(query.SubjectColumns(), []table.Column{
		table.Integer("year"), table.Integer("base_year"), table.Text("indicator"), table.Text("unit"), table.Number("baseline"), table.Number("current"),
		table.Text("state"), table.Text("reason"), table.Number("reduction_pct"), table.Text("reduction"), table.Number("target_pct"),
		table.Number("completion_pct"), table.Text("completion"), table.Number("pace_pct"), table.Flag("on_pace"), table.Number("coverage"),
		table.Number("estimated_share"), table.Text("baseline_source"), table.Text("current_source"),
		table.Integer("institutions_expected"), table.Integer("institutions_counted"),
	}...)...)
}

// ProgressTable gives the indicators of the whole as rows.
func ProgressTable(a *progress.Answer) table.Table {
	return table.Table{Columns: progressColumns(), Rows: func(yield func([]any) bool) {
		p := partRows{year: int64(a.Year), base: int64(a.BaseYear), yield: yield}
		p.give(query.WholePart, &progress.Row{Scope: a.Scope, Expected: a.Expected, Counted: a.Counted, Indicators: a.Indicators})
	}}
}

// BreakdownTable gives the indicators of the whole, then of its parts, as rows.
func BreakdownTable(a *progress.Parts) table.Table {
	return table.Table{Columns: progressColumns(), Rows: func(yield func([]any) bool) {
		p := partRows{year: int64(a.Year), base: int64(a.BaseYear), yield: yield}
		more := p.give(query.WholePart, &a.Total)
		for i := 0; more && i < len(a.Rows); i++ {
			part := query.OnePart
			if a.Rows[i].Scope.Own {
				part = query.OwnPart
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
	s := query.Subject{Region: r.Scope.Region, Department: r.Scope.Department, Class: r.Scope.Class, Institution: r.Scope.Institution, Name: r.Scope.Name}
	for i := range r.Indicators {
		x := &r.Indicators[i]
		p.row = append(append(append(p.row[:0], part), s.Cells()...),
			p.year, p.base, x.Indicator, x.Unit, table.Opt(x.Baseline), table.Opt(x.Current),
			string(x.State), x.Reason, table.Opt(x.ReductionPct), table.Opt(x.Reduction), table.Opt(x.TargetPct),
			table.Opt(x.CompletionPct), table.Opt(x.Completion), table.Opt(x.PacePct), table.Opt(x.OnPace), table.Opt(x.Coverage),
			table.Opt(x.EstimatedShare), x.BaselineSource, x.CurrentSource, int64(r.Expected), int64(r.Counted))
		if !p.yield(p.row) {
			return false
		}
	}
	return true
}
