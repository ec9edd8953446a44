package consumption

import (
	"fmt"
	"math/big"

	"jouleline/metrics/exact"
	"jouleline/schema"
)

// Residual is what one meter shows beyond others that should show the same
// between them: a main meter and its sub-meters, a bill and the supply that it
// bills. It is never part of a total.
type Residual struct {
	// Parts is the sum of the others, Quantity what is left of the meter without
	// it: negative where the others show more. Both are nil where nothing is known
	// of one of the others that should have reported, or there is none; Quantity
	// also where nothing is known of the meter.
	Parts, Quantity *schema.Quantity
	// Coverage is the least coverage among the meter and the others; nil where
	// none should have reported.
	Coverage *big.Rat
}

// Residual compares the meter at place 0 with those at all other places. The
// error tells that a sum is beyond what a quantity can hold.
func (s *Series) Residual(bucket int) (r Residual, err error) {
	whole, err := s.Amounts(bucket, 0)
	if err != nil {
		return r, err
	}
	r.cover(&whole)
	var sum exact.Sum
	others, known := 0, true
	for place := 1; place < s.places; place++ {
		a, err := s.Amounts(bucket, place)
		if err != nil {
			return r, err
		}
		if a.Expected == 0 {
			continue // it does not exist in this bucket
		}
		others++
		known = known && a.Known > 0
		sum.Add(int64(a.Quantity))
		r.cover(&a)
	}
	if others == 0 || !known {
		return r, nil
	}
	if r.Parts, err = quantityOf(sum); err != nil || whole.Known == 0 {
		return r, err
	}
	r.Quantity, err = quantityOf(exact.Of(int64(whole.Quantity)).Minus(sum))
	return r, err
}

// cover takes the coverage of a meter into account.
func (r *Residual) cover(a *Amounts) {
	if a.Expected == 0 {
		return
	}
	if c := big.NewRat(a.Known, a.Expected); r.Coverage == nil || c.Cmp(r.Coverage) < 0 {
		r.Coverage = c
	}
}

func quantityOf(sum exact.Sum) (*schema.Quantity, error) {
	v, ok := sum.Int64()
	if !ok {
		return nil, fmt.Errorf("%w: %s micro-units", schema.ErrOutOfRange, sum)
	}
	q := schema.Quantity(v)
	return &q, nil
}
