package store

import (
	"context"

	"jouleline/metrics/books"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store/duck"
)

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

// divided sums the days on which meters are divided: each day is divided on its
// own, so that the parts of days sum to the parts of months. The time that is
// known is not divided: each part is known as long as the whole.
func divided(ctx context.Context, c *duck.Conn, q indicator.UsageQuery, names *naming, add func(account int32, e posting.Entry)) error {
	divisions := posting.Divide(q.Registry, names.number, names.account)
	if len(divisions) == 0 {
		return nil
	}
	of := map[int32][]posting.Division{}
	var meters []int32
	for _, d := range divisions {
		if of[d.Meter] == nil {
			meters = append(meters, d.Meter)
		}
		of[d.Meter] = append(of[d.Meter], d)
	}
	return booked(ctx, c, q, meters, func(meter int32, day books.Entry) error {
		for _, d := range of[meter] {
			if d.Contains(day.Day) {
				split(&d, day, add)
			}
		}
		return nil
	})
}

// split adds the parts of a day that is divided.
func split(d *posting.Division, day books.Entry, add func(account int32, e posting.Entry)) {
	quantities, estimates := d.Split(day.Quantity), d.Split(day.Estimated)
	for k, account := range d.Accounts {
		if account != posting.NoAccount {
			add(account, posting.Entry{Entry: books.Entry{Quantity: quantities[k], Estimated: estimates[k], Known: day.Known}})
		}
	}
}

// booked visits the days of some meters, summed over causes. An error of the
// visit ends it.
func booked(ctx context.Context, c *duck.Conn, q indicator.UsageQuery, meters []int32, visit func(meter int32, day books.Entry) error) error {
	knownAt := q.KnownAt
	if knownAt == 0 {
		knownAt = schema.MaxInstant
	}
	var failure error
	err := withMeters(ctx, c, meters, func() error {
		return each(ctx, c, func(b duck.Block) {
			meter, day := duck.Column[int32](b, 0), duck.Column[int32](b, 1)
			quantity, known, estimated := duck.Column[int64](b, 2), duck.Column[int64](b, 3), duck.Column[int64](b, 4)
			for i := range meter {
				if failure == nil {
					failure = visit(meter[i], books.Entry{
						Day: schema.Day(day[i]), Quantity: schema.Quantity(quantity[i]), Estimated: schema.Quantity(estimated[i]), Known: known[i],
					})
				}
			}
		}, `SELECT meter, day, sum(quantity)::BIGINT, sum(known)::BIGINT, sum(estimated)::BIGINT FROM ledger
			WHERE meter IN (SELECT meter FROM chosen) AND day >= $1 AND day < $2 AND recorded <= $3
			GROUP BY meter, day ORDER BY day`, int32(q.From), int32(q.To), int64(knownAt))
	})
	if err != nil {
		return err
	}
	return failure
}
