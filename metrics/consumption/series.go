package consumption

import (
	"sort"
	"time"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/exact"
	"jouleline/schema"
)

// Series is the sums of consumption by bucket and place. Reading it is safe for
// concurrent use.
type Series struct {
	buckets []calendar.Bucket
	zone    *calendar.Zone
	places  int
	// byDay tells that every bucket is whole local days, so that it means the
	// same days in every calendar.
	byDay bool
	cells []cell // bucket x places + place
}

// cell is what is known of one place in one bucket.
type cell struct {
	quantity, estimated exact.Sum // micro-units
	known, expected     int64     // meter-milliseconds
}

func newSeries(buckets []calendar.Bucket, zone *calendar.Zone, places int) *Series {
	s := &Series{buckets: buckets, zone: zone, places: places, byDay: true, cells: make([]cell, len(buckets)*places)}
	for _, b := range buckets {
		s.byDay = s.byDay && s.isMidnight(b.From) && s.isMidnight(b.To)
	}
	return s
}

func (s *Series) isMidnight(t schema.Instant) bool { return s.zone.Start(s.zone.DayOf(t)) == t }

// Buckets gives the buckets. The slice must not be written to.
func (s *Series) Buckets() []calendar.Bucket { return s.buckets }

// at gives the bucket that holds an instant; ok is false outside of all.
func (s *Series) at(t schema.Instant) (bucket int, ok bool) {
	i := sort.Search(len(s.buckets), func(i int) bool { return s.buckets[i].To > t })
	return i, i < len(s.buckets) && s.buckets[i].From <= t
}

// addSpan adds the part of a span that lies in [from, to) to the buckets. Spans
// follow each other mostly: near is the bucket in which the one before ended, and
// that of this one is given back.
func (s *Series) addSpan(place int, span *books.Span, from, to schema.Instant, near int) int {
	from, to = max(from, span.From), min(to, span.To)
	if from >= to {
		return near
	}
	i := near
	if b := &s.buckets[i]; from < b.From || b.To <= from {
		i, _ = s.at(from)
	}
	for ; i < len(s.buckets) && s.buckets[i].From < to; i++ {
		q, known := span.Part(max(from, s.buckets[i].From), min(to, s.buckets[i].To))
		c := &s.cells[i*s.places+place]
		c.quantity.Add(int64(q))
		c.known += known
		if span.Estimated {
			c.estimated.Add(int64(q))
		}
	}
	return min(i, len(s.buckets)-1)
}

// addEntry adds a day of the ledger to the bucket that it lies in.
func (s *Series) addEntry(place int, e *books.Entry) {
	i, ok := s.at(s.zone.Start(e.Day))
	if !ok {
		return
	}
	s.add(i, place, e.Quantity, e.Estimated, e.Known)
}

func (s *Series) add(bucket, place int, quantity, estimated schema.Quantity, known int64) {
	c := &s.cells[bucket*s.places+place]
	c.quantity.Add(int64(quantity))
	c.estimated.Add(int64(estimated))
	c.known += known
}

// expect tells that a number of meters should have reported on local days of
// their own calendar, up to a moment.
func (s *Series) expect(place int, days schema.Validity, calendar *time.Location, meters int64, until schema.Instant) {
	for i, b := range s.buckets {
		from, to := b.From, b.To
		if s.byDay {
			first, last := max(days.From, s.zone.DayOf(b.From)), min(days.To, s.zone.DayOf(b.To))
			if first >= last {
				continue
			}
			from, to = first.Start(calendar), last.Start(calendar)
		} else {
			if days.From != schema.Always {
				from = max(from, days.From.Start(calendar))
			}
			if days.To != schema.Never {
				to = min(to, days.To.Start(calendar))
			}
		}
		if to = min(to, until); from < to {
			s.cells[i*s.places+place].expected += meters * to.Sub(from)
		}
	}
}
