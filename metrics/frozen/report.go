package frozen

import "jouleline/schema"

// Report is a frozen set of figures.
type Report struct {
	// ID counts the reports from 1.
	ID     int64
	Name   string
	Author string // who froze it; "" where nobody was asked
	// Created is when it was frozen. KnownAt is the recorded-at of the latest
	// transaction that it knows.
	Created, KnownAt schema.Instant
	// Question, Versions and Figures are JSON: what was asked, what the answer
	// rested on, and the answer.
	Question, Versions, Figures []byte
}

// Booked is what was booked for one meter after a moment, over some days.
type Booked struct {
	Meter               int32
	Quantity, Estimated schema.Quantity
	Known               int64 // milliseconds
	// First and Last are when it was recorded.
	First, Last schema.Instant
}

// IsZero tells that the days sum to what they summed to before.
func (b *Booked) IsZero() bool { return b.Quantity == 0 && b.Estimated == 0 && b.Known == 0 }

// Received is which readings of one meter were recorded after a moment, over some
// time.
type Received struct {
	Meter int32
	// Readings counts all, Revised those with a revision above 0, Deleted the
	// tombstones.
	Readings, Revised, Deleted int64
}
