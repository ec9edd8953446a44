package store

import (
	"context"
	"fmt"

	"jouleline/metrics/frozen"
	"jouleline/schema"
	"jouleline/store/duck"
)

// BookedSince sums by meter what was booked after a moment for the local days
// [from, to), in order of meters. Meters whose days sum to what they summed to
// before are left out.
func (s *Store) BookedSince(ctx context.Context, since schema.Instant, days schema.Validity) (list []frozen.Booked, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			quantity, estimated, known := duck.Column[int64](b, 1), duck.Column[int64](b, 2), duck.Column[int64](b, 3)
			first, last := duck.Column[int64](b, 4), duck.Column[int64](b, 5)
			for i, meter := range duck.Column[int32](b, 0) {
				booked := frozen.Booked{
					Meter: meter, Quantity: schema.Quantity(quantity[i]), Estimated: schema.Quantity(estimated[i]), Known: known[i],
					First: schema.Instant(first[i]), Last: schema.Instant(last[i]),
				}
				if !booked.IsZero() {
					list = append(list, booked)
				}
			}
		}, `SELECT meter, sum(quantity)::BIGINT, sum(estimated)::BIGINT, sum(known)::BIGINT, min(recorded), max(recorded)
			FROM ledger WHERE recorded > $1 AND day >= $2 AND day < $3 GROUP BY meter ORDER BY meter`,
			int64(since), int32(days.From), int32(days.To))
	})
	if err != nil {
		return nil, fmt.Errorf("sum what was booked since %s: %w", since, err)
	}
	return list, nil
}

// ReceivedSince counts the readings of meters that were recorded after a moment,
// in order of meters.
func (s *Store) ReceivedSince(ctx context.Context, since schema.Instant, meters []int32) (list []frozen.Received, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return withMeters(ctx, c, meters, func() error {
			return each(ctx, c, func(b duck.Block) {
				readings, revised, deleted := duck.Column[int64](b, 1), duck.Column[int64](b, 2), duck.Column[int64](b, 3)
				for i, meter := range duck.Column[int32](b, 0) {
					list = append(list, frozen.Received{Meter: meter, Readings: readings[i], Revised: revised[i], Deleted: deleted[i]})
				}
			}, `SELECT meter, count(*), count(*) FILTER (revision > 0), count(*) FILTER (deleted)
				FROM readings WHERE recorded > $1 AND meter IN (SELECT meter FROM chosen) GROUP BY meter ORDER BY meter`, int64(since))
		})
	})
	if err != nil {
		return nil, fmt.Errorf("count readings recorded since %s: %w", since, err)
	}
	return list, nil
}
