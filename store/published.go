package store

import (
	"context"
	"fmt"

	"jouleline/schema"
	"jouleline/store/duck"
)

// Backfill is a stretch of local days that is to be published again.
type Backfill struct {
	ID       int64
	From, To schema.Day
	// Next is the first day that is not done.
	Next schema.Day
}

// AddBackfill asks for a stretch of days.
func (s *Store) AddBackfill(ctx context.Context, days schema.Validity) (id int64, err error) {
	err = s.change(ctx, func() error {
		last, err := scalar(ctx, s.writer, `SELECT coalesce(max(id), 0) FROM influx_backfill`)
		if err != nil {
			return err
		}
		id = last + 1
		_, err = s.writer.Exec(ctx, `INSERT INTO influx_backfill VALUES ($1, $2, $3, $2)`, id, int32(days.From), int32(days.To))
		return err
	})
	return id, err
}

// Backfills lists the stretches that were asked for, the oldest first.
func (s *Store) Backfills(ctx context.Context) (list []Backfill, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			from, to, next := duck.Column[int32](b, 1), duck.Column[int32](b, 2), duck.Column[int32](b, 3)
			for i, id := range duck.Column[int64](b, 0) {
				list = append(list, Backfill{id, schema.Day(from[i]), schema.Day(to[i]), schema.Day(next[i])})
			}
		}, `SELECT id, from_day, to_day, next FROM influx_backfill ORDER BY id`)
	})
	return list, err
}

// SetBackfill tells how far a stretch is published.
func (s *Store) SetBackfill(ctx context.Context, id int64, next schema.Day) error {
	return s.change(ctx, func() error {
		_, err := s.writer.Exec(ctx, `UPDATE influx_backfill SET next = $1 WHERE id = $2`, int32(next), id)
		return err
	})
}

// Refused is a point that InfluxDB refuses for itself.
type Refused struct {
	Sequence int64
	Recorded schema.Instant
	Status   int
	Reason   string
	Line     string
}

// refusedKept bounds the rows of refused points; the oldest make room. A bucket
// with a short retention refuses everything that is older.
const refusedKept = 100_000

// AddRefused keeps refused points.
func (s *Store) AddRefused(ctx context.Context, rows []Refused) error {
	err := s.change(ctx, func() error {
		last, err := scalar(ctx, s.writer, `SELECT coalesce(max(sequence), 0) FROM influx_rejected`)
		if err != nil {
			return err
		}
		now := int64(schema.InstantOf(s.config.Now()))
		types := []duck.Type{duck.Int64, duck.Int64, duck.Int32, duck.Text, duck.Text}
		if err := s.writer.Append("influx_rejected", types, len(rows), func(b duck.Block, from int) {
			sequence, recorded, status := duck.Column[int64](b, 0), duck.Column[int64](b, 1), duck.Column[int32](b, 2)
			for i := range b.Rows() {
				r := &rows[from+i]
				sequence[i], recorded[i], status[i] = last+int64(from+i)+1, now, int32(r.Status)
				b.SetText(3, i, r.Reason)
				b.SetText(4, i, r.Line)
			}
		}); err != nil {
			return err
		}
		_, err = s.writer.Exec(ctx, `DELETE FROM influx_rejected WHERE sequence <= $1`, last+int64(len(rows))-refusedKept)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep %d points that InfluxDB refuses: %w", len(rows), err)
	}
	return nil
}

// RefusedPoints gives up to limit refused points after a sequence, in order.
func (s *Store) RefusedPoints(ctx context.Context, after int64, limit int) (rows []Refused, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			recorded, status := duck.Column[int64](b, 1), duck.Column[int32](b, 2)
			for i, sequence := range duck.Column[int64](b, 0) {
				rows = append(rows, Refused{sequence, schema.Instant(recorded[i]), int(status[i]), b.Text(3, i), b.Text(4, i)})
			}
		}, `SELECT sequence, recorded, status, reason, line FROM influx_rejected WHERE sequence > $1 ORDER BY sequence LIMIT $2`, after, limit)
	})
	return rows, err
}
