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

// disk measures what a further reading takes: the file's growth over the second
// half of the load. All of it is recorded within seconds, so that folding the ledger
// at the end gives back room that a server, which folds every day, never takes; the
// second half finds it.
func (t *trial) disk(ctx context.Context, row string, disorder sim.Disorder) error {
	load, err := sim.NewLoad(sim.LoadConfig{Seed: seed, Meters: t.sizes.Readings/(diskDays*24) + 1, Readings: t.sizes.Readings, Disorder: disorder})
	if err != nil {
		return err
	}
	check := newLedgerCheck(load)
	var file [2]int64
	var sent [2]int
	for half, most := range [2]int{t.sizes.Readings / 2, -1} {
		err := withStand(ctx, t, func(s *stand) (err error) {
			if sent[half], err = t.settle(ctx, s, load, check, most); err != nil {
				return err
			}
			later := schema.InstantOf(time.Now().AddDate(0, 0, 2)) // as if the recording day had ended
			return errors.Join(s.upkeep(ctx, load.Time()), s.store.Fold(ctx), s.store.FoldLedger(ctx, later), s.store.SaveHeads(ctx))
		})
		if err != nil {
			return err
		}
		if file[half], err = settledBytes(ctx, filepath.Join(t.dir, booksFile)); err != nil {
			return err
		}
	}
	t.record(row, float64(file[1]-file[0])/float64(sent[1]), details{
		"readings": float64(sent[0] + sent[1]), "bytes": float64(file[1]), "whole_file": float64(file[1]) / float64(sent[0]+sent[1]),
	})
	return nil
}

// settle books the next readings of a load.
func (t *trial) settle(ctx context.Context, s *stand, load *sim.Load, check *ledgerCheck, most int) (sent int, err error) {
	in, err := prepareNext(ctx, s, load, line1, check, most)
	if err != nil {
		return 0, err
	}
	_, err = in.book(ctx, t, nil)
	return in.sent, err
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
