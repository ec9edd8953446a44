package paper

import (
	"context"

	"jouleline/analytics/progress"
	"jouleline/api/contract"
	"jouleline/api/midterm"
	"jouleline/api/planner"
	"jouleline/api/query"
	"jouleline/metrics/indicator"
)

// MidtermInput asks for the evaluation of a plan in its middle.
type MidtermInput struct {
	planner.ProgressInput
	Lang string `query:"lang" enum:"zh,en" default:"zh" doc:"Language of the document" example:"zh"`
	FormatParam
}

// FormatParam chooses the form of a document where a link cannot say Accept.
type FormatParam struct {
	Format string `query:"format" enum:"html,xlsx,json" doc:"Form of the answer; left out: as Accept says, else JSON" example:"json"`
}

func (s *Handlers) registerMidterm(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "midterm", Route: "GET /api/v1/reports/midterm", Tag: contract.TagPlan,
		Summary: "The mid-term evaluation of a plan, as a document",
		Text: "The four indicators in the words of an evaluation, tables by region or department and by class, charts, how well the year is known, and what has changed since the last frozen report of the same question: " +
			"as a page that stands for itself and prints well (Accept: text/html), as a workbook, or as the JSON that both are laid out from. Sentences are written by rule from the answers of progress; each percentage leads to its explanation.",
	}, nil, s.midterm)
}

// midterm gathers the answers that a document is written of.
func (s *Handlers) midterm(ctx context.Context, in *MidtermInput) (*midterm.Document, error) {
	_, q, err := s.planner.ProgressQuery(ctx, &in.ProgressInput)
	if err != nil {
		return nil, err
	}
	w, err := s.World(ctx, q.KnownAt)
	if err != nil {
		return nil, err
	}
	input := &midterm.Input{Language: in.Lang, Demo: s.Demo, PlanTitle: q.Plan.Title[in.Lang], Made: query.Local(w.Calendar(), s.Now())}
	if input.PlanTitle == "" {
		input.PlanTitle = q.Plan.Name
	}
	if q.KnownAt != 0 {
		input.KnownAt = query.Local(w.Calendar(), q.KnownAt)
	}
	if err := s.midtermFigures(ctx, in, input); err != nil {
		return nil, err
	}
	if input.Quality, err = s.midtermQuality(ctx, in, &q, w); err != nil {
		return nil, err
	}
	if input.Changes, err = s.midtermChanges(ctx, in, &q); err != nil {
		return nil, err
	}
	again := in.Values()
	again.Set("lang", in.Lang)
	again.Set("format", "xlsx")
	input.Workbook = "/api/v1/reports/midterm?" + again.Encode()
	input.Open = s.midtermOpen(in, &q)
	return midterm.Make(input), nil
}

// midtermFigures asks for the progress of the scope and its parts. The whole is
// that of its parts, so that both are of one moment.
func (s *Handlers) midtermFigures(ctx context.Context, in *MidtermInput, input *midterm.Input) error {
	var levels []indicator.Level
	switch {
	case in.Region != "":
		levels = []indicator.Level{indicator.ByRegion, indicator.ByClass}
	case in.Department != "":
		levels = []indicator.Level{indicator.ByDepartment, indicator.ByClass}
	default:
		a, err := s.planner.Progress(ctx, &in.ProgressInput)
		input.Whole = a
		return err
	}
	for _, by := range levels {
		parts, err := s.planner.Breakdown(ctx, &planner.BreakdownInput{ProgressInput: in.ProgressInput, By: string(by)})
		if err != nil {
			return err
		}
		input.Parts = append(input.Parts, parts)
	}
	p := input.Parts[0]
	input.Whole = &progress.Answer{
		Scope: p.Scope, Plan: p.Plan, PlanVersion: p.PlanVersion, BaseYear: p.BaseYear, TargetYear: p.TargetYear, Year: p.Year,
		Panel: p.Panel, Boundary: p.Boundary, Factors: p.Factors, Expected: p.Total.Expected, Counted: p.Total.Counted,
		Indicators: p.Total.Indicators, Caps: p.Total.Caps, Corrections: p.Corrections,
	}
	return nil
}

// midtermOpen tells where a reduction is explained: on the page where that
// answers the same question, else by the API.
func (s *Handlers) midtermOpen(in *MidtermInput, q *progress.Query) func(progress.Scope, string) string {
	plain := in.ProgressInput
	plain.GroupParams = query.GroupParams{}
	byDefault := plain
	byDefault.Plan = ""
	onPage := q.Plan == s.Plans[0] && len(byDefault.Values()) == 1 // the year alone
	return func(of progress.Scope, name string) string {
		ask := plain
		ask.GroupParams = query.GroupParams{Region: of.Region, Department: of.Department, Class: of.Class, Institution: of.Institution}
		v := ask.Values()
		v.Set("indicator", name)
		if onPage && (of.Region != "" || of.Institution != "") {
			v.Del("plan")
			return "/explain?" + v.Encode()
		}
		v.Set("figure", "reduction")
		return "/api/v1/explain?" + v.Encode()
	}
}

var _ contract.Document = (*midterm.Document)(nil)
