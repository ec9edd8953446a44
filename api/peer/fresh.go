package peer

import (
	"cmp"
	"context"
	"slices"

	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Latest gives the times of the first and the latest stored reading of meters,
// without those that have none.
func (c *Client) Latest(ctx context.Context, meters []int32) ([]posting.Known, error) {
	return ofMeters(ctx, c, latest, meters, func(*question, *shares, int) {},
		func(a *answer) []posting.Known { return a.known }, func(k *posting.Known) *int32 { return &k.Meter })
}

// CodeCounts counts the verdicts that hold on readings of meters in [from, to),
// plain ones left out, by code.
func (c *Client) CodeCounts(ctx context.Context, meters []int32, from, to schema.Instant) ([]posting.CodeCount, error) {
	codes, err := c.Codes(ctx, meters, from, to)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(codes, func(a, b posting.Code) int { return cmp.Compare(a.Code, b.Code) }) // by meter within each
	var counts []posting.CodeCount
	for i := range codes {
		isNew := i == 0 || codes[i].Code != codes[i-1].Code
		if isNew {
			counts = append(counts, posting.CodeCount{Code: codes[i].Code})
		}
		sum := &counts[len(counts)-1]
		sum.Readings++
		if isNew || codes[i].Meter != codes[i-1].Meter {
			sum.Meters++
		}
	}
	return counts, nil
}
