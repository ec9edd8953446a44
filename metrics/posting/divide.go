package posting

import (
	"cmp"
	"math/bits"
	"slices"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// Division tells how a meter's consumption of the local days [From, To) is
// divided among accounts. It is not stored: a divided day is divided when it is
// asked for, so that a correction divides the corrected day.
type Division struct {
	Meter int32
	schema.Validity
	Accounts []int32
	Shares   []schema.Ratio // sum to 1
}

// Divide lists the divisions of a world, sorted by meter and day. Its arguments
// are those of [Attribute].
func Divide(r *registry.Registry, number func(meter string) (int32, bool), account func(institution string, carrier schema.Carrier, use schema.Use) int32) []Division {
	var list []Division
	for i := range r.Meters {
		m := &r.Meters[i]
		id, ok := number(m.ID)
		if !ok || m.Formula != "" {
			continue
		}
		for _, c := range r.Claims(m) {
			if c.IsWhole() {
				continue
			}
			last := len(list) - 1
			if last < 0 || list[last].Meter != id || list[last].Validity != c.Validity {
				list = append(list, Division{Meter: id, Validity: c.Validity})
				last++
			}
			list[last].Accounts = append(list[last].Accounts, account(c.Institution, m.Carrier, m.Use))
			list[last].Shares = append(list[last].Shares, c.Share)
		}
	}
	slices.SortStableFunc(list, func(a, b Division) int {
		return cmp.Or(cmp.Compare(a.Meter, b.Meter), cmp.Compare(a.From, b.From))
	})
	return list
}

// Split divides an amount by the largest remainder: every part is its share
// rounded down, and the micro-units left over go one each to the parts that lost
// most, the earlier one first. The parts sum to the amount exactly.
func (d *Division) Split(q schema.Quantity) []schema.Quantity {
	parts := make([]schema.Quantity, len(d.Shares))
	type loss struct {
		at       int
		num, den uint64
	}
	losses := make([]loss, len(d.Shares))
	magnitude, sign := uint64(q), schema.Quantity(1)
	if q < 0 {
		magnitude, sign = uint64(-q), -1
	}
	rest := schema.Quantity(magnitude)
	for i, share := range d.Shares {
		hi, lo := bits.Mul64(magnitude, uint64(share.Num))
		floor, remainder := bits.Div64(hi, lo, uint64(share.Den)) // share <= 1: it fits
		parts[i], losses[i] = sign*schema.Quantity(floor), loss{i, remainder, uint64(share.Den)}
		rest -= schema.Quantity(floor)
	}
	slices.SortStableFunc(losses, func(a, b loss) int { return cmp.Compare(b.num*a.den, a.num*b.den) })
	for i := 0; rest > 0; i++ {
		parts[losses[i].at] += sign
		rest--
	}
	return parts
}
