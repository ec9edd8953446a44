package posting

import (
	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// Retired tells that the readings of a meter before First were let go, while
// their books stay. First is plainly accepted, and Until is too, with enough such
// readings from First on that judging may begin there (see books.Anchors).
// Nothing at or before Until can be changed any more.
type Retired struct {
	Meter        int32
	First, Until schema.Instant
}

// Changeable leaves out the entries that stand for good, since the readings that
// they came from were let go: those up to the day of until. 0 leaves all.
func Changeable(entries []books.Entry, zone *calendar.Zone, until schema.Instant) []books.Entry {
	return after(entries, zone, until, func(e *books.Entry) schema.Day { return e.Day })
}

// ChangeableRows is Changeable for the rows of one meter.
func ChangeableRows(entries []Entry, zone *calendar.Zone, until schema.Instant) []Entry {
	return after(entries, zone, until, func(e *Entry) schema.Day { return e.Day })
}

func after[T any](entries []T, zone *calendar.Zone, until schema.Instant, dayOf func(*T) schema.Day) []T {
	if until == 0 {
		return entries
	}
	last := zone.DayOf(until)
	kept := make([]T, 0, len(entries))
	for i := range entries {
		if dayOf(&entries[i]) > last {
			kept = append(kept, entries[i])
		}
	}
	return kept
}
