package books

import (
	"math/bits"

	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// Meter is what judging knows about a meter: facts of the registry, dated.
type Meter struct {
	Zone *calendar.Zone
	// Eras are sorted and do not overlap.
	Eras []Era
	// Events are sorted by time.
	Events []schema.Event
	// Shapes are the courses that gaps of a register are filled by, sorted by time;
	// none where the meter has no profile.
	Shapes []Shape
	// Multiplier is the first one; events change it.
	Multiplier schema.Ratio
}

// Era is a stretch in which the facts of a meter do not change.
type Era struct {
	From, To schema.Instant
	Kind     schema.Kind
	Carrier  schema.Carrier
	// Unit is the unit that RegisterMax and Modulus are in.
	Unit schema.Unit
	// RegisterMax is the greatest value shown, Modulus the count after which the
	// register starts again, Step its least digit; 0 where not known.
	RegisterMax, Modulus, Step schema.Quantity
	// MaxRate is the most that can pass in an hour, in the carrier's canonical
	// unit; 0 where not known.
	MaxRate schema.Quantity
	// Learned is the fact that MaxRate stems from, nil where it is the rating.
	Learned *schema.LearnedRate
	// Interval and GapLimit are in milliseconds.
	Interval, GapLimit int64
	Hold               schema.Hold
}

// eraAt gives the era that holds at an instant. A reading at the very end of an
// era still closes it.
func (m *Meter) eraAt(t schema.Instant) *Era {
	for i := len(m.Eras) - 1; i >= 0; i-- { // most meters have one
		e := &m.Eras[i]
		if e.From <= t && t <= e.To {
			return e
		}
	}
	return nil
}

// eraBefore gives the era that ends where one of another kind begins, nil where
// there is none.
func (m *Meter) eraBefore(era *Era) *Era {
	for i := range m.Eras {
		if e := &m.Eras[i]; e.To == era.From && e.Kind != era.Kind {
			return e
		}
	}
	return nil
}

// toCanonical gives the factor from a reading's unit to the carrier's canonical
// unit, the multiplier included. A rate converts to the amount of one hour.
func toCanonical(unit schema.Unit, era *Era, multiplier schema.Ratio) (schema.Ratio, bool) {
	factor, ok := unit.In(era.Carrier.Unit())
	if !ok {
		return schema.Ratio{}, false
	}
	return factor.Times(multiplier)
}

// scale gives a value in another unit, rounded once. The original text counts
// where the value was rounded when it was read.
func scale(value schema.Quantity, original string, factor schema.Ratio) (schema.Quantity, bool) {
	if original == "" {
		return factor.Of(value)
	}
	d, err := schema.ParseDecimal(original)
	if err != nil {
		return factor.Of(value)
	}
	return scaleDecimal(d, factor)
}

// scaleDecimal gives d x factor in micro-units, rounded once, half away from
// zero.
func scaleDecimal(d schema.Decimal, factor schema.Ratio) (schema.Quantity, bool) {
	den := factor.Den
	for shift := d.Scale - 6; shift > 0; shift-- {
		hi, lo := bits.Mul64(uint64(den), 10)
		if hi != 0 || lo > uint64(schema.MaxQuantity) {
			q, _, err := d.Quantity() // too fine for one division: two roundings
			if err != nil {
				return 0, false
			}
			return factor.Of(q)
		}
		den = int64(lo)
	}
	return schema.MulDiv(schema.Quantity(d.Mantissa), factor.Num, den)
}

// Plausible tells whether an amount can have passed in a time of dt
// milliseconds. slack is the register's resolution, which a reading may be off.
func (e *Era) Plausible(amount schema.Quantity, dt int64, slack schema.Quantity) bool {
	if amount < 0 {
		return false
	}
	if e.MaxRate == 0 {
		return true
	}
	hi, lo := bits.Mul64(uint64(e.MaxRate), uint64(max(dt, 0)))
	if hi >= uint64(schema.Hour) {
		return true
	}
	most, _ := bits.Div64(hi, lo, uint64(schema.Hour))
	return uint64(amount) <= most+uint64(slack)
}
