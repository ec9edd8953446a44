package planner

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"jouleline/analytics/outlook"
	"jouleline/analytics/progress"
	"jouleline/api/contract"
	"jouleline/api/peer"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/metrics/indicator"
)

// ProgressInput asks how far a group has come.
type ProgressInput struct {
	query.GroupParams
	Plan        string `query:"plan" maxLength:"64" doc:"Plan whose targets count; left out: 14fyp" example:"14fyp"`
	Year        int    `query:"year" required:"true" minimum:"1970" maximum:"2199" doc:"Year that is compared with the base year; one that has not ended is compared up to today" example:"2023"`
	Baseline    string `query:"baseline" maxLength:"64" doc:"Another base year than the plan's, or the version of the baseline: first as it was first set, or the name of a recalculation; left out: the latest recalculation" example:"2020"`
	Adjustments string `query:"adjustments" enum:"with,without" default:"without" doc:"Whether the non-routine adjustments of the registry count in both years" example:"without"`
	Panel       string `query:"panel" enum:"all,matched,declared" default:"all" doc:"all: every institution in each year in which it exists; matched: those that exist in both; declared: declared figures only" example:"all"`
	Boundary    string `query:"boundary" enum:"as_is,as_was" default:"as_is" doc:"Places an institution that has moved where it stands at the end of the year, or in each year where it stood then" example:"as_is"`
	query.KnownParam
	query.FactorParams
}

// ProgressQuestion asks how far a group has come, and because of whom.
type ProgressQuestion struct {
	ProgressInput
	Changes    int  `query:"changes" minimum:"0" maximum:"1000" doc:"How many institutions that count in one of both years only are listed with their effect on each indicator; 0, or left out: none" example:"0"`
	YearToDate bool `query:"year_to_date" default:"false" doc:"Of a year that has not ended: also its complete months against the share of the plan's path that they usually hold. Asks for the months of up to four years, which takes a second for a province" example:"false"`
}

// ProgressReply is how far a group has come, and where it stands within the
// running year.
type ProgressReply struct {
	progress.Answer
	YearToDate []outlook.ToDate `json:"year_to_date,omitempty" doc:"Of a year that has not ended, where it was asked for: its complete months against the share of the path that these months usually hold"`
}

// BreakdownInput asks how far each part of a group has come.
type BreakdownInput struct {
	ProgressInput
	By string `query:"by" required:"true" enum:"region,department,class,institution" doc:"What the parts are: direct children of the region or department, classes, or institutions" example:"region"`
}

func (s *Handlers) registerProgress(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "progress", Route: "GET /api/v1/progress", Tag: contract.TagPlan,
		Summary: "How far a group has come since the base year",
		Text: "The four indicators of a region, department, class or institution against the targets of a plan, and its totals against the caps. " +
			"A value that is not known is null, and the state says why: ok, met, partial_year, no_baseline, base_year, incomparable, mixed_sources or not_enough_data. " +
			"Percentages are at full precision, beside the official texts of two decimals. " +
			"With changes=20 the answer also tells who entered and who left since the base year, what that did to each indicator, and the reduction among those that stayed: entered, left and stayed add up to the whole change. " +
			"A year that has not ended is compared with the same days of the base year. With year_to_date=true its complete months are also held against the plan's path: the path's value of the year times the mean share that these months had in up to three full years before, and the year if its rest runs as usual.",
	}, progressReplyTable, peer.Tolerant(s.progressAsked, func(a *ProgressReply, gap *peer.Gap) {
		withholdProgress(&a.Answer, gap)
		a.YearToDate = nil
	}))
	contract.Register(b, contract.Operation{
		ID: "breakdown", Route: "GET /api/v1/progress/breakdown", Tag: contract.TagPlan,
		Summary: "How far each part of a group has come",
		Text:    "The same as progress for every part of a group. The parts are judged as the whole is, and their sums are its sums; what hangs at the region or department directly is a part of its own.",
	}, BreakdownTable, peer.Tolerant(s.Breakdown, withholdBreakdown))
}

// Progress answers without what entered and left.
func (s *Handlers) Progress(ctx context.Context, in *ProgressInput) (*progress.Answer, error) {
	a, err := s.progressAsked(ctx, &ProgressQuestion{ProgressInput: *in})
	if err != nil {
		return nil, err
	}
	return &a.Answer, nil
}

func (s *Handlers) progressAsked(ctx context.Context, in *ProgressQuestion) (*ProgressReply, error) {
	w, q, err := s.ProgressQuery(ctx, &in.ProgressInput)
	if err != nil {
		return nil, err
	}
	q.Changes = in.Changes
	a := &ProgressReply{}
	if a.Answer, err = progress.Progress(ctx, w, s.Books, q); err != nil || !in.YearToDate {
		return a, err
	}
	a.YearToDate, err = outlook.RunningYear(ctx, w, s.Books, q)
	return a, err
}

// Breakdown answers GET /api/v1/progress/breakdown.
func (s *Handlers) Breakdown(ctx context.Context, in *BreakdownInput) (*progress.Parts, error) {
	w, q, err := s.ProgressQuery(ctx, &in.ProgressInput)
	if err != nil {
		return nil, err
	}
	by, err := indicator.ParseLevel(in.By)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	parts, err := progress.Breakdown(ctx, w, s.Books, q, by)
	return &parts, err
}

// ProgressQuery reads the parameters that both questions share, and finds the
// world that they are asked of.
func (s *Handlers) ProgressQuery(ctx context.Context, in *ProgressInput) (*indicator.World, progress.Query, error) {
	q, err := s.ProgressParams(in)
	if err != nil {
		return nil, q, err
	}
	if q.KnownAt, err = in.Then(q.Now); err != nil {
		return nil, q, err
	}
	if q.KnownAt != 0 {
		q.Now = q.KnownAt
	}
	w, err := s.Ask(ctx, query.Of(string(q.Scope.Level), q.Scope.ID), q.KnownAt)
	if err != nil {
		return nil, q, err
	}
	prepared, err := w.Indicators()
	if err != nil {
		return nil, q, fmt.Errorf("prepare the registry: %w", err)
	}
	return prepared, q, nil
}

// ProgressParams reads the parameters, without the moment they are asked as of.
func (s *Handlers) ProgressParams(in *ProgressInput) (progress.Query, error) {
	q := progress.Query{
		Year: in.Year, Adjusted: in.Adjustments == "with", Panel: indicator.Panel(in.Panel), Boundary: indicator.Boundary(in.Boundary), Now: s.Now(),
	}
	var err error
	if q.Scope, err = in.Group(); err != nil {
		return q, err
	}
	if q.Plan, err = s.PlanNamed(in.Plan); err != nil {
		return q, err
	}
	if q.Baseline, q.Version, err = baselineOf(in.Baseline); err != nil {
		return q, err
	}
	if q.Factors, err = s.FactorSet(&in.FactorParams); err != nil {
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
		return 0, "", fmt.Errorf("%w: baseline: got %s, want a year from 1970 to 2199, or a version", problem.ErrQuestion, problem.Clip(text))
	}
	return year, "", nil
}

// Values are the parameters of the question that were given.
func (in *ProgressInput) Values() url.Values {
	v := url.Values{"year": {strconv.Itoa(in.Year)}}
	for name, value := range map[string]string{
		"region": in.Region, "department": in.Department, "class": in.Class, "institution": in.Institution,
		"plan": in.Plan, "baseline": in.Baseline, "factor_set": in.FactorSet, "factor_mode": in.FactorMode,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	for name, value := range map[string][2]string{
		"adjustments": {in.Adjustments, "without"}, "panel": {in.Panel, string(indicator.All)}, "boundary": {in.Boundary, string(indicator.AsIs)},
	} {
		if value[0] != "" && value[0] != value[1] {
			v.Set(name, value[0])
		}
	}
	if in.KnownAt.Given {
		v.Set("known_at", in.KnownAt.At.String())
	}
	return v
}
