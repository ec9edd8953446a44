package main

import (
	"context"
	"errors"
	"fmt"

	"jouleline/bench/sim"
	"jouleline/schema"
)

// quarterHour is the distance of readings in the rows of ingest.
const quarterHour = 15 * schema.Minute

func ingestLine1(ctx context.Context, t *trial) error { return inOrder(ctx, t, "ingest_line_1", line1) }

func ingestJSON1(ctx context.Context, t *trial) error { return inOrder(ctx, t, "ingest_json_1", json1) }

func ingestLine100(ctx context.Context, t *trial) error {
	return inOrder(ctx, t, "ingest_line_100", line100)
}

// inOrder measures a load in order.
func inOrder(ctx context.Context, t *trial, row string, f form) error {
	load, err := sim.NewLoad(sim.LoadConfig{Seed: seed, Meters: t.sizes.Meters, Readings: t.sizes.Readings, Interval: quarterHour})
	if err != nil {
		return err
	}
	return withStand(ctx, t, func(s *stand) error {
		in, err := prepare(ctx, s, load, f)
		if err != nil {
			return err
		}
		return in.measure(ctx, t, row, nil)
	})
}

// withStand opens a stand in the run's folder and closes it after work.
func withStand(ctx context.Context, t *trial, work func(*stand) error) error {
	s, err := openStand(ctx, t.dir)
	if err != nil {
		return err
	}
	return errors.Join(work(s), s.close())
}

// produced is a load that lies on the topic, ready to be booked.
type produced struct {
	stand *stand
	check *ledgerCheck // nil where the load goes on
	ends  map[int]int64
	sent  int
}

// prepare imports the load's registry and produces all its readings.
func prepare(ctx context.Context, s *stand, load *sim.Load, f form) (*produced, error) {
	return prepareNext(ctx, s, load, f, newLedgerCheck(load), -1)
}

// prepareNext produces the next readings of a load, all that are left where most is
// negative; check is of the whole load.
func prepareNext(ctx context.Context, s *stand, load *sim.Load, f form, check *ledgerCheck, most int) (*produced, error) {
	if _, err := s.importTables(ctx, load.Tables()); err != nil {
		return nil, err
	}
	in := &produced{stand: s}
	if most < 0 {
		in.check = check // what was counted runs ahead of what was sent
	}
	feed := &feeder{stand: s, load: load, form: f, observe: check.observe}
	var err error
	if in.sent, err = feed.feed(ctx, most); err != nil {
		return nil, err
	}
	in.ends, err = s.ends(ctx)
	return in, err
}

// measure books everything and records the rate. beside, where not nil, runs
// while it is booked.
func (in *produced) measure(ctx context.Context, t *trial, row string, beside func(context.Context, *booking) error) error {
	took, err := in.book(ctx, t, beside)
	if err != nil {
		return err
	}
	t.record(row, float64(in.sent)/took.seconds, took.into(in.stand.watch.details()))
	return nil
}

// book books everything: the clock runs from the start of the pipeline until all
// offsets are stored. Afterwards the counts and totals are compared.
func (in *produced) book(ctx context.Context, t *trial, beside func(context.Context, *booking) error) (took stretch, err error) {
	s := in.stand
	s.watch.since()
	var b *booking
	var stop func() error
	took, err = t.timed(func() error {
		b = s.book(ctx, topic{s.client})
		stop = alongside(ctx, b, beside)
		return b.await(ctx, in.ends)
	})
	if b == nil {
		return took, err // the clock did not start
	}
	world := b.pipeline.Now()
	if err := errors.Join(err, stop(), b.stop()); err != nil {
		return took, err
	}
	if err := s.watch.check(in.sent); err != nil {
		return took, err
	}
	if in.check == nil {
		return took, nil
	}
	return took, errors.Join(in.check.compare(ctx, s, world), compareSums(ctx, s, world.Registry, loadYear))
}

// alongside runs work beside a booking; the function that it gives ends the work
// and waits for it.
func alongside(ctx context.Context, b *booking, work func(context.Context, *booking) error) (stop func() error) {
	if work == nil {
		return func() error { return nil }
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- work(ctx, b) }()
	return func() error {
		cancel()
		if err := <-ended; err != nil {
			return fmt.Errorf("beside the booking: %w", err)
		}
		return nil
	}
}

// joinAll ends what runs alongside and joins all errors.
func joinAll(err error, stops ...func() error) error {
	for _, stop := range stops {
		err = errors.Join(err, stop())
	}
	return err
}
