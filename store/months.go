package store

import (
	"context"
	"fmt"

	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store/duck"
)

// UsageByMonth visits what each institution used of each carrier for each use in
// each of the months [from, to): from memory, and what is older from the
// roll-ups. Months come in any order, those without usage not at all. Where
// meters are divided among institutions, or computed of others, it asks month by
// month, since their days are computed one by one.
func (s *Store) UsageByMonth(ctx context.Context, r *registry.Registry, from, to schema.Month, visit func(schema.Month, *indicator.Usage)) error {
	if r.Computes() {
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
	v, err := s.view(ctx, r, 0)
	if err != nil {
		return err
	}
	return s.withMonths(ctx, from, to, func(month schema.Month, m *monthSums) {
		for i := range v.order {
			if sum := m.of(v.order[i].id); sum.known != 0 || sum.quantity != 0 {
				u := v.order[i].with(sum)
				visit(month, &u)
			}
		}
	})
}

// SumByMonth adds up what accounts used in each of the months [from, to), exactly.
// slot tells what an account is added to, by its institution, carrier and use: a
// number below slots, or a negative one where it is added to nothing. Slot k of
// the n-th month stands at n x slots + k; known tells where anything was added.
// Who knows of no time is not added.
func (s *Store) SumByMonth(ctx context.Context, r *registry.Registry, from, to schema.Month, slots int, slot func(*indicator.Usage) int) (sums []exact.Sum, known []bool, err error) {
	n := max(0, int(to-from)) * slots
	sums, known = make([]exact.Sum, n), make([]bool, n)
	if r.Computes() {
		return sums, known, s.UsageByMonth(ctx, r, from, to, func(month schema.Month, u *indicator.Usage) {
			if k := slot(u); k >= 0 && u.Known != 0 {
				at := int(month-from)*slots + k
				sums[at].Add(int64(u.Quantity))
				known[at] = true
			}
		})
	}
	v, err := s.view(ctx, r, 0)
	if err != nil {
		return nil, nil, err
	}
	type part struct{ account, slot int32 }
	parts := make([]part, 0, len(v.order))
	for i := range v.order {
		if k := slot(&v.order[i].Usage); k >= 0 {
			parts = append(parts, part{v.order[i].id, int32(k)})
		}
	}
	return sums, known, s.withMonths(ctx, from, to, func(month schema.Month, m *monthSums) {
		first := int(month-from) * slots
		for _, p := range parts {
			if at := first + int(p.slot); int(p.account) < len(m.known) && m.known[p.account] != 0 {
				sums[at].Add(m.quantity[p.account])
				known[at] = true
			}
		}
	})
}

// withMonths visits the months of [from, to) that there are: first those that the
// book does not keep, then those that it keeps, all of one moment.
func (s *Store) withMonths(ctx context.Context, from, to schema.Month, visit func(schema.Month, *monthSums)) error {
	b := &s.months
	for {
		if err := s.PrepareMonths(ctx); err != nil {
			return err
		}
		b.mu.RLock()
		if b.made {
			break
		}
		b.mu.RUnlock() // forgotten again
	}
	defer b.mu.RUnlock()
	if from < b.first {
		err := s.read(ctx, func(c *duck.Conn) error {
			return eachMonth(ctx, c, from, min(to, b.first), visit)
		})
		if err != nil {
			return fmt.Errorf("sum usage by months: %w", err)
		}
	}
	for month := max(from, b.first); month < to; month++ {
		if m := b.months[month]; m != nil {
			visit(month, m)
		}
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
