package main

import (
	"context"
	"errors"
	"maps"
	"sync/atomic"
	"time"

	"jouleline/bench/sim"
	"jouleline/schema"
)

// What goes on beside the questions to a loaded store: new readings at a pace, and
// the server's upkeep of every minute.
const (
	loadedRate    = 20_000
	loadedSeconds = 1800 // the longest that the pace is kept up
	upkeepPeriod  = time.Minute
)

// loadEnd is where the load of a year ends. A month ago it was new year: a correction
// of the reading at that midnight moves energy from one day, month and year to the
// next, so all of their totals change; a register reading at any other time moves
// nothing between them.
var (
	boundary = schema.DayOf(2024, time.January, 1)
	loadEnd  = schema.DayOf(2024, time.January, 31)
)

// loaded loads a history of quarter hours, puts that of a crowd beside it, and
// measures, while the ingest of all of them goes on, how long corrections take and what
// graphs of a building's year take.
func loaded(ctx context.Context, t *trial) error {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return err
	}
	all := t.sizes.LoadedMeters + t.sizes.CrowdMeters
	config := sim.LoadConfig{
		Seed: seed, Meters: t.sizes.LoadedMeters, Interval: quarterHour, PerInstitution: buildingMeters, Readings: t.sizes.loadedReadings(),
		Start: (loadEnd - schema.Day(t.sizes.LoadedDays)).Start(zone),
	}
	past, err := sim.NewLoad(config)
	if err != nil {
		return err
	}
	config.Meters, config.Readings, config.Start = all, all+loadedRate*loadedSeconds, loadEnd.Start(zone)
	next, err := sim.NewLoad(config)
	if err != nil {
		return err
	}
	return withStand(ctx, t, func(s *stand) error {
		if _, err := s.importTables(ctx, next.Tables()); err != nil {
			return err
		}
		c := &corrector{history: &history{stand: s}, loaded: t.sizes.LoadedMeters, midnight: boundary.Start(zone), at: map[string]schema.Quantity{}}
		d, err := c.settle(ctx, t, past, next)
		if err != nil {
			return err
		}
		c.booking = s.book(ctx, topic{s.client})
		return c.booking.joinStop(c.run(ctx, t, d))
	})
}

// settle makes a store with a past: of the meters that are loaded, by the whole way,
// and of the crowd. The next readings follow on it.
func (c *corrector) settle(ctx context.Context, t *trial, past, next *sim.Load) (details, error) {
	c.feed = &feeder{stand: c.stand, load: past, form: line100, observe: c.observe}
	began := time.Now()
	c.booking = c.stand.book(ctx, topic{c.stand.client})
	if err := c.booking.joinStop(c.fill(ctx, t.sizes.loadedReadings())); err != nil {
		return nil, err
	}
	seconds := time.Since(began).Seconds()
	for m := range t.sizes.LoadedMeters {
		next.Follow(m, past, m)
	}
	c.feed = &feeder{stand: c.stand, load: next, form: line100}
	world := c.booking.pipeline.Now()
	crowd, err := newCrowd(world, next, t.sizes.LoadedMeters, t.sizes.LoadedDays)
	if err != nil {
		return nil, err
	}
	d, err := crowd.fill(ctx, c.stand, world, next)
	if err != nil {
		return nil, err
	}
	file, wal := c.stand.store.Size()
	d["loaded"], d["load_s"], d["file_bytes"] = float64(t.sizes.loadedReadings()), seconds, float64(file+wal)
	return d, nil
}

// run lets the next reading of every meter come, which opens its books, and then
// measures with ingest going on beside.
func (c *corrector) run(ctx context.Context, t *trial, d details) error {
	world, err := c.booking.world(ctx)
	if err != nil {
		return err
	}
	c.registry = world.Registry
	meters, end := c.feed.load.Config().Meters, c.feed.load.Config().Start
	began := time.Now()
	c.stand.watch.since()
	if err := c.fill(ctx, meters); err != nil {
		return err
	}
	if err := c.stand.watch.check(meters); err != nil {
		return err
	}
	d["open_s"] = time.Since(began).Seconds()
	c.feed.form = line1
	stopPace := alongside(ctx, c.booking, c.goOn)
	stopUpkeep := alongside(ctx, c.booking, c.upkeep)
	measure := func() error {
		w, err := c.correctAll(ctx)
		if err != nil {
			return err
		}
		t.recordWaits("late_correction", w)
		maps.Copy(t.figures["late_correction"].Details, d)
		p, err := openPanels(c.stand, world, end+schema.Instant(schema.Hour))
		if err != nil {
			return err
		}
		if err := p.api.Prepare(ctx); err != nil { // as the server does once it has started
			return errors.Join(err, p.close())
		}
		return errors.Join(p.buildings(ctx, t, world, end-schema.Instant(int64(t.sizes.LoadedDays)*24*schema.Hour), end), p.close())
	}
	return joinAll(measure(), stopPace, stopUpkeep)
}

// history is a load that is booked part by part.
type history struct {
	stand   *stand
	booking *booking
	feed    *feeder
	now     atomic.Int64 // the time of the load
}

// next books on: it feeds the next readings.
func (h *history) next(ctx context.Context, most int) (fed int, err error) {
	fed, err = h.feed.feed(ctx, most)
	h.now.Store(int64(h.feed.load.Time()))
	return fed, err
}

// fill produces the load in parts, each booked before the next, and lets the
// broker forget it.
func (h *history) fill(ctx context.Context, readings int) error {
	const part = 3_000_000
	for readings > 0 {
		n, err := h.next(ctx, min(part, readings))
		if err != nil {
			return err
		}
		readings -= n
		ends, err := h.stand.ends(ctx)
		if err != nil {
			return err
		}
		if err := h.booking.await(ctx, ends); err != nil {
			return err
		}
		for p, end := range ends {
			if err := h.stand.broker.Trim(ctx, p, end); err != nil {
				return err
			}
		}
		if err := h.stand.upkeep(ctx, schema.Instant(h.now.Load())); err != nil {
			return err
		}
	}
	return nil
}

// goOn keeps new readings coming.
func (h *history) goOn(ctx context.Context, _ *booking) error {
	const atOnce = 200
	return endedBy(ctx, pace(ctx, loadedRate/atOnce, loadedRate/atOnce*loadedSeconds, func(int) error {
		_, err := h.next(ctx, atOnce)
		return err
	}))
}

// upkeep does what the server does every minute.
func (h *history) upkeep(ctx context.Context, _ *booking) error {
	ticker := time.NewTicker(upkeepPeriod)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if err := h.stand.upkeep(ctx, schema.Instant(h.now.Load())); err != nil {
				return endedBy(ctx, err)
			}
		}
	}
}
