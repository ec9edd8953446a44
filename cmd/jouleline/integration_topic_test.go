//go:build integration && linux

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"jouleline/ingest"
)

// topicWait bounds what an operator does to topics.
const topicWait = 30 * time.Second

// clear deletes the topics, so that the next server finds a cluster without them.
func (n *node) clear() {
	n.t.Helper()
	n.try("delete the topics", func(ctx context.Context) error {
		ask := kmsg.NewPtrDeleteTopicsRequest()
		ask.TimeoutMillis = int32(topicWait.Milliseconds())
		for _, topic := range []string{ingest.TopicReadings, ingest.TopicRejected} {
			ask.TopicNames = append(ask.TopicNames, topic)
			t := kmsg.NewDeleteTopicsRequestTopic()
			t.Topic = kmsg.StringPtr(topic)
			ask.Topics = append(ask.Topics, t)
		}
		answer, err := ask.RequestWith(ctx, n.admin)
		if err != nil {
			return err
		}
		for _, t := range answer.Topics {
			if err := kerr.ErrorForCode(t.ErrorCode); err != nil && !errors.Is(err, kerr.UnknownTopicOrPartition) {
				return err
			}
		}
		return nil
	})
}

// make makes the topic of readings as an operator does by hand.
func (n *node) make(partitions int) {
	n.t.Helper()
	n.try("make the topic", func(ctx context.Context) error {
		ask := kmsg.NewPtrCreateTopicsRequest()
		ask.TimeoutMillis = int32(topicWait.Milliseconds())
		t := kmsg.NewCreateTopicsRequestTopic()
		t.Topic, t.NumPartitions, t.ReplicationFactor = ingest.TopicReadings, int32(partitions), 1
		ask.Topics = append(ask.Topics, t)
		answer, err := ask.RequestWith(ctx, n.admin)
		if err != nil {
			return err
		}
		return kerr.ErrorForCode(answer.Topics[0].ErrorCode)
	})
}

// deleteRecords deletes the first records of a partition, as its retention does.
func (n *node) deleteRecords(partition int, before int64) {
	n.t.Helper()
	n.try("delete records", func(ctx context.Context) error {
		ask := kmsg.NewPtrDeleteRecordsRequest()
		ask.TimeoutMillis = int32(topicWait.Milliseconds())
		t := kmsg.NewDeleteRecordsRequestTopic()
		t.Topic = ingest.TopicReadings
		p := kmsg.NewDeleteRecordsRequestTopicPartition()
		p.Partition, p.Offset = int32(partition), before
		t.Partitions = append(t.Partitions, p)
		ask.Topics = append(ask.Topics, t)
		answer, err := ask.RequestWith(ctx, n.admin)
		if err != nil {
			return err
		}
		if len(answer.Topics) != 1 || len(answer.Topics[0].Partitions) != 1 {
			return errors.New("got an answer about other partitions")
		}
		return kerr.ErrorForCode(answer.Topics[0].Partitions[0].ErrorCode)
	})
}

// produce writes records as a producer of another make does, each to the
// partition that it names.
func (n *node) produce(records ...*kgo.Record) {
	n.t.Helper()
	for _, r := range records {
		r.Topic = ingest.TopicReadings
	}
	// A client of its own: an older one knows the topic that was there before.
	client, err := kgo.NewClient(kgo.SeedBrokers(n.plain), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		n.t.Fatal(err)
	}
	defer client.Close()
	n.try(fmt.Sprintf("produce %d records", len(records)), func(ctx context.Context) error {
		return client.ProduceSync(ctx, records...).FirstErr()
	})
}

func (n *node) try(what string, work func(ctx context.Context) error) {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), topicWait)
	defer cancel()
	if err := work(ctx); err != nil {
		n.t.Fatalf("%s: %v", what, err)
	}
}
