package peer

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"jouleline/metrics/consumption"
	"jouleline/metrics/frozen"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

var (
	_ consumption.Source = (*Client)(nil)
	_ indicator.Source   = (*Client)(nil)
)

// Points gives the stored readings of the stretches, as [consumption.Source].
func (c *Client) Points(ctx context.Context, stretches []posting.Stretch, knownAt schema.Instant) ([]posting.Reading, error) {
	meters := make([]int32, len(stretches))
	for i := range stretches {
		meters[i] = stretches[i].Meter
	}
	return ofMeters(ctx, c, points, meters, func(q *question, s *shares, m int) {
		q.moment = knownAt
		for _, one := range stretches {
			if s.owner[one.Meter] == m {
				one.Meter = s.place[one.Meter]
				q.stretches = append(q.stretches, one)
			}
		}
	}, func(a *answer) []posting.Reading { return a.readings }, func(r *posting.Reading) *int32 { return &r.Meter })
}

// EachMeter visits the stored readings meter by meter, as [consumption.Source].
func (c *Client) EachMeter(ctx context.Context, stretches []posting.Stretch, knownAt schema.Instant, visit func([]posting.Reading) error) error {
	readings, err := c.Points(ctx, stretches, knownAt)
	if err != nil {
		return err
	}
	return posting.EachMeter(readings, visit)
}

// Codes gives the verdicts on readings of meters, as [consumption.Source].
func (c *Client) Codes(ctx context.Context, meters []int32, from, to schema.Instant) ([]posting.Code, error) {
	return ofMeters(ctx, c, codes, meters, func(q *question, _ *shares, _ int) { q.from, q.to = from, to },
		func(a *answer) []posting.Code { return a.codes }, func(r *posting.Code) *int32 { return &r.Meter })
}

// Booked gives the ledger of meters, as [consumption.Source].
func (c *Client) Booked(ctx context.Context, meters []int32, days schema.Validity, knownAt schema.Instant) ([]posting.Entry, error) {
	return ofMeters(ctx, c, ledger, meters, func(q *question, _ *shares, _ int) { q.days, q.moment = days, knownAt },
		func(a *answer) []posting.Entry { return a.entries }, func(r *posting.Entry) *int32 { return &r.Meter })
}

// ReceivedSince counts the readings of meters recorded after a moment.
func (c *Client) ReceivedSince(ctx context.Context, since schema.Instant, meters []int32) ([]frozen.Received, error) {
	return ofMeters(ctx, c, receivedSince, meters, func(q *question, _ *shares, _ int) { q.moment = since },
		func(a *answer) []frozen.Received { return a.received }, func(r *frozen.Received) *int32 { return &r.Meter })
}

// BookedSince sums by meter what was booked after a moment.
func (c *Client) BookedSince(ctx context.Context, since schema.Instant, days schema.Validity) ([]frozen.Booked, error) {
	v, err := c.survey(ctx)
	if err != nil {
		return nil, err
	}
	answers, err := v.put(ctx, bookedSince, v.all(&question{moment: since, days: days}), true)
	if err != nil {
		return nil, err
	}
	if missing := v.missing(); missing != nil {
		return nil, missing
	}
	var all []frozen.Booked
	for _, a := range answers {
		for _, b := range a.booked {
			if b.Meter < 0 || int(b.Meter) >= len(a.names) {
				return nil, fmt.Errorf("what was booked names meter %d of %d: %w", b.Meter, len(a.names), errShort)
			}
			number, ok := c.self.World.Number(a.names[b.Meter])
			if !ok {
				return nil, fmt.Errorf("%w: meter %q is not known here", ErrDivided, a.names[b.Meter])
			}
			b.Meter = number
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b frozen.Booked) int { return cmp.Compare(a.Meter, b.Meter) })
	return all, nil
}
