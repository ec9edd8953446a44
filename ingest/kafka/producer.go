package kafka

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"jouleline/ingest"
)

// Producer writes records to the topics. It is safe for concurrent use.
//
// Each partition has a lane with one request on the way at a time; what comes
// meanwhile goes together in the next. So a lone push waits for nothing but its
// own acknowledgement, and the more pushes there are, the more share one.
type Producer struct {
	client *Client
	cancel context.CancelFunc
	ended  sync.WaitGroup
	lanes  []*lane // of the readings, by partition
	reject *lane
}

// Rejection is a record that was refused: its bytes as they were, where they
// came from (the record's Partition and Offset) and why.
type Rejection struct {
	Record ingest.Record
	Reason string // a code of a closed set
	Detail string // for people
}

// Producer starts a producer; the topics must be there. The context bounds the
// start only.
func (c *Client) Producer(ctx context.Context) (*Producer, error) {
	_, _, partitions, err := c.Identity(ctx)
	if err != nil {
		return nil, err
	}
	run, cancel := context.WithCancel(context.Background())
	p := &Producer{client: c, cancel: cancel}
	start := func(topic string, partition int) *lane {
		l := newLane(c, topic, partition)
		p.ended.Go(func() { l.run(run) })
		return l
	}
	for i := range partitions {
		p.lanes = append(p.lanes, start(ingest.TopicReadings, i))
	}
	p.reject = start(ingest.TopicRejected, 0)
	return p, nil
}

// Produce writes each record to its own Partition of the readings and returns
// when all are acknowledged. After an error nobody knows which of them are on
// the topic: repeat all, a repetition does no harm. Their bytes must not change
// before Produce returns, and after an error no more at all.
//
// It takes at most Config.Timeout once the lane got to the records; a full disk,
// a cluster that is down and a record that is too large are errors.
func (p *Producer) Produce(ctx context.Context, records []ingest.Record) error {
	// Mostly all records are of one partition or of a few.
	tickets := make([]*ticket, len(p.lanes))
	var w headerWriter
	for i := range records {
		r := &records[i]
		if r.Partition < 0 || r.Partition >= len(p.lanes) {
			return fmt.Errorf("kafka: produce: got partition %d, %s has %d", r.Partition, ingest.TopicReadings, len(p.lanes))
		}
		t := tickets[r.Partition]
		if t == nil {
			t = newTicket()
			tickets[r.Partition] = t
		}
		t.add(r.Key, r.Value, w.record(r))
	}
	for i, t := range tickets {
		if t != nil {
			p.lanes[i].put(t)
		}
	}
	var errs []error
	for _, t := range tickets {
		if t != nil {
			errs = append(errs, t.wait(ctx))
		}
	}
	return errors.Join(errs...)
}

// Reject writes refused records to the topic of the rejected, and returns when
// all are acknowledged. Bytes and errors are as with Produce.
func (p *Producer) Reject(ctx context.Context, rejections []Rejection) error {
	if len(rejections) == 0 {
		return nil
	}
	t := newTicket()
	var w headerWriter
	for i := range rejections {
		r := &rejections[i]
		t.add(r.Record.Key, r.Record.Value, w.rejection(r))
	}
	p.reject.put(t)
	return t.wait(ctx)
}

// Close ends the producer: what is not yet acknowledged gets ErrClosed, and may
// be on the topic or not.
func (p *Producer) Close() error {
	p.cancel()
	p.ended.Wait()
	return nil
}
