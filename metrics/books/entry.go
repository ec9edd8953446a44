package books

import (
	"cmp"
	"slices"

	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// Entry is one line of a meter's ledger: what is booked in, or out, of a local
// day for one cause.
type Entry struct {
	Day                 schema.Day
	Cause               Cause
	Quantity, Estimated schema.Quantity
	// Known is the time over which consumption is known, in milliseconds.
	Known int64
}

// IsZero tells whether the entry changes nothing.
func (e *Entry) IsZero() bool { return e.Quantity == 0 && e.Estimated == 0 && e.Known == 0 }

// Entries books spans: one entry a day and cause, sorted.
func Entries(spans []Span, zone *calendar.Zone) []Entry {
	return Diff(nil, spans, zone)
}

// Diff books the parts of the old spans out and those of the new ones in. Days
// on which nothing changes are left out.
func Diff(before, after []Span, zone *calendar.Zone) []Entry {
	type key struct {
		day   schema.Day
		cause Cause
	}
	sums := map[key]Entry{}
	book := func(spans []Span, sign int64) {
		for i := range spans {
			s := &spans[i]
			s.Days(zone, func(day schema.Day, q schema.Quantity, known int64) {
				e := sums[key{day, s.Cause}]
				e.Quantity += schema.Quantity(sign) * q
				e.Known += sign * known
				if s.Estimated {
					e.Estimated += schema.Quantity(sign) * q
				}
				sums[key{day, s.Cause}] = e
			})
		}
	}
	before, after = trim(before, after)
	book(before, -1)
	book(after, 1)
	entries := make([]Entry, 0, len(sums))
	for k, e := range sums {
		if e.Day, e.Cause = k.day, k.cause; !e.IsZero() {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Cause, b.Cause))
	})
	return entries
}

// trim drops the spans that both sides begin and end with.
func trim(before, after []Span) ([]Span, []Span) {
	for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	return before, after
}
