package model

import (
	"math/big"

	"jouleline/metrics/books"
	"jouleline/schema"
)

// Key is a line of the ledger.
type Key struct {
	Day   schema.Day
	Cause books.Cause
}

// Books is what a meter's readings come to.
type Books struct {
	// Ledger holds the lines that are not zero, Codes the readings that are not
	// plainly accepted.
	Ledger map[Key]books.Entry
	Codes  map[ID]schema.Code
}

// stretch is an amount over a time.
type stretch struct {
	from, to  schema.Instant
	amount    *big.Int
	estimated bool
	cause     books.Cause
	profile   *schema.Profile // nil where the course is linear
}

// book cuts a stretch at the local midnights: each day gets the difference of
// the rounded running totals at its ends.
func (b *Books) book(m *books.Meter, s stretch) {
	through := func(t schema.Instant) *big.Int {
		part := s.share(m.Zone.Location(), t)
		return rounded(part.Mul(part, new(big.Rat).SetInt(s.amount)))
	}
	location := m.Zone.Location()
	for at := s.from; at < s.to; {
		year, month, day := at.Time().In(location).Date()
		today := schema.DayOf(year, month, day)
		end := min((today + 1).Start(location), s.to)
		part := new(big.Int).Sub(through(end), through(at))
		k := Key{today, s.cause}
		e := b.Ledger[k]
		e.Day, e.Cause = k.Day, k.Cause
		e.Quantity += schema.Quantity(part.Int64())
		e.Known += int64(end - at)
		if s.estimated {
			e.Estimated += schema.Quantity(part.Int64())
		}
		b.Ledger[k] = e
		at = end
	}
}
