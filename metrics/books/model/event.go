package model

import (
	"math/big"

	"jouleline/metrics/books"
	"jouleline/schema"
)

// isBefore tells that a reading belongs to the time before an event. At the very
// time of it the reading says so itself, or shows the final register (rule 5).
func (s *scan) isBefore(r *shown, e *schema.Event) bool {
	switch {
	case r.Time != e.Time:
		return r.Time < e.Time
	case r.Register != 0 && e.Kind == schema.Swap:
		return int(r.Register) <= s.register
	}
	return e.HasFinal && r.value.Cmp(big.NewInt(int64(e.Final))) == 0
}

// event ends a course at what the event says, and opens the next one.
func (s *scan) event(e *schema.Event) {
	s.era = eraAt(s.m, e.Time)
	isCounter := s.era != nil && s.era.Kind == schema.Register
	switch {
	case !isCounter:
	case e.Kind == schema.Rollover && !e.HasFinal:
		s.rollover = s.head != nil
	case e.Kind == schema.MultiplierChange && !e.HasFinal && !e.HasInitial:
		if s.head != nil && s.rescale == nil && e.Time > s.head.Time {
			s.release(schema.Spike, schema.Fall)
			s.rescale = e
			return // the multiplier changes with the next reading
		}
		s.end()
	default:
		s.finish(e)
		s.end()
		s.begin(e)
		return
	}
	s.note(e)
}

// note keeps what lasts of an event.
func (s *scan) note(e *schema.Event) {
	if e.Kind == schema.Swap {
		s.register++
	}
	if e.Multiplier.Num != 0 {
		s.multiplier = ratio(e.Multiplier)
	}
}

// end drops the course. What waits stays undecided.
func (s *scan) end() {
	s.multiplier = s.next()
	s.head, s.before, s.rescale, s.rollover, s.caused, s.opened, s.waiting = nil, nil, nil, false, books.Measured, false, nil
}

// finish books up to the final register, where it can follow.
func (s *scan) finish(e *schema.Event) {
	if !e.HasFinal || s.head == nil {
		return
	}
	raw := big.NewInt(int64(e.Final))
	m := &mark{ID: ID{Time: e.Time}, raw: raw, amount: s.scaled(raw, s.multiplier)}
	if s.rescale != nil {
		s.bookRescaled(m)
		return
	}
	q, cause, ok := s.passed(m)
	if !ok {
		return
	}
	s.release(schema.Spike, schema.Fall)
	if cause == books.Measured {
		cause = causeOf(e)
	}
	s.emit(s.head.Time, e.Time, q, false, cause)
}

// begin opens the course behind an event, where its register is known.
func (s *scan) begin(e *schema.Event) {
	s.note(e)
	initial, known := e.Initial, e.HasInitial
	if !known {
		switch e.Kind {
		case schema.Reset, schema.Rollover:
			initial, known = 0, true
		case schema.MultiplierChange:
			initial, known = e.Final, e.HasFinal
		}
	}
	if known {
		raw := big.NewInt(int64(initial))
		s.head = &mark{ID: ID{Time: e.Time}, raw: raw, amount: s.scaled(raw, s.multiplier)}
		s.caused = causeOf(e)
	}
}

func causeOf(e *schema.Event) books.Cause {
	return map[schema.EventKind]books.Cause{
		schema.Swap: books.Swapped, schema.Reset: books.WasReset, schema.Rollover: books.RolledOver, schema.MultiplierChange: books.Rescaled,
	}[e.Kind]
}
