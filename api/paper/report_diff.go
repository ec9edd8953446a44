package paper

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"jouleline/analytics/progress"
	"jouleline/api/world"
	"jouleline/metrics/frozen"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// step is one answer on the way from the report to now.
type step struct {
	cause string // of the change from the step before
	rows  map[progress.Scope]*progress.Row
	order []progress.Scope
}

func stepOf(cause string, f *ReportFigures) step {
	st := step{cause: cause, rows: map[progress.Scope]*progress.Row{}}
	rows := f.rows()
	for i := range rows {
		key := keyOf(&rows[i], i == 0)
		st.rows[key] = &rows[i]
		st.order = append(st.order, key)
	}
	return st
}

// keyOf tells which part a row is, whatever it is called. The whole and what hangs
// at it directly have the same ids.
func keyOf(r *progress.Row, whole bool) progress.Scope {
	key := r.Scope
	key.Name = ""
	if whole {
		key.Name = "whole"
	}
	return key
}

// reportDiff asks the question of a report again.
func (s *Handlers) reportDiff(ctx context.Context, in *ReportDiffInput) (*ReportDiffAnswer, error) {
	was, r, err := s.frozen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	steps, q, err := s.steps(ctx, was, r, now)
	if err != nil {
		return nil, err
	}
	a := &ReportDiffAnswer{Report: was.ReportHead, Asked: now.Time(), Figures: differing(steps)}
	a.Same = len(a.Figures) == 0
	c := causes{s: s, was: was, report: r, query: q, now: now, limit: in.Limit}
	return a, c.find(ctx, a)
}

// steps answers the question as the report did, and then with one kind of change
// after the other.
func (s *Handlers) steps(ctx context.Context, was *ReportAnswer, r *frozen.Report, now schema.Instant) ([]step, *progress.Query, error) {
	steps := []step{stepOf("", &was.ReportFigures)}
	ask := asking{question: &was.Question, knownAt: r.KnownAt, registryAt: r.KnownAt, clock: r.Created}
	add := func(cause string) (q progress.Query, err error) {
		figures, q, err := s.ask(ctx, ask)
		if err != nil {
			return q, fmt.Errorf("report %d, step %s: %w", r.ID, cause, err)
		}
		steps = append(steps, stepOf(cause, figures))
		return q, nil
	}
	q, err := add(causeProgram)
	if err != nil {
		return nil, nil, err
	}
	then, err := s.World(ctx, r.KnownAt)
	if err != nil {
		return nil, nil, err
	}
	present, err := s.World(ctx, 0)
	if err != nil {
		return nil, nil, err
	}
	ask.registryAt = 0
	if then.Registry != present.Registry {
		switch _, err = add(causeRegistry); {
		case errors.Is(err, indicator.ErrUnknownScope):
			return append(steps, step{cause: causeRegistry}), &q, nil // the scope is no more
		case err != nil:
			return nil, nil, err
		}
	}
	ask.knownAt = 0
	if _, err = add(causeBooks); err != nil {
		return nil, nil, err
	}
	if _, ended := sidesAt(&q, present, r.Created); !ended {
		ask.clock = now
		if _, err = add(causeTime); err != nil {
			return nil, nil, err
		}
	}
	return steps, &q, nil
}

// sidesAt gives the local days of both years that a question compares when it is
// asked at a moment; ended tells that the year is over by then.
func sidesAt(q *progress.Query, w *world.World, clock schema.Instant) (days [2]schema.Validity, ended bool) {
	base := q.Baseline
	if base == 0 {
		base = q.Plan.BaseYear
	}
	days = [2]schema.Validity{indicator.YearStretch(base).Days, indicator.YearStretch(q.Year).Days}
	today := w.Calendar().DayOf(clock)
	if today >= days[1].To {
		return days, true
	}
	_, month, day := today.Date()
	days[0].To, days[1].To = schema.DayOf(base, month, day), today
	return days, false
}

// differing lists the indicators whose first and last step are not the same.
func differing(steps []step) []ReportFigure {
	first, last := &steps[0], &steps[len(steps)-1]
	order := first.order
	for _, key := range last.order {
		if first.rows[key] == nil {
			order = append(order, key)
		}
	}
	list := []ReportFigure{}
	for _, key := range order {
		for i := range indicator.Ratios {
			before, now := first.value(key, i), last.value(key, i)
			if reflect.DeepEqual(before, now) {
				continue
			}
			f := ReportFigure{Indicator: indicator.Ratios[i].String(), Before: before, Now: now, Effects: []ReportEffect{}}
			if row := last.rows[key]; row != nil {
				f.Scope = row.Scope
			} else {
				f.Scope = first.rows[key].Scope
			}
			for k := 1; k < len(steps); k++ {
				if e := effect(steps[k].cause, steps[k-1].value(key, i), steps[k].value(key, i)); e != nil {
					f.Effects = append(f.Effects, *e)
				}
			}
			list = append(list, f)
		}
	}
	return list
}

// value gives what a step says of an indicator of a part, nil where the part does
// not exist.
func (s *step) value(key progress.Scope, at int) *ReportValue {
	row := s.rows[key]
	if row == nil || at >= len(row.Indicators) {
		return nil
	}
	x := &row.Indicators[at]
	return &ReportValue{
		Unit: x.Unit, Baseline: x.Baseline, Current: x.Current, ReductionPct: x.ReductionPct, Reduction: x.Reduction,
		State: x.State, Coverage: x.Coverage, EstimatedShare: x.EstimatedShare,
	}
}

// effect tells what a step did, nil where it did nothing.
func effect(cause string, before, after *ReportValue) *ReportEffect {
	if reflect.DeepEqual(before, after) {
		return nil
	}
	e := &ReportEffect{Cause: cause}
	if after != nil {
		e.State = after.State
	}
	if before != nil && after != nil && before.Unit == after.Unit {
		e.Baseline = minus(after.Baseline, before.Baseline)
		e.Current = minus(after.Current, before.Current)
		e.ReductionPct = minus(after.ReductionPct, before.ReductionPct)
	}
	return e
}

// minus gives a difference, nil where one of both is not known.
func minus(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	d := *a - *b
	return &d
}
