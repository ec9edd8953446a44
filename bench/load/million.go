package main

import (
	"context"
	"runtime/debug"
	"time"

	"jouleline/bench/sim"
)

// millionMeters measures a load in order with very many meters. A meter's first
// reading opens its books and is a matter of once; so all meters are opened
// before the clock runs, and that is told beside.
func millionMeters(ctx context.Context, t *trial) error {
	load, err := sim.NewLoad(sim.LoadConfig{Seed: seed, Meters: t.sizes.ManyMeters, Readings: t.sizes.ManyMeters + t.sizes.Readings, Interval: quarterHour})
	if err != nil {
		return err
	}
	return withStand(ctx, t, func(s *stand) error { return s.measureMany(ctx, t, load) })
}

func (s *stand) measureMany(ctx context.Context, t *trial, load *sim.Load) error {
	meters := load.Config().Meters
	forgetPeak()
	imported, err := s.importTables(ctx, load.Tables())
	if err != nil {
		return err
	}
	feed := &feeder{stand: s, load: load, form: line1}
	if _, err := feed.feed(ctx, meters); err != nil {
		return err
	}
	hold, err := s.ends(ctx)
	if err != nil {
		return err
	}
	s.watch.since()
	began := time.Now()
	g := newGate(s.client, hold)
	b := s.book(ctx, g)
	if _, err := b.world(ctx); err != nil {
		return b.joinStop(err)
	}
	open := time.Since(began).Seconds()
	if err := b.await(ctx, hold); err != nil {
		return b.joinStop(err)
	}
	first := time.Since(began).Seconds() - open
	preparing := peakMemory()
	sent, err := feed.feed(ctx, -1)
	if err != nil {
		return b.joinStop(err)
	}
	if err := s.measureBehind(ctx, t, g, b, sent); err != nil {
		return b.joinStop(err)
	}
	measured := t.figures["million_meters"]
	measured.Details["first_readings_per_s"] = float64(meters) / first
	t.record("million_import", imported, details{"open_s": open})
	ingesting := peakMemory()
	t.record("million_memory", max(preparing, ingesting), details{"import_gib": preparing, "ingest_gib": ingesting})
	world := b.pipeline.Now()
	if err := b.stop(); err != nil {
		return err
	}
	return newLedgerCheck(load).compare(ctx, s, world)
}

// measureBehind measures what lies behind the gate.
func (s *stand) measureBehind(ctx context.Context, t *trial, g *gate, b *booking, sent int) error {
	ends, err := s.ends(ctx)
	if err != nil {
		return err
	}
	s.watch.since()
	debug.FreeOSMemory() // what producing took is not the pipeline's
	forgetPeak()
	took, err := t.timed(func() error {
		g.open()
		return b.await(ctx, ends)
	})
	if err != nil {
		return err
	}
	if err := s.watch.check(sent); err != nil {
		return err
	}
	t.record("million_meters", float64(sent)/took.seconds, took.into(s.watch.details()))
	return nil
}
