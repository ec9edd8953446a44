package books

import "jouleline/schema"

// skipEvents passes the events before an anchor: they only count the registers
// and set the multiplier.
func (j *judge) skipEvents(anchor *Point) {
	for j.event < len(j.meter.Events) {
		e := &j.meter.Events[j.event]
		if e.Time > anchor.Time || j.before(anchor, e) {
			return
		}
		j.count(e)
		j.event++
	}
}

// applyEvents applies the events that come before a point.
func (j *judge) applyEvents(p *Point) {
	for j.event < len(j.meter.Events) {
		e := &j.meter.Events[j.event]
		if e.Time > p.Time || j.before(p, e) {
			return
		}
		j.apply(e)
		j.event++
	}
}

// before tells whether a reading at the very time of an event belongs to the old
// register: it says so, or it equals the final register (rule 5).
func (j *judge) before(p *Point, e *schema.Event) bool {
	if p.Time != e.Time {
		return p.Time < e.Time
	}
	if p.Register != 0 && e.Kind == schema.Swap {
		return int(p.Register) <= j.Number
	}
	return e.HasFinal && p.Value == e.Final
}

// count keeps what lasts of an event: the register's number and multiplier.
func (j *judge) count(e *schema.Event) {
	if e.Kind == schema.Swap {
		j.Number++
	}
	if e.Multiplier != (schema.Ratio{}) {
		j.Multiplier = e.Multiplier
	}
}

// apply closes the course at an event and opens the next one.
func (j *judge) apply(e *schema.Event) {
	j.era = j.meter.eraAt(e.Time)
	if j.era == nil || j.era.Kind != schema.Register {
		j.count(e)
		return
	}
	switch {
	case e.Kind == schema.Rollover && !e.HasFinal:
		j.Rollover = j.HasHead
		j.count(e)
		return
	case e.Kind == schema.MultiplierChange && !e.HasFinal && !e.HasInitial:
		if j.HasHead && j.Rescale == nil && e.Multiplier != (schema.Ratio{}) && e.Time > j.Head.Time {
			j.settle(schema.Spike, schema.Fall)
			j.Rescale = e
			return
		}
		j.forget()
		j.count(e)
		return
	}
	j.close(e)
	open, initial := e.HasInitial, e.Initial
	switch {
	case e.Kind == schema.Reset && !open:
		open = true // a reset begins at zero
	case e.Kind == schema.MultiplierChange && !open:
		open, initial = e.HasFinal, e.Final // the register goes on
	case e.Kind == schema.Rollover && !open:
		open = true
	}
	j.forget()
	j.count(e)
	if !open {
		return
	}
	if amount, ok := j.amountOf(initial, j.Multiplier); ok {
		j.Head, j.HasHead, j.lone = Mark{e.Time, initial, amount}, true, false
		j.caused, j.kind = causeOf(e.Kind), schema.Register
	}
}

// close books the course up to an event's final register. Where the final
// register cannot follow the head, nothing is booked: it stays unexplained.
func (j *judge) close(e *schema.Event) {
	if !e.HasFinal || !j.HasHead {
		return
	}
	amount, ok := j.amountOf(e.Final, j.Multiplier)
	if !ok {
		return
	}
	final := Mark{e.Time, e.Final, amount}
	c, ok := j.after(j.Head, final)
	if !ok {
		return
	}
	j.settle(schema.Spike, schema.Fall)
	if c.rescaled {
		j.book(c, final)
		return
	}
	if c.cause == Measured {
		c.cause = causeOf(e.Kind)
	}
	j.emit(j.Head.Time, e.Time, c.quantity, false, c.cause)
}

func causeOf(kind schema.EventKind) Cause {
	switch kind {
	case schema.Swap:
		return Swapped
	case schema.Reset:
		return WasReset
	case schema.Rollover:
		return RolledOver
	default:
		return Rescaled
	}
}
