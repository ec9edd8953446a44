package model

import (
	"math/big"

	"jouleline/metrics/books"
	"jouleline/schema"
)

// Book judges all readings of a meter in one scan. The readings' units are the
// meter's, which convert to the carrier's unit by 1.
func Book(m *books.Meter, points []books.Point) Books {
	s := scan{
		m: m, list: winners(points), register: 1,
		multiplier: ratio(m.Multiplier), out: Books{map[Key]books.Entry{}, map[ID]schema.Code{}},
	}
	events := m.Events
	for i := range s.list {
		r := &s.list[i]
		for len(events) > 0 && !s.isBefore(r, &events[0]) {
			s.event(&events[0])
			events = events[1:]
		}
		s.reading(r)
	}
	for i := range events {
		s.event(&events[i])
	}
	for _, one := range s.stretches {
		s.out.book(m, one)
	}
	for id, code := range s.out.Codes {
		if code == schema.Accepted {
			delete(s.out.Codes, id)
		}
	}
	for k, e := range s.out.Ledger {
		if e.IsZero() {
			delete(s.out.Ledger, k)
		}
	}
	return s.out
}

// scan goes through a meter's readings once.
type scan struct {
	m    *books.Meter
	list []shown
	out  Books

	era        *books.Era
	register   int
	multiplier *big.Rat
	// head is the last reading that was booked, before the one before it; caused
	// is why, where head is an event's register.
	head, before *mark
	caused       books.Cause
	opened       bool // head is the first of its course, and nothing followed
	waiting      []*mark
	rollover     bool          // was announced
	rescale      *schema.Event // waits for the next reading that is booked
	stretches    []stretch
}

// mark is a point of a register's course: as shown, and as an amount.
type mark struct {
	ID
	received    schema.Instant
	raw, amount *big.Int
}

func ratio(r schema.Ratio) *big.Rat { return big.NewRat(r.Num, r.Den) }

func (s *scan) code(id ID, code schema.Code) { s.out.Codes[id] = code }

// reading judges one reading.
func (s *scan) reading(r *shown) {
	era := eraAt(s.m, r.Time)
	switch {
	case era == nil:
		s.code(r.ID, schema.OutsideValidity)
		return
	case r.Kind != era.Kind:
		s.code(r.ID, schema.OtherKind)
		return
	}
	s.era = era
	switch era.Kind {
	case schema.Register:
		s.counter(r)
	case schema.Power:
		s.rate(r)
	default:
		s.amount(r)
	}
}

func eraAt(m *books.Meter, t schema.Instant) *books.Era {
	var found *books.Era
	for i := range m.Eras {
		if e := &m.Eras[i]; e.From <= t && t <= e.To {
			found = e
		}
	}
	return found
}

// most gives the greatest amount of a time; nil where there is no rating.
func (s *scan) most(dt int64) *big.Rat {
	if s.era.MaxRate == 0 {
		return nil
	}
	most := new(big.Rat).SetFrac64(dt, schema.Hour)
	return most.Mul(most, new(big.Rat).SetInt64(int64(s.era.MaxRate)))
}

// canHave tells that an amount can have passed in a time.
func (s *scan) canHave(amount *big.Int, dt int64, slack *big.Int) bool {
	most := s.most(dt)
	return amount.Sign() >= 0 && (most == nil || new(big.Rat).SetInt(new(big.Int).Sub(amount, slack)).Cmp(most) <= 0)
}

func (s *scan) emit(from, to schema.Instant, amount *big.Int, estimated bool, cause books.Cause) {
	if from < to {
		isGap := s.era.GapLimit > 0 && int64(to-from) > s.era.GapLimit
		one := stretch{from: from, to: to, amount: amount, estimated: estimated || isGap, cause: cause}
		if isGap && s.era.Kind == schema.Register {
			one.profile = profileAt(s.m, from)
		}
		s.stretches = append(s.stretches, one)
	}
}

// amount books a delta or bill.
func (s *scan) amount(r *shown) {
	q := s.scaled(r.value, s.multiplier)
	from := r.Start
	late := int64(0)
	if s.head != nil {
		late = int64(s.head.Time - from)
	}
	trim := int64(0)
	cause := books.Billed
	if s.era.Kind == schema.Delta {
		trim, cause = max(2*schema.Second, s.era.Interval/100), books.Measured
	}
	switch {
	case q.Sign() < 0:
		s.code(r.ID, schema.Negative)
	case from >= r.Time:
		s.code(r.ID, schema.BadStart)
	case !s.canHave(q, int64(r.Time-from), new(big.Int)):
		s.code(r.ID, schema.Spike)
	case late > trim || late > 0 && s.head.Time >= r.Time:
		s.code(r.ID, schema.Overlap)
	default:
		if late > 0 {
			from = s.head.Time
		}
		s.emit(from, r.Time, q, false, cause)
		s.head = &mark{ID: r.ID}
	}
}

// rate integrates a power.
func (s *scan) rate(r *shown) {
	q := s.scaled(r.value, s.multiplier)
	most := s.most(schema.Hour)
	switch {
	case q.Sign() < 0:
		s.code(r.ID, schema.Negative)
		return
	case most != nil && new(big.Rat).SetInt(q).Cmp(most) > 0:
		s.code(r.ID, schema.Spike)
		return
	}
	if s.head != nil {
		dt := int64(r.Time - s.head.Time)
		if dt <= 0 {
			s.code(r.ID, schema.Overlap)
			return
		}
		if dt <= s.era.GapLimit {
			twice := new(big.Int).Add(s.head.amount, s.head.amount)
			if s.era.Hold == schema.HoldMean {
				twice.Add(s.head.amount, q)
			}
			part := new(big.Rat).SetFrac64(dt, 2*schema.Hour)
			s.emit(s.head.Time, r.Time, rounded(part.Mul(part, new(big.Rat).SetInt(twice))), false, books.Integrated)
		}
	}
	s.head = &mark{ID: r.ID, amount: q}
}

func (s *scan) scaled(value *big.Int, multiplier *big.Rat) *big.Int {
	return rounded(new(big.Rat).Mul(new(big.Rat).SetInt(value), multiplier))
}
