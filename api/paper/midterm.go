package paper

import (
	"context"
	"errors"
	"strconv"

	"jouleline/analytics/progress"
	"jouleline/api/contract"
	"jouleline/api/midterm"
	"jouleline/api/monitor"
	"jouleline/api/planner"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
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
	input := &midterm.Input{Language: in.Lang, PlanTitle: q.Plan.Title[in.Lang], Made: query.Local(w.Calendar(), s.Now())}
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

// worstOfMidterm is how many of the parts that are known least are listed.
const worstOfMidterm = 20

// midtermQuality tells how well the year is known, by the books of now.
func (s *Handlers) midtermQuality(ctx context.Context, in *MidtermInput, q *progress.Query, w *world.World) (midterm.Quality, error) {
	none := func(key string, values ...any) (midterm.Quality, error) {
		return midterm.Quality{Carriers: []midterm.QualityCarrier{}, Worst: []midterm.QualityPart{}, Why: midterm.Say(in.Lang, key, values...)}, nil
	}
	if q.KnownAt != 0 {
		return none("quality.then")
	}
	days := indicator.YearStretch(q.Year).Days
	if today := w.Calendar().DayOf(s.Now()); today < days.To {
		days.To = today
	}
	if days.From >= days.To {
		return none("quality.before", q.Year)
	}
	answer, err := s.monitor.Quality(ctx, &monitor.QualityInput{
		SubjectParams: query.SubjectParams{GroupParams: in.GroupParams}, Limit: min(worstOfMidterm, s.Limits.Worst),
		StretchParams: query.StretchParams{From: query.At(w.Calendar().Start(days.From)), To: query.At(w.Calendar().Start(days.To))},
	})
	if err != nil {
		return midterm.Quality{}, err
	}
	if len(answer.Carriers) == 0 {
		return none("quality.none", q.Year)
	}
	of := midterm.Quality{From: &answer.From, To: &answer.To, Carriers: []midterm.QualityCarrier{}, Worst: []midterm.QualityPart{}}
	for i := range answer.Carriers {
		c := &answer.Carriers[i]
		quantity := "—"
		if c.Quantity != nil {
			quantity = c.Quantity.String() + " " + c.Unit.String()
		}
		of.Carriers = append(of.Carriers, midterm.QualityCarrier{
			Carrier: c.Carrier.String(), Name: midterm.Words(in.Lang, "carrier", c.Carrier.String()), Quantity: quantity,
			Expected: c.Expected, Silent: c.Silent, Coverage: c.Coverage, EstimatedShare: c.EstimatedShare,
		})
	}
	for i := range answer.Worst {
		p := &answer.Worst[i]
		of.Worst = append(of.Worst, midterm.QualityPart{
			Name: p.Meter + p.Institution, Carrier: p.Carrier.String(), CarrierName: midterm.Words(in.Lang, "carrier", p.Carrier.String()),
			Coverage: p.Coverage, EstimatedShare: p.EstimatedShare,
		})
	}
	return of, nil
}

// mostReports bounds the frozen reports that are looked through, mostChanges the
// figures that are listed.
const (
	mostReports = 1000
	mostChanges = 200
)

// midtermChanges compares with the last frozen report of the same question.
func (s *Handlers) midtermChanges(ctx context.Context, in *MidtermInput, q *progress.Query) (midterm.Changes, error) {
	none := func(key string) (midterm.Changes, error) {
		return midterm.Changes{Figures: []midterm.Change{}, Causes: []string{}, Why: midterm.Say(in.Lang, key)}, nil
	}
	switch {
	case q.KnownAt != 0:
		return none("changes.then")
	case s.Archive == nil:
		return none("changes.off")
	}
	last, err := s.lastReport(ctx, q)
	if err != nil {
		return midterm.Changes{}, err
	}
	if last == nil {
		return none("changes.none")
	}
	diff, err := s.reportDiff(ctx, &ReportDiffInput{ReportPath: ReportPath{last.ID}, Limit: worstOfMidterm})
	if err != nil {
		return midterm.Changes{}, err
	}
	c := midterm.Changes{
		Report: &midterm.Report{ID: last.ID, Name: last.Name, Created: last.Created, Open: "/api/v1/reports/" + strconv.FormatInt(last.ID, 10) + "/diff"},
		Same:   diff.Same, Figures: []midterm.Change{}, Causes: []string{}, More: max(0, len(diff.Figures)-mostChanges),
	}
	for i := range diff.Figures[:min(len(diff.Figures), mostChanges)] {
		f := &diff.Figures[i]
		change := midterm.Change{
			Part: nameOfScope(&f.Scope), Indicator: f.Indicator, Name: midterm.Words(in.Lang, "indicator", f.Indicator),
			Before: said(in.Lang, f.Before), Now: said(in.Lang, f.Now), Causes: []string{},
		}
		for _, e := range f.Effects {
			change.Causes = append(change.Causes, midterm.Words(in.Lang, "cause", e.Cause))
		}
		c.Figures = append(c.Figures, change)
	}
	for i := range diff.Causes {
		c.Causes = append(c.Causes, midterm.Words(in.Lang, "cause", diff.Causes[i].Cause)+": "+diff.Causes[i].Text)
	}
	return c, nil
}

// lastReport gives the youngest report of the same question that the caller may
// see, whatever it was broken down by; nil where there is none.
func (s *Handlers) lastReport(ctx context.Context, q *progress.Query) (*ReportHead, error) {
	for before, seen := int64(0), 0; seen < mostReports; {
		list, err := s.Archive.Reports(ctx, before, 100)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		for i := range list {
			var head ReportHead
			if err := head.read(&list[i]); err != nil {
				return nil, err
			}
			head.fill(&list[i])
			if !head.Question.asks(q) {
				continue
			}
			switch err := s.permitReport(ctx, &head.Question); {
			case errors.Is(err, problem.ErrForbidden):
			case err != nil:
				return nil, err
			default:
				return &head, nil
			}
		}
		before, seen = list[len(list)-1].ID, seen+len(list)
	}
	return nil, nil
}

// asks tells whether a frozen question is the same but for its breakdown.
func (r *ReportQuestion) asks(q *progress.Query) bool {
	about, err := r.subject()
	panel, boundary := indicator.Panel(r.Panel), indicator.Boundary(r.Boundary)
	if panel == "" {
		panel = indicator.All
	}
	if boundary == "" {
		boundary = indicator.AsIs
	}
	return err == nil && about == (query.Of(string(q.Scope.Level), q.Scope.ID)) && r.Year == q.Year && r.Plan == q.Plan.Name &&
		r.Baseline == q.Baseline && r.Version == q.Version && (r.Adjustments == "with") == q.Adjusted && panel == q.Panel && boundary == q.Boundary &&
		r.FactorSet == q.Factors.Name && r.FactorMode == string(q.Mode)
}

func nameOfScope(s *progress.Scope) string {
	if s.Name != "" {
		return s.Name
	}
	return s.Region + s.Department + s.Class + s.Institution
}

// said is what was said of an indicator: its reduction, or its state.
func said(lang string, v *ReportValue) string {
	if v == nil {
		return midterm.Say(lang, "changes.gone")
	}
	return midterm.Percent(v.Reduction, midterm.Words(lang, "state", string(v.State)))
}

var _ contract.Document = (*midterm.Document)(nil)
