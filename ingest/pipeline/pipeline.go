package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"jouleline/ingest"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/codec"
	"jouleline/schema/registry"
)

// Config says how a pipeline works.
type Config struct {
	// Log identifies the topic; Owned lists the partitions that this instance
	// reads and keeps the books of.
	Log   posting.Log
	Owned []int
	// Forward takes readings that lie in an owned partition and belong to another
	// instance's; it may be nil where all partitions are owned.
	Forward Forwarder
	// BatchReadings bounds a transaction; 0 means 250,000: DuckDB writes appends
	// of more than two row groups (122,880 rows each) straight into the file,
	// smaller ones twice.
	BatchReadings int
	// Linger is how long a transaction waits for more readings; 0 means 50 ms.
	// It is what low traffic pays for fewer, larger transactions.
	Linger   time.Duration
	Registry registry.Options
	// Mapping makes readings of lines that do not name their meter themselves.
	// Nil: by none.
	Mapping *codec.Mapping
	Watch   Watch
	Logger  *slog.Logger
	// Now is the clock of freshness; nil means time.Now.
	Now func() time.Time
}

// Pipeline books what comes over the topic. Its Run is called once; all other
// methods are safe for concurrent use.
type Pipeline struct {
	sink    *strictSink
	source  Source
	config  Config
	current atomic.Pointer[World]
	ready   chan struct{} // closed once the books are open
	control chan request
	done    chan struct{} // closed when Run has returned

	// What follows belongs to the goroutine of Run.
	world       *World
	builder     *builder
	heads       *heads
	batchNumber uint32
	spare       batch // the memory of the batch before

	free     chan *chunk // chunks to use again
	unmapped *ingest.Unmapped
}

// New prepares a pipeline.
func New(sink Sink, source Source, config Config) *Pipeline {
	if config.BatchReadings == 0 {
		config.BatchReadings = 250_000
	}
	if config.Linger == 0 {
		config.Linger = 50 * time.Millisecond
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	return &Pipeline{sink: &strictSink{Sink: sink}, source: source, config: config, ready: make(chan struct{}), control: make(chan request), done: make(chan struct{}),
		free: make(chan *chunk, chunksAhead), unmapped: ingest.NewUnmapped(config.Logger)}
}

// World gives the registry that holds now. It waits until the books are open.
func (p *Pipeline) World(ctx context.Context) (*World, error) {
	select {
	case <-p.ready:
		return p.current.Load(), nil
	case <-ctx.Done():
		return nil, fmt.Errorf("the books are not open yet: %w", context.Cause(ctx))
	}
}

// Now gives the registry that holds now, nil until the books are open.
func (p *Pipeline) Now() *World { return p.current.Load() }

// Ready is closed once the books are open.
func (p *Pipeline) Ready() <-chan struct{} { return p.ready }

// Run opens the books, reads the owned partitions and books what they hold until
// the context ends or something fails. Where it returns an error, what is stored
// is whole: a new pipeline goes on from there.
func (p *Pipeline) Run(ctx context.Context) error {
	defer close(p.done)
	offsets, err := p.open(ctx)
	if err != nil {
		return fmt.Errorf("open the books: %w", err)
	}
	close(p.ready)
	group, running := errgroup.WithContext(ctx)
	chunks := make(chan *chunk, chunksAhead)
	for _, partition := range p.config.Owned {
		from, ok := offsets[partition]
		if !ok {
			if from, err = p.source.Earliest(ctx, partition); err != nil {
				return fmt.Errorf("find the beginning of partition %d: %w", partition, err)
			}
		}
		group.Go(func() error { return p.readPartition(running, partition, from, chunks) })
	}
	group.Go(func() error { return p.write(running, chunks) })
	err = group.Wait()
	if ctx.Err() != nil {
		return nil // the caller ended it
	}
	return err
}

// open reads where the books stand and finishes what was begun.
func (p *Pipeline) open(ctx context.Context) (map[int]int64, error) {
	start, err := p.sink.Start(ctx)
	if err != nil {
		return nil, err
	}
	tables, _, err := p.sink.RegistryTables(ctx, 0)
	if err != nil {
		return nil, err
	}
	reg, err := registry.Build(tables, p.config.Registry)
	if err != nil {
		return nil, fmt.Errorf("stored registry: %w", err)
	}
	p.builder = newBuilder(&start)
	p.world, _ = p.builder.build(reg)
	p.heads = newHeads(&start)
	p.heads.grow(len(p.world.facts))
	p.current.Store(p.world)
	if start.Log == nil || *start.Log != p.config.Log {
		if start.Log != nil {
			p.config.Logger.Warn("the topic is another one than before: reading it from its beginning", "was", *start.Log, "is", p.config.Log)
		}
		if err := p.sink.Post(ctx, &posting.Batch{Log: &p.config.Log}); err != nil {
			return nil, err
		}
		start.Offsets = nil
	}
	if len(start.Recompute) > 0 {
		p.config.Logger.Info("finishing books that were being computed anew", "meters", len(start.Recompute))
		if _, err := p.recompute(ctx, start.Recompute, schema.Open, false); err != nil {
			return nil, err
		}
	}
	return start.Offsets, nil
}

// chunkReadings is how many readings a partition hands over at once: enough to
// make the hand-over cheap, few enough to keep memory small.
const chunkReadings = 8192

// chunksAhead is how many chunks are decoded while a transaction is stored: a
// full one, so that the next is complete when the store is free.
const chunksAhead = 32

// write puts chunks together into transactions and runs requests in between.
func (p *Pipeline) write(ctx context.Context, chunks <-chan *chunk) error {
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case r := <-p.control:
			r.done <- r.work(ctx)
			if p.sink.err != nil {
				return p.sink.err
			}
		case c := <-chunks:
			b := p.begin()
			p.add(b, c)
			p.gather(ctx, b, chunks)
			if err := p.post(ctx, b); err != nil {
				return err
			}
		}
	}
}

// gather adds chunks to a batch until it is full, or has lingered and nothing
// more is known to be waiting on the topic.
func (p *Pipeline) gather(ctx context.Context, b *batch, chunks <-chan *chunk) {
	timer := time.NewTimer(p.config.Linger)
	defer timer.Stop()
	for waited := 1; len(b.Readings)+len(b.late) < p.config.BatchReadings; {
		select {
		case c := <-chunks:
			p.add(b, c)
		case <-timer.C:
			if b.behind == 0 || waited == lingersBehind {
				return
			}
			waited++
			timer.Reset(p.config.Linger)
		case <-ctx.Done():
			return
		}
	}
}

// lingersBehind bounds how many times a batch lingers while records are known
// to be waiting: larger transactions catch up faster.
const lingersBehind = 20

// request is work that must run between two transactions.
type request struct {
	work func(ctx context.Context) error
	done chan error
}

// ask runs work on the goroutine that owns the books.
func (p *Pipeline) ask(ctx context.Context, work func(ctx context.Context) error) error {
	r := request{work, make(chan error, 1)}
	select {
	case p.control <- r:
	case <-p.done:
		return ErrStopped
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case err := <-r.done:
		return err
	case <-p.done:
		return ErrStopped
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// ErrStopped tells that the pipeline does not run any more.
var ErrStopped = errors.New("the pipeline has stopped")

// instantNow gives the clock's instant.
func (p *Pipeline) instantNow() schema.Instant { return schema.InstantOf(p.config.Now()) }
