package store

import (
	"context"
	"fmt"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// Retire lets readings go that are older than a moment, and their verdicts. The
// books stay. Of each meter the latest [books.Anchors] plainly accepted readings
// before the moment are kept, and everything after the first of them: judging may
// begin there. A meter that has fewer keeps all. It gives the meters that lost
// readings, and how many readings that were. A moment at which a week begins takes
// whole packs, and is much cheaper than another.
func (s *Store) Retire(ctx context.Context, before schema.Instant) (list []posting.Retired, readings int64, err error) {
	s.settling.Lock()
	defer s.settling.Unlock()
	s.write.Lock()
	defer s.write.Unlock()
	err = s.writer.Transaction(ctx, func() error {
		keep, err := keptOn(ctx, s.writer, before)
		if err != nil {
			return err
		}
		if err := fillKeep(ctx, s.writer, keep); err != nil {
			return err
		}
		if readings, err = s.writer.Exec(ctx, `DELETE FROM readings USING keep WHERE readings.meter = keep.meter AND readings.time < keep.first`); err != nil {
			return err
		}
		packed, err := retirePacks(ctx, s.writer, keep)
		if err != nil {
			return err
		}
		readings += packed
		for _, sql := range []string{
			`DELETE FROM codes USING keep WHERE codes.meter = keep.meter AND codes.time < keep.first`,
			`DELETE FROM retired USING keep WHERE retired.meter = keep.meter`,
			`INSERT INTO retired SELECT meter, first, until FROM keep`,
			`UPDATE heads SET first = keep.first FROM keep WHERE heads.meter = keep.meter`,
		} {
			if _, err := s.writer.Exec(ctx, sql); err != nil {
				return err
			}
		}
		list, err = retiredOn(ctx, s.writer, `SELECT meter, first, until FROM keep ORDER BY meter`)
		if err != nil {
			return err
		}
		_, err = s.writer.Exec(ctx, `DROP TABLE keep`)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("let readings before %s go: %w", before, err)
	}
	return list, readings, nil
}

// The last readings before the moment are looked for over a day of so many meters,
// and over longer and longer stretches of fewer meters where that was too short.
const (
	keptReach  = schema.Instant(24 * schema.Hour)
	keptMeters = 10_000
	keptGrowth = 7
)

// keptOn finds where each meter's kept readings begin.
func keptOn(ctx context.Context, c *duck.Conn, before schema.Instant) (keep []posting.Retired, err error) {
	var open []int32
	err = each(ctx, c, func(b duck.Block) { open = append(open, duck.Column[int32](b, 0)...) },
		`SELECT meter FROM readings WHERE time < $1 UNION SELECT meter FROM settled WHERE first < $1 ORDER BY meter`, int64(before))
	if err != nil {
		return nil, err
	}
	reach, some := keptReach, keptMeters
	for len(open) > 0 {
		from := max(schema.MinInstant, before-reach)
		var short []int32
		for len(open) > 0 {
			chunk := open[:min(some, len(open))]
			open = open[len(chunk):]
			found, err := keptWithin(ctx, c, chunk, from, before)
			if err != nil {
				return nil, err
			}
			for _, meter := range chunk {
				if k, ok := found[meter]; ok {
					keep = append(keep, k)
				} else {
					short = append(short, meter)
				}
			}
		}
		if from == schema.MinInstant {
			break // what is short now keeps all
		}
		open, reach, some = short, reach*keptGrowth, max(1, some/keptGrowth)
	}
	return keep, nil
}

// keptWithin finds the latest plainly accepted readings in [from, before): those
// with one version that nothing is noted of.
func keptWithin(ctx context.Context, c *duck.Conn, meters []int32, from, before schema.Instant) (map[int32]posting.Retired, error) {
	stretches := make([]posting.Stretch, len(meters))
	for i, meter := range meters {
		stretches[i] = posting.Stretch{Meter: meter, From: from, To: before - 1}
	}
	points, err := pointsOn(ctx, c, stretches, schema.MaxInstant)
	if err != nil {
		return nil, err
	}
	codes, err := codesOn(ctx, c, meters, from, before)
	if err != nil {
		return nil, err
	}
	type place struct {
		meter int32
		time  schema.Instant
	}
	noted := make(map[place]bool, len(codes))
	for i := range codes {
		noted[place{codes[i].Meter, codes[i].Time}] = true
	}
	found, plain := map[int32]posting.Retired{}, map[int32]int{}
	for end := len(points); end > 0; {
		first, r := end-1, &points[end-1]
		for first > 0 && points[first-1].Meter == r.Meter && points[first-1].Time == r.Time {
			first--
		}
		if end-first == 1 && !r.Deleted && !noted[place{r.Meter, r.Time}] {
			k := found[r.Meter]
			switch n := plain[r.Meter]; {
			case n == 0:
				found[r.Meter] = posting.Retired{Meter: r.Meter, First: r.Time, Until: r.Time}
			case n < books.Anchors:
				k.First = r.Time
				found[r.Meter] = k
			}
			plain[r.Meter]++
		}
		end = first
	}
	for meter := range found {
		if plain[meter] < books.Anchors {
			delete(found, meter)
		}
	}
	return found, nil
}

// fillKeep fills the temporary table of the meters that have older readings than
// those they keep.
func fillKeep(ctx context.Context, c *duck.Conn, keep []posting.Retired) error {
	if _, err := c.Exec(ctx, `CREATE OR REPLACE TEMPORARY TABLE keep (meter INTEGER, first BIGINT, until BIGINT)`); err != nil {
		return err
	}
	err := c.Append("keep", []duck.Type{duck.Int32, duck.Int64, duck.Int64}, len(keep), func(b duck.Block, from int) {
		meter, first, until := duck.Column[int32](b, 0), duck.Column[int64](b, 1), duck.Column[int64](b, 2)
		for i := range b.Rows() {
			k := &keep[from+i]
			meter[i], first[i], until[i] = k.Meter, int64(k.First), int64(k.Until)
		}
	})
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, `DELETE FROM keep k
		WHERE NOT EXISTS (SELECT 1 FROM readings r WHERE r.meter = k.meter AND r.time < k.first)
		  AND NOT EXISTS (SELECT 1 FROM settled p WHERE p.meter = k.meter AND p.first < k.first)`)
	return err
}

// retirePacks takes away what has settled before each meter's first kept reading,
// and packs anew what else was in a pack with it.
func retirePacks(ctx context.Context, c *duck.Conn, keep []posting.Retired) (readings int64, err error) {
	begin := make(map[int32]schema.Instant, len(keep))
	for i := range keep {
		begin[keep[i].Meter] = keep[i].First
	}
	var rest packing
	err = eachPack(ctx, c, func(readings []posting.Reading) error {
		rest.add(within(readings, begin[readings[0].Meter], schema.MaxInstant, schema.MaxInstant))
		return nil
	}, `SELECT p.meter, p.data FROM settled p JOIN keep k ON p.meter = k.meter WHERE p.first < k.first AND p.last >= k.first ORDER BY p.meter, p.first`)
	if err != nil {
		return 0, err
	}
	if err := rest.end(); err != nil {
		return 0, err
	}
	gone, err := scalar(ctx, c, `SELECT coalesce(sum(p.readings), 0) FROM settled p JOIN keep k ON p.meter = k.meter WHERE p.first < k.first`)
	if err != nil {
		return 0, err
	}
	if _, err := c.Exec(ctx, `DELETE FROM settled USING keep WHERE settled.meter = keep.meter AND settled.first < keep.first`); err != nil {
		return 0, err
	}
	return gone - rest.readings, appendPacks(c, rest.packs)
}

// KeptSince gives the moment up to which readings of some meter were let go; 0
// where all are kept.
func (s *Store) KeptSince(ctx context.Context) (until schema.Instant, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		last, err := scalar(ctx, c, `SELECT coalesce(max(until), 0) FROM retired`)
		until = schema.Instant(last)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("find since when readings are kept: %w", err)
	}
	return until, nil
}

const retiredSQL = `SELECT meter, first, until FROM retired ORDER BY meter`

func retiredOn(ctx context.Context, c *duck.Conn, sql string) (list []posting.Retired, err error) {
	err = each(ctx, c, func(b duck.Block) {
		first, until := duck.Column[int64](b, 1), duck.Column[int64](b, 2)
		for i, meter := range duck.Column[int32](b, 0) {
			list = append(list, posting.Retired{Meter: meter, First: schema.Instant(first[i]), Until: schema.Instant(until[i])})
		}
	}, sql)
	return list, err
}
