package paper

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"jouleline/analytics/progress"
	"jouleline/api/access"
	"jouleline/api/contract"
	"jouleline/api/planner"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/frozen"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/plan"
)

// Archive keeps frozen reports, and tells what was recorded since. Its methods
// are those of the store.
type Archive interface {
	world.Tables
	// Recorded gives a moment up to which everything that is recorded is fixed.
	Recorded(ctx context.Context) (schema.Instant, error)
	AddReport(ctx context.Context, r frozen.Report) (id int64, err error)
	Report(ctx context.Context, id int64) (r frozen.Report, ok bool, err error)
	// Reports gives reports before an id (0: the latest), the youngest first,
	// without figures.
	Reports(ctx context.Context, before int64, limit int) ([]frozen.Report, error)
	// BookedSince sums by meter what was booked for local days after a moment,
	// ReceivedSince counts the readings of meters recorded after it.
	BookedSince(ctx context.Context, since schema.Instant, days schema.Validity) ([]frozen.Booked, error)
	ReceivedSince(ctx context.Context, since schema.Instant, meters []int32) ([]frozen.Received, error)
}

// ReportQuestion is what a report answers: progress, or its breakdown.
type ReportQuestion struct {
	By          string `json:"by,omitempty" enum:"region,department,class,institution" doc:"Break down by this; left out: the whole only" example:"institution"`
	Region      string `json:"region,omitempty" maxLength:"64" doc:"One of region, department, class and institution is given" example:"370000"`
	Department  string `json:"department,omitempty" maxLength:"64"`
	Class       string `json:"class,omitempty" enum:"state_organ,education,science,culture,health,sport,other,association"`
	Institution string `json:"institution,omitempty" maxLength:"64"`
	Year        int    `json:"year" minimum:"1970" maximum:"2199" doc:"Year that is compared with the base year" example:"2023"`
	Plan        string `json:"plan,omitempty" maxLength:"64" doc:"Left out: 14fyp" example:"14fyp"`
	Baseline    int    `json:"baseline,omitempty" minimum:"0" maximum:"2199" doc:"Another base year than the plan's"`
	Version     string `json:"baseline_version,omitempty" maxLength:"64" doc:"Version of the baseline: first, or the name of a recalculation; left out: the latest"`
	Adjustments string `json:"adjustments,omitempty" enum:"with,without" doc:"Whether non-routine adjustments count; left out: without"`
	Panel       string `json:"panel,omitempty" enum:"all,matched,declared"`
	Boundary    string `json:"boundary,omitempty" enum:"as_is,as_was"`
	FactorSet   string `json:"factor_set,omitempty" maxLength:"64" example:"gbt2589-2020"`
	FactorMode  string `json:"factor_mode,omitempty" enum:"fixed,by_year"`
}

// subject names what the question is about.
func (q *ReportQuestion) subject() (query.Target, error) { return query.Only(q.group().List()) }

func (q *ReportQuestion) group() *query.GroupParams {
	return &query.GroupParams{Region: q.Region, Department: q.Department, Class: q.Class, Institution: q.Institution}
}

// ReportInput freezes a report.
type ReportInput struct {
	Body struct {
		Name     string         `json:"name,omitempty" maxLength:"200" doc:"What people call it" example:"2023 年中期"`
		Question ReportQuestion `json:"question"`
	}
}

// ReportPath names a report.
type ReportPath struct {
	ID int64 `path:"id" minimum:"1" doc:"Number of the report" example:"1"`
}

// ReportsInput lists reports.
type ReportsInput struct {
	Before int64 `query:"before" default:"0" minimum:"0" doc:"Only reports with a smaller number; 0: the latest" example:"0"`
	Limit  int   `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"Most reports of a page" example:"100"`
}

func (s *Handlers) registerReports(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "freeze", Route: "POST /api/v1/reports", Tag: contract.TagPlan,
		Summary: "Freeze a report",
		Text:    "Answers progress or its breakdown by all that is recorded now, and keeps the figures with the versions they rest on. A frozen report never changes.",
		Body:    s.Limits.Body, Status: 201,
	}, reportTable, s.freeze)
	contract.Register(b, contract.Operation{
		ID: "reports", Route: "GET /api/v1/reports", Tag: contract.TagPlan,
		Summary: "Frozen reports, the youngest first",
		Text:    "What was frozen, when, and on what it rests; without the figures.",
	}, reportsTable, s.reports)
	contract.Register(b, contract.Operation{
		ID: "report", Route: "GET /api/v1/reports/{id}", Tag: contract.TagPlan,
		Summary: "A frozen report",
		Text:    "The figures as they were said, whatever was recorded later.",
	}, reportTable, s.report)
	contract.Register(b, contract.Operation{
		ID: "report_diff", Route: "GET /api/v1/reports/{id}/diff", Tag: contract.TagPlan,
		Summary: "What a frozen report would say today, and why",
		Text:    "Asks the same question now and puts both answers beside each other. What differs is followed to its causes in steps, whose effects add up: program, factor set and plan; rows of the registry; what was booked since, down to meters with quantities; and time that has passed.",
	}, reportDiffTable, s.reportDiff)
}

// archive gives the archive, where there is one.
func (s *Handlers) archive() (Archive, error) {
	if s.Archive == nil {
		return nil, fmt.Errorf("%w: this server keeps no reports", problem.ErrUnavailable)
	}
	return s.Archive, nil
}

// asking is a report's question at a moment of knowledge.
type asking struct {
	question *ReportQuestion
	// knownAt asks as of what was recorded by then; 0 is now. registryAt is the
	// moment whose registry counts, likewise; clock tells which days have passed.
	knownAt, registryAt, clock schema.Instant
}

// ask answers a report's question.
func (s *Handlers) ask(ctx context.Context, a asking) (*ReportFigures, progress.Query, error) {
	in := &planner.ProgressInput{
		GroupParams: *a.question.group(), Plan: a.question.Plan, Year: a.question.Year, Adjustments: a.question.Adjustments,
		Panel: a.question.Panel, Boundary: a.question.Boundary,
		FactorParams: query.FactorParams{FactorSet: a.question.FactorSet, FactorMode: a.question.FactorMode},
	}
	q, err := s.planner.ProgressParams(in)
	if err != nil {
		return nil, q, err
	}
	q.Baseline, q.Version = a.question.Baseline, a.question.Version
	q.KnownAt, q.Now = a.knownAt, a.clock
	w, err := s.World(ctx, a.registryAt)
	if err != nil {
		return nil, q, err
	}
	prepared, err := w.Indicators()
	if err != nil {
		return nil, q, fmt.Errorf("prepare the registry: %w", err)
	}
	if a.question.By == "" {
		answer, err := progress.Progress(ctx, prepared, s.Books, q)
		return &ReportFigures{Progress: &answer}, q, err
	}
	by, err := indicator.ParseLevel(a.question.By)
	if err != nil {
		return nil, q, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	parts, err := progress.Breakdown(ctx, prepared, s.Books, q, by)
	return &ReportFigures{Breakdown: &parts}, q, err
}

// freeze answers a question as of the latest transaction and keeps the answer.
func (s *Handlers) freeze(ctx context.Context, in *ReportInput) (*ReportAnswer, error) {
	archive, err := s.archive()
	if err != nil {
		return nil, err
	}
	question := in.Body.Question
	about, err := question.subject()
	if err != nil {
		return nil, err
	}
	if err := s.Permit(ctx, about); err != nil {
		return nil, err
	}
	r := frozen.Report{Name: in.Body.Name, Author: access.GrantOf(ctx).Subject, Created: s.Now()}
	if r.KnownAt, err = archive.Recorded(ctx); err != nil {
		return nil, fmt.Errorf("find what is recorded: %w", err)
	}
	figures, q, err := s.ask(ctx, asking{question: &question, knownAt: r.KnownAt, registryAt: r.KnownAt, clock: r.Created})
	if err != nil {
		return nil, err
	}
	_, recorded, err := archive.RegistryTables(ctx, r.KnownAt)
	if err != nil {
		return nil, fmt.Errorf("registry as of %s: %w", r.KnownAt, err)
	}
	question.Plan, question.FactorSet, question.FactorMode = q.Plan.Name, q.Factors.Name, string(q.Mode)
	a := &ReportAnswer{ReportHead: ReportHead{Question: question, Versions: s.versions(&q, recorded)}, ReportFigures: *figures}
	if r.Question, err = json.Marshal(a.Question); err == nil {
		r.Versions, err = json.Marshal(a.Versions)
	}
	if err == nil {
		r.Figures, err = json.Marshal(figures)
	}
	if err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	if r.ID, err = archive.AddReport(ctx, r); err != nil {
		return nil, err
	}
	a.fill(&r)
	s.Logger.Info("report frozen", "by", r.Author, "report", r.ID, "about", about.String(), "year", question.Year)
	return a, nil
}

// versions tells what an answer rests on.
func (s *Handlers) versions(q *progress.Query, registry schema.Instant) ReportVersions {
	return ReportVersions{
		Program: s.Version, FactorSet: q.Factors.Name, FactorVersion: q.Factors.Version, FactorMode: string(q.Mode),
		Plan: planVersion(q.Plan), Registry: registry.Time(),
	}
}

// planVersion writes down what a plan promises.
func planVersion(p *plan.Plan) ReportPlan {
	v := ReportPlan{
		Name: p.Name, BaseYear: p.BaseYear, TargetYear: p.TargetYear, Targets: map[string]string{},
		MinCoverage: p.MinCoverage.RatString(), MaxCoverageGap: p.MaxCoverageGap.RatString(),
	}
	if p.Path != plan.Linear { // reports that were frozen before there were others say nothing
		v.Path = string(p.Path)
	}
	for _, t := range p.Targets {
		for _, step := range t.Steps {
			v.Targets[inPlace(fmt.Sprintf("%s in %d", t.Indicator, step.Year), t.Place)] = step.Percent.RatString()
		}
		v.Targets[inPlace(t.Indicator, t.Place)] = t.Percent.RatString()
	}
	for _, c := range p.Caps {
		if c.Value != nil {
			v.Targets["cap of "+c.Total+" "+c.Place.String()] = c.Value.RatString() + " " + c.Unit
		}
	}
	return v
}

// inPlace names a promise with whom it binds, where that is not everybody.
func inPlace(what string, place plan.Place) string {
	if place == (plan.Place{}) {
		return what
	}
	return what + " of " + place.String()
}

func (s *Handlers) report(ctx context.Context, in *ReportPath) (*ReportAnswer, error) {
	a, _, err := s.frozen(ctx, in.ID)
	return a, err
}

// frozen reads a report that the caller may see.
func (s *Handlers) frozen(ctx context.Context, id int64) (*ReportAnswer, *frozen.Report, error) {
	archive, err := s.archive()
	if err != nil {
		return nil, nil, err
	}
	r, ok, err := archive.Report(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if !ok {
		return nil, nil, fmt.Errorf("report %s: %w", strconv.FormatInt(id, 10), problem.ErrUnknown)
	}
	a := &ReportAnswer{}
	if err := a.read(&r); err != nil {
		return nil, nil, err
	}
	if err := s.permitReport(ctx, &a.Question); err != nil {
		return nil, nil, err
	}
	if err := json.Unmarshal(r.Figures, &a.ReportFigures); err != nil {
		return nil, nil, fmt.Errorf("read the figures of report %d: %w", id, err)
	}
	a.fill(&r)
	return a, &r, nil
}

func (s *Handlers) permitReport(ctx context.Context, q *ReportQuestion) error {
	about, err := q.subject()
	if err != nil {
		return fmt.Errorf("stored question: %w", errors.New(err.Error())) // ours to mend
	}
	return s.Permit(ctx, about)
}

// reports lists the reports that the caller may see.
func (s *Handlers) reports(ctx context.Context, in *ReportsInput) (*ReportsAnswer, error) {
	archive, err := s.archive()
	if err != nil {
		return nil, err
	}
	list, err := archive.Reports(ctx, in.Before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	a := &ReportsAnswer{Reports: []ReportHead{}}
	for i := range list {
		if i == in.Limit {
			a.Next = &list[i-1].ID
			break
		}
		var head ReportHead
		if err := head.read(&list[i]); err != nil {
			return nil, err
		}
		head.fill(&list[i])
		switch err := s.permitReport(ctx, &head.Question); {
		case errors.Is(err, problem.ErrForbidden): // not this caller's
		case err != nil:
			return nil, err
		default:
			a.Reports = append(a.Reports, head)
		}
	}
	return a, nil
}
