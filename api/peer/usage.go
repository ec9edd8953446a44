package peer

import (
	"cmp"
	"context"
	"fmt"

	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// Usage adds what institutions used, as [indicator.Source].
func (c *Client) Usage(ctx context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	v, err := c.survey(ctx)
	if err != nil {
		return nil, err
	}
	ask := &question{
		days: schema.Validity{From: q.From, To: q.To}, moment: q.KnownAt, registry: c.self.prints.of(q.Registry),
		institutions: q.Institutions, whole: q.Institutions == nil,
	}
	answers, err := v.put(ctx, usages, v.all(ask), q.KnownAt == 0)
	if err != nil {
		return nil, err
	}
	if missing := v.missing(); missing != nil {
		if institutions := c.touched.by(v, missing.Partitions, &q); len(institutions) > 0 {
			if err := tolerate(ctx, missing, institutions); err != nil {
				return nil, err
			}
		}
	}
	var all []indicator.Usage
	for _, a := range answers {
		if a == nil {
			continue
		}
		for _, u := range a.usage {
			if u.Institution < 0 || int(u.Institution) >= len(q.Registry.InstitutionIDs) {
				return nil, fmt.Errorf("usage of institution %d of %d: %w", u.Institution, len(q.Registry.InstitutionIDs), errShort)
			}
		}
		all = addUsage(all, a.usage)
	}
	split, err := c.formulas(ctx, v, &q)
	if err != nil {
		return nil, err
	}
	return addUsage(all, split), nil
}

// addUsage merges two lists in the order of the books, adding what stands in
// both. What adds up to nothing is left out, as the books leave it out.
func addUsage(a, b []indicator.Usage) []indicator.Usage {
	if len(a) == 0 {
		return b
	}
	sum := make([]indicator.Usage, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch order := compareUsage(&a[0], &b[0]); {
		case order < 0:
			sum, a = append(sum, a[0]), a[1:]
		case order > 0:
			sum, b = append(sum, b[0]), b[1:]
		default:
			u := a[0]
			u.Quantity += b[0].Quantity
			u.Estimated += b[0].Estimated
			u.Known += b[0].Known
			if u.Quantity != 0 || u.Estimated != 0 || u.Known != 0 {
				sum = append(sum, u)
			}
			a, b = a[1:], b[1:]
		}
	}
	return append(append(sum, a...), b...)
}

func compareUsage(a, b *indicator.Usage) int {
	return cmp.Or(cmp.Compare(a.Institution, b.Institution), cmp.Compare(a.Carrier, b.Carrier), cmp.Compare(a.Use, b.Use))
}
