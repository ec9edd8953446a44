package proof

import (
	"context"
	"fmt"
	"slices"

	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/explain"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// explainConsumption opens the consumption of a meter, building or institution
// here, and that of a group elsewhere.
func (s *Handlers) explainConsumption(ctx context.Context, in *ExplainInput, about query.Target) (*ExplainAnswer, error) {
	if !slices.Contains([]string{query.KindMeter, query.KindBuilding, string(indicator.ByInstitution)}, about.Kind) {
		return s.explainGroup(ctx, in, about)
	}
	stretch, err := in.stretch()
	if err != nil {
		return nil, err
	}
	knownAt, err := in.Then(s.Now())
	if err != nil {
		return nil, err
	}
	w, err := s.World(ctx, knownAt)
	if err != nil {
		return nil, err
	}
	o, err := newOpened(w, about, in.Carrier)
	if err != nil {
		return nil, err
	}
	course := &explain.Course{
		Label: "consumption of " + about.String(), Carrier: o.Carrier, From: stretch.From.At, To: stretch.To.At, Zone: o.Zone, Depth: explain.Depth(in.Depth),
	}
	isWhole := o.Zone.Start(o.Zone.DayOf(course.From)) == course.From && o.Zone.Start(o.Zone.DayOf(course.To)) == course.To
	if err := o.check(course, isWhole, s.Limits.Explained); err != nil {
		return nil, err
	}
	if err := s.CheckKept(ctx, o.Zone, calendar.DayStep, course.From, course.To); err != nil {
		return nil, err
	}
	if course.Kept, err = s.Kept(ctx); err != nil {
		return nil, err
	}
	until := s.Now()
	if knownAt != 0 {
		until = knownAt
	}
	if err := s.openMeters(ctx, o, course, course.Depth >= explain.Spans || !isWhole, knownAt, until); err != nil {
		return nil, err
	}
	tree, err := explain.Consumption(course)
	if err != nil {
		return nil, err
	}
	a := explained(tree, o.Zone, in, knownAt)
	a.Scope, a.Carrier = about.Subject(o.Name), o.Carrier.String()
	return a, nil
}

// check bounds the answer, and finds the depth where none was asked for.
func (o *opened) check(c *explain.Course, isWhole bool, most int) error {
	if !isWhole {
		if len(o.Virtuals) > 0 {
			return fmt.Errorf("%w: from and to: want whole days: formulas are opened day by day", problem.ErrQuestion)
		}
		if len(o.shares) > 0 {
			return fmt.Errorf("%w: from and to: want whole days: the institution shares meters, which are divided day by day", problem.ErrQuestion)
		}
		for i := range o.Members {
			if o.Members[i].Facts.Zone != o.Zone {
				return consumption.ErrPartialDay
			}
		}
	}
	days := int(c.Zone.DayOf(c.To-1)-c.Zone.DayOf(c.From)) + 1
	spans := 0
	members := slices.Clone(o.Members)
	for i := range o.Virtuals {
		members = append(members, o.Virtuals[i].Members...)
	}
	for i := range members {
		interval := schema.Hour
		if era := members[i].Facts.EraAt(c.To - 1); era != nil && era.Interval > 0 {
			interval = era.Interval
		}
		spans += days + int(c.To.Sub(c.From)/interval)
	}
	sizes := map[explain.Depth]int{explain.Whole: 1, explain.Meters: len(o.Members) + len(o.Virtuals), explain.Days: days * len(members), explain.Spans: spans}
	if c.Depth == 0 {
		for c.Depth = explain.Spans; c.Depth > explain.Whole && sizes[c.Depth] > most; c.Depth-- {
		}
		return nil
	}
	if got := sizes[c.Depth]; got > most && c.Depth > explain.Whole {
		return fmt.Errorf("%w: depth %d: got about %d parts of %d meters over %d days, want at most %d: ask for a shorter stretch or less depth",
			problem.ErrQuestion, c.Depth, got, len(members), days, most)
	}
	return nil
}
