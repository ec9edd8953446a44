package kafka

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/compress"
)

// lane writes to one partition.
type lane struct {
	client    *Client
	topic     string
	partition int
	wake      chan struct{} // holds one token while waiting is not empty

	mu      sync.Mutex // guards waiting and closed
	waiting []*ticket
	closed  bool
}

func newLane(c *Client, topic string, partition int) *lane {
	return &lane{client: c, topic: topic, partition: partition, wake: make(chan struct{}, 1)}
}

// put hands a ticket in.
func (l *lane) put(t *ticket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		t.settle(ErrClosed)
		return
	}
	l.waiting = append(l.waiting, t)
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// run writes what waits, a batch at a time, until the context ends.
func (l *lane) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			l.close()
			return
		case <-l.wake:
		}
		l.mu.Lock()
		tickets := l.waiting
		l.waiting = nil
		l.mu.Unlock()
		l.write(ctx, tickets)
	}
}

func (l *lane) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for _, t := range l.waiting {
		t.settle(ErrClosed)
	}
	l.waiting = nil
}

// write sends the tickets' messages in batches of at most BatchBytes, in order.
func (l *lane) write(ctx context.Context, tickets []*ticket) {
	var batch []message
	bytes, settled := 0, 0
	for i, t := range tickets {
		for _, m := range t.messages {
			size := m.size()
			if len(batch) > 0 && bytes+size > l.client.config.BatchBytes {
				l.send(ctx, batch)
				batch, bytes = batch[:0], 0
				for ; settled < i; settled++ {
					tickets[settled].settle(tickets[settled].err)
				}
			}
			batch = append(batch, m)
			bytes += size
		}
	}
	l.send(ctx, batch)
	for _, t := range tickets[settled:] {
		t.settle(t.err)
	}
}

// send writes one batch and sees it acknowledged, or tells the messages' owners
// why not. It waits out what passes, as a moved leader or a broker that
// restarts, until Config.Timeout.
func (l *lane) send(ctx context.Context, messages []message) {
	fail := func(err error) {
		err = fmt.Errorf("kafka: produce %d records to %s/%d: %w", len(messages), l.topic, l.partition, err)
		for i := range messages {
			if t := messages[i].owner; t.err == nil {
				t.err = err
			}
		}
	}
	limit, cancel := context.WithTimeout(ctx, l.client.config.Timeout)
	defer cancel()
	var last error
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		err := l.attempt(limit, messages)
		switch {
		case err == nil:
			return
		case ctx.Err() != nil:
			fail(ErrClosed)
			return
		case limit.Err() != nil:
			if last == nil {
				last = err
			}
			fail(fmt.Errorf("gave up after %s: %w", l.client.config.Timeout, last))
			return
		case errors.Is(err, kafka.MessageSizeTooLarge) && len(messages) > 1:
			// The brokers take less than we thought: all that is not itself
			// too large must still go.
			half := len(messages) / 2
			l.send(ctx, messages[:half])
			l.send(ctx, messages[half:])
			return
		case hopeless(err):
			fail(err)
			return
		}
		last = err
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-limit.Done():
			timer.Stop()
		}
	}
}

func (l *lane) attempt(ctx context.Context, messages []message) error {
	answer, err := l.client.library().Produce(ctx, &kafka.ProduceRequest{
		Topic: l.topic, Partition: l.partition, RequiredAcks: kafka.RequireAll,
		Compression: compress.Lz4, Records: &replay{messages: messages},
	})
	if err != nil {
		return l.client.explain(ctx, err)
	}
	return answer.Error
}

// hopeless tells whether repeating a write cannot help within seconds.
func hopeless(err error) bool {
	for _, e := range []kafka.Error{
		kafka.MessageSizeTooLarge, kafka.RecordListTooLarge, kafka.InvalidTopic, kafka.InvalidRequiredAcks,
		kafka.InvalidTimestamp, kafka.InvalidRecord, kafka.UnsupportedForMessageFormat, kafka.UnsupportedCompressionType,
		kafka.TopicAuthorizationFailed, kafka.ClusterAuthorizationFailed, kafka.SASLAuthenticationFailed,
		kafka.UnsupportedSASLMechanism, kafka.PolicyViolation, kafka.UnsupportedVersion,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
