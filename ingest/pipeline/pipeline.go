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
	"jouleline/schema/registry"
)

// Config says how a pipeline works.
type Config struct {
	// Log identifies the topic; Owned lists the partitions that this instance
	// reads and keeps the books of.
	Log   posting.Log
	Owned []int
	// BatchReadings bounds a transaction; 0 means 250,000: DuckDB writes appends
	// of more than two row groups (122,880 rows each) straight into the file,
	// smaller ones twice.
	BatchReadings int
	// Linger is how long a transaction waits for more readings; 0 means 50 ms.
	// It is what low traffic pays for fewer, larger transactions.
	Linger   time.Duration
	Registry registry.Options
	Watch    Watch
	Logger   *slog.Logger
	// Now is the clock of freshness; nil means time.Now.
	Now func() time.Time
}

// Pipeline books what comes over the topic. Its Run is called once; all other
// methods are safe for concurrent use.
type Pipeline struct {
	sink    Sink
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

	free chan *chunk // chunks to use again
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
	return &Pipeline{sink: sink, source: source, config: config, ready: make(chan struct{}), control: make(chan request), done: make(chan struct{}),
		free: make(chan *chunk, chunksAhead)}
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
	group, ctx := errgroup.WithContext(ctx)
	chunks := make(chan *chunk, chunksAhead)
	for _, partition := range p.config.Owned {
		from, ok := offsets[partition]
		if !ok {
			from = Earliest
		}
		group.Go(func() error { return p.readPartition(ctx, partition, from, chunks) })
	}
	group.Go(func() error { return p.write(ctx, chunks) })
	err = group.Wait()
	if errors.Is(err, context.Canceled) && context.Cause(ctx) != nil {
		return nil
	}
	return err
}

// Earliest asks a source for the first record that a partition holds.
const Earliest int64 = -1

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
	if p.world, _, err = p.builder.build(reg); err != nil {
		return nil, err
	}
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
		if _, err := p.recompute(ctx, start.Recompute, false); err != nil {
			return nil, err
		}
	}
	return start.Offsets, nil
}

// readPartition reads and decodes one partition.
func (p *Pipeline) readPartition(ctx context.Context, partition int, from int64, chunks chan<- *chunk) error {
	reader, err := p.openAt(ctx, partition, &from)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }() // the read error, if any, is returned
	d := decoder{}
	for {
		records, highWater, err := reader.Fetch(ctx)
		if err != nil {
			return fmt.Errorf("read partition %d from offset %d: %w", partition, from, err)
		}
		for len(records) > 0 {
			d.world = p.current.Load()
			c := p.newChunk(partition, from, d.world)
			n := 0
			for n < len(records) && len(c.readings) < chunkReadings {
				d.decode(c, &records[n])
				n++
			}
			from = records[n-1].Offset + 1
			if c.first == Earliest {
				c.first = records[0].Offset
			}
			c.next, c.lag = from, highWater-from
			records = records[n:]
			select {
			case chunks <- c:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
	}
}

// chunkReadings is how many readings a partition hands over at once: enough to
// make the hand-over cheap, few enough to keep memory small.
const chunkReadings = 8192

// chunksAhead is how many chunks are decoded while a transaction is stored: a
// full one, so that the next is complete when the store is free.
const chunksAhead = 32

// openAt opens a partition. Where the wanted offset is gone, the gap is
// recorded, told, and passed (rule 7).
func (p *Pipeline) openAt(ctx context.Context, partition int, from *int64) (Reader, error) {
	reader, err := p.source.Open(ctx, partition, *from)
	var gone *ingest.OffsetOutOfRange
	if !errors.As(err, &gone) {
		return reader, err
	}
	if gone.Want > gone.Last {
		return nil, fmt.Errorf("the log ends before what was read already: %w", gone)
	}
	p.config.Logger.Error("records were deleted before they were read", "partition", partition, "first", gone.Want, "next", gone.First)
	b := &posting.Batch{
		Gaps:    []posting.Gap{{Partition: partition, First: gone.Want, Next: gone.First}},
		Offsets: []posting.Offset{{Partition: partition, First: gone.Want, Next: gone.First}},
	}
	if err := p.ask(ctx, func(ctx context.Context) error { return p.sink.Post(ctx, b) }); err != nil {
		return nil, err
	}
	p.config.Watch.Gap(partition, gone.First-gone.Want)
	*from = gone.First
	return p.source.Open(ctx, partition, *from)
}

// write puts chunks together into transactions and runs requests in between.
func (p *Pipeline) write(ctx context.Context, chunks <-chan *chunk) error {
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case r := <-p.control:
			r.done <- r.work(ctx)
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
