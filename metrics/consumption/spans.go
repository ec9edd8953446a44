package consumption

import (
	"context"
	"slices"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// A stretch is judged in chunks, so that not all of its readings are in memory at
// once: chunkReadings of all meters, which is four years of quarter hours for three
// meters and 50 MB, and at least chunkIntervals of the busiest meter, which at 15
// minutes is six weeks and half a megabyte a meter.
const (
	chunkReadings  = 420_000
	chunkIntervals = 4096
)

// spans cuts the judged spans of all members in [from, to) into the buckets.
func (r *reader) spans(ctx context.Context, from, to schema.Instant) error {
	if r.query.KnownAt != 0 {
		// What was plain then is not recorded; it follows from all readings.
		return r.chunk(ctx, from, to)
	}
	length := r.chunkLength()
	for at := from; at < to; at += length {
		if err := r.chunk(ctx, at, min(at+length, to)); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) chunkLength() schema.Instant {
	intervals := max(chunkIntervals, chunkReadings/int64(max(1, len(r.query.Members))))
	return schema.Instant(min(r.shortestInterval(), int64(schema.MaxInstant)/intervals) * intervals)
}

// shortestInterval gives that of the busiest meter in milliseconds.
func (r *reader) shortestInterval() int64 {
	least := int64(schema.MaxInstant) / longChunk
	for i := range r.query.Members {
		for _, era := range r.query.Members[i].Facts.Eras {
			if era.Interval > 0 {
				least = min(least, era.Interval)
			}
		}
	}
	return least
}

// chunk judges all members in [from, to), reading them together and once more,
// further, those whose window was too short.
func (r *reader) chunk(ctx context.Context, from, to schema.Instant) error {
	if err := r.learn(ctx, from, to); err != nil {
		return err
	}
	var open []*window
	for i := range r.query.Members {
		m := &r.query.Members[i]
		if m.countsIn(from, to) {
			open = append(open, newWindow(m, from, to, r.query.Now, r.knownOf(m), r.query.KnownAt != 0))
		}
	}
	for len(open) > 0 {
		apart, err := r.apart(ctx, open)
		if err != nil {
			return err
		}
		var short []*window
		judge := func(w *window, points []books.Point) {
			if _, ok := w.judge(&r.judged, points, apart[w.member.Number]); ok {
				r.add(w, r.judged.Spans)
				return
			}
			w.widen()
			short = append(short, w)
		}
		unseen := make(map[int32]*window, len(open))
		for _, w := range open {
			unseen[w.member.Number] = w
		}
		err = r.source.EachMeter(ctx, stretchesOf(open), r.query.KnownAt, func(readings []posting.Reading) error {
			meter := readings[0].Meter
			r.points = posting.AppendPoints(r.points[:0], readings)
			judge(unseen[meter], r.points)
			delete(unseen, meter)
			return nil
		})
		if err != nil {
			return err
		}
		for _, w := range open {
			if unseen[w.member.Number] == w {
				judge(w, nil)
			}
		}
		open = short
	}
	return nil
}

// longChunk is from how many intervals on it is worth asking where the readings
// begin and end: a long window that proves too short is read once more, and again.
const longChunk = 1000

// learn asks where the readings of the members begin and end, for long windows.
func (r *reader) learn(ctx context.Context, from, to schema.Instant) error {
	if r.known != nil || r.query.KnownAt != 0 || to.Sub(from) < longChunk*r.shortestInterval() {
		return nil
	}
	numbers := make([]int32, len(r.query.Members))
	for i := range r.query.Members {
		numbers[i] = r.query.Members[i].Number
	}
	known, err := r.source.Latest(ctx, numbers)
	if err != nil {
		return err
	}
	r.known = make(map[int32]posting.Known, len(known))
	for _, k := range known {
		r.known[k.Meter] = k
	}
	return nil
}

// knownOf gives what was learned of a meter: one without readings has none before
// the end of time, and none after its beginning.
func (r *reader) knownOf(m *Member) *posting.Known {
	if r.known == nil {
		return nil
	}
	k, ok := r.known[m.Number]
	if !ok {
		k = posting.Known{Meter: m.Number, First: schema.MaxInstant, Seen: schema.MinInstant}
	}
	return &k
}

// stretchesOf gives what windows reach over.
func stretchesOf(open []*window) []posting.Stretch {
	stretches := make([]posting.Stretch, len(open))
	for i, w := range open {
		stretches[i] = posting.Stretch{Meter: w.member.Number, From: w.lo, To: w.hi}
	}
	return stretches
}

// apart gives the times, sorted, of each meter's readings in windows that are not
// plainly accepted; none for windows over everything, which need not know.
func (r *reader) apart(ctx context.Context, open []*window) (map[int32][]schema.Instant, error) {
	if r.query.KnownAt != 0 {
		return nil, nil
	}
	numbers := make([]int32, len(open))
	lo, hi := open[0].lo, open[0].hi
	for i, w := range open {
		numbers[i] = w.member.Number
		lo, hi = min(lo, w.lo), max(hi, w.hi)
	}
	codes, err := r.source.Codes(ctx, numbers, lo, hi+1)
	if err != nil {
		return nil, err
	}
	apart := map[int32][]schema.Instant{}
	for i := range codes {
		if c := &codes[i]; c.Code != schema.Accepted {
			apart[c.Meter] = append(apart[c.Meter], c.Time)
		}
	}
	for _, times := range apart {
		slices.Sort(times)
	}
	return apart, nil
}

// add cuts spans into the buckets, where the meter counts.
func (r *reader) add(w *window, spans []books.Span) {
	for _, v := range w.member.Counts {
		from, to := w.member.Facts.Zone.Between(v)
		from, to = max(from, w.from), min(to, w.to)
		bucket := 0
		for i := range spans {
			bucket = r.series.addSpan(w.member.Place, &spans[i], from, to, bucket)
		}
	}
}

func (m *Member) countsIn(from, to schema.Instant) bool {
	for _, v := range m.Counts {
		if lo, hi := m.Facts.Zone.Between(v); max(lo, from) < min(hi, to) {
			return true
		}
	}
	return false
}
