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
// readings, and how many readings that were.
func (s *Store) Retire(ctx context.Context, before schema.Instant) (list []posting.Retired, readings int64, err error) {
	s.write.Lock()
	defer s.write.Unlock()
	err = s.writer.Transaction(ctx, func() error {
		if _, err := s.writer.Exec(ctx, keepSQL, int64(before), int64(books.Anchors)); err != nil {
			return err
		}
		if readings, err = s.writer.Exec(ctx, `DELETE FROM readings USING keep WHERE readings.meter = keep.meter AND readings.time < keep.first`); err != nil {
			return err
		}
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

// keepSQL finds where each meter's kept readings begin. Plain is a reading with
// one version that nothing is noted of.
const keepSQL = `CREATE OR REPLACE TEMPORARY TABLE keep AS
	WITH plain AS (
		SELECT meter, time FROM (
			SELECT meter, time, count(*) AS versions, bool_or(deleted) AS gone FROM readings WHERE time < $1 GROUP BY meter, time
		) WHERE versions = 1 AND NOT gone
		  AND (meter, time) NOT IN (SELECT (meter, time) FROM codes WHERE code <> '')
	), latest AS (
		SELECT meter, max(time, $2) AS times FROM plain GROUP BY meter
	), bounds AS (
		SELECT meter, list_min(times) AS first, list_max(times) AS until FROM latest WHERE len(times) = $2
	)
	SELECT b.meter, b.first, b.until FROM bounds b
	WHERE EXISTS (SELECT 1 FROM readings r WHERE r.meter = b.meter AND r.time < b.first)`

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
