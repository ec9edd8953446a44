package api

import (
	"context"
	"fmt"
	"strconv"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
)

// ProgressInput asks how far a group has come.
type ProgressInput struct {
	GroupParams
	Plan        string `query:"plan" maxLength:"64" doc:"Plan whose targets count; left out: 14fyp" example:"14fyp"`
	Year        int    `query:"year" required:"true" minimum:"1970" maximum:"2199" doc:"Year that is compared with the base year; one that has not ended is compared up to today" example:"2023"`
	Baseline    string `query:"baseline" maxLength:"64" doc:"Another base year than the plan's, or the version of the baseline: first as it was first set, or the name of a recalculation; left out: the latest recalculation" example:"2020"`
	Adjustments string `query:"adjustments" enum:"with,without" default:"without" doc:"Whether the non-routine adjustments of the registry count in both years" example:"without"`
	Panel       string `query:"panel" enum:"all,matched,declared" default:"all" doc:"all: every institution in each year in which it exists; matched: those that exist in both; declared: declared figures only" example:"all"`
	Boundary    string `query:"boundary" enum:"as_is,as_was" default:"as_is" doc:"Places an institution that has moved where it stands at the end of the year, or in each year where it stood then" example:"as_is"`
	KnownParam
	FactorParams
}

// ProgressQuestion asks how far a group has come, and because of whom.
type ProgressQuestion struct {
	ProgressInput
	Changes int `query:"changes" minimum:"0" maximum:"1000" doc:"How many institutions that count in one of both years only are listed with their effect on each indicator; 0, or left out: none" example:"0"`
}

// BreakdownInput asks how far each part of a group has come.
type BreakdownInput struct {
	ProgressInput
	By string `query:"by" required:"true" enum:"region,department,class,institution" doc:"What the parts are: direct children of the region or department, classes, or institutions" example:"region"`
}

func (s *Server) registerProgress() {
	register(s, operation{
		id: "progress", route: "GET /api/v1/progress", tag: tagPlan,
		summary: "How far a group has come since the base year",
		text: "The four indicators of a region, department, class or institution against the targets of a plan, and its totals against the caps. " +
			"A value that is not known is null, and the state says why: ok, met, partial_year, no_baseline, base_year, incomparable, mixed_sources or not_enough_data. " +
			"Percentages are at full precision, beside the official texts of two decimals. " +
			"With changes=20 the answer also tells who entered and who left since the base year, what that did to each indicator, and the reduction among those that stayed: entered, left and stayed add up to the whole change.",
	}, progressTable, tolerant(s.progressAsked, withholdProgress))
	register(s, operation{
		id: "breakdown", route: "GET /api/v1/progress/breakdown", tag: tagPlan,
		summary: "How far each part of a group has come",
		text:    "The same as progress for every part of a group. The parts are judged as the whole is, and their sums are its sums; what hangs at the region or department directly is a part of its own.",
	}, breakdownTable, tolerant(s.breakdown, withholdBreakdown))
}

// progress answers without what entered and left.
func (s *Server) progress(ctx context.Context, in *ProgressInput) (*progress.Answer, error) {
	return s.progressAsked(ctx, &ProgressQuestion{ProgressInput: *in})
}

func (s *Server) progressAsked(ctx context.Context, in *ProgressQuestion) (*progress.Answer, error) {
	w, q, err := s.progressQuery(ctx, &in.ProgressInput)
	if err != nil {
		return nil, err
	}
	q.Changes = in.Changes
	a, err := progress.Progress(ctx, w, s.config.Books, q)
	return &a, err
}

func (s *Server) breakdown(ctx context.Context, in *BreakdownInput) (*progress.Parts, error) {
	w, q, err := s.progressQuery(ctx, &in.ProgressInput)
	if err != nil {
		return nil, err
	}
	by, err := indicator.ParseLevel(in.By)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errQuestion, err)
	}
	parts, err := progress.Breakdown(ctx, w, s.config.Books, q, by)
	return &parts, err
}

// progressQuery reads the parameters that both questions share, and finds the
// world that they are asked of.
func (s *Server) progressQuery(ctx context.Context, in *ProgressInput) (*indicator.World, progress.Query, error) {
	q, err := s.progressParams(in)
	if err != nil {
		return nil, q, err
	}
	if q.KnownAt, err = in.then(q.Now); err != nil {
		return nil, q, err
	}
	if q.KnownAt != 0 {
		q.Now = q.KnownAt
	}
	if err := s.permit(ctx, subject{string(q.Scope.Level), q.Scope.ID}); err != nil {
		return nil, q, err
	}
	w, err := s.world(ctx, q.KnownAt)
	if err != nil {
		return nil, q, err
	}
	prepared, err := w.indicators()
	if err != nil {
		return nil, q, fmt.Errorf("prepare the registry: %w", err)
	}
	return prepared, q, nil
}

// progressParams reads the parameters, without the moment they are asked as of.
func (s *Server) progressParams(in *ProgressInput) (progress.Query, error) {
	q := progress.Query{
		Year: in.Year, Adjusted: in.Adjustments == "with", Panel: indicator.Panel(in.Panel), Boundary: indicator.Boundary(in.Boundary), Now: s.now(),
	}
	var err error
	if q.Scope, err = in.group(); err != nil {
		return q, err
	}
	if q.Plan, err = s.plan(in.Plan); err != nil {
		return q, err
	}
	if q.Baseline, q.Version, err = baselineOf(in.Baseline); err != nil {
		return q, err
	}
	if q.Factors, err = s.factors(&in.FactorParams); err != nil {
		return q, err
	}
	q.Mode = q.Factors.Mode
	return q, nil
}

// baselineOf reads the parameter baseline: a year, or a version.
func baselineOf(text string) (year int, version string, err error) {
	if text == "" || text == "latest" {
		return 0, "", nil
	}
	year, err = strconv.Atoi(text)
	if err != nil {
		return 0, text, nil
	}
	if year < 1970 || year > 2199 {
		return 0, "", fmt.Errorf("%w: baseline: got %s, want a year from 1970 to 2199, or a version", errQuestion, clip(text))
	}
	return year, "", nil
}
