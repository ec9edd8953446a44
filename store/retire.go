package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// Retire lets readings go that are older than a moment, and their verdicts. The
// books stay. Of each meter the latest [books.Anchors] plainly accepted readings
// before the moment are kept, and everything after the first of them: judging may
// begin there. A meter that has fewer keeps all. It gives the meters that lost
// readings, and how many readings that were.
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
		var gone retiring
		if err := gone.find(ctx, s.writer, keep); err != nil {
			return err
		}
		if readings, list = gone.readings, gone.list; readings == 0 {
			return nil
		}
		if err := appendPacks(s.writer, gone.rest.packs); err != nil {
			return err
		}
		for _, sql := range []string{
			`DELETE FROM readings USING keep WHERE readings.meter = keep.meter AND readings.time < keep.first`,
			`DELETE FROM settled USING keep WHERE settled.meter = keep.meter AND settled.until < keep.first // 86400000`,
			`DELETE FROM settled WHERE rowid IN (SELECT pack FROM trimmed)`,
			`DELETE FROM codes USING keep WHERE codes.meter = keep.meter AND codes.time < keep.first`,
			`DELETE FROM retired USING keep WHERE retired.meter = keep.meter`,
			`INSERT INTO retired SELECT meter, first, until FROM keep`,
			`UPDATE heads SET first = keep.first FROM keep WHERE heads.meter = keep.meter`,
			`DROP TABLE keep`,
			`DROP TABLE trimmed`,
		} {
			if _, err := s.writer.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("let readings before %s go: %w", before, err)
	}
	return list, readings, nil
}

// retiring is what is let go.
type retiring struct {
	lost     map[int32]int64 // readings of each meter
	list     []posting.Retired
	readings int64
	// rest are the readings that stay of packs that lose others.
	rest packing
}

// find fills the temporary tables keep, of the meters that lose readings, and
// trimmed, of the packs that lose some of theirs.
func (r *retiring) find(ctx context.Context, c *duck.Conn, keep []posting.Retired) error {
	if err := fillKeep(ctx, c, keep); err != nil {
		return err
	}
	r.lost = map[int32]int64{}
	err := each(ctx, c, func(b duck.Block) {
		lost := duck.Column[int64](b, 1)
		for i, meter := range duck.Column[int32](b, 0) {
			r.lost[meter] += lost[i]
		}
	}, `SELECT r.meter, count(*) FROM readings r JOIN keep k ON r.meter = k.meter WHERE r.time < k.first GROUP BY r.meter
		UNION ALL
		SELECT p.meter, sum(p.readings)::BIGINT FROM settled p JOIN keep k ON p.meter = k.meter WHERE p.until < k.first // 86400000 GROUP BY p.meter`)
	if err != nil {
		return err
	}
	if err := r.trim(ctx, c, keep); err != nil {
		return err
	}
	for _, k := range keep {
		if lost := r.lost[k.Meter]; lost > 0 {
			r.list = append(r.list, k)
			r.readings += lost
		}
	}
	slices.SortFunc(r.list, func(a, b posting.Retired) int { return cmp.Compare(a.Meter, b.Meter) })
	return fillKeep(ctx, c, r.list)
}

// trim looks into the packs of the days on which the kept readings begin.
func (r *retiring) trim(ctx context.Context, c *duck.Conn, keep []posting.Retired) error {
	begin := make(map[int32]schema.Instant, len(keep))
	for _, k := range keep {
		begin[k.Meter] = k.First
	}
	if _, err := c.Exec(ctx, `CREATE OR REPLACE TEMPORARY TABLE trimmed (pack BIGINT)`); err != nil {
		return err
	}
	var trimmed []int64
	err := eachPack(ctx, c, func(p unpacked) error {
		meter := p.readings[0].Meter
		stay := within(p.readings, begin[meter], schema.MaxInstant, schema.MaxInstant)
		if lost := len(p.readings) - len(stay); lost > 0 {
			r.lost[meter] += int64(lost)
			r.rest.add(stay)
			trimmed = append(trimmed, p.row)
		}
		return nil
	}, `SELECT p.meter, p.data, p.rowid FROM settled p JOIN keep k ON p.meter = k.meter AND k.first // 86400000 BETWEEN p.day AND p.until ORDER BY p.meter, p.day`)
	if err = errors.Join(err, r.rest.end()); err != nil {
		return err
	}
	return c.Append("trimmed", []duck.Type{duck.Int64}, len(trimmed), func(b duck.Block, from int) {
		copy(duck.Column[int64](b, 0), trimmed[from:])
	})
}

// fillKeep fills the temporary table of where the kept readings of meters begin.
func fillKeep(ctx context.Context, c *duck.Conn, keep []posting.Retired) error {
	if _, err := c.Exec(ctx, `CREATE OR REPLACE TEMPORARY TABLE keep (meter INTEGER, first BIGINT, until BIGINT)`); err != nil {
		return err
	}
	return c.Append("keep", []duck.Type{duck.Int32, duck.Int64, duck.Int64}, len(keep), func(b duck.Block, from int) {
		meter, first, until := duck.Column[int32](b, 0), duck.Column[int64](b, 1), duck.Column[int64](b, 2)
		for i := range b.Rows() {
			k := &keep[from+i]
			meter[i], first[i], until[i] = k.Meter, int64(k.First), int64(k.Until)
		}
	})
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
