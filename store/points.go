package store

import (
	"cmp"
	"context"
	"slices"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// Points gives all stored readings of the stretches, sorted by meter and then as
// [books.Sort] sorts. knownAt limits them to what was recorded by then; 0 means
// now. Stretches of one meter must not overlap.
func (s *Store) Points(ctx context.Context, stretches []posting.Stretch, knownAt schema.Instant) (points []posting.Reading, err error) {
	if len(stretches) == 0 {
		return nil, nil
	}
	if knownAt == 0 {
		knownAt = schema.MaxInstant
	}
	err = s.read(ctx, func(c *duck.Conn) error {
		return c.Transaction(ctx, func() error {
			points, err = pointsOn(ctx, c, stretches, knownAt)
			return err
		})
	})
	return points, err
}

// readingColumns are what readBlock decodes.
const readingColumns = `meter, time, value, start, received, recorded, revision, unit, kind, register, deleted, original, decimals`

// pointsOn reads the stretches on a connection, in a transaction: while readings
// settle, they must not be seen twice or not at all. knownAt is not 0.
func pointsOn(ctx context.Context, c *duck.Conn, stretches []posting.Stretch, knownAt schema.Instant) (points []posting.Reading, err error) {
	var blocks [][]posting.Reading // put together once all are there: growing one list copies it again and again
	err = withStretches(ctx, c, stretches, func(from, to schema.Instant) error {
		settled, err := settledPoints(ctx, c, from, to, knownAt)
		if err != nil {
			return err
		}
		blocks = append(blocks, settled...)
		return each(ctx, c, func(b duck.Block) { blocks = append(blocks, readBlock(b)) },
			`SELECT r.* FROM (SELECT `+readingColumns+` FROM readings) r JOIN stretches s ON r.meter = s.meter AND r.time BETWEEN s.lo AND s.hi
			WHERE r.time BETWEEN $1 AND $2 AND r.recorded <= $3`,
			int64(from), int64(to), int64(knownAt))
	})
	points = slices.Concat(blocks...)
	SortReadings(points)
	return points, err
}

// SortReadings sorts by meter, then as [books.Sort] sorts. Readings are dealt to
// their meters first and each meter's few are sorted on their own, which is
// several times faster than sorting all of them.
func SortReadings(readings []posting.Reading) {
	if slices.IsSortedFunc(readings, func(a, b posting.Reading) int {
		return cmp.Or(cmp.Compare(a.Meter, b.Meter), books.Compare(&a.Point, &b.Point))
	}) {
		return
	}
	counts := map[int32]int{}
	for i := range readings {
		counts[readings[i].Meter]++
	}
	meters := make([]int32, 0, len(counts))
	for meter := range counts {
		meters = append(meters, meter)
	}
	slices.Sort(meters)
	next := make(map[int32]int, len(meters))
	at := 0
	for _, meter := range meters {
		next[meter] = at
		at += counts[meter]
	}
	dealt := make([]posting.Reading, len(readings))
	for i := range readings {
		place := next[readings[i].Meter]
		dealt[place] = readings[i]
		next[readings[i].Meter] = place + 1
	}
	var runs []int
	for _, meter := range meters {
		end := next[meter]
		start := end - counts[meter]
		runs = sortRuns(readings[start:end], dealt[start:end], runs)
	}
}

// sortRuns sorts the readings of one meter from given, which it writes to, into
// sorted, which is as long. Readings are stored as they arrive, and a scan by two
// threads hands out blocks of them: they are a few runs that are in order already,
// and those are merged. ends is room that is used again.
func sortRuns(sorted, given []posting.Reading, ends []int) []int {
	ends = ends[:0]
	for i := 1; i <= len(given); i++ {
		if i == len(given) || books.Compare(&given[i-1].Point, &given[i].Point) > 0 {
			ends = append(ends, i)
		}
	}
	from, to := given, sorted
	for len(ends) > 1 {
		start, n := 0, 0
		for k := 0; k < len(ends); k += 2 {
			middle := ends[k]
			end := ends[min(k+1, len(ends)-1)]
			merge(to[start:end], from[start:middle], from[middle:end])
			start, ends[n] = end, end
			n++
		}
		ends = ends[:n]
		from, to = to, from
	}
	if len(given) > 0 && &from[0] != &sorted[0] {
		copy(sorted, from)
	}
	return ends
}

// merge writes two sorted lists to one that is as long as both.
func merge(to, a, b []posting.Reading) {
	for len(a) > 0 && len(b) > 0 {
		if books.Compare(&b[0].Point, &a[0].Point) < 0 {
			to[0], b = b[0], b[1:]
		} else {
			to[0], a = a[0], a[1:]
		}
		to = to[1:]
	}
	copy(to[copy(to, a):], b)
}

// stretchesAtOnce bounds how far apart stretches may lie that are joined in one
// scan: a scan reads everything between its first and its last instant.
const stretchesAtOnce = schema.Instant(3 * 24 * schema.Hour)

// withStretches fills the temporary table of stretches and runs work for each
// group of stretches that lie near each other in time, so that one late week
// does not make the many late minutes scan a week.
func withStretches(ctx context.Context, c *duck.Conn, stretches []posting.Stretch, work func(from, to schema.Instant) error) error {
	stretches = slices.Clone(stretches)
	slices.SortFunc(stretches, func(a, b posting.Stretch) int { return int(max(-1, min(1, a.From-b.From))) })
	for len(stretches) > 0 {
		n, to := 1, stretches[0].To
		for n < len(stretches) && stretches[n].From <= max(stretches[0].From+stretchesAtOnce, to) && stretches[n].To-stretches[0].From <= max(2*stretchesAtOnce, to-stretches[0].From) {
			to = max(to, stretches[n].To)
			n++
		}
		group := stretches[:n]
		stretches = stretches[n:]
		if _, err := c.Exec(ctx, `CREATE OR REPLACE TEMPORARY TABLE stretches (meter INTEGER, lo BIGINT, hi BIGINT)`); err != nil {
			return err
		}
		err := c.Append("stretches", []duck.Type{duck.Int32, duck.Int64, duck.Int64}, len(group), func(b duck.Block, from int) {
			meter, lo, hi := duck.Column[int32](b, 0), duck.Column[int64](b, 1), duck.Column[int64](b, 2)
			for i := range b.Rows() {
				g := group[from+i]
				meter[i], lo[i], hi[i] = g.Meter, int64(g.From), int64(g.To)
			}
		})
		if err != nil {
			return err
		}
		if err := work(group[0].From, to); err != nil {
			return err
		}
	}
	return nil
}

// sizes gives the micro-units of the last decimal that is stored.
var sizes = [...]int64{1_000_000, 100_000, 10_000, 1_000, 100, 10, 1}

// readBlock decodes a block of the readings' columns in the table's order.
func readBlock(b duck.Block) []posting.Reading {
	points := make([]posting.Reading, b.Rows())
	meter, time, value := duck.Column[int32](b, 0), duck.Column[int64](b, 1), duck.Column[int64](b, 2)
	start, received, recorded := duck.Column[int64](b, 3), duck.Column[int64](b, 4), duck.Column[int64](b, 5)
	revision, unit, kind := duck.Column[int32](b, 6), duck.Column[uint8](b, 7), duck.Column[uint8](b, 8)
	register, deleted := duck.Column[uint8](b, 9), duck.Column[bool](b, 10)
	places := duck.Column[uint8](b, 12)
	originals := b.Nulls(11)
	for i := range b.Rows() {
		points[i] = posting.Reading{Meter: meter[i], Recorded: schema.Instant(recorded[i]), Point: books.Point{
			Time: schema.Instant(time[i]), Start: schema.Instant(start[i]), Received: schema.Instant(received[i]),
			Value: schema.Quantity(value[i] * sizes[places[i]]), Revision: revision[i], Unit: schema.Unit(unit[i]), Kind: schema.Kind(kind[i]),
			Register: register[i], Deleted: deleted[i],
		}}
		if !originals.At(i) {
			points[i].Original = b.Text(11, i)
		}
	}
	return points
}
