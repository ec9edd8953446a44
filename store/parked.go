package store

import (
	"context"
	"fmt"

	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// Parked gives the parked readings of a meter.
func (s *Store) Parked(ctx context.Context, meter string) (rows []posting.Parked, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			time, value := duck.Column[int64](b, 0), duck.Column[int64](b, 1)
			start, received := duck.Column[int64](b, 2), duck.Column[int64](b, 3)
			revision, unit, kind := duck.Column[int32](b, 4), duck.Column[uint8](b, 5), duck.Column[uint8](b, 6)
			register, deleted := duck.Column[uint8](b, 7), duck.Column[bool](b, 8)
			for i := range time {
				p := posting.Parked{Received: schema.Instant(received[i]), Reading: schema.Reading{
					Meter: meter, Time: schema.Instant(time[i]), Value: schema.Quantity(value[i]), Original: b.Text(9, i),
					Unit: schema.Unit(unit[i]), Kind: schema.Kind(kind[i]), Register: register[i], Revision: revision[i], Deleted: deleted[i],
				}}
				if !b.Nulls(2).At(i) {
					p.Start, p.HasStart = schema.Instant(start[i]), true
				}
				rows = append(rows, p)
			}
		}, `SELECT time, value, start, received, revision, unit, kind, register, deleted, original FROM parked WHERE meter = $1`, meter)
	})
	if err != nil {
		return nil, fmt.Errorf("read parked readings of %q: %w", meter, err)
	}
	return rows, nil
}

// ParkedMeters lists the meters that have parked readings, with their number.
func (s *Store) ParkedMeters(ctx context.Context) (counts map[string]int64, err error) {
	counts = map[string]int64{}
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			for i, n := range duck.Column[int64](b, 1) {
				counts[b.Text(0, i)] = n
			}
		}, `SELECT meter, count(*) FROM parked GROUP BY meter`)
	})
	return counts, err
}

// StoredReject is a rejected row with its place in the order.
type StoredReject struct {
	Sequence int64
	Recorded schema.Instant
	posting.Rejected
}

// Rejected gives up to limit rejected rows after a sequence, in order.
func (s *Store) Rejected(ctx context.Context, after int64, limit int) (rows []StoredReject, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			sequence, received, recorded := duck.Column[int64](b, 0), duck.Column[int64](b, 1), duck.Column[int64](b, 2)
			partition, offset := duck.Column[int32](b, 4), duck.Column[int64](b, 5)
			for i := range sequence {
				rows = append(rows, StoredReject{sequence[i], schema.Instant(recorded[i]), posting.Rejected{
					Received: schema.Instant(received[i]), Source: b.Text(3, i), Partition: int(partition[i]), Offset: offset[i],
					Code: schema.Code(b.Text(6, i)), Detail: b.Text(7, i), Original: []byte(b.Text(8, i)),
				}})
			}
		}, `SELECT sequence, received, recorded, source, "partition", "offset", code, detail, original
			FROM rejected WHERE sequence > $1 ORDER BY sequence LIMIT $2`, after, limit)
	})
	return rows, err
}

// RejectedCounts counts the rejected rows by code.
func (s *Store) RejectedCounts(ctx context.Context) (counts map[schema.Code]int64, err error) {
	counts = map[schema.Code]int64{}
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			for i, n := range duck.Column[int64](b, 1) {
				counts[schema.Code(b.Text(0, i))] = n
			}
		}, `SELECT code, count(*) FROM rejected GROUP BY code`)
	})
	return counts, err
}

// Published gives the sequence up to which rejected rows were published, and
// SetPublished moves it.
func (s *Store) Published(ctx context.Context, topic string) (sequence int64, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		sequence, err = scalar(ctx, c, `SELECT coalesce(max(sequence), 0) FROM published WHERE topic = $1`, topic)
		return err
	})
	return sequence, err
}

// SetPublished tells up to which sequence rejected rows were published.
func (s *Store) SetPublished(ctx context.Context, topic string, sequence int64) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.writer.Transaction(ctx, func() error {
		if _, err := s.writer.Exec(ctx, `DELETE FROM published WHERE topic = $1`, topic); err != nil {
			return err
		}
		_, err := s.writer.Exec(ctx, `INSERT INTO published VALUES ($1, $2)`, topic, sequence)
		return err
	})
}
