// Package calendar cuts time into local days, months and steps.
//
// It answers "which local day is this instant in, and where does it begin and
// end", and refuses to guess a zone: every [Zone] is made from an explicit
// *time.Location. Its invariants: days tile time without gaps or overlaps, days
// of 23 and 25 hours included, and every finer or coarser step begins where a
// day begins.
package calendar

import (
	"time"

	"jouleline/schema"
)

// lastDay bounds the table of day starts; schema.MaxInstant lies before it.
var lastDay = schema.DayOf(2200, time.January, 3)

// Zone is a time zone with the start of every local day looked up once, so that
// the day of an instant costs a division and a comparison. It is immutable.
type Zone struct {
	location *time.Location
	// starts[i] is the first instant of day i-1: one day before 1970 is kept,
	// since 1970-01-01T00:00Z is still 1969 west of Greenwich.
	starts []schema.Instant
}

// NewZone builds the table of a location, about 0.7 MB.
func NewZone(location *time.Location) *Zone {
	z := &Zone{location: location, starts: make([]schema.Instant, int(lastDay)+2)}
	for i := range z.starts {
		z.starts[i] = schema.Day(i - 1).Start(location)
	}
	return z
}

// Location gives the zone's location.
func (z *Zone) Location() *time.Location { return z.location }

// DayOf gives the local day of an instant within [schema.MinInstant,
// schema.MaxInstant].
func (z *Zone) DayOf(t schema.Instant) schema.Day {
	i := int(int64(t)/86_400_000) + 1
	if i >= len(z.starts) {
		i = len(z.starts) - 1
	}
	for i > 0 && z.starts[i] > t {
		i--
	}
	for i+1 < len(z.starts) && z.starts[i+1] <= t {
		i++
	}
	return schema.Day(i - 1)
}

// Start gives the first instant of a local day.
func (z *Zone) Start(d schema.Day) schema.Instant {
	i := int(d) + 1
	if i < 0 || i >= len(z.starts) {
		return d.Start(z.location)
	}
	return z.starts[i]
}

// Between gives the first instants of two days: the half-open stretch of the
// days [from, to), with open ends at the limits of time.
func (z *Zone) Between(v schema.Validity) (from, to schema.Instant) {
	from, to = schema.MinInstant, schema.MaxInstant
	if v.From != schema.Always {
		from = max(from, z.Start(v.From))
	}
	if v.To != schema.Never {
		to = min(to, z.Start(v.To))
	}
	return from, max(from, to)
}
