package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"jouleline/ingest"
	"jouleline/ingest/kafka"
)

// taking passes pushes on to the topic and remembers whether they got there.
type taking struct {
	producer *kafka.Producer
	now      func() time.Time

	mu      sync.Mutex // guards what follows
	failure error      // of the last push; nil where it got there
	failed  time.Time
}

// failureCounts is how long the failure of a push makes the server not ready.
// After it a caller that asks before it pushes tries again, which is the only
// way to find out.
const failureCounts = 15 * time.Second

// Produce is the producer's; it remembers how it ended.
func (t *taking) Produce(ctx context.Context, records []ingest.Record) error {
	err := t.producer.Produce(ctx, records)
	t.note(err)
	return err
}

func (t *taking) note(err error) {
	if errors.Is(err, context.Canceled) {
		return // a caller that left says nothing
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failure, t.failed = err, t.now()
}

// Ready tells why pushes were not taken of late, nil where they were.
func (t *taking) Ready() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failure == nil || t.now().Sub(t.failed) > failureCounts {
		return nil
	}
	return fmt.Errorf("pushes are not taken: %w", t.failure)
}
