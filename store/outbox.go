package store

import (
	"context"
	"fmt"

	"jouleline/schema"
	"jouleline/store/duck"
)

// Touch is a local day of a meter whose books changed.
type Touch struct {
	Day   schema.Day
	Meter int32
	// Lossy tells that something known may have been booked out, so that what was
	// told of the day before may have become unknown.
	Lossy bool
}

// TouchQuery asks for what was booked in (After, Upto], for local days Days.
type TouchQuery struct {
	After, Upto schema.Instant
	Days        schema.Validity
	// From is the touch after which the page begins; its Meter is -1 for the
	// whole day. Limit bounds the page.
	From  Touch
	Limit int
}

// Touched gives the days of meters that the ledger was written for, in order of
// days and meters. The ledger is the outbox of whoever publishes: recorded-at only
// grows, a transaction has one, and what is folded carries the latest of its rows,
// so nothing that was recorded after a moment is ever found before it.
func (s *Store) Touched(ctx context.Context, q TouchQuery) (list []Touch, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			meter, lossy := duck.Column[int32](b, 1), duck.Column[bool](b, 2)
			for i, day := range duck.Column[int32](b, 0) {
				list = append(list, Touch{schema.Day(day), meter[i], lossy[i]})
			}
		}, `SELECT day, meter, bool_or(known <= 0 OR recorded < (SELECT coalesce(max(until), 0) FROM folded)) FROM ledger
			WHERE recorded > $1 AND recorded <= $2 AND day >= $3 AND day < $4 AND (day > $5 OR day = $5 AND meter > $6)
			GROUP BY day, meter ORDER BY day, meter LIMIT $7`,
			int64(q.After), int64(q.Upto), int32(q.Days.From), int32(q.Days.To), int32(q.From.Day), q.From.Meter, q.Limit)
	})
	if err != nil {
		return nil, fmt.Errorf("read what was booked after %s: %w", q.After, err)
	}
	return list, nil
}

// Cursor gives the recorded-at up to which a stream is published; ok is false
// where it never was.
func (s *Store) Cursor(ctx context.Context, stream string) (at schema.Instant, ok bool, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			for _, recorded := range duck.Column[int64](b, 0) {
				at, ok = schema.Instant(recorded), true
			}
		}, `SELECT recorded FROM influx_cursor WHERE stream = $1`, stream)
	})
	return at, ok, err
}

// Waiting gives the recorded-at of the oldest entry that a stream has not
// published; waits is false where there is none.
func (s *Store) Waiting(ctx context.Context, stream string) (oldest schema.Instant, waits bool, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		found, err := scalar(ctx, c, `SELECT coalesce(min(recorded), 0) FROM ledger
			WHERE recorded > (SELECT coalesce(max(recorded), 9223372036854775807) FROM influx_cursor WHERE stream = $1)`, stream)
		oldest, waits = schema.Instant(found), found != 0
		return err
	})
	return oldest, waits, err
}

// RegistryVersions gives the moments in (after, upto] at which the registry changed.
func (s *Store) RegistryVersions(ctx context.Context, after, upto schema.Instant) (moments []schema.Instant, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			for _, recorded := range duck.Column[int64](b, 0) {
				moments = append(moments, schema.Instant(recorded))
			}
		}, `SELECT DISTINCT recorded FROM registry_tables WHERE recorded > $1 AND recorded <= $2 ORDER BY 1`, int64(after), int64(upto))
	})
	return moments, err
}

// SetCursor tells up to which recorded-at a stream is published.
func (s *Store) SetCursor(ctx context.Context, stream string, at schema.Instant) error {
	return s.change(ctx, func() error {
		changed, err := s.writer.Exec(ctx, `UPDATE influx_cursor SET recorded = $1 WHERE stream = $2`, int64(at), stream)
		if err != nil || changed > 0 {
			return err
		}
		_, err = s.writer.Exec(ctx, `INSERT INTO influx_cursor VALUES ($1, $2)`, stream, int64(at))
		return err
	})
}

// change runs work in a transaction of the writer.
func (s *Store) change(ctx context.Context, work func() error) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.writer.Transaction(ctx, work)
}
