package kafka

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"

	"jouleline/ingest"
)

// Pause between two looks at a topic that was just made: the brokers of a
// cluster learn of it one after the other.
const topicPause = 50 * time.Millisecond

// layout is what a cluster says about a topic.
type layout struct {
	clusterID  string
	topicID    [16]byte
	partitions int // 0 where the topic does not exist
}

// Identity tells what offsets of the readings belong to: where the cluster id
// or the topic id differs from the one stored beside the offsets, they mean
// nothing. The topic id is zero where the brokers are older than Kafka 2.8;
// then a topic made anew cannot be told from the old one.
func (c *Client) Identity(ctx context.Context) (clusterID string, topicID [16]byte, partitions int, err error) {
	l, err := c.layout(ctx, ingest.TopicReadings)
	if err == nil && l.partitions == 0 {
		err = fmt.Errorf("kafka: topic %s: %w", ingest.TopicReadings, kafka.UnknownTopicOrPartition)
	}
	return l.clusterID, l.topicID, l.partitions, err
}

func (c *Client) layout(ctx context.Context, topic string) (l layout, err error) {
	ask := kmsg.NewPtrMetadataRequest()
	t := kmsg.NewMetadataRequestTopic()
	t.Topic = &topic
	ask.Topics = append(ask.Topics, t)
	answer := kmsg.NewPtrMetadataResponse()
	// Version 10 brought the topic id; 12 is the last that we need nothing of.
	if err := c.ask(ctx, ask, answer, 12); err != nil {
		return l, fmt.Errorf("kafka: describe topic %s: %w", topic, err)
	}
	if answer.ClusterID != nil {
		l.clusterID = *answer.ClusterID
	}
	if len(answer.Topics) != 1 {
		return l, fmt.Errorf("kafka: describe topic %s: got %d topics, want 1", topic, len(answer.Topics))
	}
	switch code := kafka.Error(answer.Topics[0].ErrorCode); code {
	case 0:
		l.topicID, l.partitions = answer.Topics[0].TopicID, len(answer.Topics[0].Partitions)
	case kafka.UnknownTopicOrPartition:
	default:
		return l, fmt.Errorf("kafka: describe topic %s: %w", topic, code)
	}
	return l, nil
}

// EnsureTopics makes the topics that do not exist yet and waits until the
// cluster knows them. A topic of readings with another partition count than
// configured is a *PartitionCount.
func (c *Client) EnsureTopics(ctx context.Context) error {
	want := c.config.Partitions
	if want == 0 {
		want = DefaultPartitions
	}
	got, err := c.ensure(ctx, ingest.TopicReadings, want)
	if err != nil {
		return err
	}
	if c.config.Partitions != 0 && got != want {
		return &PartitionCount{Topic: ingest.TopicReadings, Want: want, Got: got}
	}
	_, err = c.ensure(ctx, ingest.TopicRejected, 1)
	return err
}

// ensure makes a topic where it does not exist and gives its partition count.
func (c *Client) ensure(ctx context.Context, topic string, partitions int) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	l, err := c.layout(ctx, topic)
	if err != nil || l.partitions != 0 {
		return l.partitions, err
	}
	replication := c.config.Replication
	if replication == 0 {
		replication = -1 // the cluster's default
	}
	made, err := c.library().CreateTopics(ctx, &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{
		Topic: topic, NumPartitions: partitions, ReplicationFactor: replication,
		// The time of a record decides about its retention, and for direct
		// producers about when a reading was received: it must not be the
		// clock of a device.
		ConfigEntries: []kafka.ConfigEntry{{ConfigName: "message.timestamp.type", ConfigValue: "LogAppendTime"}},
	}}})
	if err == nil {
		err = made.Errors[topic]
	}
	if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
		return 0, fmt.Errorf("kafka: make topic %s with %d partitions: %w", topic, partitions, err)
	}
	pause := time.NewTicker(topicPause)
	defer pause.Stop()
	for {
		if l, err = c.layout(ctx, topic); err == nil && l.partitions != 0 {
			return l.partitions, nil
		}
		select {
		case <-ctx.Done():
			return 0, errors.Join(fmt.Errorf("kafka: wait for topic %s: %w", topic, ctx.Err()), err)
		case <-pause.C:
		}
	}
}

// Retention is how long the topic of readings keeps a record, 0 for ever. Where
// a reader's lag comes near it, readings are about to be lost.
func (c *Client) Retention(ctx context.Context) (time.Duration, error) {
	const name = "retention.ms"
	fail := func(err error) (time.Duration, error) {
		return 0, fmt.Errorf("kafka: %s of topic %s: %w", name, ingest.TopicReadings, err)
	}
	answer, err := c.library().DescribeConfigs(ctx, &kafka.DescribeConfigsRequest{
		Resources: []kafka.DescribeConfigRequestResource{{
			ResourceType: kafka.ResourceTypeTopic, ResourceName: ingest.TopicReadings, ConfigNames: []string{name},
		}},
	})
	if err != nil {
		return fail(err)
	}
	for _, r := range answer.Resources {
		if r.Error != nil {
			return fail(r.Error)
		}
		for _, e := range r.ConfigEntries {
			if e.ConfigName != name {
				continue
			}
			ms, err := strconv.ParseInt(e.ConfigValue, 10, 64)
			if err != nil {
				return fail(err)
			}
			return time.Duration(max(0, min(ms, int64(1<<62)/int64(time.Millisecond)))) * time.Millisecond, nil
		}
	}
	return fail(errors.New("the cluster does not tell"))
}
