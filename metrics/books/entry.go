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

// Diff books the parts of the old spans out and those of the new ones in, and
// leaves a trace of every day that it touches, so that the ledger in the order of
// its recording tells which days to look at again:
//
//   - a day on which the spans differ has an entry, of nothing where its sums stay
//     as they were (a reading in the middle of a span moves hours, not the day);
//   - a day on which anything is booked out has an entry whose Known is not above
//     zero, since hours may have become unknown in it.
//
// Days of the spans that both sides have are left out.
func Diff(before, after []Span, zone *calendar.Zone) []Entry {
	type key struct {
		day   schema.Day
		cause Cause
	}
	sums := map[key]Entry{}
	out := map[schema.Day]Cause{} // days booked out that no entry tells of yet
	book := func(s *Span, sign int64) {
		s.Days(zone, func(day schema.Day, q schema.Quantity, known int64) {
			e := sums[key{day, s.Cause}]
			e.Quantity += schema.Quantity(sign) * q
			e.Known += sign * known
			if s.Estimated {
				e.Estimated += schema.Quantity(sign) * q
			}
			sums[key{day, s.Cause}] = e
			if sign < 0 {
				out[day] = s.Cause
			}
		})
	}
	differing(before, after, book)
	entries := make([]Entry, 0, len(sums))
	for k, e := range sums {
		if e.Day, e.Cause = k.day, k.cause; !e.IsZero() {
			entries = append(entries, e)
			if e.Known <= 0 {
				delete(out, e.Day)
			}
		}
	}
	for day, cause := range out {
		entries = append(entries, Entry{Day: day, Cause: cause})
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Cause, b.Cause), cmp.Compare(a.Known, b.Known))
	})
	return entries
}

// differing visits the spans that only one side has, both sorted by From: the old
// ones with -1, the new ones with 1.
func differing(before, after []Span, visit func(s *Span, sign int64)) {
	for len(before) > 0 && len(after) > 0 {
		switch old, now := &before[0], &after[0]; {
		case old.same(now):
			before, after = before[1:], after[1:]
		case old.From <= now.From:
			visit(old, -1)
			before = before[1:]
		default:
			visit(now, 1)
			after = after[1:]
		}
	}
	for i := range before {
		visit(&before[i], -1)
	}
	for i := range after {
		visit(&after[i], 1)
	}
}
