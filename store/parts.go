package store

import (
	"context"

	"jouleline/schema"
	"jouleline/store/duck"
)

// partSums are the sums of some days, by place in a [sharing].
type partSums []usageSum

// of gives the sum of an account.
func (p partSums) of(s *sharing, account int32) usageSum {
	if at := s.at(account); at >= 0 && at < len(p) {
		return p[at]
	}
	return usageSum{}
}

// partsOfDays sums the parts that accounts have of local days, from the ledger.
func (s *Store) partsOfDays(ctx context.Context, p *sharing, days schema.Validity, knownAt schema.Instant) (partSums, error) {
	sums := make(partSums, len(p.accounts))
	err := s.read(ctx, func(c *duck.Conn) error {
		return p.each(ctx, c, days, knownAt, func(_ schema.Day, account int32, s usageSum) { sums[p.at(account)].add(s) })
	})
	return sums, err
}
