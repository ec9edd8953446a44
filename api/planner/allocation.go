package planner

import (
	"context"
	"fmt"

	"jouleline/analytics/allocate"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/metrics/indicator"
)

// AllocationInput asks how a target is divided among the parts of a group.
type AllocationInput struct {
	query.GroupParams
	By        string `query:"by" required:"true" enum:"region,department,class,institution" doc:"What the parts are" example:"region"`
	Indicator string `query:"indicator" enum:"energy_per_area,energy_per_capita,water_per_capita,carbon_per_area" default:"energy_per_area" doc:"Indicator whose target is divided" example:"energy_per_area"`
	Method    string `query:"method" enum:"equal_rate,intensity_gap,given" default:"equal_rate" doc:"equal_rate: every part falls by the whole's percentage; intensity_gap: in proportion to what a part uses beyond the lower quartile of all; given: by the plan's own targets of the parts" example:"equal_rate"`
	Plan      string `query:"plan" maxLength:"64" doc:"Plan whose target is divided; left out: 14fyp" example:"14fyp"`
	query.KnownParam
	query.FactorParams
}

func (s *Handlers) registerAllocation(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "allocation", Route: "GET /api/v1/allocation", Tag: contract.TagPlan,
		Summary: "How a target is divided among the parts of a group",
		Text: "By how much each part must fall so that the whole meets its target, by equal rate, by intensity gap, or as the plan gives it, and whether the parts meet the whole. " +
			"Amounts and activity are those of the base year. A part that is not known well enough gets no number.",
	}, allocationTable, s.allocation)
}

func (s *Handlers) allocation(ctx context.Context, in *AllocationInput) (*allocate.Answer, error) {
	w, asked, err := s.ProgressQuery(ctx, &ProgressInput{
		GroupParams: in.GroupParams, Plan: in.Plan, Panel: string(indicator.All), Boundary: string(indicator.AsIs), KnownParam: in.KnownParam, FactorParams: in.FactorParams,
	})
	if err != nil {
		return nil, err
	}
	q := allocate.Query{Query: asked, By: indicator.Level(in.By), Method: allocate.Method(in.Method)}
	if q.Measure, err = indicator.ParseMeasure(in.Indicator); err != nil {
		return nil, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	a, err := allocate.Allocate(ctx, w, s.Books, q)
	return a, asQuestion(err)
}

func allocationTable(a *allocate.Answer) table.Table {
	whole := query.Subject{Region: a.Scope.Region, Department: a.Scope.Department, Class: a.Scope.Class, Institution: a.Scope.Institution, Name: a.Scope.Name}
	return table.Table{
		Columns: append([]table.Column{table.Text("part")}, append(query.SubjectColumns(), []table.Column{
			table.Text("indicator"), table.Text("unit"), table.Text("method"), table.Text("state"), table.Text("reason"), table.Number("amount"), table.Number("activity"), table.Number("intensity"),
			table.Number("gap"), table.Number("cut"), table.Number("target_pct"), table.Number("target"), table.Text("target_of"),
		}...)...),
		Rows: func(yield func([]any) bool) {
			state := "parts_meet_the_whole"
			if !a.Meets {
				state = "parts_miss_the_whole"
			}
			head := []any{a.Indicator, a.Unit, string(a.Method)}
			row := append(append([]any{query.WholePart}, whole.Cells()...), head...)
			if !yield(append(row, state, a.Reason, a.Amount, nil, nil, nil, a.Allocated, a.TargetPct, nil, "")) {
				return
			}
			for i := range a.Parts {
				p := &a.Parts[i]
				part := query.OnePart
				if p.Scope.Own {
					part = query.OwnPart
				}
				subject := query.Subject{Region: p.Scope.Region, Department: p.Scope.Department, Class: p.Scope.Class, Institution: p.Scope.Institution, Name: p.Scope.Name}
				row := append(append([]any{part}, subject.Cells()...), head...)
				if !yield(append(row, string(p.State), p.Reason, table.Opt(p.Amount), table.Opt(p.Activity), table.Opt(p.Intensity), table.Opt(p.Gap), table.Opt(p.Cut), table.Opt(p.TargetPct), table.Opt(p.Target), p.TargetOf)) {
					return
				}
			}
		},
	}
}
