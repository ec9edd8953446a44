package planner

import (
	"context"
	"math/big"

	"jouleline/api/contract"
	"jouleline/api/table"
	"jouleline/schema/plan"
)

// PlansAnswer is all plans that can be asked by.
type PlansAnswer struct {
	Plans []PlanAnswer `json:"plans" doc:"The first is the one that counts where none is named"`
}

// PlanAnswer is one plan. Numbers are exact, as texts of decimals.
type PlanAnswer struct {
	Name       string            `json:"name" example:"14fyp"`
	Version    string            `json:"version" doc:"Beginning of the SHA-256 of the plan's file" example:"b35638a6524d"`
	Title      map[string]string `json:"title" doc:"By language" example:"{\"en\":\"14th Five-Year Plan\"}"`
	BaseYear   int               `json:"base_year" example:"2020"`
	TargetYear int               `json:"target_year" example:"2025"`
	Path       plan.Shape        `json:"path" enum:"linear,compound,stepped" doc:"How a target is reached over the years" example:"linear"`
	Source     string            `json:"source" doc:"Where the numbers stand"`
	Targets    []PlanTarget      `json:"targets"`
	Caps       []PlanCap         `json:"caps"`
}

// PlanTarget is a promised reduction.
type PlanTarget struct {
	Indicator string     `json:"indicator" example:"energy_per_area"`
	Of        string     `json:"of" doc:"Whom it binds, as region 370000; empty for everybody who has none of his own" example:""`
	Reduction string     `json:"reduction_pct" doc:"In percent of the base year" example:"5"`
	Path      []PlanStep `json:"path" doc:"What the path asks for at the end of each year"`
}

// PlanStep is what the path asks for in one year.
type PlanStep struct {
	Year      int    `json:"year" example:"2023"`
	Reduction string `json:"reduction_pct" example:"3"`
}

// PlanCap is a promised greatest total in the target year.
type PlanCap struct {
	Total string `json:"total" example:"energy"`
	Unit  string `json:"unit" example:"tce"`
	Of    string `json:"of" doc:"Whom it binds; empty for the nation" example:""`
	Cap   string `json:"cap" example:"189000000"`
}

func (s *Handlers) registerPlans(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "plans", Route: "GET /api/v1/plans", Tag: contract.TagPlan,
		Summary: "The plans that can be asked by",
		Text: "Every plan with its targets, caps and path: the one that ships, and those of the folder that the server was started with (--plans). " +
			"Each of them can be named by the parameter plan of every question; a plan may set targets for regions, departments, classes and institutions of their own.",
	}, plansTable, s.plans)
}

func (s *Handlers) plans(context.Context, *struct{}) (*PlansAnswer, error) {
	a := &PlansAnswer{Plans: []PlanAnswer{}}
	for _, p := range s.Plans {
		a.Plans = append(a.Plans, describePlan(p))
	}
	return a, nil
}

func describePlan(p *plan.Plan) PlanAnswer {
	out := PlanAnswer{
		Name: p.Name, Version: p.Version, Title: p.Title, BaseYear: p.BaseYear, TargetYear: p.TargetYear, Path: p.Path, Source: p.Source,
		Targets: []PlanTarget{}, Caps: []PlanCap{},
	}
	for i := range p.Targets {
		t := &p.Targets[i]
		target := PlanTarget{Indicator: t.Indicator, Of: t.Place.String(), Reduction: decimalOf(t.Percent), Path: []PlanStep{}}
		for year := p.BaseYear + 1; year <= p.TargetYear; year++ {
			target.Path = append(target.Path, PlanStep{year, decimalOf(p.Pace(*t, 0, year))})
		}
		out.Targets = append(out.Targets, target)
	}
	for _, c := range p.Caps {
		if c.Value != nil {
			out.Caps = append(out.Caps, PlanCap{c.Total, c.Unit, c.Place.String(), decimalOf(c.Value)})
		}
	}
	return out
}

// decimalOf writes a rational with the decimals that it needs, at most twelve.
func decimalOf(r *big.Rat) string {
	decimals, exact := r.FloatPrec()
	if !exact || decimals > 12 {
		decimals = 12
	}
	return r.FloatString(decimals)
}

func plansTable(a *PlansAnswer) table.Table {
	return table.Table{
		Columns: []table.Column{
			table.Text("plan"), table.Text("version"), table.Integer("base_year"), table.Integer("target_year"), table.Text("path"), table.Text("kind"), table.Text("what"), table.Text("of"), table.Text("value"), table.Text("unit"),
		},
		Rows: func(yield func([]any) bool) {
			for _, p := range a.Plans {
				head := []any{p.Name, p.Version, int64(p.BaseYear), int64(p.TargetYear), string(p.Path)}
				for _, t := range p.Targets {
					if !yield(append(head[:len(head):len(head)], "target", t.Indicator, t.Of, t.Reduction, "%")) {
						return
					}
				}
				for _, c := range p.Caps {
					if !yield(append(head[:len(head):len(head)], "cap", c.Total, c.Of, c.Cap, c.Unit)) {
						return
					}
				}
			}
		},
	}
}
