package books

import (
	"slices"

	"jouleline/schema"
)

// Judgement is what judging made of a run of readings.
type Judgement struct {
	// Spans are sorted by time.
	Spans []Span
	// Codes stands beside the points that were judged; schema.Accepted is the
	// plain case.
	Codes []schema.Code
	// End is the state after the last point. Equal end states after equal last
	// points mean that everything later is judged equally.
	End State
}

// State is what judging carries from one reading to the next.
type State struct {
	// Head is the last accepted reading, or an event's initial register.
	Head, Previous       Mark
	HasHead, HasPrevious bool
	Multiplier           schema.Ratio
	// Number counts the registers, from 1.
	Number int
	// Rollover tells that an event announced a rollover since the head.
	Rollover bool
	// Rescale is the multiplier change that waits for the next reading.
	Rescale *schema.Event
	// Pending describes the implausible readings that wait.
	Pending PendingState
	kind    schema.Kind
	caused  Cause // of the next span, where the head stems from an event
	// lone tells that the head opened a course that nothing has followed yet.
	lone bool
}

// Mark is a point of a register's course.
type Mark struct {
	Time schema.Instant
	// Raw is in the era's unit before the multiplier, Amount after it in the
	// carrier's canonical unit.
	Raw, Amount schema.Quantity
}

// PendingState describes the pending readings: how many, and the run at their
// end whose members are plausible after each other.
type PendingState struct {
	Count       int
	First, Last Mark // of the run
	Run         int  // members of the run
	Rises       int  // steps of the run that rise
}

// Clean tells that nothing is pending, so that a plausible next reading needs no
// look at what came before.
func (s *State) Clean() bool {
	return s.HasHead && s.Pending.Count == 0 && !s.Rollover && s.Rescale == nil && s.caused == Measured
}

// Settles is the number of pending readings that, plausible after each other and
// rising at least twice, are taken for a register that began anew (rule 1: after
// 100 the run 0, 3, 7 is a reset, the run 0, 0, 0 is not).
const (
	Settles      = 3
	SettlesRises = 2
)

// Judge judges the winners of [Resolve], sorted. Where anchored is set, the
// first point is known to be plainly accepted and only opens the run: nothing
// before it is looked at. Events later than until are not applied; a run that
// reaches the end of a meter's readings passes schema.MaxInstant.
func Judge(m *Meter, points []Point, anchored bool, until schema.Instant) Judgement {
	var out Judgement
	out.Judge(m, points, anchored, until)
	return out
}

// Judge does the same in the place of an earlier judgement, which is lost.
func (out *Judgement) Judge(m *Meter, points []Point, anchored bool, until schema.Instant) {
	j := judge{meter: m, points: points}
	j.out = Judgement{
		Codes: slices.Grow(out.Codes[:0], len(points))[:len(points)],
		Spans: slices.Grow(out.Spans[:0], len(points)),
	}
	clear(j.out.Codes)
	j.State = State{Multiplier: m.Multiplier, Number: 1}
	if anchored && len(points) > 0 {
		j.skipEvents(&points[0])
	}
	for i := range points {
		j.applyEvents(&points[i])
		j.step(i)
		if i == 0 && anchored {
			j.lone = false // others stand before it, or nothing contradicts it
		}
	}
	for j.event < len(m.Events) && m.Events[j.event].Time <= until {
		j.apply(&m.Events[j.event])
		j.event++
	}
	j.out.End = j.State
	*out = j.out
}

// judge is the automaton that runs over points and events in order of time.
type judge struct {
	State
	meter  *Meter
	points []Point
	era    *Era
	event  int // next event
	// pending and run are positions of pending points; run is their coherent end.
	pending []int
	run     []mark
	scaled  ownScale
	out     Judgement
}

// mark ties a register mark to its point.
type mark struct {
	Mark
	point int
}

// step judges one point.
func (j *judge) step(i int) {
	p := &j.points[i]
	era := j.meter.eraAt(p.Time)
	if era == nil {
		j.out.Codes[i] = schema.OutsideValidity
		return
	}
	if p.Kind != era.Kind && j.kind != era.Kind {
		if before := j.meter.eraBefore(era); before != nil && p.Time == era.From && p.Kind == before.Kind {
			era = before // closes it, where the new kind has not begun
		}
	}
	if p.Kind != era.Kind {
		j.out.Codes[i] = schema.OtherKind
		return
	}
	if j.kind != era.Kind || (j.era != nil && (j.era.Unit != era.Unit || j.era.To < era.From)) {
		j.forget()
		j.kind = era.Kind
	}
	j.era = era
	switch era.Kind {
	case schema.Register:
		j.register(i)
	case schema.Power:
		j.power(i)
	default:
		j.amount(i)
	}
}

// forget drops the course: the next reading opens a new one.
func (j *judge) forget() {
	j.Multiplier = j.scale()
	j.HasHead, j.HasPrevious, j.Rescale, j.Rollover, j.caused = false, false, nil, false, Measured
	j.drop()
}

// drop ends the wait of all pending points; their codes stand.
func (j *judge) drop() {
	j.pending, j.run = j.pending[:0], j.run[:0]
	j.Pending = PendingState{}
}

// emit books a span that the head and an accepted reading bound.
func (j *judge) emit(from, to schema.Instant, q schema.Quantity, estimated bool, cause Cause) {
	if from >= to {
		return
	}
	isGap := j.era.GapLimit > 0 && to.Sub(from) > j.era.GapLimit
	estimated = estimated || isGap
	s := Span{From: from, To: to, Quantity: q, Estimated: estimated, Cause: cause}
	if isGap && j.era.Kind == schema.Register {
		s.Shape = j.meter.shapeOf(from, to)
	}
	j.out.Spans = append(j.out.Spans, s)
}
