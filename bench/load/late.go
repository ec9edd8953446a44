package main

import (
	"context"
	"time"

	"jouleline/bench/sim"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// At most 200 corrections, of a tenth of the meters, are sent one at a time while
// new readings come at a pace: three a second, so that the server's upkeep of
// every minute falls among them.
const (
	corrections    = 200
	correctionRate = 3
	lateRate       = 20_000
	lateSeconds    = 1200 // the longest that the pace is kept up
	upkeepPeriod   = time.Minute
)

// The load ends a month after a new year. A correction of the reading at that
// midnight moves energy from one day, month and year to the next, so all of their
// totals change; a register reading at any other time moves nothing between them.
var (
	boundary = schema.DayOf(2024, time.January, 1)
	loadEnd  = schema.DayOf(2024, time.January, 31)
)

// lateCorrection measures how long a correction of a month ago takes to reach the
// totals of month and year while ingest goes on.
func lateCorrection(ctx context.Context, t *trial) error {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return err
	}
	load, err := sim.NewLoad(sim.LoadConfig{
		Seed: seed, Meters: t.sizes.LateMeters, Interval: quarterHour,
		Readings: t.sizes.lateReadings() + lateRate*lateSeconds,
		Start:    (loadEnd - schema.Day(t.sizes.LateDays)).Start(zone),
	})
	if err != nil {
		return err
	}
	return withStand(ctx, t, func(s *stand) error {
		if _, err := s.importTables(ctx, load.Tables()); err != nil {
			return err
		}
		c := &corrector{stand: s, midnight: boundary.Start(zone), at: map[string]schema.Quantity{}}
		c.feed = &feeder{stand: s, load: load, form: line1, observe: c.observe}
		c.booking = s.book(ctx, topic{s.client})
		return c.booking.joinStop(c.run(ctx, t))
	})
}

// corrector sends corrections and waits for each.
type corrector struct {
	stand    *stand
	booking  *booking
	feed     *feeder
	midnight schema.Instant
	at       map[string]schema.Quantity // what each meter showed at midnight
	registry *registry.Registry
}

// observe keeps what is going to be corrected.
func (c *corrector) observe(s *sim.Sample) {
	if s.Time == c.midnight {
		c.at[s.Meter] = s.Value
	}
}

// run loads, and then measures with ingest going on beside.
func (c *corrector) run(ctx context.Context, t *trial) error {
	world, err := c.booking.world(ctx)
	if err != nil {
		return err
	}
	c.registry = world.Registry
	began := time.Now()
	if err := c.fill(ctx, t.sizes.lateReadings()); err != nil {
		return err
	}
	loaded := time.Since(began).Seconds()
	var w waits
	stopPace := alongside(ctx, c.booking, c.goOn)
	stopUpkeep := alongside(ctx, c.booking, c.upkeep)
	_, err = t.timed(func() (err error) {
		w, err = c.correctAll(ctx)
		return err
	})
	if err := joinAll(err, stopPace, stopUpkeep); err != nil {
		return err
	}
	t.recordWaits("late_correction", w)
	d := t.figures["late_correction"].Details
	d["loaded"], d["load_s"] = float64(t.sizes.lateReadings()), loaded
	return nil
}

// fill produces the load in parts, each booked before the next, and lets the
// broker forget it.
func (c *corrector) fill(ctx context.Context, readings int) error {
	const part = 3_000_000
	for readings > 0 {
		n, err := c.feed.feed(ctx, min(part, readings))
		if err != nil {
			return err
		}
		readings -= n
		ends, err := c.stand.ends(ctx)
		if err != nil {
			return err
		}
		if err := c.booking.await(ctx, ends); err != nil {
			return err
		}
		for p, end := range ends {
			if err := c.stand.broker.Trim(ctx, p, end); err != nil {
				return err
			}
		}
	}
	return c.stand.store.Maintain(ctx)
}

// goOn keeps new readings coming.
func (c *corrector) goOn(ctx context.Context, _ *booking) error {
	const atOnce = 200
	return endedBy(ctx, pace(ctx, lateRate/atOnce, lateRate/atOnce*lateSeconds, func(int) error {
		_, err := c.feed.feed(ctx, atOnce)
		return err
	}))
}

// upkeep does what the server does every minute.
func (c *corrector) upkeep(ctx context.Context, _ *booking) error {
	ticker := time.NewTicker(upkeepPeriod)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if err := c.stand.store.Maintain(ctx); err != nil {
				return endedBy(ctx, err)
			}
		}
	}
}
