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

// addPacks finds the packs of the stretches in the temporary table of that name,
// which lie within s.
func (g *gathering) addPacks(ctx context.Context, c *duck.Conn, s stretchBounds) error {
	return each(ctx, c, func(b duck.Block) {
		meter, day, readings := duck.Column[int32](b, 0), duck.Column[int32](b, 1), duck.Column[int32](b, 2)
		lo, hi := duck.Column[int64](b, 3), duck.Column[int64](b, 4)
		for i := range meter {
			from := len(g.data)
			g.data = append(g.data, b.Bytes(5, i)...)
			g.packs = append(g.packs, packPart{
				meter[i], schema.Day(day[i]), schema.Instant(lo[i]), schema.Instant(hi[i]), int(readings[i]), from, len(g.data),
			})
		}
	}, `SELECT p.meter, p.day, p.readings, s.lo, s.hi, p.data
		FROM settled p JOIN stretches s ON p.meter = s.meter AND p.day <= s.hi // 86400000 AND p.until >= s.lo // 86400000
		WHERE p.meter BETWEEN $1 AND $2 AND p.until >= $3 AND p.day <= $4 AND p.earliest <= $5`,
		s.first, s.last, int32(utcDay(s.from)), int32(utcDay(s.to)), int64(g.knownAt))
}

// sorted gives all readings, sorted by meter and then as [books.Sort] sorts. Packs
// are unpacked into their place: those of a meter are in order mostly.
func (g *gathering) sorted() ([]posting.Reading, error) {
	dealt, hands := deal(g.blocks)
	var s sorter
	if len(g.packs) == 0 {
		for _, h := range hands {
			s.sort(dealt[h.from:h.to])
		}
		return dealt, nil
	}
	slices.SortFunc(g.packs, func(a, b packPart) int { return cmp.Or(cmp.Compare(a.meter, b.meter), cmp.Compare(a.day, b.day)) })
	total := len(dealt)
	for i := range g.packs {
		total += g.packs[i].readings
	}
	points := make([]posting.Reading, 0, total)
	var packer pack.Packer
	packs := g.packs
	for len(packs) > 0 || len(hands) > 0 {
		var meter int32
		switch {
		case len(hands) == 0:
			meter = packs[0].meter
		case len(packs) == 0:
			meter = hands[0].meter
		default:
			meter = min(packs[0].meter, hands[0].meter)
		}
		start := len(points)
		for ; len(packs) > 0 && packs[0].meter == meter; packs = packs[1:] {
			p, at := &packs[0], len(points)
			var err error
			if points, err = decodePack(&packer, points, meter, g.data[p.from:p.to]); err != nil {
				return nil, err
			}
			points = points[:at+copy(points[at:], within(points[at:], p.lo, p.hi, g.knownAt))]
		}
		if len(hands) > 0 && hands[0].meter == meter {
			points = append(points, dealt[hands[0].from:hands[0].to]...)
			hands = hands[1:]
		}
		s.sort(points[start:])
	}
	return points, nil
}
