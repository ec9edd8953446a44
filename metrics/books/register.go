package books

import (
	"slices"

	"jouleline/schema"
)

// register judges a reading of a cumulative counter.
func (j *judge) register(i int) {
	p := &j.points[i]
	if p.Register != 0 && int(p.Register) != j.Number {
		j.out.Codes[i] = schema.OtherRegister
		return
	}
	m, ok := j.markOf(p, j.scale())
	if !ok {
		j.out.Codes[i] = schema.OutOfRange
		return
	}
	if !j.HasHead {
		if !j.inRange(m) {
			j.wait(i, m)
			return
		}
		j.settle(schema.Spike, schema.Spike)
		j.accept(m)
		return
	}
	if span, ok := j.after(j.Head, m); ok {
		j.settle(schema.Spike, schema.Fall)
		j.book(span, m)
		return
	}
	j.wait(i, m)
}

// course is what lies between two marks of one register.
type course struct {
	quantity schema.Quantity
	cause    Cause
	// rescaled is the mark at a multiplier change between the ends, where the
	// register was interpolated; first is the amount up to it.
	rescaled bool
	at       schema.Instant
	first    schema.Quantity
	later    Mark // the later end, under the new multiplier
}

// after tells whether mark b can follow mark a on the same register, and what
// passed in between.
func (j *judge) after(a, b Mark) (course, bool) {
	if !j.inRange(b) {
		return course{}, false
	}
	if j.Rescale != nil && a == j.Head {
		return j.afterRescale(a, b)
	}
	dt := b.Time.Sub(a.Time)
	slack, _ := j.amountOf(j.era.Step, j.Multiplier)
	if d := b.Amount - a.Amount; d >= 0 {
		return course{quantity: d, cause: j.causeAfter(a)}, j.era.Plausible(d, dt, slack) && (dt > 0 || d == 0)
	}
	announced := j.Rollover && a == j.Head
	if j.era.Modulus == 0 || (j.era.MaxRate == 0 && !announced) {
		return course{}, false
	}
	unrolled, ok := j.amountOf(b.Raw+j.era.Modulus, j.Multiplier)
	if !ok || dt <= 0 {
		return course{}, false
	}
	d := unrolled - a.Amount
	return course{quantity: d, cause: RolledOver}, d >= 0 && (announced || j.era.Plausible(d, dt, slack) && !j.turns(dt))
}

// turns tells that the register may pass all its values once in a time of dt
// milliseconds: then nobody knows how often it did, and no rollover is inferred.
func (j *judge) turns(dt int64) bool {
	whole, ok := j.amountOf(j.era.Modulus, j.Multiplier)
	return ok && j.era.Plausible(whole, dt, 0)
}

// afterRescale splits the course at a multiplier change without a final
// register: the register is interpolated, and both sides are estimated (rule 5).
func (j *judge) afterRescale(a, b Mark) (course, bool) {
	e := j.Rescale
	rise := b.Raw - a.Raw
	if rise < 0 || b.Time <= a.Time {
		return course{}, false
	}
	part, _ := schema.MulDiv(rise, e.Time.Sub(a.Time), b.Time.Sub(a.Time))
	at := a.Raw + part
	first, ok1 := j.amountOf(at, j.Multiplier)
	from, ok2 := j.amountOf(at, e.Multiplier)
	to, ok3 := j.amountOf(b.Raw, e.Multiplier)
	if !ok1 || !ok2 || !ok3 {
		return course{}, false
	}
	c := course{quantity: to - from, cause: Rescaled, rescaled: true, at: e.Time, first: first - a.Amount, later: Mark{b.Time, b.Raw, to}}
	slack, _ := j.amountOf(j.era.Step, e.Multiplier)
	return c, j.era.Plausible(c.first+c.quantity, b.Time.Sub(a.Time), slack)
}

// book accepts a mark that follows the head and books the course to it.
func (j *judge) book(c course, m Mark) {
	if c.rescaled {
		j.emit(j.Head.Time, c.at, c.first, true, Rescaled)
		j.emit(c.at, m.Time, c.quantity, true, Rescaled)
		j.Multiplier, j.Rescale = j.Rescale.Multiplier, nil
		j.HasPrevious = false
		j.Head, j.caused, j.Rollover, j.lone = c.later, Measured, false, false
		return
	}
	j.emit(j.Head.Time, m.Time, c.quantity, false, c.cause)
	j.Rollover = false
	j.accept(m)
}

// accept makes a mark the head.
func (j *judge) accept(m Mark) {
	j.Previous, j.HasPrevious = j.Head, j.HasHead && j.caused == Measured
	j.lone = !j.HasHead
	j.Head, j.HasHead, j.caused = m, true, Measured
}

// wait keeps an implausible reading pending, and settles what is pending once
// the run at its end tells what happened.
func (j *judge) wait(i int, m Mark) {
	j.out.Codes[i] = schema.Pending
	j.pending = append(j.pending, i)
	j.extend(m)
	if j.Pending.Run == 1 {
		j.run = j.run[:0]
	}
	j.run = append(j.run, mark{m, i})
	switch {
	case j.headWasSpike():
		j.replaceHead()
	case j.beganAnew():
		j.restart()
	}
}

// extend adds a mark to the run of pending marks, or begins a new run with it.
func (j *judge) extend(m Mark) {
	p := &j.Pending
	p.Count++
	switch {
	case p.Run == 0 || !j.follows(p.Last, m):
		p.First, p.Run, p.Rises = m, 1, 0
	default:
		p.Run++
		if m.Raw > p.Last.Raw {
			p.Rises++
		}
	}
	p.Last = m
}

// beganAnew tells that the run is long and moving enough to be a new course.
func (j *judge) beganAnew() bool {
	return j.Pending.Run >= Settles && j.Pending.Rises >= SettlesRises
}

// follows is the plain case of after: no rollover, no multiplier change.
func (j *judge) follows(a, b Mark) bool {
	slack, _ := j.amountOf(j.era.Step, j.scale())
	return j.inRange(b) && b.Amount >= a.Amount && b.Time > a.Time &&
		j.era.Plausible(b.Amount-a.Amount, b.Time.Sub(a.Time), slack)
}

// headWasSpike tells that the run follows the reading before the head and
// rises: then the head, not the run, was wrong.
func (j *judge) headWasSpike() bool {
	return j.HasPrevious && j.Rescale == nil && j.Pending.Run >= 2 && j.Pending.Rises >= 1 &&
		j.Pending.First.Raw < j.Head.Raw && j.follows(j.Previous, j.Pending.First)
}

// replaceHead takes the span to the head back and books the run in its place.
func (j *judge) replaceHead() {
	if last := len(j.out.Spans) - 1; last >= 0 && j.out.Spans[last].To == j.Head.Time {
		j.out.Spans = j.out.Spans[:last]
	}
	for i := range j.points { // the head's own point
		if p := &j.points[i]; p.Time == j.Head.Time && j.out.Codes[i] == schema.Accepted {
			j.out.Codes[i] = schema.Spike
		}
	}
	j.Head, j.HasPrevious = j.Previous, false
	j.follow(schema.Spike, schema.Fall)
}

// restart opens a new course with the run: what passed between the head and the
// run is not known, and stays missing.
func (j *judge) restart() {
	code := schema.UnexplainedFall
	if j.HasHead && j.run[0].Raw > j.Head.Raw {
		code = schema.UnexplainedRise
	}
	first := j.run[0]
	run := j.run
	if at := j.wrongClock(first); at >= 0 {
		j.out.Codes[at], code = schema.Spike, schema.Settled
	}
	j.setAside(first.point, schema.Spike, schema.Fall)
	j.out.Codes[first.point] = code
	j.Multiplier = j.scale()
	j.Head, j.HasHead, j.HasPrevious, j.Rescale, j.Rollover, j.caused = first.Mark, true, false, nil, false, Measured
	j.lone = false
	j.bookRun(run[1:])
}

// wrongClock gives the head's point where it alone stands before a run that
// contradicts it, and came after the run did: then its clock had jumped back, and
// no register fell. -1 where that is not so.
func (j *judge) wrongClock(first mark) int {
	if !j.HasHead || !j.lone {
		return -1
	}
	at := slices.IndexFunc(j.points, func(p Point) bool { return p.Time == j.Head.Time })
	if at < 0 || j.points[at].Received <= j.points[first.point].Received || j.out.Codes[at] != schema.Accepted {
		return -1
	}
	return at
}

// follow books the whole run behind the head.
func (j *judge) follow(high, low schema.Code) {
	run := j.run
	j.setAside(run[0].point, high, low)
	j.bookRun(run)
}

// bookRun books marks that are plausible after each other.
func (j *judge) bookRun(run []mark) {
	for _, m := range run {
		j.out.Codes[m.point] = schema.Settled
		j.emit(j.Head.Time, m.Time, m.Amount-j.Head.Amount, false, Measured)
		j.accept(m.Mark)
	}
	j.run = nil
	j.drop()
	j.HasPrevious = false
}

// settle ends the wait of every pending reading: a later one was plausible.
func (j *judge) settle(high, low schema.Code) {
	if j.Pending.Count == 0 {
		return
	}
	j.setAside(-1, high, low)
	j.drop()
}

// setAside names what the pending readings before a point were.
func (j *judge) setAside(before int, high, low schema.Code) {
	for _, i := range j.pending {
		if before >= 0 && i >= before {
			break
		}
		m, ok := j.markOf(&j.points[i], j.scale())
		if ok && j.HasHead && m.Raw < j.Head.Raw {
			j.out.Codes[i] = low
		} else {
			j.out.Codes[i] = high
		}
	}
}

// inRange refuses what the register cannot show: less than zero, or more than
// its greatest value.
func (j *judge) inRange(m Mark) bool {
	return m.Raw >= 0 && (j.era.RegisterMax == 0 || m.Raw <= j.era.RegisterMax)
}

// scale is the multiplier of readings from now on: a change that waits for the
// next accepted reading counts already.
func (j *judge) scale() schema.Ratio {
	if j.Rescale != nil {
		return j.Rescale.Multiplier
	}
	return j.Multiplier
}

// markOf scales a point, rounded once.
func (j *judge) markOf(p *Point, multiplier schema.Ratio) (Mark, bool) {
	factor, ok := toCanonical(p.Unit, j.era, multiplier)
	if !ok {
		return Mark{}, false
	}
	m := Mark{Time: p.Time, Raw: p.Value}
	if p.Unit != j.era.Unit {
		toOwn, ok := p.Unit.In(j.era.Unit)
		if !ok {
			return Mark{}, false
		}
		if m.Raw, ok = toOwn.Of(p.Value); !ok {
			return Mark{}, false
		}
	}
	m.Amount, ok = scale(p.Value, p.Original, factor)
	return m, ok
}

// amountOf scales a register value in the era's unit.
func (j *judge) amountOf(raw schema.Quantity, multiplier schema.Ratio) (schema.Quantity, bool) {
	factor, ok := toCanonical(j.era.Unit, j.era, multiplier)
	if !ok {
		return 0, false
	}
	return factor.Of(raw)
}

// causeAfter is the cause of a span that begins at a mark: an event's where the
// head stems from one.
func (j *judge) causeAfter(a Mark) Cause {
	if a == j.Head {
		return j.caused
	}
	return Measured
}
