package books

import (
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
	slack := j.own(j.Multiplier).slack
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
	slack := j.own(e.Multiplier).slack
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
