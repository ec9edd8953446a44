package main

import (
	"context"
	"fmt"
	"time"

	"jouleline/bench/sim"
	"jouleline/ingest"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/codec"
	"jouleline/schema/registry"
)

// At most 200 corrections, of a tenth of the meters, are sent one at a time, three a
// second, so that the server's upkeep of every minute falls among them.
const (
	corrections    = 200
	correctionRate = 3
)

// corrector sends corrections and waits for each.
type corrector struct {
	*history
	midnight schema.Instant
	at       map[string]schema.Quantity // what each meter showed at midnight
	loaded   int                        // the meters that are corrected are among the first so many
	registry *registry.Registry
}

// observe keeps what is going to be corrected.
func (c *corrector) observe(s *sim.Sample) {
	if s.Time == c.midnight {
		c.at[s.Meter] = s.Value
	}
}

// correctAll sends the corrections and gives how long each took from being sent
// until month, year and parents were right.
func (c *corrector) correctAll(ctx context.Context) (w waits, err error) {
	count := min(corrections, c.loaded/10)
	err = pace(ctx, correctionRate, count, func(n int) error {
		meter := c.feed.load.ID(n * (c.loaded / count))
		took, err := c.correct(ctx, meter)
		if err != nil {
			return fmt.Errorf("correction of %s: %w", meter, err)
		}
		w.add(took)
		return nil
	})
	return w, err
}

// totals are sums that a correction must reach: of the meter's institution and of
// the whole province, in the month and the year that ended at midnight.
type totals struct{ month, year, provinceMonth, provinceYear schema.Quantity }

// reached tells whether all sums are what they were before and so much more. They
// are read one after the other, so a batch may be stored in between; but each must
// be the one or the other.
func (a totals) reached(before totals, more schema.Quantity) (bool, error) {
	all := true
	for _, sum := range [4][2]schema.Quantity{
		{a.month, before.month},
		{a.year, before.year},
		{a.provinceMonth, before.provinceMonth},
		{a.provinceYear, before.provinceYear},
	} {
		switch sum[0] - sum[1] {
		case more:
		case 0:
			all = false
		default:
			return false, fmt.Errorf("%w: a total of %s kWh became %s, want %s more", errWrong, sum[1], sum[0], more)
		}
	}
	return all, nil
}

// correct sends one correction, a hundredth of a kWh more at midnight, and waits
// for it.
func (c *corrector) correct(ctx context.Context, meter string) (time.Duration, error) {
	const more = schema.Micro / 100
	owner, err := c.owner(meter)
	if err != nil {
		return 0, err
	}
	before, err := c.totals(ctx, owner)
	if err != nil {
		return 0, err
	}
	r := schema.Reading{Meter: meter, Time: c.midnight, Value: c.at[meter] + more, Revision: 1}
	value, err := codec.AppendLine(nil, &r, codec.Nanoseconds)
	if err != nil {
		return 0, err
	}
	record := ingest.Record{Partition: ingest.PartitionOf(meter, partitions), Key: []byte(meter), Value: value, ContentType: ingest.LineProtocol}
	began := time.Now()
	if err := c.stand.producer.Produce(ctx, []ingest.Record{record}); err != nil {
		return 0, err
	}
	for {
		changed := c.stand.watch.next()
		now, err := c.totals(ctx, owner)
		if err != nil {
			return 0, err
		}
		if done, err := now.reached(before, more); done || err != nil {
			return time.Since(began), err
		}
		if err := c.booking.next(ctx, changed); err != nil {
			return 0, err
		}
	}
}

// totals asks the store.
func (c *corrector) totals(ctx context.Context, owner int32) (sum totals, err error) {
	year, _, _ := (boundary - 1).Date()
	for _, part := range []struct {
		from       schema.Day
		own, whole *schema.Quantity
	}{
		{(schema.MonthOf(boundary) - 1).First(), &sum.month, &sum.provinceMonth},
		{schema.DayOf(year, time.January, 1), &sum.year, &sum.provinceYear},
	} {
		usage, err := c.stand.store.Usage(ctx, indicator.UsageQuery{Registry: c.registry, From: part.from, To: boundary})
		if err != nil {
			return sum, err
		}
		for i := range usage {
			*part.whole += usage[i].Quantity
			if usage[i].Institution == owner {
				*part.own += usage[i].Quantity
			}
		}
	}
	return sum, nil
}

// owner gives the institution that a meter counts to.
func (c *corrector) owner(meter string) (int32, error) {
	versions := c.registry.MeterVersions(meter)
	if len(versions) == 0 {
		return 0, fmt.Errorf("%w: it is not registered", errWrong)
	}
	owner, ok := c.registry.Owner(versions[0].Building)
	if !ok {
		return 0, fmt.Errorf("%w: its building %s has no institution", errWrong, versions[0].Building)
	}
	return owner, nil
}
