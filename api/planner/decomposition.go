package planner

import (
	"context"
	"fmt"

	"jouleline/analytics/cause"
	"jouleline/analytics/progress"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/metrics/indicator"
)

// DecompositionInput asks because of what a group has changed.
type DecompositionInput struct {
	query.GroupParams
	From     int    `query:"from_year" required:"true" minimum:"1970" maximum:"2199" doc:"First year" example:"2020"`
	To       int    `query:"to_year" required:"true" minimum:"1970" maximum:"2199" doc:"Second year, which must be over" example:"2023"`
	By       string `query:"by" required:"true" enum:"region,department,class,institution" doc:"What the parts are whose shares are the structure" example:"class"`
	Of       string `query:"of" enum:"energy,carbon" default:"energy" doc:"What is decomposed; carbon also by fuels and their emission factors" example:"energy"`
	Activity string `query:"activity" enum:"area,people" default:"area" doc:"What drives it: floor area (energy of buildings, carbon) or people (all energy)" example:"area"`
	Chained  bool   `query:"chained" default:"false" doc:"Also year by year" example:"false"`
	Weather  string `query:"weather" enum:"apart,in_intensity" default:"apart" doc:"apart: weather is told from intensity where it can be; in_intensity: it stays there, as in figures that know of no weather, and the months are not asked for" example:"apart"`
	Plan     string `query:"plan" maxLength:"64" doc:"Plan that says how much must be known of a year; left out: 14fyp" example:"14fyp"`
	Panel    string `query:"panel" enum:"all,matched,declared" default:"all" doc:"all: every institution that is fully known where it exists; matched: those that exist in both years; declared: declared figures only" example:"all"`
	Boundary string `query:"boundary" enum:"as_is,as_was" default:"as_is" doc:"Places an institution that has moved where it stands at the end of the second year, or in each year where it stood then" example:"as_is"`
	query.KnownParam
	query.FactorParams
}

func (s *Handlers) registerDecomposition(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "decomposition", Route: "GET /api/v1/decomposition", Tag: contract.TagPlan,
		Summary: "Because of what energy or carbon has changed",
		Text: "Splits the change between two years into effects that add up to it (LMDI-I): activity (area or people), structure (shares of the parts), weather and intensity; for carbon also fuel mix and emission factors. " +
			"Additive and multiplicative, for the whole and for each part; directly and, where asked for, year by year. Both years are made of institutions that are fully known wherever they exist. " +
			"Where too little is known of a year the state is not_enough_data, and there are no effects. " +
			"Weather is told from intensity where months are metered and their station has the temperatures of both years: the months of each year are fitted to the weather (CalTRACK billing), and held against that of the mean complete year from the first to the second. " +
			"What no usable model covers stays in intensity; weather_not_separated says how much that is and why. Where nothing is covered there is no factor weather. With weather=in_intensity nobody looks for it.",
	}, decompositionTable, s.decomposition)
}

func (s *Handlers) decomposition(ctx context.Context, in *DecompositionInput) (*cause.Answer, error) {
	w, asked, err := s.ProgressQuery(ctx, &ProgressInput{
		GroupParams: in.GroupParams, Plan: in.Plan, Panel: in.Panel, Boundary: in.Boundary, KnownParam: in.KnownParam, FactorParams: in.FactorParams,
	})
	if err != nil {
		return nil, err
	}
	by, err := indicator.ParseLevel(in.By)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	return cause.Decompose(ctx, w, s.Books, cause.Query{
		Scope: asked.Scope, By: by, Of: cause.Of(in.Of), Activity: cause.Activity(in.Activity), From: in.From, To: in.To, Chained: in.Chained,
		Factors: asked.Factors, Mode: asked.Mode, Panel: asked.Panel, Boundary: asked.Boundary,
		MinCoverage: asked.Plan.MinCoverage, MaxGap: asked.Plan.MaxCoverageGap, KnownAt: asked.KnownAt, Now: asked.Now,
		NoWeather: in.Weather == "in_intensity",
	})
}

// chainedPart is the word of the column part for the steps of a chain.
const chainedPart = "chained"

// decompositionTable gives a row for each effect: of the whole, of each part, and
// of the chain.
func decompositionTable(a *cause.Answer) table.Table {
	return table.Table{
		Columns: append([]table.Column{table.Text("part")}, append(query.SubjectColumns(), []table.Column{
			table.Text("of"), table.Text("unit"), table.Integer("from_year"), table.Integer("to_year"), table.Number("v0"), table.Number("vt"),
			table.Text("factor"), table.Number("additive"), table.Number("multiplicative"), table.Number("share_pct"), table.Text("state"), table.Text("reason"), table.Text("warnings"),
		}...)...),
		Rows: func(yield func([]any) bool) {
			warnings := codesOf(a.Warnings)
			give := func(part string, scope *progress.Scope, from, to int, v0, vt any, effects []cause.Effect) bool {
				subject := query.Subject{Region: scope.Region, Department: scope.Department, Class: scope.Class, Institution: scope.Institution, Name: scope.Name}
				for _, e := range effects {
					if !yield(append([]any{part}, append(subject.Cells(), string(a.Of), a.Unit, int64(from), int64(to), v0, vt,
						e.Factor, e.Additive, table.Opt(e.Multiplicative), table.Opt(e.SharePct), string(a.State), a.Reason, warnings)...)) {
						return false
					}
				}
				return true
			}
			if a.State != cause.OK {
				subject := query.Subject{Region: a.Scope.Region, Department: a.Scope.Department, Class: a.Scope.Class, Institution: a.Scope.Institution, Name: a.Scope.Name}
				yield(append([]any{query.WholePart}, append(subject.Cells(), string(a.Of), a.Unit, int64(a.From), int64(a.To), nil, nil,
					"", nil, nil, nil, string(a.State), a.Reason, warnings)...))
				return
			}
			if !give(query.WholePart, &a.Scope, a.From, a.To, table.Opt(a.V0), table.Opt(a.VT), a.Effects) {
				return
			}
			for i := range a.Parts {
				p := &a.Parts[i]
				part := query.OnePart
				if p.Scope.Own {
					part = query.OwnPart
				}
				if !give(part, &p.Scope, a.From, a.To, p.V0, p.VT, p.Effects) {
					return
				}
			}
			if a.Chained == nil {
				return
			}
			for _, step := range a.Chained.Steps {
				if !give(chainedPart, &a.Scope, step.From, step.To, step.V0, step.VT, step.Effects) {
					return
				}
			}
		},
	}
}
