package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"jouleline/bench/sim"
	"jouleline/schema"
	"jouleline/store"
)

// diskDays is how many days of hourly readings each meter gives for the rows of
// disk: two months have settled, and a new one has begun.
const diskDays = 62

// disk measures what a stored reading takes after everything has settled: in
// order and after the real mix.
func disk(ctx context.Context, t *trial) error {
	for _, run := range []struct {
		row      string
		disorder sim.Disorder
	}{
		{"disk_in_order", sim.Disorder{}},
		{"disk_mix", sim.RealMix},
	} {
		one := &trial{sizes: t.sizes, dir: filepath.Join(t.dir, run.row), figures: t.figures, profile: t.profile}
		t.profile = "" // one stretch is profiled: the first
		if err := one.disk(ctx, run.row, run.disorder); err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) disk(ctx context.Context, row string, disorder sim.Disorder) error {
	load, err := sim.NewLoad(sim.LoadConfig{Seed: seed, Meters: t.sizes.Readings/(diskDays*24) + 1, Readings: t.sizes.Readings, Disorder: disorder})
	if err != nil {
		return err
	}
	sent := 0
	err = withStand(ctx, t, func(s *stand) error {
		in, err := prepare(ctx, s, load, line1)
		if err != nil {
			return err
		}
		sent = in.sent
		if _, err := in.book(ctx, t, nil); err != nil {
			return err
		}
		later := schema.InstantOf(time.Now().AddDate(0, 0, 2)) // as if the recording day had ended
		return errors.Join(s.store.Fold(ctx), s.store.FoldLedger(ctx, later), s.store.SaveHeads(ctx))
	})
	if err != nil {
		return err
	}
	file, err := settledBytes(ctx, filepath.Join(t.dir, booksFile))
	if err != nil {
		return err
	}
	t.record(row, float64(file)/float64(sent), details{"readings": float64(sent), "bytes": float64(file)})
	return nil
}

// settledBytes gives the size of a closed store's file once the log is in it and
// what folding freed was given back.
func settledBytes(ctx context.Context, path string) (int64, error) {
	s, err := store.Open(ctx, store.Config{Path: path})
	if err != nil {
		return 0, err
	}
	if err := s.Close(); err != nil {
		return 0, err
	}
	file, wal := s.Size()
	return file + wal, nil
}
