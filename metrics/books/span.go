package books

import (
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// Cause says why a span was booked as it was.
type Cause uint8

// The causes. They are stored: never renumber.
const (
	// Measured: the plain difference of two registers, or a delta.
	Measured Cause = iota
	// RolledOver: the register passed its greatest value in between.
	RolledOver
	// Swapped: one end is an event's final or initial register.
	Swapped
	// WasReset: the span begins or ends at a reset.
	WasReset
	// Rescaled: the multiplier changed at one end.
	Rescaled
	// Integrated: an amount from rates.
	Integrated
	// Billed: an amount over a billing period.
	Billed
)

var causes = [...]string{"measured", "rollover", "swap", "reset", "multiplier", "integrated", "bill"}

// String gives the cause's word.
func (c Cause) String() string { return causes[c] }

// Causes counts the causes, which are 0 to one less.
func Causes() int { return len(causes) }

// Span is the stretch between two neighbouring accepted readings, or that a
// delta covers, with its amount in the carrier's canonical unit. From is before
// To.
type Span struct {
	From, To  schema.Instant
	Quantity  schema.Quantity
	Estimated bool
	Cause     Cause
	// Shape is the course of a gap by the meter's profile, nil for the linear one.
	Shape *Shape
}

// same tells whether two spans are booked alike. Shapes of two compilations are
// compared by their weights.
func (s *Span) same(o *Span) bool {
	return s.From == o.From && s.To == o.To && s.Quantity == o.Quantity && s.Estimated == o.Estimated && s.Cause == o.Cause &&
		s.Shape.same(o.Shape)
}

// Through gives the running total of the span up to an instant inside it, by its
// shape or else its linear course, rounded half up. It is what makes parts sum to the span: every
// part is a difference of two running totals.
func (s *Span) Through(t schema.Instant) schema.Quantity {
	switch {
	case t <= s.From:
		return 0
	case t >= s.To:
		return s.Quantity
	}
	part, whole := t.Sub(s.From), s.To.Sub(s.From)
	if s.Shape != nil {
		part, whole = s.Shape.part(s.From, t, s.To)
	}
	q, _ := schema.MulDiv(s.Quantity, part, whole)
	return q
}

// Part gives the amount of the span that lies in [from, to), and the
// milliseconds that they share.
func (s *Span) Part(from, to schema.Instant) (q schema.Quantity, known int64) {
	from, to = max(from, s.From), min(to, s.To)
	if from >= to {
		return 0, 0
	}
	return s.Through(to) - s.Through(from), to.Sub(from)
}

// Days cuts the span at the local midnights.
func (s *Span) Days(zone *calendar.Zone, yield func(day schema.Day, q schema.Quantity, known int64)) {
	day := zone.DayOf(s.From)
	done := schema.Quantity(0)
	at := s.From
	for {
		end := min(zone.Start(day+1), s.To)
		through := s.Through(end)
		yield(day, through-done, end.Sub(at))
		if end >= s.To {
			return
		}
		done, at = through, end
		day++
	}
}
