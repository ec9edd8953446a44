package books

import (
	"jouleline/schema"
)

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

// ownScale is the factor from the era's unit to the carrier's under a multiplier,
// and the register's resolution by it: what hardly ever changes from one reading to
// the next.
type ownScale struct {
	era        *Era
	multiplier schema.Ratio
	factor     schema.Ratio
	slack      schema.Quantity
	ok         bool
}

// own gives the scale of the era's own unit.
func (j *judge) own(multiplier schema.Ratio) *ownScale {
	if s := &j.scaled; s.era != j.era || s.multiplier != multiplier {
		*s = ownScale{era: j.era, multiplier: multiplier}
		if s.factor, s.ok = toCanonical(j.era.Unit, j.era, multiplier); s.ok {
			s.slack, _ = s.factor.Of(j.era.Step)
		}
	}
	return &j.scaled
}

// markOf scales a point, rounded once.
func (j *judge) markOf(p *Point, multiplier schema.Ratio) (Mark, bool) {
	m := Mark{Time: p.Time, Raw: p.Value}
	if p.Unit == j.era.Unit {
		own := j.own(multiplier)
		if !own.ok {
			return Mark{}, false
		}
		var ok bool
		m.Amount, ok = scale(p.Value, p.Original, own.factor)
		return m, ok
	}
	factor, ok := toCanonical(p.Unit, j.era, multiplier)
	if !ok {
		return Mark{}, false
	}
	toOwn, ok := p.Unit.In(j.era.Unit)
	if !ok {
		return Mark{}, false
	}
	if m.Raw, ok = toOwn.Of(p.Value); !ok {
		return Mark{}, false
	}
	m.Amount, ok = scale(p.Value, p.Original, factor)
	return m, ok
}

// amountOf scales a register value in the era's unit.
func (j *judge) amountOf(raw schema.Quantity, multiplier schema.Ratio) (schema.Quantity, bool) {
	own := j.own(multiplier)
	if !own.ok {
		return 0, false
	}
	return own.factor.Of(raw)
}

// causeAfter is the cause of a span that begins at a mark: an event's where the
// head stems from one.
func (j *judge) causeAfter(a Mark) Cause {
	if a == j.Head {
		return j.caused
	}
	return Measured
}
