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
// roll-ups. Months come in any order, those without usage not at all.
func (s *Store) UsageByMonth(ctx context.Context, r *registry.Registry, from, to schema.Month, visit func(schema.Month, *indicator.Usage)) error {
	v, err := s.view(ctx, r, 0)
	if err != nil {
		return err
	}
	return s.withParts(ctx, v, from, to, func(month schema.Month, m *monthSums, parts partSums) {
		for i := range v.order {
			sum := m.of(v.order[i].id)
			if parts != nil {
				sum.add(parts.of(v.sharing, v.order[i].id))
			}
			if sum.known != 0 || sum.quantity != 0 {
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
	v, err := s.view(ctx, r, 0)
	if err != nil {
		return nil, nil, err
	}
	type addend struct{ account, slot int32 }
	whole, mixed := make([]addend, 0, len(v.order)), []addend(nil) // without parts, and with
	for i := range v.order {
		id := v.order[i].id
		switch k := slot(&v.order[i].Usage); {
		case k < 0:
		case v.sharing.at(id) >= 0:
			mixed = append(mixed, addend{id, int32(k)})
		default:
			whole = append(whole, addend{id, int32(k)})
		}
	}
	return sums, known, s.withParts(ctx, v, from, to, func(month schema.Month, m *monthSums, parts partSums) {
		first := int(month-from) * slots
		for _, a := range whole {
			if at := first + int(a.slot); int(a.account) < len(m.known) && m.known[a.account] != 0 {
				sums[at].Add(m.quantity[a.account])
				known[at] = true
			}
		}
		for _, a := range mixed {
			sum := m.of(a.account)
			if sum.add(parts.of(v.sharing, a.account)); sum.known != 0 {
				at := first + int(a.slot)
				sums[at].Add(sum.quantity)
				known[at] = true
			}
		}
	})
}

// withParts visits the months of [from, to) that there are, each once, with the
// parts that accounts have besides, nil where they have none.
func (s *Store) withParts(ctx context.Context, v *view, from, to schema.Month, visit func(schema.Month, *monthSums, partSums)) error {
	if v.sharing == nil {
		return s.withMonths(ctx, from, to, func(month schema.Month, m *monthSums) { visit(month, m, nil) })
	}
	parts, err := s.parts(ctx, v.sharing, from, to)
	if err != nil {
		return fmt.Errorf("sum usage by months: %w", err)
	}
	err = s.withMonths(ctx, from, to, func(month schema.Month, m *monthSums) {
		visit(month, m, parts[month])
		delete(parts, month)
	})
	if err != nil {
		return err
	}
	for month, sums := range parts { // in which all that counts is parts
		visit(month, &monthSums{}, sums)
	}
	return nil
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
		return eachOf(ctx, c, meters, func(b duck.Block) {
			quantity := duck.Column[int64](b, 1)
			for i, meter := range duck.Column[int32](b, 0) {
				sums[meter] = schema.Quantity(quantity[i])
			}
		}, `SELECT meter, sum(quantity)::BIGINT FROM ledger
			WHERE meter IN `+chosen+` AND day < $1 GROUP BY meter`, int32(day))
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
