package books

import "jouleline/schema"

// Quick judges the ordinary case, a reading that comes after everything known
// and is plausible, from the meter's head alone. It gives exactly what [Judge]
// would, or declines. A Quick belongs to one goroutine.
type Quick struct {
	Head Mark
	// Seen is the time of the latest reading that is stored, whatever became of
	// it: only what is later cannot meet a version of itself.
	Seen   schema.Instant
	meter  *Meter
	era    *Era
	factor schema.Ratio
	// until is the end of the stretch without events and changes of facts.
	until schema.Instant
}

// Quick prepares the ordinary case for readings after a state, of a meter whose
// latest stored reading is of the time seen. ok is false where the state wants
// every reading to be looked at in full.
func (m *Meter) Quick(s *State, seen schema.Instant) (q Quick, ok bool) {
	if !s.Clean() {
		return Quick{}, false
	}
	era := m.eraAt(s.Head.Time)
	if era == nil || s.kind != era.Kind {
		return Quick{}, false
	}
	factor, ok := toCanonical(era.Unit, era, s.Multiplier)
	if !ok {
		return Quick{}, false
	}
	until := era.To
	for i := range m.Events {
		if e := &m.Events[i]; e.Time > s.Head.Time {
			if e.Multiplier != (schema.Ratio{}) {
				return Quick{}, false // the state has its multiplier already
			}
			until = min(until, e.Time)
		}
	}
	return Quick{Head: s.Head, Seen: max(seen, s.Head.Time), meter: m, era: era, factor: factor, until: until}, true
}

// Next judges a reading and, where it is plainly accepted, moves the head and
// gives its span. The span is empty (From == To) where the reading adds no
// stretch. Declined readings leave the head as it was.
func (q *Quick) Next(p *Point) (span Span, ok bool) {
	if p.Time <= q.Seen || p.Time >= q.until || p.Deleted || p.Register != 0 ||
		p.Unit != q.era.Unit || p.Kind != q.era.Kind {
		return Span{}, false
	}
	amount, ok := p.Value, true
	if q.factor.Num != q.factor.Den || p.Original != "" {
		if amount, ok = scale(p.Value, p.Original, q.factor); !ok {
			return Span{}, false
		}
	}
	switch q.era.Kind {
	case schema.Register:
		return q.register(Mark{p.Time, p.Value, amount})
	case schema.Delta, schema.Bill:
		return q.delta(p.Start, p.Time, amount)
	default:
		return Span{}, false
	}
}

// Repeats tells that a reading says once more what the head says, so that it
// changes nothing, whichever version of it wins.
func (q *Quick) Repeats(p *Point) bool {
	return p.Time == q.Head.Time && q.era.Kind == schema.Register && p.Kind == schema.Register &&
		p.Value == q.Head.Raw && p.Original == "" && !p.Deleted && p.Register == 0 && p.Unit == q.era.Unit
}

func (q *Quick) register(m Mark) (Span, bool) {
	d, dt := m.Amount-q.Head.Amount, m.Time.Sub(q.Head.Time)
	if m.Raw < 0 || (q.era.RegisterMax != 0 && m.Raw > q.era.RegisterMax) || !q.era.Plausible(d, dt, 0) {
		return Span{}, false
	}
	span := Span{From: q.Head.Time, To: m.Time, Quantity: d, Estimated: q.isGap(dt)}
	if span.Estimated {
		span.Shape = q.meter.shapeOf(span.From, span.To)
	}
	q.Head, q.Seen = m, m.Time
	return span, true
}

func (q *Quick) delta(start, end schema.Instant, amount schema.Quantity) (Span, bool) {
	if start < q.Head.Time || start >= end || !q.era.Plausible(amount, end.Sub(start), 0) {
		return Span{}, false
	}
	span := Span{From: start, To: end, Quantity: amount, Estimated: q.isGap(end.Sub(start))}
	if q.era.Kind == schema.Bill {
		span.Cause = Billed
	}
	q.Head, q.Seen = Mark{Time: end}, end
	return span, true
}

func (q *Quick) isGap(dt int64) bool { return q.era.GapLimit > 0 && dt > q.era.GapLimit }

// Hold judges a reading that comes after everything known while others are
// pending; seen is the time of the latest stored reading. Where it only joins
// them, next is the state with it and quiet is true: nothing is booked, and
// nothing that was judged changes.
func (m *Meter) Hold(s *State, seen schema.Instant, p *Point) (next State, quiet bool) {
	era := m.eraAt(p.Time)
	if era == nil || era.Kind != schema.Register || s.kind != era.Kind || !s.HasHead || s.Pending.Count == 0 ||
		s.Rescale != nil || p.Time <= seen || p.Register != 0 || p.Deleted || p.Kind != era.Kind {
		return *s, false
	}
	for i := range m.Events {
		if e := &m.Events[i]; e.Time > s.Head.Time && e.Time <= p.Time {
			return *s, false
		}
	}
	j := judge{State: *s, meter: m, era: era}
	mark, ok := j.markOf(p, j.scale())
	if !ok {
		return *s, false
	}
	if _, follows := j.after(j.Head, mark); follows {
		return *s, false
	}
	j.extend(mark)
	if j.headWasSpike() || j.beganAnew() {
		return *s, false
	}
	return j.State, true
}
