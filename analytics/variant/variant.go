// Package variant lets one question weigh the same books by several factor sets:
// in which every carrier counts one, or one carrier alone counts, or heat counts
// for nothing. So what is metered or declared, how well it is known and what can
// be compared is decided by package indicator alone, whatever is weighed.
//
// A carrier that the original set does not know is not known in a variant either,
// unless it is given a weight: silence about a carrier is never a zero.
package variant

import (
	"context"
	"math/big"
	"sync"

	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// Of gives a set whose coal and carbon both weigh each carrier as told, nil
// meaning that it is not known. Electricity has one weight for all grids.
func Of(set *factor.Set, weight func(schema.Carrier) *big.Rat) *factor.Set {
	v := *set
	v.Mode = factor.Fixed
	v.Coal, v.Carbon = map[schema.Carrier]*big.Rat{}, map[schema.Carrier]*big.Rat{}
	v.Grid = nil
	for _, c := range schema.Carriers {
		w := weight(c)
		if w == nil {
			continue
		}
		v.Coal[c] = w
		if c == schema.Electricity {
			v.Grid = []factor.GridFactor{{Year: v.GridYear, Value: w}}
			continue
		}
		v.Carbon[c] = w
	}
	return &v
}

// Remember gives a source that asks another one once for each stretch of days. It
// serves questions of one scope, which name the same institutions for the same
// stretch. It is safe for concurrent use.
func Remember(source indicator.Source) indicator.Source {
	return &remembering{source: source, usage: map[stretch][]indicator.Usage{}}
}

type remembering struct {
	source indicator.Source
	mu     sync.Mutex // guards usage
	usage  map[stretch][]indicator.Usage
}

type stretch struct {
	from, to schema.Day
	members  int
	knownAt  schema.Instant
}

// Usage gives the first answer again.
func (r *remembering) Usage(ctx context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := stretch{q.From, q.To, len(q.Institutions), q.KnownAt}
	if usage, ok := r.usage[key]; ok {
		return usage, nil
	}
	usage, err := r.source.Usage(ctx, q)
	if err == nil {
		r.usage[key] = usage
	}
	return usage, err
}
