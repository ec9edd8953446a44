package store

import (
	"context"

	"jouleline/schema"
	"jouleline/store/duck"
)

// orderAtOnce is about how many packs are put in order in one transaction: some 10
// MB.
const orderAtOnce = 25_000

// order puts the packs of the days [from, to) in the order of meters and days: the
// days of one meter lie together then, and a year of a building is read from a few
// places of the file instead of one for every day. Packs are written as days end;
// this is done once a month.
func (s *Store) order(ctx context.Context, from, to schema.Day) error {
	var ranges []meterRange
	held := int64(0)
	err := s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			meters, packs := duck.Column[int32](b, 0), duck.Column[int64](b, 1)
			for i, meter := range meters {
				if len(ranges) == 0 || held+packs[i] > orderAtOnce {
					ranges, held = append(ranges, meterRange{meter, meter}), 0
				}
				ranges[len(ranges)-1].last = meter
				held += packs[i]
			}
		}, `SELECT meter, count(*) FROM settled WHERE day >= $1 AND until < $2 GROUP BY meter ORDER BY meter`, int32(from), int32(to))
	})
	for i := 0; err == nil && i < len(ranges); i++ {
		err = s.orderRange(ctx, from, to, ranges[i])
	}
	return err
}

// orderDays does the same with the days before one that lie in its month, once so many
// packs have come since it last did: until the month has ended a year would be read from
// a place for each of its days. Those before ordered lie in order.
func (s *Store) orderDays(ctx context.Context, ordered, before schema.Day, least int64) error {
	until, _, err := s.linedUp(ctx)
	if err != nil {
		return err
	}
	from := max(ordered, schema.Day(until["packs"]), schema.MonthOf(before).First())
	var packs int64
	err = s.read(ctx, func(c *duck.Conn) error {
		packs, err = scalar(ctx, c, `SELECT count(*) FROM settled WHERE day >= $1 AND until < $2`, int32(from), int32(before))
		return err
	})
	if err != nil || packs < least {
		return err
	}
	if err := s.order(ctx, from, before); err != nil {
		return err
	}
	return s.noteLined(ctx, "packs", schema.Instant(before))
}

func (s *Store) orderRange(ctx context.Context, from, to schema.Day, meters meterRange) error {
	s.settling.Lock()
	defer s.settling.Unlock()
	s.write.Lock()
	defer s.write.Unlock()
	return s.writer.Transaction(ctx, func() error {
		last, err := scalar(ctx, s.writer, `SELECT coalesce(max(rowid), -1) FROM settled`)
		if err != nil {
			return err
		}
		const these = ` FROM settled WHERE meter BETWEEN $1 AND $2 AND day >= $3 AND until < $4`
		args := []any{meters.first, meters.last, int32(from), int32(to)}
		if _, err := s.writer.Exec(ctx, `INSERT INTO settled SELECT *`+these+` ORDER BY meter, day, until`, args...); err != nil {
			return err
		}
		_, err = s.writer.Exec(ctx, `DELETE`+these+` AND rowid <= $5`, append(args, last)...)
		return err
	})
}
