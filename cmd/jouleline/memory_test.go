package main

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"jouleline/ingest"
	"jouleline/ingest/pipeline"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store"
)

// memoryLog is a topic in memory: the pipeline's source where Kafka is not the
// point of a test.
type memoryLog struct{ partitions [][]ingest.Record }

func (l *memoryLog) add(partition int, r ingest.Record) {
	for len(l.partitions) <= partition {
		l.partitions = append(l.partitions, nil)
	}
	r.Partition, r.Offset = partition, int64(len(l.partitions[partition]))
	l.partitions[partition] = append(l.partitions[partition], r)
}

func (l *memoryLog) Earliest(context.Context, int) (int64, error) { return 0, nil }

func (l *memoryLog) Open(_ context.Context, partition int, offset int64) (pipeline.Reader, error) {
	return &memoryReader{l.partitions[partition], int(offset)}, nil
}

type memoryReader struct {
	records []ingest.Record
	at      int
}

func (r *memoryReader) Fetch(ctx context.Context) ([]ingest.Record, int64, error) {
	if r.at == len(r.records) {
		<-ctx.Done()
		return nil, 0, ctx.Err()
	}
	n := min(3, len(r.records)-r.at)
	some := r.records[r.at : r.at+n]
	r.at += n
	return some, int64(len(r.records)), nil
}

func (r *memoryReader) Offset() int64 { return int64(r.at) }
func (r *memoryReader) Close() error  { return nil }

// watched counts what the pipeline tells and wakes whoever waits for it.
type watched struct {
	batches chan pipeline.Stats
}

func (w *watched) Batch(s pipeline.Stats) { w.batches <- s }
func (w *watched) Gap(int, int64)         {}
func (w *watched) Lag(int, int64)         {}
func (w *watched) Unmapped(int)           {}
func (w *watched) Forwarded(int, int)     {}

func mustOpenStore(t testing.TB, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// bookAll imports a registry, runs a pipeline over a log until it has taken all
// records, and gives the store, open.
func bookAll(t testing.TB, tables registry.Tables, log *memoryLog, batchReadings int) (*store.Store, *pipeline.Pipeline) {
	t.Helper()
	s := mustOpenStore(t, filepath.Join(t.TempDir(), "books.duckdb"))
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	identity := posting.Log{Cluster: "c", Topic: "t", Partitions: len(log.partitions)}
	return s, runPipeline(t, s, tables, log, identity, batchReadings)
}

// runPipeline runs a pipeline over all records of a log and stops it when the
// test ends.
func runPipeline(t testing.TB, s *store.Store, tables registry.Tables, log *memoryLog, identity posting.Log, batchReadings int) *pipeline.Pipeline {
	t.Helper()
	importOnly(t, s, tables, identity)
	var owned []int
	want := 0
	for p, records := range log.partitions {
		owned = append(owned, p)
		want += len(records)
	}
	w := &watched{batches: make(chan pipeline.Stats, 1)}
	p := pipeline.New(s, log, pipeline.Config{Log: identity, Owned: owned, Watch: w, BatchReadings: batchReadings, Linger: 1})
	stop := start(t, p)
	t.Cleanup(stop)
	for taken(s) < want {
		select {
		case <-w.batches:
		case <-t.Context().Done():
			t.Fatal("the pipeline did not take all records")
		}
	}
	go func() {
		for range w.batches { // so that later work is not held up
		}
	}()
	return p
}

// importOnly brings a registry in through a pipeline that owns no partition.
func importOnly(t testing.TB, s *store.Store, tables registry.Tables, identity posting.Log) {
	t.Helper()
	p := pipeline.New(s, nil, pipeline.Config{Log: identity})
	stop := start(t, p)
	defer stop()
	if _, err := p.Import(t.Context(), tables, false); err != nil {
		t.Fatal(err)
	}
}

// start runs a pipeline; stop ends it and waits.
func start(t testing.TB, p *pipeline.Pipeline) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("pipeline: %v", err)
		}
	}
}

func taken(s *store.Store) int {
	n := 0
	for _, next := range s.Offsets() {
		n += int(next)
	}
	return n
}

// everything gives all that the books say, for comparison.
func everything(t testing.TB, s *store.Store, meters int) string {
	t.Helper()
	ids := make([]int32, meters)
	for i := range ids {
		ids[i] = int32(i)
	}
	entries, err := s.Booked(t.Context(), ids, schema.Open, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, e := range entries {
		if !e.IsZero() {
			text += fmt.Sprintf("%d %s %s %s est %s known %d\n", e.Meter, e.Day, e.Cause, e.Quantity, e.Estimated, e.Known)
		}
	}
	codes, err := s.Codes(t.Context(), ids, schema.MinInstant, schema.MaxInstant)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range codes {
		text += fmt.Sprintf("%d %s %d %s\n", c.Meter, c.Time, c.Register, c.Code)
	}
	return text
}
