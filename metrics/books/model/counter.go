package model

import (
	"math/big"

	"jouleline/metrics/books"
	"jouleline/schema"
)

// next is the multiplier of readings from now on.
func (s *scan) next() *big.Rat {
	if s.rescale != nil {
		return ratio(s.rescale.Multiplier)
	}
	return s.multiplier
}

func (s *scan) step() *big.Int { return s.scaled(big.NewInt(int64(s.era.Step)), s.next()) }

func (s *scan) shows(raw *big.Int) bool {
	return raw.Sign() >= 0 && (s.era.RegisterMax == 0 || raw.Cmp(big.NewInt(int64(s.era.RegisterMax))) <= 0)
}

// counter judges a reading of a register: it is booked where it can follow the
// head, and waits where it cannot, until what came after tells what happened.
func (s *scan) counter(r *shown) {
	if r.Register != 0 && int(r.Register) != s.register {
		s.code(r.ID, schema.OtherRegister)
		return
	}
	m := &mark{r.ID, r.received, r.value, s.scaled(r.value, s.next())}
	switch {
	case s.head == nil && s.shows(m.raw):
		s.release(schema.Spike, schema.Spike)
		s.head, s.before, s.opened, s.caused = m, nil, true, books.Measured
	case s.head != nil && s.bookTo(m):
	default:
		s.code(r.ID, schema.Pending)
		s.waiting = append(s.waiting, m)
		s.reconsider()
	}
}

// bookTo books the course from the head to a mark, where there can be one.
func (s *scan) bookTo(m *mark) bool {
	if s.rescale != nil {
		return s.bookRescaled(m)
	}
	q, cause, ok := s.passed(m)
	if !ok {
		return false
	}
	s.release(schema.Spike, schema.Fall)
	s.emit(s.head.Time, m.Time, q, false, cause)
	s.rollover = false
	s.advance(m)
	return true
}

// advance makes a mark the head.
func (s *scan) advance(m *mark) {
	s.before = nil
	if s.caused == books.Measured {
		s.before = s.head
	}
	s.head, s.opened, s.caused = m, false, books.Measured
}

// passed gives what passed between the head and a mark.
func (s *scan) passed(m *mark) (*big.Int, books.Cause, bool) {
	dt := int64(m.Time - s.head.Time)
	if !s.shows(m.raw) {
		return nil, 0, false
	}
	d := new(big.Int).Sub(m.amount, s.head.amount)
	if d.Sign() >= 0 {
		return d, s.caused, s.canHave(d, dt, s.step()) && (dt > 0 || d.Sign() == 0)
	}
	if s.era.Modulus == 0 || dt <= 0 || s.era.MaxRate == 0 && !s.rollover {
		return nil, 0, false
	}
	turn := big.NewInt(int64(s.era.Modulus))
	d = s.scaled(new(big.Int).Add(m.raw, turn), s.multiplier)
	d.Sub(d, s.head.amount)
	sure := s.canHave(d, dt, s.step()) && !s.canHave(s.scaled(turn, s.multiplier), dt, new(big.Int))
	return d, books.RolledOver, d.Sign() >= 0 && (s.rollover || sure)
}

// bookRescaled books a course in which the multiplier changed: the register at
// the change lies on the straight line.
func (s *scan) bookRescaled(m *mark) bool {
	e := s.rescale
	rise := new(big.Int).Sub(m.raw, s.head.raw)
	if rise.Sign() < 0 || m.Time <= s.head.Time || !s.shows(m.raw) {
		return false
	}
	share := new(big.Rat).SetFrac64(int64(e.Time-s.head.Time), int64(m.Time-s.head.Time))
	at := rounded(share.Mul(share, new(big.Rat).SetInt(rise)))
	at.Add(at, s.head.raw)
	first := new(big.Int).Sub(s.scaled(at, s.multiplier), s.head.amount)
	second := new(big.Int).Sub(s.scaled(m.raw, s.next()), s.scaled(at, s.next()))
	if !s.canHave(new(big.Int).Add(first, second), int64(m.Time-s.head.Time), s.step()) {
		return false
	}
	s.release(schema.Spike, schema.Fall)
	s.emit(s.head.Time, e.Time, first, true, books.Rescaled)
	s.emit(e.Time, m.Time, second, true, books.Rescaled)
	s.multiplier, s.rescale, s.rollover = s.next(), nil, false
	s.head, s.before, s.opened, s.caused = m, nil, false, books.Measured
	return true
}

// release says of all that wait that they were wrong.
func (s *scan) release(high, low schema.Code) {
	for _, m := range s.waiting {
		s.setAside(m, high, low)
	}
	s.waiting = nil
}

func (s *scan) setAside(m *mark, high, low schema.Code) {
	if s.head != nil && m.raw.Cmp(s.head.raw) < 0 {
		s.code(m.ID, low)
	} else {
		s.code(m.ID, high)
	}
}

// follows tells that a mark can follow another one without anything happening.
func (s *scan) follows(a, b *mark) bool {
	d := new(big.Int).Sub(b.amount, a.amount)
	return s.shows(b.raw) && b.Time > a.Time && s.canHave(d, int64(b.Time-a.Time), s.step())
}

// reconsider looks at those that wait: the last ones that can follow each other.
// Two that rise, and follow the reading before the head, show that the head was
// wrong. Three that rise twice are a register that began anew.
func (s *scan) reconsider() {
	first := len(s.waiting) - 1
	rises := 0
	for first > 0 && s.follows(s.waiting[first-1], s.waiting[first]) {
		if s.waiting[first].raw.Cmp(s.waiting[first-1].raw) > 0 {
			rises++
		}
		first--
	}
	run := s.waiting[first:]
	switch {
	case s.before != nil && s.rescale == nil && len(run) >= 2 && rises >= 1 && run[0].raw.Cmp(s.head.raw) < 0 && s.follows(s.before, run[0]):
		s.code(s.head.ID, schema.Spike)
		if n := len(s.stretches); n > 0 && s.stretches[n-1].to == s.head.Time {
			s.stretches = s.stretches[:n-1]
		}
		s.head = s.before
		s.waiting = s.waiting[:first]
		s.release(schema.Spike, schema.Fall)
		s.take(run)
	case len(run) >= books.Settles && rises >= books.SettlesRises:
		s.beginAnew(first, run)
	}
}

// beginAnew opens a course with a run; what passed before it is not known.
func (s *scan) beginAnew(first int, run []*mark) {
	code := schema.UnexplainedFall
	if s.head != nil && run[0].raw.Cmp(s.head.raw) > 0 {
		code = schema.UnexplainedRise
	}
	if s.head != nil && s.opened && s.head.received > run[0].received {
		s.code(s.head.ID, schema.Spike) // alone, and sent later: its clock was wrong
		code = schema.Settled
	}
	s.waiting = s.waiting[:first]
	s.release(schema.Spike, schema.Fall)
	s.code(run[0].ID, code)
	s.multiplier, s.rescale, s.rollover, s.caused = s.next(), nil, false, books.Measured
	s.head = run[0]
	s.take(run[1:])
}

// take books marks that follow each other.
func (s *scan) take(run []*mark) {
	for _, m := range run {
		s.code(m.ID, schema.Settled)
		s.emit(s.head.Time, m.Time, new(big.Int).Sub(m.amount, s.head.amount), false, books.Measured)
		s.head = m
	}
	s.before, s.opened, s.waiting = nil, false, nil
}
