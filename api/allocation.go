package api

import (
	"context"
	"fmt"

	"jouleline/analytics/allocate"
	"jouleline/metrics/indicator"
)

// AllocationInput asks how a target is divided among the parts of a group.
type AllocationInput struct {
	GroupParams
	By        string `query:"by" required:"true" enum:"region,department,class,institution" doc:"What the parts are" example:"region"`
	Indicator string `query:"indicator" enum:"energy_per_area,energy_per_capita,water_per_capita,carbon_per_area" default:"energy_per_area" doc:"Indicator whose target is divided" example:"energy_per_area"`
	Method    string `query:"method" enum:"equal_rate,intensity_gap,given" default:"equal_rate" doc:"equal_rate: every part falls by the whole's percentage; intensity_gap: in proportion to what a part uses beyond the lower quartile of all; given: by the plan's own targets of the parts" example:"equal_rate"`
	Plan      string `query:"plan" maxLength:"64" doc:"Plan whose target is divided; left out: 14fyp" example:"14fyp"`
	KnownParam
	FactorParams
}

func (s *Server) registerAllocation() {
	register(s, operation{
		id: "allocation", route: "GET /api/v1/allocation", tag: tagPlan,
		summary: "How a target is divided among the parts of a group",
		text: "By how much each part must fall so that the whole meets its target, by equal rate, by intensity gap, or as the plan gives it, and whether the parts meet the whole. " +
			"Amounts and activity are those of the base year. A part that is not known well enough gets no number.",
	}, allocationTable, s.allocation)
}

func (s *Server) allocation(ctx context.Context, in *AllocationInput) (*allocate.Answer, error) {
	w, asked, err := s.progressQuery(ctx, &ProgressInput{
		GroupParams: in.GroupParams, Plan: in.Plan, Panel: string(indicator.All), Boundary: string(indicator.AsIs), KnownParam: in.KnownParam, FactorParams: in.FactorParams,
	})
	if err != nil {
		return nil, err
	}
	q := allocate.Query{Query: asked, By: indicator.Level(in.By), Method: allocate.Method(in.Method)}
	if q.Measure, err = indicator.ParseMeasure(in.Indicator); err != nil {
		return nil, fmt.Errorf("%w: %w", errQuestion, err)
	}
	a, err := allocate.Allocate(ctx, w, s.config.Books, q)
	return a, asQuestion(err)
}

func allocationTable(a *allocate.Answer) table {
	whole := Subject{Region: a.Scope.Region, Department: a.Scope.Department, Class: a.Scope.Class, Institution: a.Scope.Institution, Name: a.Scope.Name}
	return table{
		columns: append([]column{{"part", text}}, append(subjectColumns(), []column{
			{"indicator", text}, {"unit", text}, {"method", text}, {"state", text}, {"reason", text}, {"amount", number}, {"activity", number}, {"intensity", number},
			{"gap", number}, {"cut", number}, {"target_pct", number}, {"target", number}, {"target_of", text},
		}...)...),
		rows: func(yield func([]any) bool) {
			state := "parts_meet_the_whole"
			if !a.Meets {
				state = "parts_miss_the_whole"
			}
			head := []any{a.Indicator, a.Unit, string(a.Method)}
			row := append(append([]any{wholePart}, whole.cells()...), head...)
			if !yield(append(row, state, a.Reason, a.Amount, nil, nil, nil, a.Allocated, a.TargetPct, nil, "")) {
				return
			}
			for i := range a.Parts {
				p := &a.Parts[i]
				part := onePart
				if p.Scope.Own {
					part = ownPart
				}
				subject := Subject{Region: p.Scope.Region, Department: p.Scope.Department, Class: p.Scope.Class, Institution: p.Scope.Institution, Name: p.Scope.Name}
				row := append(append([]any{part}, subject.cells()...), head...)
				if !yield(append(row, string(p.State), p.Reason, opt(p.Amount), opt(p.Activity), opt(p.Intensity), opt(p.Gap), opt(p.Cut), opt(p.TargetPct), opt(p.Target), p.TargetOf)) {
					return
				}
			}
		},
	}
}
