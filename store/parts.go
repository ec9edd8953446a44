package store

import (
	"context"
	"fmt"

	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store/duck"
)

// mostParts bounds the months that are looked up one by one, and kept: a century.
// Who asks for more gets them summed by days.
const mostParts = 1200

// PrepareParts makes the sums of months of what a registry divides among accounts,
// or computes of several meters, where that was not done yet, and gives how many
// months that are: the latest year first. Questions make them otherwise, each those
// that it is about.
func (s *Store) PrepareParts(ctx context.Context, r *registry.Registry) (months int, err error) {
	v, err := s.view(ctx, r, 0)
	if err != nil || v.sharing == nil {
		return 0, err
	}
	var days schema.Validity
	err = s.read(ctx, func(c *duck.Conn) error {
		return withMeters(ctx, c, v.sharing.meters, func() error {
			return each(ctx, c, func(b duck.Block) {
				if b.Rows() > 0 {
					days = schema.Validity{From: schema.Day(duck.Column[int32](b, 0)[0]), To: schema.Day(duck.Column[int32](b, 1)[0])}
				}
			}, `SELECT min(day), max(day) + 1 FROM ledger WHERE meter IN `+chosen+` HAVING count(*) > 0`)
		})
	})
	if err != nil {
		return 0, fmt.Errorf("find the days of %d meters that are divided, or computed with: %w", len(v.sharing.meters), err)
	}
	if days.From >= days.To {
		return 0, nil
	}
	end := schema.MonthOf(days.To-1) + 1
	first := max(schema.MonthOf(days.From), end-mostParts)
	for ; first < end; end -= 12 { // questions need not wait for all
		parts, err := s.parts(ctx, v.sharing, max(first, end-12), end)
		if err != nil {
			return months, err
		}
		months += len(parts)
	}
	return months, nil
}

// partsOfDays sums the parts that accounts have of local days: whole months now
// from memory, the rest from the ledger.
func (s *Store) partsOfDays(ctx context.Context, p *sharing, days schema.Validity, knownAt schema.Instant) (partSums, error) {
	sums := make(partSums, len(p.accounts))
	first, end, rest := wholeMonths(days.From, days.To)
	if knownAt != 0 || first >= end || end-first > mostParts {
		rest = [2]schema.Validity{days}
	} else {
		months, err := s.parts(ctx, p, first, end)
		if err != nil {
			return nil, err
		}
		for _, m := range months {
			for i := range m {
				sums[i].add(m[i])
			}
		}
	}
	for _, days := range rest {
		if days.From >= days.To {
			continue
		}
		err := s.read(ctx, func(c *duck.Conn) error {
			return p.each(ctx, c, days, knownAt, func(_ schema.Day, account int32, s usageSum) { sums[p.at(account)].add(s) })
		})
		if err != nil {
			return nil, fmt.Errorf("divide and compute from %s to %s: %w", days.From, days.To, err)
		}
	}
	return sums, nil
}

// parts gives the sums of the months of [from, to) in which accounts have parts.
// Their slices are not the caller's.
func (s *Store) parts(ctx context.Context, p *sharing, from, to schema.Month) (map[schema.Month]partSums, error) {
	b := &s.partbook
	found, missing := b.find(p, from, to)
	if len(missing) == 0 {
		return found, nil
	}
	select {
	case b.making <- struct{}{}:
		defer func() { <-b.making }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the sums of what is divided or computed: %w", context.Cause(ctx))
	}
	b.begin(p)
	defer b.end()
	// Somebody else may have summed them meanwhile.
	if found, missing = b.find(p, from, to); len(missing) == 0 {
		return found, nil
	}
	summed := map[schema.Month]partSums{}
	for first, list := 0, missing; len(list) > 0; list = list[first:] {
		first = p.stretch(list)
		days := schema.Validity{From: list[0].First(), To: (list[first-1] + 1).First()}
		err := s.read(ctx, func(c *duck.Conn) error { return p.sum(ctx, c, days, summed) })
		if err != nil {
			return nil, fmt.Errorf("divide and compute from %s to %s: %w", days.From, days.To, err)
		}
		b.keep(p, list[:first], summed, s.config.MonthBytes/partShare)
	}
	for month, sums := range summed {
		found[month] = sums
	}
	return found, nil
}

// partShare is by how much the bound of parts is less than that of all accounts:
// few have parts.
const partShare = 4

// stretch counts the months at the head of a list that follow one another, as many
// as are summed at once.
func (p *sharing) stretch(list []schema.Month) int {
	most := max(1, monthRows/(31*len(p.meters)))
	n := 1
	for n < len(list) && n < most && list[n] == list[n-1]+1 {
		n++
	}
	return n
}

// sum adds the parts of days to the sums of their months.
func (p *sharing) sum(ctx context.Context, c *duck.Conn, days schema.Validity, months map[schema.Month]partSums) error {
	var sums partSums
	first, end := schema.Day(0), schema.Day(0)
	return p.each(ctx, c, days, 0, func(day schema.Day, account int32, s usageSum) {
		if day < first || day >= end {
			month := schema.MonthOf(day)
			first, end = month.First(), (month + 1).First()
			if sums = months[month]; sums == nil {
				sums = make(partSums, len(p.accounts))
				months[month] = sums
			}
		}
		sums[p.at(account)].add(s)
	})
}
