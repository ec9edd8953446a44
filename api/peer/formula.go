package peer

import (
	"context"
	"fmt"
	"slices"

	"jouleline/metrics/books"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// formulas gives what virtual meters used whose terms are kept by different
// instances: none of these can compute them, since a formula is known only where
// all its terms are. Each day is computed on its own, as the books do it.
// Formulas whose terms are all one instance's are in its own usage already.
func (c *Client) formulas(ctx context.Context, v *view, q *indicator.UsageQuery) ([]indicator.Usage, error) {
	if !q.Registry.Computes() {
		return nil, nil
	}
	var sums []indicator.Usage // by account, as numbered here
	account := func(institution string, carrier schema.Carrier, use schema.Use) int32 {
		index, ok := q.Registry.InstitutionIndex(institution)
		if !ok {
			return posting.NoAccount
		}
		if _, asked := slices.BinarySearch(q.Institutions, index); q.Institutions != nil && !asked {
			return posting.NoAccount
		}
		sums = append(sums, indicator.Usage{Institution: index, Carrier: carrier, Use: use})
		return int32(len(sums) - 1)
	}
	formulas := posting.Formulas(q.Registry, c.self.World.Number, account)
	formulas = slices.DeleteFunc(formulas, func(f posting.Formula) bool { return !v.isSplit(f.Terms) })
	var meters []int32
	for i := range formulas {
		meters = append(meters, formulas[i].Meters...)
	}
	if len(meters) == 0 {
		return nil, nil
	}
	entries, err := c.Booked(ctx, meters, schema.Validity{From: q.From, To: q.To}, q.KnownAt)
	if err != nil {
		return nil, err
	}
	byDay := map[schema.Day]map[int32]books.Entry{}
	for i := range entries {
		e := &entries[i]
		if byDay[e.Day] == nil {
			byDay[e.Day] = map[int32]books.Entry{}
		}
		sum := byDay[e.Day][e.Meter]
		sum.Quantity += e.Quantity
		sum.Estimated += e.Estimated
		sum.Known += e.Known
		byDay[e.Day][e.Meter] = sum
	}
	for day, today := range byDay {
		for i := range formulas {
			if err := addFormula(sums, &formulas[i], day, today); err != nil {
				return nil, fmt.Errorf("%s: %w", day, err)
			}
		}
	}
	slices.SortFunc(sums, func(a, b indicator.Usage) int { return compareUsage(&a, &b) })
	var all []indicator.Usage
	for _, u := range sums {
		if u.Quantity != 0 || u.Estimated != 0 || u.Known != 0 {
			all = addUsage(all, []indicator.Usage{u})
		}
	}
	return all, nil
}

// addFormula adds a formula's part of a day.
func addFormula(sums []indicator.Usage, f *posting.Formula, day schema.Day, today map[int32]books.Entry) error {
	if !f.Contains(day) {
		return nil
	}
	parts := make([]books.Entry, len(f.Meters))
	for i, m := range f.Meters {
		parts[i] = today[m]
	}
	e, known, err := posting.Compute(f.Terms, parts)
	if err != nil || !known {
		return err
	}
	quantities, estimates := f.Split(e.Quantity), f.Split(e.Estimated)
	for k, account := range f.Accounts {
		if account != posting.NoAccount {
			sums[account].Quantity += quantities[k]
			sums[account].Estimated += estimates[k]
			sums[account].Known += e.Known
		}
	}
	return nil
}

// isSplit tells that the terms of a formula are kept by different instances, all
// of which answer.
func (v *view) isSplit(f schema.Formula) bool {
	split := false
	for i := range f {
		owner := v.owner[v.partition(f[i].Meter)]
		if owner < 0 {
			return false // its institutions are told to lack something
		}
		split = split || owner != v.owner[v.partition(f[0].Meter)]
	}
	return split
}
