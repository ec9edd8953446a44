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

// usageCache keeps the view of the latest registry that was asked by, and of the
// latest that held at a moment: questions about then leave that of now alone.
type usageCache struct {
	mu        sync.Mutex // guards what follows
	now, then *view
}

// view is what questions need of a registry. It holds as long as there are as
// many meters and accounts.
type view struct {
	registry         *registry.Registry
	meters, accounts int64
	// order lists the accounts whose institution the registry knows, in the order
	// of the answer: institution, carrier, use.
	order []account
	// sharing is nil where all that counts is attributed to accounts.
	sharing *sharing
}

// account is an account with its institution's index in a registry.
type account struct {
	indicator.Usage
	id int32
}

func readView(ctx context.Context, c *duck.Conn, r *registry.Registry) (*view, error) {
	v := &view{registry: r}
	var err error
	if v.meters, v.accounts, err = countNames(ctx, c); err != nil {
		return nil, err
	}
	v.order = make([]account, 0, v.accounts)
	err = each(ctx, c, func(b duck.Block) {
		carrier, use := duck.Column[uint8](b, 2), duck.Column[uint8](b, 3)
		for i, id := range duck.Column[int32](b, 0) {
			if index, ok := r.InstitutionIndex(b.Text(1, i)); ok {
				v.order = append(v.order, account{indicator.Usage{Institution: index, Carrier: schema.Carrier(carrier[i]), Use: schema.Use(use[i])}, id})
			}
		}
	}, `SELECT id, institution, carrier, use FROM accounts`)
	slices.SortFunc(v.order, func(a, b account) int {
		if a.Institution != b.Institution {
			return int(a.Institution) - int(b.Institution)
		}
		return int(a.Carrier)*4 + int(a.Use) - int(b.Carrier)*4 - int(b.Use)
	})
	if err != nil || !r.Computes() {
		return v, err
	}
	names, err := readNames(ctx, c, r, v.order)
	if err != nil {
		return nil, err
	}
	v.sharing = newSharing(names)
	return v, nil
}

// countNames counts the meters and accounts that have a number.
func countNames(ctx context.Context, c *duck.Conn) (meters, accounts int64, err error) {
	if meters, err = scalar(ctx, c, `SELECT count(*) FROM meters`); err != nil {
		return 0, 0, err
	}
	accounts, err = scalar(ctx, c, `SELECT count(*) FROM accounts`)
	return meters, accounts, err
}

// view gives the view of a registry, and makes it where it is not kept.
func (s *Store) view(ctx context.Context, r *registry.Registry, knownAt schema.Instant) (v *view, err error) {
	s.usage.mu.Lock()
	defer s.usage.mu.Unlock()
	kept := &s.usage.now
	if knownAt != 0 {
		kept = &s.usage.then
	}
	err = s.read(ctx, func(c *duck.Conn) error {
		meters, accounts, err := countNames(ctx, c)
		if err != nil {
			return err
		}
		for _, v = range [2]*view{s.usage.now, s.usage.then} {
			if v != nil && v.registry == r && v.meters == meters && v.accounts == accounts {
				return nil
			}
		}
		if v, err = readView(ctx, c, r); err == nil {
			*kept = v
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("prepare a registry for sums: %w", err)
	}
	return v, nil
}

// naming finds the numbers of meters and accounts for one registry.
type naming struct {
	registry *registry.Registry
	meters   map[string]int32
	accounts map[indicator.Usage]int32
}

func readNames(ctx context.Context, c *duck.Conn, r *registry.Registry, accounts []account) (*naming, error) {
	n := &naming{registry: r, meters: map[string]int32{}, accounts: map[indicator.Usage]int32{}}
	for i := range accounts {
		n.accounts[accounts[i].Usage] = accounts[i].id
	}
	return n, each(ctx, c, func(b duck.Block) {
		for i, id := range duck.Column[int32](b, 0) {
			n.meters[b.Text(1, i)] = id
		}
	}, `SELECT id, key FROM meters`)
}

func (n *naming) number(meter string) (int32, bool) {
	id, ok := n.meters[meter]
	return id, ok
}

func (n *naming) account(institution string, carrier schema.Carrier, use schema.Use) int32 {
	index, _ := n.registry.InstitutionIndex(institution)
	if id, ok := n.accounts[indicator.Usage{Institution: index, Carrier: carrier, Use: use}]; ok {
		return id
	}
	return posting.NoAccount
}
