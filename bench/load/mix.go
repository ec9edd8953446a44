package main

import (
	"context"
	"time"

	"jouleline/bench/sim"
)

// mixLine1 measures the real mix of faults with queries running.
func mixLine1(ctx context.Context, t *trial) error {
	load, err := sim.NewLoad(sim.LoadConfig{Seed: seed, Meters: t.sizes.Meters, Readings: t.sizes.Readings, Interval: quarterHour, Disorder: sim.RealMix})
	if err != nil {
		return err
	}
	return withStand(ctx, t, func(s *stand) error {
		in, err := prepare(ctx, s, load, line1)
		if err != nil {
			return err
		}
		var w waits
		err = in.measure(ctx, t, "mix_line_1", func(ctx context.Context, b *booking) error {
			world, err := b.world(ctx)
			if err != nil {
				return endedBy(ctx, err)
			}
			q, err := newQuerier(s.store, world.Registry)
			if err != nil {
				return err
			}
			return q.every(ctx, queryEvery, &w)
		})
		if err == nil {
			t.recordWaits("mix_query_p99", w)
		}
		return err
	})
}

// queryEvery is the distance of the queries that run beside the mix: a room of
// dashboards and planners, ten times what one screen asks.
const queryEvery = 100 * time.Millisecond

// endedBy gives nil where the context ended, which is how work alongside ends.
func endedBy(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// loadYear is the year in which the simulator's loads begin.
const loadYear = 2024
