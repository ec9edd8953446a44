package panel

import (
	"context"
	"fmt"

	"jouleline/metrics/indicator"
	"jouleline/schema"
)

func newUsageOfMonths(books indicator.Source) *usageOfMonths {
	return &usageOfMonths{books: books, months: map[schema.Month][]indicator.Usage{}, other: map[[2]schema.Day][]indicator.Usage{}}
}

// usageOfMonths gives the usage of months that were read in one question, and of
// anything else as the books do.
type usageOfMonths struct {
	books  indicator.Source
	months map[schema.Month][]indicator.Usage
	other  map[[2]schema.Day][]indicator.Usage
}

// Usage gives the usage of all institutions; whoever asks for some of them picks.
func (s *usageOfMonths) Usage(ctx context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	month := schema.MonthOf(q.From)
	found, ok := s.months[month]
	if !ok || month.First() != q.From || (month+1).First() != q.To {
		key := [2]schema.Day{q.From, q.To}
		if found, ok = s.other[key]; !ok {
			all := q
			all.Institutions = nil
			var err error
			if found, err = s.books.Usage(ctx, all); err != nil {
				return nil, fmt.Errorf("usage from %s to %s: %w", q.From, q.To, err)
			}
			s.other[key] = found
		}
	}
	if q.Institutions == nil {
		return found, nil
	}
	var list []indicator.Usage
	at := 0
	for i := range found {
		for at < len(q.Institutions) && q.Institutions[at] < found[i].Institution {
			at++
		}
		if at < len(q.Institutions) && q.Institutions[at] == found[i].Institution {
			list = append(list, found[i])
		}
	}
	return list, nil
}
