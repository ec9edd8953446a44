package store

import (
	"context"
	"fmt"

	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store/duck"
)

// UsageByMonth visits what each institution used of each carrier for each use in
// each of the months [from, to), in one question to the roll-ups. Months come in
// any order, those without usage not at all. Where meters are divided among
// institutions it asks month by month, since their days are divided one by one.
func (s *Store) UsageByMonth(ctx context.Context, r *registry.Registry, from, to schema.Month, visit func(schema.Month, *indicator.Usage)) error {
	if len(r.Shares) > 0 {
		for month := from; month < to; month++ {
			usage, err := s.Usage(ctx, indicator.UsageQuery{Registry: r, From: month.First(), To: (month + 1).First()})
			if err != nil {
				return err
			}
			for i := range usage {
				visit(month, &usage[i])
			}
		}
		return nil
	}
	order, err := s.accounts(ctx, r)
	if err != nil {
		return err
	}
	of := make([]*account, 0, len(order)) // by id; nil where the registry does not know the institution
	for i := range order {
		for len(of) <= int(order[i].id) {
			of = append(of, nil)
		}
		of[order[i].id] = &order[i]
	}
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			month, id, quantity := duck.Column[int32](b, 0), duck.Column[int32](b, 1), duck.Column[int64](b, 2)
			known, estimated := duck.Column[int64](b, 3), duck.Column[int64](b, 4)
			for i, a := range id {
				if a < 0 || int(a) >= len(of) || of[a] == nil || known[i] == 0 && quantity[i] == 0 {
					continue
				}
				u := of[a].Usage
				u.Quantity, u.Known, u.Estimated = schema.Quantity(quantity[i]), known[i], schema.Quantity(estimated[i])
				visit(schema.Month(month[i]), &u)
			}
		}, `SELECT month, account, sum(quantity)::BIGINT, sum(known)::BIGINT, sum(estimated)::BIGINT
			FROM rollup WHERE month >= $1 AND month < $2 GROUP BY month, account`, int32(from), int32(to))
	})
	if err != nil {
		return fmt.Errorf("sum usage by months: %w", err)
	}
	return nil
}

// BookedBefore sums what the ledger holds of meters before a local day, by meter;
// meters without entries are left out.
func (s *Store) BookedBefore(ctx context.Context, meters []int32, day schema.Day) (sums map[int32]schema.Quantity, err error) {
	sums = make(map[int32]schema.Quantity, len(meters))
	err = s.read(ctx, func(c *duck.Conn) error {
		return withMeters(ctx, c, meters, func() error {
			return each(ctx, c, func(b duck.Block) {
				quantity := duck.Column[int64](b, 1)
				for i, meter := range duck.Column[int32](b, 0) {
					sums[meter] = schema.Quantity(quantity[i])
				}
			}, `SELECT meter, sum(quantity)::BIGINT FROM ledger
				WHERE meter IN (SELECT meter FROM chosen) AND day < $1 GROUP BY meter`, int32(day))
		})
	})
	if err != nil {
		return nil, fmt.Errorf("sum the ledger of %d meters before %s: %w", len(meters), day, err)
	}
	return sums, nil
}

// Seen gives the first and the latest reading of each meter.
func (s *Store) Seen(ctx context.Context) (list []posting.Known, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		list, err = knownOn(ctx, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find the latest readings: %w", err)
	}
	return list, nil
}
