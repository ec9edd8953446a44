package kafka

import (
	"context"
	"errors"
	"fmt"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"

	"jouleline/ingest"
)

// Trim deletes the records of a partition of the readings that lie more than the
// margin before an offset, which is the one stored with the data: what was
// booked is not needed on the topic any more. Their disk space comes back a file
// of the log at a time. Call it about once a minute.
//
// A process that is killed may find the last trimmed records again; they lie
// before the stored offset.
func (b *Broker) Trim(ctx context.Context, partition int, offset int64) error {
	fail := func(err error) error {
		return fmt.Errorf("kafka: trim %s/%d to offset %d: %w", ingest.TopicReadings, partition, offset, err)
	}
	first, err := b.client.Earliest(ctx, partition)
	if err != nil {
		return fail(err)
	}
	last, err := b.client.Latest(ctx, partition)
	if err != nil {
		return fail(err)
	}
	if offset > last {
		return fail(&ingest.OffsetOutOfRange{Partition: partition, Want: offset, First: first, Last: last})
	}
	to := offset - b.margin
	if to <= first {
		return nil
	}
	ask := kmsg.NewPtrDeleteRecordsRequest()
	t := kmsg.NewDeleteRecordsRequestTopic()
	t.Topic = ingest.TopicReadings
	p := kmsg.NewDeleteRecordsRequestTopicPartition()
	p.Partition, p.Offset = int32(partition), to
	t.Partitions = append(t.Partitions, p)
	ask.Topics = append(ask.Topics, t)
	answer := kmsg.NewPtrDeleteRecordsResponse()
	if err := b.client.askLeader(ctx, ingest.TopicReadings, partition, ask, answer, 2); err != nil {
		return fail(err)
	}
	if len(answer.Topics) != 1 || len(answer.Topics[0].Partitions) != 1 {
		return fail(errors.New("got an answer about other partitions"))
	}
	if code := answer.Topics[0].Partitions[0].ErrorCode; code != 0 {
		return fail(kafka.Error(code))
	}
	return nil
}
