package store

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store/duck"
)

// usageCache keeps the order of accounts for the latest registry that asked.
type usageCache struct {
	mu       sync.Mutex
	registry *registry.Registry
	accounts int
	order    []account
}

// account is an account with its institution's index in a registry.
type account struct {
	indicator.Usage
	id int32
}

var _ indicator.Source = (*Store)(nil)

// Usage sums what institutions used over local days: whole years from memory,
// whole months from the roll-ups, other days, and what was known at a moment,
// from the ledger.
func (s *Store) Usage(ctx context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	accounts, err := s.accounts(ctx, q.Registry)
	if err != nil {
		return nil, err
	}
	if year := wholeYear(q.From, q.To); year != 0 && q.KnownAt == 0 && !q.Registry.Computes() {
		return s.readYear(ctx, year, accounts, q.Institutions)
	}
	sums := make([]posting.Entry, 0)
	add := func(b duck.Block) {
		id, quantity := duck.Column[int32](b, 0), duck.Column[int64](b, 1)
		known, estimated := duck.Column[int64](b, 2), duck.Column[int64](b, 3)
		for i, a := range id {
			for len(sums) <= int(a) {
				sums = append(sums, posting.Entry{})
			}
			e := &sums[a]
			e.Quantity += schema.Quantity(quantity[i])
			e.Known += known[i]
			e.Estimated += schema.Quantity(estimated[i])
		}
	}
	err = s.read(ctx, func(c *duck.Conn) error {
		if q.KnownAt == 0 && !q.Registry.Computes() {
			return usageNow(ctx, c, q.From, q.To, add)
		}
		names, err := readNames(ctx, c, q.Registry, accounts)
		if err != nil {
			return err
		}
		if q.KnownAt == 0 {
			err = usageNow(ctx, c, q.From, q.To, add)
		} else {
			err = s.usageThen(ctx, c, q, names, add)
		}
		if err != nil {
			return err
		}
		count := func(account int32, e posting.Entry) {
			for len(sums) <= int(account) {
				sums = append(sums, posting.Entry{})
			}
			sums[account].Quantity += e.Quantity
			sums[account].Known += e.Known
			sums[account].Estimated += e.Estimated
		}
		if err := divided(ctx, c, q, names, count); err != nil {
			return err
		}
		return computed(ctx, c, q, names, count)
	})
	if err != nil {
		return nil, fmt.Errorf("sum usage from %s to %s: %w", q.From, q.To, err)
	}
	usage := make([]indicator.Usage, 0, len(sums))
	for i := range accounts {
		a := &accounts[i]
		if int(a.id) >= len(sums) || sums[a.id].IsZero() || !isAsked(q.Institutions, a.Institution) {
			continue
		}
		u := a.Usage
		u.Quantity, u.Known, u.Estimated = sums[a.id].Quantity, sums[a.id].Known, sums[a.id].Estimated
		usage = append(usage, u)
	}
	return usage, nil
}

func isAsked(institutions []int32, index int32) bool {
	if institutions == nil {
		return true
	}
	_, ok := slices.BinarySearch(institutions, index)
	return ok
}

// usageNow sums whole months from the roll-ups and the days before and after
// them from the ledger.
func usageNow(ctx context.Context, c *duck.Conn, from, to schema.Day, add func(duck.Block)) error {
	first, last := schema.MonthOf(from), schema.MonthOf(to)
	if first.First() < from {
		first++
	}
	if first.First() > to { // no month begins inside
		return usageOfDays(ctx, c, from, to, add)
	}
	if err := each(ctx, c, add, `
		SELECT account, sum(quantity)::BIGINT, sum(known)::BIGINT, sum(estimated)::BIGINT
		FROM rollup WHERE month >= $1 AND month < $2 GROUP BY account`, int32(first), int32(last)); err != nil {
		return err
	}
	for _, rest := range [2]schema.Validity{{From: from, To: first.First()}, {From: last.First(), To: to}} {
		if rest.From < rest.To {
			if err := usageOfDays(ctx, c, rest.From, rest.To, add); err != nil {
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
func (s *Store) usageThen(ctx context.Context, c *duck.Conn, q indicator.UsageQuery, names *naming, add func(duck.Block)) error {
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

// accounts gives all accounts whose institution a registry knows, in the order
// of the answer: institution, carrier, use.
func (s *Store) accounts(ctx context.Context, r *registry.Registry) (order []account, err error) {
	s.usage.mu.Lock()
	defer s.usage.mu.Unlock()
	err = s.read(ctx, func(c *duck.Conn) error {
		n, err := scalar(ctx, c, `SELECT count(*) FROM accounts`)
		if err != nil || (s.usage.registry == r && s.usage.accounts == int(n)) {
			return err
		}
		order := make([]account, 0, n)
		err = each(ctx, c, func(b duck.Block) {
			carrier, use := duck.Column[uint8](b, 2), duck.Column[uint8](b, 3)
			for i, id := range duck.Column[int32](b, 0) {
				if index, ok := r.InstitutionIndex(b.Text(1, i)); ok {
					order = append(order, account{indicator.Usage{Institution: index, Carrier: schema.Carrier(carrier[i]), Use: schema.Use(use[i])}, id})
				}
			}
		}, `SELECT id, institution, carrier, use FROM accounts`)
		slices.SortFunc(order, func(a, b account) int {
			if a.Institution != b.Institution {
				return int(a.Institution) - int(b.Institution)
			}
			return int(a.Carrier)*4 + int(a.Use) - int(b.Carrier)*4 - int(b.Use)
		})
		s.usage.registry, s.usage.accounts, s.usage.order = r, int(n), order
		return err
	})
	return s.usage.order, err
}
