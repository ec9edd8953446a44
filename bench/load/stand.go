package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"jouleline/ingest/kafka"
	"jouleline/ingest/pipeline"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store"
)

// stand is the whole way of the data in one process: the embedded broker, the
// topic and the store, with the settings that the server has by default. A
// pipeline is started when it is wanted.
type stand struct {
	path     string // of the store
	broker   *kafka.Broker
	client   *kafka.Client
	producer *kafka.Producer
	store    *store.Store
	log      posting.Log
	watch    *watch
}

// booksFile is the store's file in the folder of a stand.
const booksFile = "books.duckdb"

// openStand opens a stand in an empty folder.
func openStand(ctx context.Context, dir string) (_ *stand, err error) {
	s := &stand{path: filepath.Join(dir, booksFile)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.broker, err = kafka.OpenBroker(kafka.BrokerConfig{Dir: filepath.Join(dir, "broker"), Partitions: partitions}); err != nil {
		return s, err
	}
	if s.client, err = s.broker.Client(kafka.Config{}); err != nil {
		return s, err
	}
	if s.producer, err = s.client.Producer(ctx); err != nil {
		return s, err
	}
	cluster, topic, count, err := s.client.Identity(ctx)
	if err != nil {
		return s, err
	}
	s.log = posting.Log{Cluster: cluster, Topic: fmt.Sprintf("%x", topic), Partitions: count}
	return s, s.openStore(ctx)
}

// openStore opens the store, and watches it.
func (s *stand) openStore(ctx context.Context) error {
	opened, err := store.Open(ctx, store.Config{Path: s.path})
	if err != nil {
		return err
	}
	s.store, s.watch = opened, newWatch(opened)
	return nil
}

// reopen closes the store, does something with its file, and opens it again. No
// pipeline may run. Where it fails the store is closed.
func (s *stand) reopen(ctx context.Context, work func(path string) error) error {
	closed := s.store
	s.store = nil
	if err := errors.Join(closed.Close(), work(s.path)); err != nil {
		return err
	}
	return s.openStore(ctx)
}

// close closes everything that was opened, from the top down.
func (s *stand) close() error {
	var errs []error
	if s.producer != nil {
		errs = append(errs, s.producer.Close())
	}
	if s.client != nil {
		errs = append(errs, s.client.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	if s.broker != nil {
		errs = append(errs, s.broker.Close())
	}
	return errors.Join(errs...)
}

// upkeep does what the server does every minute, where a moment is now: the days
// before settle.
func (s *stand) upkeep(ctx context.Context, now schema.Instant) error {
	before := schema.DayOf(now.Time().Date())
	for {
		moved, err := s.store.Settle(ctx, before)
		if err != nil {
			return err
		}
		if moved == 0 {
			return s.store.Maintain(ctx)
		}
	}
}

// ends gives where each partition of the topic ends.
func (s *stand) ends(ctx context.Context) (map[int]int64, error) {
	ends := map[int]int64{}
	for p := range s.log.Partitions {
		end, err := s.client.Latest(ctx, p)
		if err != nil {
			return nil, err
		}
		ends[p] = end
	}
	return ends, nil
}

// importTables brings a registry in and gives the seconds that it took.
func (s *stand) importTables(ctx context.Context, tables registry.Tables) (seconds float64, err error) {
	b := s.start(ctx, nil, pipeline.Config{Log: s.log, Watch: s.watch})
	defer func() { err = errors.Join(err, b.stop()) }()
	if _, err := b.world(ctx); err != nil {
		return 0, err
	}
	began := time.Now()
	_, err = b.pipeline.Import(ctx, tables, false)
	return time.Since(began).Seconds(), err
}

// book starts a pipeline over all partitions.
func (s *stand) book(ctx context.Context, source pipeline.Source) *booking {
	owned := make([]int, s.log.Partitions)
	for p := range owned {
		owned[p] = p
	}
	return s.start(ctx, source, pipeline.Config{Log: s.log, Owned: owned, Watch: s.watch})
}

// booking is a pipeline that runs.
type booking struct {
	pipeline *pipeline.Pipeline
	watch    *watch
	cancel   context.CancelFunc
	ended    chan struct{} // closed when it has ended
	err      error         // read after ended
}

func (s *stand) start(ctx context.Context, source pipeline.Source, config pipeline.Config) *booking {
	ctx, cancel := context.WithCancel(ctx)
	b := &booking{pipeline: pipeline.New(s.store, source, config), watch: s.watch, cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(b.ended)
		b.err = b.pipeline.Run(ctx)
	}()
	return b
}

// world waits until the books are open and gives the registry.
func (b *booking) world(ctx context.Context) (*pipeline.World, error) {
	if err := b.next(ctx, b.pipeline.Ready()); err != nil {
		return nil, err
	}
	return b.pipeline.Now(), nil
}

// stop ends the pipeline and waits for it.
func (b *booking) stop() error {
	b.cancel()
	<-b.ended
	return b.err
}

// joinStop stops the pipeline after an error, or without one.
func (b *booking) joinStop(err error) error { return errors.Join(err, b.stop()) }

// await waits until everything before the offsets is stored.
func (b *booking) await(ctx context.Context, ends map[int]int64) error {
	for {
		changed := b.watch.next()
		if covers(b.watch.store.Offsets(), ends) {
			return nil
		}
		if err := b.next(ctx, changed); err != nil {
			return err
		}
	}
}

// next waits for what the pipeline does next.
func (b *booking) next(ctx context.Context, happened <-chan struct{}) error {
	select {
	case <-happened:
		return nil
	case <-b.ended:
		return errors.Join(errors.New("the pipeline ended too early"), b.err)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
