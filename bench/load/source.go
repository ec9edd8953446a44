package main

import (
	"context"

	"jouleline/ingest"
	"jouleline/ingest/kafka"
	"jouleline/ingest/pipeline"
)

// topic lets the pipeline read the topic.
type topic struct{ client *kafka.Client }

func (t topic) Open(ctx context.Context, partition int, offset int64) (pipeline.Reader, error) {
	return t.client.Open(ctx, partition, offset)
}

func (t topic) Earliest(ctx context.Context, partition int) (int64, error) {
	return t.client.Earliest(ctx, partition)
}

// gate is a topic that stops at an offset of each partition until it is opened,
// so that what comes later can be produced off the clock while the books are
// open.
type gate struct {
	topic
	hold   map[int]int64
	opened chan struct{}
}

func newGate(client *kafka.Client, hold map[int]int64) *gate {
	return &gate{topic{client}, hold, make(chan struct{})}
}

// open lets the pipeline go on.
func (g *gate) open() { close(g.opened) }

func (g *gate) Open(ctx context.Context, partition int, offset int64) (pipeline.Reader, error) {
	inner, err := g.topic.Open(ctx, partition, offset)
	if err != nil {
		return nil, err
	}
	return &gateReader{inner, g, partition, false}, nil
}

// gateReader reads one partition up to the gate and, once that is open, behind
// it.
type gateReader struct {
	pipeline.Reader
	gate      *gate
	partition int
	through   bool
}

// Fetch closes the reader at the gate, so that nothing is read ahead while it
// waits there.
func (r *gateReader) Fetch(ctx context.Context) ([]ingest.Record, int64, error) {
	at := r.Offset()
	if r.through || at < r.gate.hold[r.partition] {
		return r.Reader.Fetch(ctx)
	}
	if err := r.Close(); err != nil {
		return nil, 0, err
	}
	select {
	case <-r.gate.opened:
	case <-ctx.Done():
		return nil, 0, context.Cause(ctx)
	}
	inner, err := r.gate.topic.Open(ctx, r.partition, at)
	if err != nil {
		return nil, 0, err
	}
	r.Reader, r.through = inner, true
	return inner.Fetch(ctx)
}
