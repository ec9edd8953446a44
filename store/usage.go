package store

import (
	"context"
	"fmt"
	"slices"

	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

var _ indicator.Source = (*Store)(nil)

// Usage sums what institutions used over local days: whole years from memory,
// whole months from the roll-ups and the parts in memory, other days, and what was
// known at a moment, from the ledger.
func (s *Store) Usage(ctx context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	v, err := s.view(ctx, q.Registry, q.KnownAt)
	if err != nil {
		return nil, err
	}
	usage, err := s.usageOf(ctx, v, &q)
	if err != nil {
		return nil, fmt.Errorf("sum usage from %s to %s: %w", q.From, q.To, err)
	}
	return usage, nil
}

func (s *Store) usageOf(ctx context.Context, v *view, q *indicator.UsageQuery) ([]indicator.Usage, error) {
	var parts partSums
	var err error
	if v.sharing != nil {
		if parts, err = s.partsOfDays(ctx, v.sharing, schema.Validity{From: q.From, To: q.To}, q.KnownAt); err != nil {
			return nil, err
		}
	}
	if year := wholeYear(q.From, q.To); year != 0 && q.KnownAt == 0 {
		return s.readYear(ctx, year, v, parts, q.Institutions)
	}
	var sums []usageSum
	add := func(b duck.Block) {
		quantity, known, estimated := duck.Column[int64](b, 1), duck.Column[int64](b, 2), duck.Column[int64](b, 3)
		for i, a := range duck.Column[int32](b, 0) {
			if n := int(a) + 1 - len(sums); n > 0 {
				sums = append(sums, make([]usageSum, n)...)
			}
			sums[a].add(usageSum{quantity[i], known[i], estimated[i]})
		}
	}
	err = s.read(ctx, func(c *duck.Conn) error {
		if q.KnownAt == 0 {
			return usageNow(ctx, c, q.From, q.To, add)
		}
		return usageThen(ctx, c, v, q, add)
	})
	if err != nil {
		return nil, err
	}
	return v.usage(sums, parts, q.Institutions), nil
}

// usage gives the usage of accounts of some institutions (nil: of all) that have
// any, of sums by account and what their parts add to them.
func (v *view) usage(sums []usageSum, parts partSums, institutions []int32) []indicator.Usage {
	usage := make([]indicator.Usage, 0, len(v.order))
	for i := range v.order {
		a := &v.order[i]
		var sum usageSum
		if int(a.id) < len(sums) {
			sum = sums[a.id]
		}
		if parts != nil {
			sum.add(parts.of(v.sharing, a.id))
		}
		if sum != (usageSum{}) && isAsked(institutions, a.Institution) {
			usage = append(usage, a.with(sum))
		}
	}
	return usage
}

// with gives an account's usage of a sum.
func (a *account) with(s usageSum) indicator.Usage {
	u := a.Usage
	u.Quantity, u.Known, u.Estimated = schema.Quantity(s.quantity), s.known, schema.Quantity(s.estimated)
	return u
}

func isAsked(institutions []int32, index int32) bool {
	if institutions == nil {
		return true
	}
	_, ok := slices.BinarySearch(institutions, index)
	return ok
}

// wholeMonths gives the whole months [first, end) of the days [from, to), and the
// days before and after them. Where no month begins inside, all days are before.
func wholeMonths(from, to schema.Day) (first, end schema.Month, rest [2]schema.Validity) {
	first, end = schema.MonthOf(from), schema.MonthOf(to)
	if first.First() < from {
		first++
	}
	if first.First() > to {
		return first, first, [2]schema.Validity{{From: from, To: to}}
	}
	return first, end, [2]schema.Validity{{From: from, To: first.First()}, {From: end.First(), To: to}}
}

// usageNow sums whole months from the roll-ups and the days before and after
// them from the ledger.
func usageNow(ctx context.Context, c *duck.Conn, from, to schema.Day, add func(duck.Block)) error {
	first, end, rest := wholeMonths(from, to)
	if first < end {
		if err := each(ctx, c, add, `
			SELECT account, sum(quantity)::BIGINT, sum(known)::BIGINT, sum(estimated)::BIGINT
			FROM rollup WHERE month >= $1 AND month < $2 GROUP BY account`, int32(first), int32(end)); err != nil {
			return err
		}
	}
	for _, days := range rest {
		if days.From < days.To {
			if err := usageOfDays(ctx, c, days.From, days.To, add); err != nil {
				return err
			}
		}
	}
	return nil
}

func usageOfDays(ctx context.Context, c *duck.Conn, from, to schema.Day, add func(duck.Block)) error {
	return each(ctx, c, add, `
		SELECT a.account, sum(quantity)::BIGINT, sum(known)::BIGINT, sum(estimated)::BIGINT
		FROM ledger l JOIN attribution a ON l.meter = a.meter AND l.day >= a.from_day AND l.day < a.to_day
		WHERE l.day >= $1 AND l.day < $2 GROUP BY a.account`, int32(from), int32(to))
}

// usageThen sums what the ledger held at a moment, attributed by the registry of
// that moment.
func usageThen(ctx context.Context, c *duck.Conn, v *view, q *indicator.UsageQuery, add func(duck.Block)) error {
	names, err := readNames(ctx, c, v.registry, v.order)
	if err != nil {
		return err
	}
	rows := posting.Attribute(q.Registry, names.number, names.account)
	if _, err := c.Exec(ctx, `CREATE OR REPLACE TEMPORARY TABLE attribution_then AS SELECT * FROM attribution LIMIT 0`); err != nil {
		return err
	}
	if err := appendAttribution(c, "attribution_then", rows); err != nil {
		return err
	}
	return each(ctx, c, add, `
		SELECT a.account, sum(quantity)::BIGINT, sum(known)::BIGINT, sum(estimated)::BIGINT
		FROM ledger l JOIN attribution_then a ON l.meter = a.meter AND l.day >= a.from_day AND l.day < a.to_day
		WHERE l.day >= $1 AND l.day < $2 AND l.recorded <= $3 AND a.account >= 0 GROUP BY a.account`,
		int32(q.From), int32(q.To), int64(q.KnownAt))
}
