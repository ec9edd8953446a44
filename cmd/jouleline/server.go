package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"jouleline/api"
	"jouleline/api/peer"
	"jouleline/api/telemetry"
	"jouleline/ingest/gateway"
	"jouleline/ingest/kafka"
	"jouleline/ingest/mqtt"
	"jouleline/ingest/pipeline"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store"
	"jouleline/store/influx"
)

// server is everything that runs in one process. It is opened from the bottom
// up and stopped in the order of the data.
type server struct {
	flags    ServerFlags
	log      *slog.Logger
	listener net.Listener
	broker   *kafka.Broker // nil where the topic is on a cluster
	client   *kafka.Client
	producer *kafka.Producer
	taking   *taking // the producer, as pushes see it
	store    *store.Store
	books    *supervisor
	peers    *peer.Client // nil where there is one instance
	api      *api.Server
	http     *http.Server
	horizon  schema.Instant // to which upkeep let readings go
	copying  sync.Mutex     // held while a copy of the books is made
	// publisher is nil where no InfluxDB is configured.
	publisher *influx.Publisher
	// mqtt is nil where no MQTT broker is configured.
	mqtt *mqtt.Bridge
}

// stopWithin bounds how long stopping may take.
const stopWithin = 30 * time.Second

// openServer opens everything; what is wrong is told before anything serves.
func openServer(ctx context.Context, flags ServerFlags, std streams) (_ *server, err error) {
	if err := flags.validate(); err != nil {
		return nil, err
	}
	s := &server{flags: flags, log: flags.logger(std)}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if err := checkWritable(flags.Data); err != nil {
		return nil, err
	}
	if err := sweepCopies(flags.Data); err != nil {
		return nil, err
	}
	if s.listener, err = net.Listen("tcp", flags.Listen); err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			err = fmt.Errorf("%w (another server may be running; --listen takes another address)", err)
		}
		return nil, fmt.Errorf("listen: %w", err)
	}
	if err := s.openTopic(ctx); err != nil {
		return nil, err
	}
	memory, err := flags.memoryBytes()
	if err != nil {
		return nil, err
	}
	if s.store, err = store.Open(ctx, store.Config{Path: filepath.Join(flags.Data, "books.duckdb"), MemoryBytes: memory, Log: s.log}); err != nil {
		return nil, err
	}
	return s, s.assemble(ctx)
}

// assemble puts the parts together.
func (s *server) assemble(ctx context.Context) error {
	source := topicSource{s.client}
	log, err := source.identify(ctx)
	if err != nil {
		return err
	}
	if err := s.checkLeftBehind(ctx, log); err != nil {
		return err
	}
	owned, err := s.flags.owned(log.Partitions)
	if err != nil {
		return err
	}
	if err := s.checkFixed(ctx, log, owned); err != nil {
		return err
	}
	token, err := s.flags.peerToken()
	if err != nil {
		return err
	}
	metrics, shown, err := telemetry.NewServer()
	if err != nil {
		return err
	}
	if err := metrics.Size(s.store.Size); err != nil {
		return err
	}
	if err := metrics.Free(func() (int64, bool) { return freeBytes(s.flags.Data) }); err != nil {
		return err
	}
	s.books = &supervisor{
		store: s.store, source: source, identify: source.identify, log: s.log,
		config: pipeline.Config{
			Owned: owned, Forward: s.producer, BatchReadings: s.flags.BatchReadings, Linger: s.flags.Linger,
			Registry: registry.Options{TimeZone: s.flags.TimeZone}, Mapping: s.flags.LineMapping.mapping, Watch: pipelineWatch{metrics}, Logger: s.log,
		},
	}
	s.taking = &taking{producer: s.producer, now: time.Now}
	if s.publisher, err = s.flags.publisher(s, metrics); err != nil {
		return err
	}
	push, err := gateway.New(gateway.Config{
		Producer: s.taking, Registry: gatewayRegistry{s.books}, Rejects: topicRejects{s.producer},
		Partitions: log.Partitions, Allow: s.allowPush, Gateway: gatewayOf, Mapping: s.flags.LineMapping.mapping, Telemetry: gatewayWatch{metrics}, Log: s.log,
	})
	if err != nil {
		return err
	}
	if s.mqtt, err = s.flags.bridge(s, push, metrics); err != nil {
		return err
	}
	config := s.apiConfig(push.Readings(), push.Write(), shown, metrics, log.Partitions)
	config.Forms = forms{}
	config.Files = files{gateway: push, books: s.books, store: s.store, audit: s.audit}
	if config.Plans, err = readPlans(s.flags.Plans); err != nil {
		return err
	}
	if err := s.joinPeers(s.instance(log, owned, &config), token, &config); err != nil {
		return err
	}
	if config.Access, err = s.authorizer(ctx); err != nil {
		return err
	}
	if s.api, err = api.New(config); err != nil {
		return err
	}
	s.http = s.api.HTTP()
	s.http.ErrorLog = slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)
	return nil
}

// Address is where the API listens.
func (s *server) Address() string { return s.listener.Addr().String() }

// URL is the same as callers write it.
func (s *server) URL() string {
	if s.flags.TLSCert != "" {
		return "https://" + s.Address()
	}
	return "http://" + s.Address()
}

// Run serves until the context ends or a part fails for good, and stops in the
// order of the data: no more pushes, then the books, then the topic.
func (s *server) Run(ctx context.Context) error {
	defer s.close()
	booksCtx, stopBooks := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBooks()
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error {
		serve := func() error { return s.http.Serve(s.listener) }
		if s.flags.TLSCert != "" {
			serve = func() error { return s.http.ServeTLS(s.listener, s.flags.TLSCert, s.flags.TLSKey) }
		}
		if err := serve(); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve the API: %w", err)
		}
		return nil
	})
	group.Go(func() error { return s.books.Run(booksCtx) })
	group.Go(func() error { return s.keepMonths(running) })
	group.Go(func() error { return s.keepLabels(running) })
	group.Go(func() error { return s.every(running, outboxEvery, "rejects", s.publishRejects) })
	group.Go(func() error { return s.every(running, upkeepEvery, "upkeep", s.upkeep) })
	group.Go(func() error { return s.every(running, upkeepEvery, "settling readings", s.pack) })
	if s.publisher != nil {
		group.Go(func() error { return s.publisher.Run(running) })
	}
	if s.mqtt != nil {
		group.Go(func() error { return s.mqtt.Run(running) })
	}
	group.Go(func() error {
		<-running.Done()
		deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		err := s.http.Shutdown(deadline)
		s.drain(deadline)
		stopBooks()
		return err
	})
	return group.Wait()
}

// close closes what was opened, from the top down.
func (s *server) close() {
	if s.listener != nil {
		_ = s.listener.Close() // closed already where it served
	}
	if s.producer != nil {
		s.warn("producer", s.producer.Close())
	}
	if s.client != nil {
		s.warn("client", s.client.Close())
	}
	if s.store != nil {
		s.warn("heads", s.store.SaveHeads(context.Background()))
		s.warn("store", s.store.Close())
	}
	if s.broker != nil {
		s.warn("broker", s.broker.Close())
	}
}

func (s *server) warn(part string, err error) {
	if err != nil {
		s.log.Warn("closing", "part", part, "error", err)
	}
}
