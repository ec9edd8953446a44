package peer

import (
	"cmp"
	"context"
	"slices"

	"jouleline/metrics/verify"
	"jouleline/schema"
)

// everybody puts a question to all instances and fails where one does not answer.
func (c *Client) everybody(ctx context.Context, k kind, q *question, equal bool) (*view, []*answer, error) {
	v, err := c.survey(ctx)
	if err != nil {
		return nil, nil, err
	}
	if missing := v.missing(); missing != nil && k.isWork() {
		return nil, nil, missing // nothing is begun that cannot be finished
	}
	answers, err := v.put(ctx, k, v.all(q), equal)
	if err != nil {
		return nil, nil, err
	}
	if missing := v.missing(); missing != nil {
		return nil, nil, missing
	}
	return v, answers, nil
}

// counts adds named numbers over all instances that answer.
func (c *Client) counts(ctx context.Context, k kind) (map[string]int64, error) {
	v, err := c.survey(ctx)
	if err != nil {
		return nil, err
	}
	answers, err := v.put(ctx, k, v.all(&question{}), false)
	if err != nil {
		return nil, err
	}
	if missing := v.missing(); missing != nil {
		if err := tolerate(ctx, missing, []string{}); err != nil {
			return nil, err
		}
	}
	sum := map[string]int64{}
	for _, a := range answers {
		if a == nil {
			continue
		}
		for _, one := range a.counts {
			sum[one.name] += one.n
		}
	}
	return sum, nil
}

// RejectedCounts counts the rejected rows by code.
func (c *Client) RejectedCounts(ctx context.Context) (map[schema.Code]int64, error) {
	sum, err := c.counts(ctx, rejectedCounts)
	if err != nil {
		return nil, err
	}
	byCode := make(map[schema.Code]int64, len(sum))
	for code, n := range sum {
		byCode[schema.Code(code)] = n
	}
	return byCode, nil
}

// ParkedMeters counts the readings that wait, by meter.
func (c *Client) ParkedMeters(ctx context.Context) (map[string]int64, error) {
	return c.counts(ctx, parked)
}

// Rejected gives rejected rows of all instances. Each instance counts its own
// from 1; a sequence here is that number x partitions + the instance's lowest
// partition, so that it is one instance's, grows with its rows, and a page can be
// gone on with.
func (c *Client) Rejected(ctx context.Context, after int64, limit int) ([]Reject, error) {
	v, err := c.survey(ctx)
	if err != nil {
		return nil, err
	}
	partitions := int64(len(v.owner))
	questions := make([]*question, len(v.members))
	for i, h := range v.heads {
		if len(h.owned) > 0 {
			questions[i] = &question{after: ownSequence(after, partitions, int64(slices.Min(h.owned))), limit: limit}
		}
	}
	answers, err := v.put(ctx, rejected, questions, false)
	if err != nil {
		return nil, err
	}
	if missing := v.missing(); missing != nil {
		return nil, missing // the rows of one instance would be passed over for good
	}
	var all []Reject
	for i, a := range answers {
		if a == nil {
			continue
		}
		first := int64(slices.Min(v.heads[i].owned))
		for _, r := range a.rejects {
			r.Sequence = r.Sequence*partitions + first
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Reject) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return all[:min(limit, len(all))], nil
}

// ownSequence gives the greatest sequence of an instance's own that is not after
// one of all.
func ownSequence(after, partitions, first int64) int64 {
	if after < first {
		return 0
	}
	return (after - first) / partitions
}

// Verify lets every instance hold its own books against its readings, and adds
// what they find. Months counts every roll-up that was compared: that of an
// institution's carrier is one for each instance that has meters of it.
func (c *Client) Verify(ctx context.Context, o verify.Options) (*verify.Report, error) {
	q := &question{sample: o.Sample, seed: int64(o.Seed), limit: o.List}
	_, answers, err := c.everybody(ctx, verifying, q, true)
	if err != nil {
		return nil, err
	}
	sum := answers[0].verified
	for _, a := range answers[1:] {
		r := &a.verified
		sum.Meters += r.Meters
		sum.Waiting += r.Waiting
		sum.Readings += r.Readings
		sum.Checked += r.Checked
		sum.Months += r.Months
		sum.More += r.More
		sum.Differences = append(sum.Differences, r.Differences...)
	}
	if over := len(sum.Differences) - o.List; over > 0 {
		sum.Differences, sum.More = sum.Differences[:o.List], sum.More+over
	}
	return &sum, nil
}
