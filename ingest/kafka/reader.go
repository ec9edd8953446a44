package kafka

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"jouleline/ingest"
)

// Back-off of a Reader that cannot reach its partition.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 2 * time.Second
)

// Reader reads one partition of the readings from an offset on. One goroutine
// calls Fetch and Offset; Close may come from any.
//
// A goroutine of the Reader is one answer ahead: it fetches and decodes while
// the caller works on what Fetch gave.
type Reader struct {
	deliveries chan delivery // closed when the goroutine ended
	cancel     context.CancelFunc
	ended      sync.WaitGroup
	offset     int64
	err        error // what ended it
}

// delivery is what one fetch gave, or the error that ends a Reader.
type delivery struct {
	records   []ingest.Record
	next      int64
	highWater int64
	err       error
}

// Open reads a partition of the readings from an offset on. It asks the cluster
// for the topic, and fails where it is not there or has no such partition;
// whether the offset is there is told by the first Fetch. The context bounds
// opening only.
func (c *Client) Open(ctx context.Context, partition int, offset int64) (*Reader, error) {
	return c.open(ctx, ingest.TopicReadings, partition, offset)
}

func (c *Client) open(ctx context.Context, topic string, partition int, offset int64) (*Reader, error) {
	l, err := c.layout(ctx, topic)
	if err != nil {
		return nil, err
	}
	if partition < 0 || partition >= l.partitions {
		return nil, fmt.Errorf("kafka: open %s/%d: the topic has %d partitions: %w", topic, partition, l.partitions, kafka.UnknownTopicOrPartition)
	}
	if offset < 0 {
		return nil, fmt.Errorf("kafka: open %s/%d: got offset %d, want 0 or more", topic, partition, offset)
	}
	run, cancel := context.WithCancel(context.Background())
	r := &Reader{deliveries: make(chan delivery), cancel: cancel, offset: offset}
	f := &fetcher{client: c, topic: topic, topicID: l.topicID, partition: partition, next: offset}
	r.ended.Go(func() {
		defer close(r.deliveries)
		f.run(run, r.deliveries)
	})
	return r, nil
}

// Fetch waits for the next records and gives at least one. They and their bytes
// are valid until the next call. highWater is the offset after the last record
// that could be read when they were fetched: highWater - Offset() is the lag.
//
// Broken connections, moved leaders and missing rights are waited out (see
// Config.OnTrouble). An error is the context's, after which Fetch may be called
// again and loses nothing; or ErrClosed; or for good an *ingest.OffsetOutOfRange or a
// *TopicChanged.
func (r *Reader) Fetch(ctx context.Context) (records []ingest.Record, highWater int64, err error) {
	if r.err != nil {
		return nil, 0, r.err
	}
	select {
	case d, ok := <-r.deliveries:
		if !ok {
			d.err = ErrClosed
		}
		if d.err != nil {
			r.err = d.err
			return nil, 0, d.err
		}
		r.offset = d.next
		return d.records, d.highWater, nil
	case <-ctx.Done():
		return nil, 0, fmt.Errorf("kafka: fetch: %w", ctx.Err())
	}
}

// Offset is where the next Fetch goes on: at first the offset of Open, then the
// one after all that Fetch gave. It may jump past the last record's offset + 1:
// transactions and compaction leave holes.
func (r *Reader) Offset() int64 { return r.offset }

// Close ends the Reader and waits for its goroutine. The last records stay valid.
func (r *Reader) Close() error {
	r.cancel()
	r.ended.Wait()
	return nil
}

// run fetches until the context ends or the partition does not have what comes
// next. It decodes into two memories in turn: the caller holds one until it
// takes the other.
func (f *fetcher) run(ctx context.Context, to chan<- delivery) {
	slots := [2]*slot{newSlot(f.partition), newSlot(f.partition)}
	send := func(d delivery) bool {
		select {
		case to <- d:
			return true
		case <-ctx.Done():
			return false
		}
	}
	for i := 0; ; {
		highWater, err := f.fetch(ctx, &slots[i&1])
		switch {
		case ctx.Err() != nil:
			return
		case permanent(err):
			send(delivery{err: err})
			return
		case err != nil:
			if !f.wait(ctx, err) {
				return
			}
			continue
		}
		f.recovered()
		d := &slots[i&1].decoder
		f.next = d.next
		if len(d.records) == 0 {
			continue
		}
		if !send(delivery{records: d.records, next: d.next, highWater: highWater}) {
			return
		}
		i++
	}
}

// wait pauses after an error, longer each time, and tells of it once.
func (f *fetcher) wait(ctx context.Context, err error) bool {
	f.tell(err)
	f.pause = min(max(2*f.pause, firstPause), lastPause)
	t := time.NewTimer(f.pause)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (f *fetcher) recovered() {
	f.pause = 0
	if f.told != "" {
		f.told = ""
		f.client.trouble(f.partition, nil)
	}
}

func (f *fetcher) tell(err error) {
	if text := err.Error(); text != f.told {
		f.told = text
		f.client.trouble(f.partition, err)
	}
}

func (c *Client) trouble(partition int, err error) {
	if c.config.OnTrouble != nil {
		c.config.OnTrouble(partition, err)
	}
}

// permanent tells whether an error will not go away by waiting.
func permanent(err error) bool {
	var gone *ingest.OffsetOutOfRange
	var changed *TopicChanged
	return errors.As(err, &gone) || errors.As(err, &changed)
}
