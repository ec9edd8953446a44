package consumption

import (
	"context"
	"errors"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Source gives what the books hold of single meters.
type Source interface {
	// Points gives all stored readings of the stretches, sorted by meter and
	// then as books.Sort sorts, as known at a moment (0: now). Stretches of one
	// meter do not overlap.
	Points(ctx context.Context, stretches []posting.Stretch, knownAt schema.Instant) ([]posting.Reading, error)
	// EachMeter visits the same meter by meter. What is visited is valid until the
	// next visit; an error of it ends the whole.
	EachMeter(ctx context.Context, stretches []posting.Stretch, knownAt schema.Instant, visit func([]posting.Reading) error) error
	// Codes gives the verdicts that hold on readings in [from, to), plain ones
	// left out.
	Codes(ctx context.Context, meters []int32, from, to schema.Instant) ([]posting.Code, error)
	// Latest gives the first and the latest reading of each of the meters that have
	// any.
	Latest(ctx context.Context, meters []int32) ([]posting.Known, error)
	// Booked sums the ledger of meters by day and cause, as known at a moment.
	Booked(ctx context.Context, meters []int32, days schema.Validity, knownAt schema.Instant) ([]posting.Entry, error)
}

// Member is a meter whose consumption is part of an answer.
type Member struct {
	// Number is the number under which the books keep the meter.
	Number int32
	Facts  *books.Meter
	// Place is the position of the factors that weigh its consumption.
	Place int
	// Counts are the local days on which its consumption is part of the answer,
	// Expected those on which it should have reported.
	Counts, Expected []schema.Validity
}

// Query asks for the course of one or more meters of one carrier.
type Query struct {
	// Members are meters, each once.
	Members []Member
	// Virtuals are virtual meters, versions apart.
	Virtuals []Virtual
	// Places is the number of places that members and virtual meters name.
	Places int
	// Buckets tile one stretch of time; Zone and Step are what they were cut by.
	Buckets []calendar.Bucket
	Zone    *calendar.Zone
	Step    calendar.Step
	// KnownAt asks as of a moment; 0 means now. The facts must be of that moment
	// too.
	KnownAt schema.Instant
	// Now is the moment after which no reading can be expected; not 0.
	Now schema.Instant
}

// ErrPartialDay tells that a stretch which begins or ends within a day was asked
// for by days, of meters that keep different calendars.
var ErrPartialDay = errors.New("want whole days: the meters keep different calendars")

// Read reads the course of meters from the books.
func Read(ctx context.Context, source Source, q Query) (*Series, error) {
	s := newSeries(q.Buckets, q.Zone, q.Places)
	if len(q.Buckets) == 0 {
		return s, nil
	}
	for i := range q.Members {
		m := &q.Members[i]
		for _, v := range m.Expected {
			s.expect(m.Place, v, m.Facts.Zone.Location(), 1, q.Now)
		}
	}
	from, to := q.Buckets[0].From, q.Buckets[len(q.Buckets)-1].To
	for i := range q.Virtuals {
		v := &q.Virtuals[i]
		for _, days := range v.Expected {
			s.expect(v.Place, days, v.Zone.Location(), 1, q.Now)
		}
	}
	r := reader{source: source, query: &q, series: s}
	for i := range q.Virtuals {
		if err := r.virtual(ctx, &q.Virtuals[i]); err != nil {
			return nil, err
		}
	}
	if len(q.Members) == 0 {
		return s, nil
	}
	if q.Step < calendar.DayStep {
		return s, r.spans(ctx, from, to)
	}
	return s, r.days(ctx, from, to)
}

// reader fills a series.
type reader struct {
	source Source
	query  *Query
	series *Series
	// points are those of the meter that is visited, judged what judging says of
	// them: room that is used again.
	points []books.Point
	judged books.Judgement
	// known tells where the meters' readings begin and end, once that was asked.
	known map[int32]posting.Known
}

// days sums the whole days of [from, to) from the ledger, and cuts what lies
// before and after them from the spans.
func (r *reader) days(ctx context.Context, from, to schema.Instant) error {
	edges, whole := parts(r.query.Zone, from, to)
	if (edges[0].From < edges[0].To || edges[1].From < edges[1].To) && r.mixesCalendars() {
		return ErrPartialDay
	}
	for _, edge := range edges {
		if edge.From < edge.To {
			if err := r.spans(ctx, edge.From, edge.To); err != nil {
				return err
			}
		}
	}
	if whole.From >= whole.To {
		return nil
	}
	return r.ledger(ctx, whole)
}

// parts divides [from, to) into the whole days in it and what lies before and
// after them.
func parts(zone *calendar.Zone, from, to schema.Instant) (edges [2]calendar.Bucket, whole schema.Validity) {
	first, last := zone.DayOf(from), zone.DayOf(to)
	if zone.Start(first) < from {
		first++
	}
	head := min(zone.Start(first), to)
	tail := max(zone.Start(last), head)
	return [2]calendar.Bucket{{From: from, To: head}, {From: tail, To: to}}, schema.Validity{From: first, To: last}
}

func (r *reader) mixesCalendars() bool {
	for i := range r.query.Members {
		if r.query.Members[i].Facts.Zone.Location().String() != r.query.Zone.Location().String() {
			return true
		}
	}
	return false
}

// ledger adds the booked days.
func (r *reader) ledger(ctx context.Context, days schema.Validity) error {
	numbers := make([]int32, len(r.query.Members))
	at := make(map[int32]*Member, len(r.query.Members))
	for i := range r.query.Members {
		m := &r.query.Members[i]
		numbers[i], at[m.Number] = m.Number, m
	}
	entries, err := r.source.Booked(ctx, numbers, days, r.query.KnownAt)
	if err != nil {
		return err
	}
	for i := range entries {
		e := &entries[i]
		if m := at[e.Meter]; m != nil && m.countsOn(e.Day) {
			r.series.addEntry(m.Place, &e.Entry)
		}
	}
	return nil
}

func (m *Member) countsOn(day schema.Day) bool {
	for _, v := range m.Counts {
		if v.Contains(day) {
			return true
		}
	}
	return false
}
