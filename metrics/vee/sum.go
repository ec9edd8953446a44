package vee

import (
	"fmt"
	"slices"
	"sort"

	"jouleline/metrics/books"
	"jouleline/schema"
)

// sums compares the amounts that a register's meter sends beside its register
// with the register, over each run of amounts without a hole. The ends of a run
// need not meet readings of the register, so one interval's amount and one step
// of the register are let pass.
func (s *Series) sums() (flags []Flag) {
	var run []*books.Point
	closeRun := func() {
		if f, ok := s.compare(run); ok {
			flags = append(flags, f)
		}
		run = run[:0]
	}
	for i := range s.Winners {
		p := &s.Winners[i]
		era := s.Facts.EraAt(p.Time)
		if era == nil || era.Kind != schema.Register || p.Kind != schema.Delta || s.Codes[i] != schema.OtherKind {
			continue
		}
		if len(run) > 0 && run[len(run)-1].Time != p.Start {
			closeRun()
		}
		run = append(run, p)
	}
	closeRun()
	return flags
}

// compare sums the amounts between the outermost instants at which spans of the
// register begin and end within the run.
func (s *Series) compare(run []*books.Point) (flag Flag, ok bool) {
	if len(run) == 0 {
		return flag, false
	}
	first := sort.Search(len(s.Spans), func(i int) bool { return s.Spans[i].From >= run[0].Start })
	last := sort.Search(len(s.Spans), func(i int) bool { return s.Spans[i].To > run[len(run)-1].Time })
	for k := first + 1; k < last; k++ { // the register must be known all the way
		if s.Spans[k].From != s.Spans[k-1].To {
			last = k
		}
	}
	if first >= last {
		return flag, false
	}
	from, to := s.Spans[first].From, s.Spans[last-1].To
	register := schema.Quantity(0)
	for _, span := range s.Spans[first:last] {
		register += span.Quantity
	}
	sum, most := schema.Quantity(0), schema.Quantity(0)
	for _, p := range run {
		q, fits := s.amountOf(p)
		if !fits {
			return flag, false
		}
		part := books.Span{From: p.Start, To: p.Time, Quantity: q}
		inside, _ := part.Part(from, to)
		sum += inside
		most = max(most, q)
	}
	era := s.Facts.EraAt(to)
	step, _ := s.toCanonical(era.Unit, era, to)
	slack, _ := step.Of(era.Step)
	if off := sum - register; max(off, -off) <= most+slack {
		return flag, false
	}
	return Flag{schema.RuleIntervalSum, from, to, fmt.Sprintf("the amounts sum to %s %s, the register says %s", sum, era.Carrier.Unit(), register)}, true
}

// amountOf gives an amount in the carrier's unit; amounts carry no multiplier of
// their own, and are taken to count as the register does.
func (s *Series) amountOf(p *books.Point) (schema.Quantity, bool) {
	era := s.Facts.EraAt(p.Time)
	if era == nil {
		return 0, false
	}
	factor, ok := s.toCanonical(p.Unit, era, p.Time)
	if !ok {
		return 0, false
	}
	return factor.Of(p.Value)
}

// toCanonical gives the factor from a unit to the carrier's, with the multiplier
// that holds at an instant.
func (s *Series) toCanonical(unit schema.Unit, era *books.Era, t schema.Instant) (schema.Ratio, bool) {
	multiplier := s.Facts.Multiplier
	after := slices.IndexFunc(s.Facts.Events, func(e schema.Event) bool { return e.Time >= t })
	if after < 0 {
		after = len(s.Facts.Events)
	}
	for _, e := range s.Facts.Events[:after] {
		if e.Multiplier != (schema.Ratio{}) {
			multiplier = e.Multiplier
		}
	}
	factor, ok := unit.In(era.Carrier.Unit())
	if !ok {
		return schema.Ratio{}, false
	}
	return factor.Times(multiplier)
}
