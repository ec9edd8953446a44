package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"

	"jouleline/ingest"
)

// fetcher asks for what comes next in a partition. One goroutine.
type fetcher struct {
	client    *Client
	topic     string
	topicID   [16]byte
	partition int
	next      int64 // the offset to ask for
	doubts    int   // fetches in a row that came with a wrong checksum
	maxBytes  int   // more than configured where that cut off the first batch

	pause time.Duration
	told  string // the trouble that was told of last
}

// Fetches until a batch with a wrong checksum counts as damaged on the broker's
// disk, not on the way.
const maxDoubts = 3

// slot is the memory of one answer.
type slot struct {
	exchange leaderExchange
	decoder  decoder
}

func newSlot(partition int) *slot { return &slot{decoder: decoder{partition: partition}} }

// fetch asks once and decodes the answer into the slot. An answer without
// records is none of its errors.
func (f *fetcher) fetch(ctx context.Context, s **slot) (highWater int64, err error) {
	m := &(*s).exchange
	f.prepare(m)
	limit, cancel := context.WithTimeout(ctx, maxWait+f.client.config.Timeout)
	defer cancel()
	fail := func(err error) (int64, error) {
		return 0, fmt.Errorf("kafka: fetch %s/%d at offset %d: %w", f.topic, f.partition, f.next, err)
	}
	if _, err := f.client.transport.RoundTrip(limit, f.client.address, m); err != nil {
		err = f.client.explain(limit, err)
		*s = newSlot(f.partition) // the connection may still write to the old one
		return fail(err)
	}
	answer := m.response.(*kmsg.FetchResponse)
	if answer.ErrorCode != 0 {
		return fail(kafka.Error(answer.ErrorCode))
	}
	if len(answer.Topics) != 1 || len(answer.Topics[0].Partitions) != 1 {
		return fail(errors.New("got an answer about other partitions"))
	}
	p := &answer.Topics[0].Partitions[0]
	if p.ErrorCode != 0 {
		return 0, f.refused(ctx, kafka.Error(p.ErrorCode))
	}
	// Read committed: what lies beyond the last stable offset cannot be read.
	highWater = p.LastStableOffset

	d := &(*s).decoder
	d.reset(f.next)
	err = d.decode(p.RecordBatches, newTransactions(p.AbortedTransactions), f.doubts >= maxDoubts)
	switch {
	case d.next > f.next: // something of it could be decoded; the rest comes again
		f.doubts, f.maxBytes = 0, 0
	case errors.Is(err, errChecksum):
		f.doubts++
		return fail(err)
	case err != nil:
		return fail(err)
	case len(p.RecordBatches) > 0:
		// Not even one whole batch: brokers send the first one whole, whatever
		// its size, but not all have always done so.
		f.maxBytes = min(2*max(f.maxBytes, f.client.config.FetchBytes), maxResponse/2)
		return fail(fmt.Errorf("%d bytes hold no record after the offset", len(p.RecordBatches)))
	}
	if d.harm != nil {
		f.tell(fmt.Errorf("kafka: fetch %s/%d: %w; kept as damaged", f.topic, f.partition, d.harm))
	}
	return highWater, nil
}

// prepare sets the question for the next offset.
func (f *fetcher) prepare(m *leaderExchange) {
	ask, ok := m.request.(*kmsg.FetchRequest)
	if !ok {
		ask = kmsg.NewPtrFetchRequest()
		t := kmsg.NewFetchRequestTopic()
		t.Topic, t.TopicID = f.topic, f.topicID
		p := kmsg.NewFetchRequestTopicPartition()
		p.Partition = int32(f.partition)
		t.Partitions = append(t.Partitions, p)
		ask.Topics = append(ask.Topics, t)
		ask.MaxWaitMillis = int32(maxWait.Milliseconds())
		ask.MinBytes = 1
		ask.IsolationLevel = 1 // read committed
		m.topic, m.partition = f.topic, int32(f.partition)
		m.request, m.response = ask, kmsg.NewPtrFetchResponse()
		// From version 13 on a topic is named by its id, so that one that was
		// made anew cannot be taken for the old one.
		m.max = 13
		if f.topicID == [16]byte{} {
			m.max = 12
		}
	}
	size := int32(max(f.maxBytes, f.client.config.FetchBytes))
	ask.MaxBytes = size
	p := &ask.Topics[0].Partitions[0]
	p.FetchOffset, p.PartitionMaxBytes = f.next, size
}

// refused tells what it means that the broker refuses a partition: an error for
// good where the offset or the topic is gone, else one to wait out.
func (f *fetcher) refused(ctx context.Context, refusal kafka.Error) error {
	again := fmt.Errorf("kafka: fetch %s/%d at offset %d: %w", f.topic, f.partition, f.next, refusal)
	switch refusal {
	case kafka.OffsetOutOfRange:
		first, err := f.client.offset(ctx, f.topic, f.partition, -2)
		if err != nil {
			return err
		}
		last, err := f.client.offset(ctx, f.topic, f.partition, -1)
		if err != nil {
			return err
		}
		if f.next >= first && f.next <= last {
			return again // a replica that knew less
		}
		if err := f.changed(ctx); err != nil {
			return err
		}
		return &ingest.OffsetOutOfRange{Partition: f.partition, Want: f.next, First: first, Last: last}
	case kafka.UnknownTopicID, kafka.InconsistentTopicID, kafka.UnknownTopicOrPartition:
		if err := f.changed(ctx); err != nil {
			return err
		}
	}
	return again
}

// changed is a *TopicChanged where the topic is not the one that was opened.
func (f *fetcher) changed(ctx context.Context) error {
	l, err := f.client.layout(ctx, f.topic)
	if err != nil {
		return err
	}
	if l.partitions > 0 && l.topicID != f.topicID {
		return &TopicChanged{Topic: f.topic, Want: f.topicID, Got: l.topicID}
	}
	return nil
}
