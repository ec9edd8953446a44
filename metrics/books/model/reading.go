package model

import (
	"cmp"
	"math/big"
	"slices"

	"jouleline/metrics/books"
	"jouleline/schema"
)

// ID is what makes two rows versions of one reading (rule 3).
type ID struct {
	Time     schema.Instant
	Kind     schema.Kind
	Register uint8
	Start    schema.Instant
}

// IDOf gives the identity of a stored reading.
func IDOf(p *books.Point) ID { return ID{p.Time, p.Kind, p.Register, p.Start} }

// shown is a reading that counts.
type shown struct {
	ID
	value    *big.Int // as shown, in micro-units
	received schema.Instant
}

// winners keeps one version of each reading: the higher revision, then the later
// reception, then a tombstone, then the greater value. What a tombstone took back
// does not count.
func winners(points []books.Point) []shown {
	best := map[ID]books.Point{}
	for _, p := range points {
		if old, ok := best[IDOf(&p)]; !ok || beats(p, old) {
			best[IDOf(&p)] = p
		}
	}
	var list []shown
	for id, p := range best {
		if !p.Deleted {
			list = append(list, shown{id, big.NewInt(int64(p.Value)), p.Received})
		}
	}
	slices.SortFunc(list, func(a, b shown) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Register, b.Register), cmp.Compare(a.Start, b.Start))
	})
	return list
}

func beats(p, old books.Point) bool {
	switch {
	case p.Revision != old.Revision:
		return p.Revision > old.Revision
	case p.Received != old.Received:
		return p.Received > old.Received
	case p.Deleted != old.Deleted:
		return p.Deleted
	}
	return p.Value > old.Value
}

// rounded gives a rational to the nearest integer, half away from zero.
func rounded(r *big.Rat) *big.Int {
	twice := new(big.Int).Mul(new(big.Int).Abs(r.Num()), big.NewInt(2))
	twice.Add(twice, r.Denom())
	q := twice.Quo(twice, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
	if r.Sign() < 0 {
		q.Neg(q)
	}
	return q
}
