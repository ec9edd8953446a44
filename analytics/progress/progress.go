package progress

import (
	"context"

	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/schema/factor"
)

// Progress tells how far the scope of a query has come. The error wraps
// [ErrQuery] or [indicator.ErrUnknownScope] where the question is at fault, else
// it is the source's.
func Progress(ctx context.Context, w *indicator.World, source indicator.Source, q Query) (Answer, error) {
	s, y, err := read(ctx, w, source, q)
	if err != nil {
		return Answer{}, err
	}
	j, err := newJudge(w, s, y, &q)
	if err != nil {
		return Answer{}, err
	}
	group, total := whole(w, &q, y), s.Total()
	row := j.row(group, total)
	var changes *Changes
	if q.Changes > 0 {
		if changes, err = j.changes(q.Changes, group, total); err != nil {
			return Answer{}, err
		}
	}
	corrections, err := correctionsOf(ctx, w, source, &q, y, s)
	if err != nil {
		return Answer{}, err
	}
	return Answer{
		Corrections: corrections, Changes: changes,
		Scope: row.Scope, Plan: q.Plan.Name, PlanVersion: q.Plan.Version, BaseYear: y.base, TargetYear: q.Plan.TargetYear, Year: y.year,
		Panel: string(s.Panel()), Boundary: string(s.Boundary()), Factors: FactorsOf(s, q.Factors),
		Expected: row.Expected, Counted: row.Counted, Indicators: row.Indicators, Caps: row.Caps,
	}, nil
}

// Breakdown tells how far every part of the scope has come, and the whole. What
// hangs at a region or department directly is a part of its own, so that the
// parts add up.
func Breakdown(ctx context.Context, w *indicator.World, source indicator.Source, q Query, by indicator.Level) (Parts, error) {
	if _, err := indicator.ParseLevel(string(by)); err != nil {
		return Parts{}, err
	}
	s, y, err := read(ctx, w, source, q)
	if err != nil {
		return Parts{}, err
	}
	parts := Parts{
		By: string(by), Plan: q.Plan.Name, PlanVersion: q.Plan.Version, BaseYear: y.base, TargetYear: q.Plan.TargetYear, Year: y.year,
		Panel: string(s.Panel()), Boundary: string(s.Boundary()), Factors: FactorsOf(s, q.Factors),
		Rows: []Row{},
	}
	j, err := newJudge(w, s, y, &q)
	if err != nil {
		return Parts{}, err
	}
	if by == indicator.ByInstitution {
		parts.Rows = make([]Row, 0, s.Institutions())
	}
	var total indicator.Tally
	for g, t := range s.Breakdown(by) {
		total.Add(t)
		parts.Rows = append(parts.Rows, j.row(g, t))
	}
	parts.Corrections = correctionsIn(w, &q, y, s)
	parts.Total = j.row(whole(w, &q, y), &total)
	parts.Scope = parts.Total.Scope
	return parts, nil
}

func read(ctx context.Context, w *indicator.World, source indicator.Source, q Query) (*indicator.Sides, years, error) {
	y, err := q.years(w.Registry().TimeZone)
	if err != nil {
		return nil, y, err
	}
	s, err := w.Read(ctx, source, indicator.Spec{
		Scope: q.Scope, Sides: y.sides, Factors: q.Factors, Mode: q.Mode, Panel: q.Panel, Boundary: q.Boundary,
		MinCoverage: q.Plan.MinCoverage, KnownAt: q.KnownAt, Baseline: q.Version, Adjusted: q.Adjusted,
	})
	return s, y, err
}

// whole is the scope of a query as a group.
func whole(w *indicator.World, q *Query, y years) indicator.Group {
	return indicator.Group{Scope: q.Scope, Name: w.Name(q.Scope, y.sides[indicator.Current].Days.To-1)}
}

// FactorsOf names a factor set as it was applied to sides.
func FactorsOf(s *indicator.Sides, set *factor.Set) Factors {
	f := Factors{Set: set.Name, Version: set.Version, Mode: string(s.Mode())}
	if grid, ok := s.Grid(); ok {
		value := new(exact.Fraction).SetRat(grid.Value).Float64()
		f.GridRegion, f.GridYear, f.GridValue = &grid.Region, &grid.Year, &value
	}
	return f
}
