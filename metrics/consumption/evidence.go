package consumption

import (
	"context"
	"fmt"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Evidence is what the consumption of one meter over a stretch rests on.
type Evidence struct {
	// Readings are all stored versions that were looked at, sorted as books.Sort
	// sorts; some lie before and after the stretch.
	Readings []posting.Reading
	// Winners are the versions that count, and Codes what judging said of each.
	Winners []books.Point
	Codes   []schema.Code
	// Spans are those that reach into the stretch, sorted. Their parts in it are
	// what [Read] adds up.
	Spans []books.Span
}

// Trace judges the readings of a meter once more, as far around [from, to) as is
// needed, as known at a moment (0: now). now is the moment after which no
// reading can be expected.
func Trace(ctx context.Context, source Source, m *Member, from, to, knownAt, now schema.Instant) (*Evidence, error) {
	r := reader{source: source, query: &Query{KnownAt: knownAt}}
	for w := newWindow(m, from, to, now, nil, knownAt != 0); ; w.widen() {
		readings, err := source.Points(ctx, stretchesOf([]*window{w}), knownAt)
		if err != nil {
			return nil, fmt.Errorf("readings from %s to %s: %w", from, to, err)
		}
		apart, err := r.apart(ctx, []*window{w})
		if err != nil {
			return nil, fmt.Errorf("verdicts from %s to %s: %w", from, to, err)
		}
		var judged books.Judgement
		winners, ok := w.judge(&judged, posting.PointsOf(readings, m.Number), apart[m.Number])
		if !ok {
			continue
		}
		e := &Evidence{Readings: readings, Winners: winners, Codes: judged.Codes}
		for _, s := range judged.Spans {
			if s.From < to && from < s.To {
				e.Spans = append(e.Spans, s)
			}
		}
		return e, nil
	}
}
