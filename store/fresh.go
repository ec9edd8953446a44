package store

import (
	"context"
	"fmt"

	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// Latest gives the times of the first and the latest stored reading of meters.
// Those that have none are left out.
func (s *Store) Latest(ctx context.Context, meters []int32) (list []posting.Known, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return eachOf(ctx, c, meters, func(b duck.Block) {
			first, seen := duck.Column[int64](b, 1), duck.Column[int64](b, 2)
			for i, meter := range duck.Column[int32](b, 0) {
				list = append(list, posting.Known{Meter: meter, First: schema.Instant(first[i]), Seen: schema.Instant(seen[i])})
			}
		}, `SELECT * FROM (`+knownSQL+`) WHERE meter IN `+chosen)
	})
	if err != nil {
		return nil, fmt.Errorf("latest readings of %d meters: %w", len(meters), err)
	}
	return list, nil
}

// CodeCounts counts the verdicts that hold on readings of meters in [from, to),
// plain ones left out, by code.
func (s *Store) CodeCounts(ctx context.Context, meters []int32, from, to schema.Instant) (counts []posting.CodeCount, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return eachOf(ctx, c, meters, func(b duck.Block) {
			readings, meters := duck.Column[int64](b, 1), duck.Column[int64](b, 2)
			for i := range readings {
				counts = append(counts, posting.CodeCount{Code: schema.Code(b.Text(0, i)), Readings: readings[i], Meters: meters[i]})
			}
		}, `SELECT code, count(*), count(DISTINCT meter) FROM (
				SELECT meter, time, arg_max(code, recorded) AS code FROM codes
				WHERE time >= $1 AND time < $2 AND meter IN `+chosen+`
				GROUP BY meter, time, start, kind, register
			) WHERE code <> '' GROUP BY code ORDER BY code`, int64(from), int64(to))
	})
	if err != nil {
		return nil, fmt.Errorf("count verdicts of %d meters: %w", len(meters), err)
	}
	return counts, nil
}
