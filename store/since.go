package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

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
	counts := map[int32]frozen.Received{}
	add := func(meter int32, readings, revised, deleted int64) {
		c := counts[meter]
		counts[meter] = frozen.Received{Meter: meter, Readings: c.Readings + readings, Revised: c.Revised + revised, Deleted: c.Deleted + deleted}
	}
	err = s.read(ctx, func(c *duck.Conn) error {
		return c.Transaction(ctx, func() error {
			return withMeters(ctx, c, meters, func() error { return receivedSince(ctx, c, since, add) })
		})
	})
	if err != nil {
		return nil, fmt.Errorf("count readings recorded since %s: %w", since, err)
	}
	for _, received := range counts {
		list = append(list, received)
	}
	slices.SortFunc(list, func(a, b frozen.Received) int { return cmp.Compare(a.Meter, b.Meter) })
	return list, nil
}

// receivedSince counts the readings of the chosen meters: packs that are younger as
// a whole by their sums, and one by one those of packs that are younger in part.
func receivedSince(ctx context.Context, c *duck.Conn, since schema.Instant, add func(meter int32, readings, revised, deleted int64)) error {
	err := each(ctx, c, func(b duck.Block) {
		readings, revised, deleted := duck.Column[int64](b, 1), duck.Column[int64](b, 2), duck.Column[int64](b, 3)
		for i, meter := range duck.Column[int32](b, 0) {
			add(meter, readings[i], revised[i], deleted[i])
		}
	}, `SELECT meter, count(*), count(*) FILTER (revision > 0), count(*) FILTER (deleted)
		FROM readings WHERE recorded > $1 AND meter IN `+chosen+` GROUP BY meter
		UNION ALL
		SELECT meter, sum(readings)::BIGINT, sum(revised)::BIGINT, sum(deleted)::BIGINT
		FROM settled WHERE earliest > $1 AND meter IN `+chosen+` GROUP BY meter`, int64(since))
	if err != nil {
		return err
	}
	return eachPack(ctx, c, func(p unpacked) error {
		for i := range p.readings {
			r := &p.readings[i]
			if r.Recorded <= since {
				continue
			}
			add(r.Meter, 1, oneIf(r.Revision > 0), oneIf(r.Deleted))
		}
		return nil
	}, `SELECT meter, data, rowid FROM settled WHERE earliest <= $1 AND recorded > $1 AND meter IN `+chosen, int64(since))
}

func oneIf(is bool) int64 {
	if is {
		return 1
	}
	return 0
}
