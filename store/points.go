package store

import (
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

// EachMeter visits the same meter by meter, in room that is used again.
func (s *Store) EachMeter(ctx context.Context, stretches []posting.Stretch, knownAt schema.Instant, visit func([]posting.Reading) error) error {
	if len(stretches) == 0 {
		return nil
	}
	if knownAt == 0 {
		knownAt = schema.MaxInstant
	}
	g := gathering{knownAt: knownAt}
	err := s.read(ctx, func(c *duck.Conn) error {
		return c.Transaction(ctx, func() error { return g.find(ctx, c, stretches) })
	})
	if err != nil {
		return err
	}
	return g.each(visit)
}

// readingColumns are what readBlock decodes.
const readingColumns = `meter, time, value, start, received, recorded, revision, unit, kind, register, deleted, original, decimals`

// pointsOn reads the stretches on a connection, in a transaction: while readings
// settle, they must not be seen twice or not at all. knownAt is not 0.
func pointsOn(ctx context.Context, c *duck.Conn, stretches []posting.Stretch, knownAt schema.Instant) ([]posting.Reading, error) {
	g := gathering{knownAt: knownAt}
	if err := g.find(ctx, c, stretches); err != nil {
		return nil, err
	}
	return g.sorted()
}

// stretchesAtOnce bounds how far apart stretches may lie that are joined in one
// scan: a scan reads everything between its first and its last instant.
const stretchesAtOnce = schema.Instant(3 * 24 * schema.Hour)

// stretchBounds bounds stretches: their meters and their times, both included.
type stretchBounds struct {
	first, last int32
	from, to    schema.Instant
}

// withStretches fills the temporary table of stretches and runs work for each
// group of stretches that lie near each other in time, so that one late week
// does not make the many late minutes scan a week.
func withStretches(ctx context.Context, c *duck.Conn, stretches []posting.Stretch, work func(stretchBounds) error) error {
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
		bounds := stretchBounds{first: group[0].Meter, last: group[0].Meter, from: group[0].From, to: to}
		for i := range group {
			bounds.first, bounds.last = min(bounds.first, group[i].Meter), max(bounds.last, group[i].Meter)
		}
		if err := work(bounds); err != nil {
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
