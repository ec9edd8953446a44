package paper

import (
	"context"
	"fmt"

	"jouleline/analytics/progress"
	"jouleline/api/planner"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

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
