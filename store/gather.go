package store

import (
	"cmp"
	"context"
	"slices"

	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
	"jouleline/store/pack"
)

// gathering is what a question finds: readings that have not settled, in blocks as
// they arrived, and packs of those that have.
type gathering struct {
	knownAt schema.Instant
	blocks  [][]posting.Reading
	packs   []packPart
	data    []byte // of all packs
}

// packPart is a pack of which the readings in [lo, hi] are wanted.
type packPart struct {
	meter    int32
	day      schema.Day
	lo, hi   schema.Instant
	readings int
	from, to int // of its bytes
}

// packsSQL finds the packs of stretches. Every column that is read is a place of its
// own in the file, among a million packs for each month: what the packs tell themselves
// is not asked of the table.
const packsSQL = `SELECT p.meter, p.day, s.lo, s.hi, p.data
	FROM settled p JOIN stretches s ON p.meter = s.meter AND p.day <= s.hi // 86400000 AND p.until >= s.lo // 86400000
	WHERE p.meter BETWEEN $1 AND $2 AND p.until >= $3 AND p.day <= $4`

// find finds what there is of stretches.
func (g *gathering) find(ctx context.Context, c *duck.Conn, stretches []posting.Stretch) error {
	return withStretches(ctx, c, stretches, func(s stretchBounds) error {
		if err := g.addPacks(ctx, c, s); err != nil {
			return err
		}
		return each(ctx, c, func(b duck.Block) { g.blocks = append(g.blocks, readBlock(b)) },
			`SELECT r.* FROM (SELECT `+readingColumns+` FROM readings) r JOIN stretches s ON r.meter = s.meter AND r.time BETWEEN s.lo AND s.hi
			WHERE r.meter BETWEEN $1 AND $2 AND r.time BETWEEN $3 AND $4 AND r.recorded <= $5`,
			s.first, s.last, int64(s.from), int64(s.to), int64(g.knownAt))
	})
}

// addPacks finds the packs of the stretches in the temporary table of that name,
// which lie within s.
func (g *gathering) addPacks(ctx context.Context, c *duck.Conn, s stretchBounds) error {
	sql, args := packsSQL, []any{s.first, s.last, int32(utcDay(s.from)), int32(utcDay(s.to))}
	if g.knownAt < schema.MaxInstant {
		sql, args = sql+` AND p.earliest <= $5`, append(args, int64(g.knownAt))
	}
	return each(ctx, c, func(b duck.Block) {
		meter, day := duck.Column[int32](b, 0), duck.Column[int32](b, 1)
		lo, hi := duck.Column[int64](b, 2), duck.Column[int64](b, 3)
		for i := range meter {
			from, data := len(g.data), b.Bytes(4, i)
			g.data = append(g.data, data...)
			g.packs = append(g.packs, packPart{
				meter[i], schema.Day(day[i]), schema.Instant(lo[i]), schema.Instant(hi[i]), pack.Count(data), from, len(g.data),
			})
		}
	}, sql, args...)
}

// sorted gives all readings, sorted by meter and then as [books.Sort] sorts.
func (g *gathering) sorted() ([]posting.Reading, error) {
	if len(g.packs) == 0 {
		dealt, hands := deal(g.blocks)
		var s sorter
		for _, h := range hands {
			s.sort(dealt[h.from:h.to])
		}
		return dealt, nil
	}
	total := 0
	for _, block := range g.blocks {
		total += len(block)
	}
	for i := range g.packs {
		total += g.packs[i].readings
	}
	points := make([]posting.Reading, 0, total)
	err := g.each(func(readings []posting.Reading) error {
		points = append(points, readings...)
		return nil
	})
	return points, err
}

// most gives how many readings there are of a meter at most.
func (g *gathering) most(hands []hand) int {
	counts := map[int32]int{}
	for _, h := range hands {
		counts[h.meter] += h.to - h.from
	}
	for i := range g.packs {
		counts[g.packs[i].meter] += g.packs[i].readings
	}
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	return most
}

// each visits the readings of each meter, sorted, in the order of meters. Packs are
// unpacked into one room: those of a meter are in order mostly. What is visited is
// valid until the next visit.
func (g *gathering) each(visit func([]posting.Reading) error) error {
	w := g.walk()
	if w.most < unpackAhead {
		return w.each(visit)
	}
	return w.ahead(visit)
}

// walk goes through what was found, meter by meter.
func (g *gathering) walk() *walk {
	w := &walk{gathering: g}
	w.dealt, w.hands = deal(g.blocks)
	slices.SortFunc(g.packs, func(a, b packPart) int { return cmp.Or(cmp.Compare(a.meter, b.meter), cmp.Compare(a.day, b.day)) })
	w.left = g.packs
	w.most = g.most(w.hands)
	return w
}
