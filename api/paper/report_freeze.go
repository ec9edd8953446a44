package paper

import (
	"context"
	"encoding/json"
	"fmt"

	"jouleline/analytics/progress"
	"jouleline/api/access"
	"jouleline/metrics/frozen"
	"jouleline/schema"
	"jouleline/schema/plan"
)

// ReportInput freezes a report.
type ReportInput struct {
	Body struct {
		Name     string         `json:"name,omitempty" maxLength:"200" doc:"What people call it" example:"2023 年中期"`
		Question ReportQuestion `json:"question"`
	}
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
