package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"jouleline/api/problem"
	"jouleline/ingest/pipeline"
	"jouleline/metrics/posting"
	"jouleline/store"
)

// supervisor keeps a pipeline running: one after the other, each going on from
// what is stored. After a failed write the store is opened anew first.
type supervisor struct {
	store  *store.Store
	source pipeline.Source
	// identify finds out which log the topic is now.
	identify func(ctx context.Context) (posting.Log, error)
	config   pipeline.Config
	log      *slog.Logger

	mu      sync.Mutex // guards what follows
	current *pipeline.Pipeline
	failure error           // of the last pipeline; nil while one runs
	last    *pipeline.World // of the pipelines before; nil before the first
}

// Pauses between a failed pipeline and the next. The long one is what the books
// wait for at most once a full disk has room again.
const (
	firstPause = 200 * time.Millisecond
	longPause  = 5 * time.Second
)

// checkEvery is how often the open database is asked whether it still is: after
// a failed write it refuses queries too, also where no reading comes that would
// notice.
const checkEvery = 2 * time.Second

// Run keeps the books until the context ends.
func (s *supervisor) Run(ctx context.Context) error {
	pause := firstPause
	for {
		began := time.Now()
		err := s.runOne(ctx)
		if ctx.Err() != nil {
			return nil
		}
		s.log.Error("the pipeline stopped; starting it again", "error", err, "pause", pause)
		s.fail(err)
		if time.Since(began) > longPause {
			pause = firstPause
		}
		select {
		case <-time.After(pause):
			pause = min(2*pause, longPause)
		case <-ctx.Done():
			return nil
		}
		if err := s.store.Check(ctx); errors.Is(err, store.ErrInvalid) {
			if err := s.store.Reopen(ctx); err != nil {
				s.log.Error("the books could not be opened again", "error", err)
			}
		}
	}
}

// watchStore returns with ErrInvalid once the open database was given up.
func (s *supervisor) watchStore(ctx context.Context) error {
	ticker := time.NewTicker(checkEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
			if err := s.store.Check(ctx); errors.Is(err, store.ErrInvalid) {
				return err
			}
		}
	}
}

func (s *supervisor) runOne(ctx context.Context) error {
	log, err := s.identify(ctx)
	if err != nil {
		return fmt.Errorf("identify the topic: %w", err)
	}
	config := s.config
	config.Log = log
	p := pipeline.New(s.store, s.source, config)
	s.mu.Lock()
	if s.current != nil && s.current.Now() != nil {
		s.last = s.current.Now()
	}
	s.current, s.failure = p, nil
	s.mu.Unlock()
	running, stop := context.WithCancelCause(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { stop(s.watchStore(running)) })
	err = p.Run(running)
	if cause := context.Cause(running); cause != nil {
		err = cause // Run says nothing where it was stopped
	}
	stop(nil)
	watch.Wait()
	return err
}

func (s *supervisor) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failure = err
}

// pipeline gives the one that runs now.
func (s *supervisor) pipeline() (*pipeline.Pipeline, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.failure != nil:
		return nil, fmt.Errorf("%w: the books are being opened again after: %w", problem.ErrUnavailable, s.failure)
	case s.current == nil:
		return nil, fmt.Errorf("%w: the books are not open yet", problem.ErrUnavailable)
	}
	return s.current, nil
}

// known gives the registry that holds now, or held when a pipeline last ran: what
// is booked can be asked while the next one starts. Nil before the first.
func (s *supervisor) known() *pipeline.World {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil && s.current.Now() != nil {
		return s.current.Now()
	}
	return s.last
}

// world is known, and waits for the first.
func (s *supervisor) world(ctx context.Context) (*pipeline.World, error) {
	if world := s.known(); world != nil {
		return world, nil
	}
	p, err := s.pipeline()
	if err != nil {
		return nil, err
	}
	return p.World(ctx)
}

// waitForWorld waits until the books are open.
func (s *supervisor) waitForWorld(ctx context.Context) (*pipeline.World, error) {
	for {
		if world, err := s.world(ctx); err == nil {
			return world, nil
		}
		select {
		case <-time.After(firstPause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Ready tells whether readings are being booked, and if not, why.
func (s *supervisor) Ready() error {
	p, err := s.pipeline()
	if err != nil {
		return err
	}
	select {
	case <-p.Ready():
		return nil
	default:
		return errors.New("the books are being opened")
	}
}
