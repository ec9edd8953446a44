package api

import (
	"context"
	"fmt"
	"net/http"

	"jouleline/api/access"
	site "jouleline/api/page"
	"jouleline/api/planner"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/metrics/indicator"
	"jouleline/schema/registry"
)

// pageAnswers gives pages the answers of the API, which hold every question
// against the rights of the caller.
type pageAnswers struct{ s *Server }

var _ site.Answers = pageAnswers{}

// World gives the registry that holds now.
func (p pageAnswers) World(ctx context.Context) (*registry.Registry, error) {
	w, err := p.s.library.World(ctx, 0)
	if err != nil {
		return nil, err
	}
	return w.Registry, nil
}

// Reach gives the part of the world to which the caller is limited.
func (p pageAnswers) Reach(ctx context.Context) site.Subject {
	switch g := access.GrantOf(ctx); {
	case g.Institution != "":
		return site.Subject{Kind: site.Institution, ID: g.Institution}
	case g.Region != "":
		return site.Subject{Kind: site.Region, ID: g.Region}
	}
	return site.Subject{}
}

// Permit refuses what the caller may not see, and what is not registered.
func (p pageAnswers) Permit(ctx context.Context, about site.Subject) error {
	if err := p.s.library.Permit(ctx, subjectOf(about)); err != nil {
		return err
	}
	w, err := p.s.library.World(ctx, 0)
	if err != nil {
		return err
	}
	known := false
	switch about.Kind {
	case "":
		return fmt.Errorf("the address names no region, institution, building or meter: %w", problem.ErrUnknown)
	case site.Meter:
		known = w.MeterVersions(about.ID) != nil
	case site.Building:
		_, known = w.Building(about.ID)
	case site.Institution:
		_, known = w.InstitutionIndex(about.ID)
	case site.Region:
		_, known = w.Region(about.ID, w.Calendar().DayOf(p.s.library.Now()))
	}
	if !known {
		return fmt.Errorf("%s %q: %w", about.Kind, problem.Clip(about.ID), problem.ErrUnknown)
	}
	return nil
}

func subjectOf(about site.Subject) query.Target { return query.Of(string(about.Kind), about.ID) }

// NotReady gives the reasons why the server cannot do its work.
func (p pageAnswers) NotReady(ctx context.Context) []string { return p.s.config.Health.NotReady(ctx) }

// SignIn tells whether the token of a request allows reading.
func (p pageAnswers) SignIn(r *http.Request) error {
	grant, err := p.s.config.Access.Authorize(r)
	if err == nil && !grant.Scope.Covers(access.Read) {
		err = fmt.Errorf("%w: got scope %s, want %s", problem.ErrForbidden, grant.Scope, access.Read)
	}
	return err
}

func progressOf(about site.Subject, year int) planner.ProgressInput {
	in := planner.ProgressInput{Year: year, Panel: string(indicator.All), Boundary: string(indicator.AsIs)}
	in.GroupParams = groupOf(about)
	return in
}

func groupOf(about site.Subject) (g query.GroupParams) {
	switch about.Kind {
	case site.Region:
		g.Region = about.ID
	case site.Institution:
		g.Institution = about.ID
	}
	return g
}

func paramsOf(about site.Subject) query.SubjectParams {
	p := query.SubjectParams{GroupParams: groupOf(about)}
	switch about.Kind {
	case site.Meter:
		p.Meter = about.ID
	case site.Building:
		p.Building = about.ID
	}
	return p
}

func stretchOf(s site.Stretch) query.StretchParams {
	return query.StretchParams{From: query.At(s.From), To: query.At(s.To)}
}
