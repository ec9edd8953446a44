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
