package explain

import (
	"fmt"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// ruleOf gives the rule that a cause stands for; ok is false for plain ones.
func ruleOf(c books.Cause) (r Rule, ok bool) {
	switch c {
	case books.RolledOver:
		return RolledOver, true
	case books.Swapped:
		return AtSwap, true
	case books.WasReset:
		return AtReset, true
	case books.Rescaled:
		return Rescaled, true
	}
	return "", false
}

// how says in words how the span's quantity came about, and notes the rules.
func (o *opening) how() string {
	if r, ok := ruleOf(o.s.Cause); ok {
		o.rule(r)
	}
	if o.era == nil {
		return "by readings that the meter's facts do not cover any more"
	}
	switch o.era.Kind {
	case schema.Register:
		return o.difference()
	case schema.Power:
		return o.integral()
	}
	return o.amount()
}

// difference is the course of a register.
func (o *opening) difference() string {
	o.rule(RegisterDifference)
	later, earlier := shown(o.end), shown(o.begin)
	if o.end == nil && o.after != nil && o.after.HasFinal {
		later = fmt.Sprintf("%s (final register of the %s)", o.after.Final, o.after.Kind)
	}
	if o.begin == nil && o.before != nil {
		earlier = fmt.Sprintf("%s (first register after the %s)", o.before.Initial, o.before.Kind)
	}
	text := fmt.Sprintf("%s - %s", later, earlier)
	if o.s.Cause == books.RolledOver && o.era.Modulus > 0 {
		text = fmt.Sprintf("%s + %s - %s", later, o.era.Modulus, earlier)
	}
	return o.scaled(text)
}

// integral is the course of a rate.
func (o *opening) integral() string {
	hours := fmt.Sprintf("%d s / 3600", o.s.To.Sub(o.s.From)/schema.Second)
	if o.era.Hold == schema.HoldMean {
		o.rule(MeanPower)
		return o.scaled(fmt.Sprintf("(%s + %s) / 2 x %s", shown(o.begin), shown(o.end), hours))
	}
	o.rule(HeldPower)
	return o.scaled(fmt.Sprintf("%s x %s", shown(o.begin), hours))
}

// amount is what a delta or a bill says.
func (o *opening) amount() string {
	if o.era.Kind == schema.Bill {
		o.rule(BillAmount)
	} else {
		o.rule(Amount)
	}
	if o.end != nil && o.end.Start < o.s.From {
		o.rule(Trimmed)
	}
	return o.scaled(shown(o.end))
}

// scaled adds the multiplier and the unit, where they change the number.
func (o *opening) scaled(text string) string {
	unit := o.era.Unit
	if r := o.end; r != nil {
		unit = r.Unit
	} else if o.begin != nil {
		unit = o.begin.Unit
	}
	if multiplier := o.multiplier(); multiplier != schema.One && multiplier != (schema.Ratio{}) {
		o.rule(Multiplied)
		text = fmt.Sprintf("(%s) x multiplier %s", text, ratio(multiplier))
	}
	text += " " + unit.String()
	if unit != o.era.Carrier.Unit() && o.era.Kind != schema.Power {
		o.rule(Converted)
		text += ", converted to " + o.era.Carrier.Unit().String()
	}
	return text
}

// multiplier is the one that holds at the end of the span.
func (o *opening) multiplier() schema.Ratio {
	m := o.m.Facts.Multiplier
	for i := range o.m.Facts.Events {
		e := &o.m.Facts.Events[i]
		if e.Time < o.s.To && e.Multiplier != (schema.Ratio{}) {
			m = e.Multiplier
		}
	}
	return m
}

func ratio(r schema.Ratio) string {
	if r.Den == 1 {
		return fmt.Sprint(r.Num)
	}
	return fmt.Sprintf("%d/%d", r.Num, r.Den)
}

// shown is the value of a reading as it came.
func shown(r *posting.Reading) string {
	switch {
	case r == nil:
		return "interpolated register"
	case r.Original != "":
		return r.Original
	}
	return r.Value.String()
}

// eventText writes what an event says.
func eventText(e *schema.Event) string {
	text := ""
	if e.HasFinal {
		text += ", final " + e.Final.String()
	}
	if e.HasInitial {
		text += ", initial " + e.Initial.String()
	}
	if e.Multiplier != (schema.Ratio{}) {
		text += ", multiplier " + ratio(e.Multiplier)
	}
	if e.Note != "" {
		text += " (" + e.Note + ")"
	}
	return text
}
