package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	"github.com/twmb/franz-go/pkg/kmsg"

	"jouleline/ingest"
)

// Client is the way to a Kafka cluster or to the embedded broker. It is safe
// for concurrent use. Close it after its Producers and Readers.
type Client struct {
	config    Config
	address   net.Addr
	transport *kafka.Transport
}

// NewClient prepares a client; it does not connect.
func NewClient(config Config) (*Client, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	config.setDefaults()
	transport, err := config.transport()
	if err != nil {
		return nil, err
	}
	return &Client{config: config, address: kafka.TCP(config.Brokers...), transport: transport}, nil
}

// Close gives the connections back.
func (c *Client) Close() error {
	c.transport.CloseIdleConnections()
	return nil
}

// Earliest is the first offset that a partition of the readings still holds.
func (c *Client) Earliest(ctx context.Context, partition int) (int64, error) {
	return c.offset(ctx, ingest.TopicReadings, partition, -2)
}

// Latest is the offset that a partition's next record will get.
func (c *Client) Latest(ctx context.Context, partition int) (int64, error) {
	return c.offset(ctx, ingest.TopicReadings, partition, -1)
}

// offset asks with the protocol's marks: -1 for the end, -2 for the start.
func (c *Client) offset(ctx context.Context, topic string, partition int, mark int64) (int64, error) {
	ask := kmsg.NewPtrListOffsetsRequest()
	ask.ReplicaID = -1
	t := kmsg.NewListOffsetsRequestTopic()
	t.Topic = topic
	p := kmsg.NewListOffsetsRequestTopicPartition()
	p.Partition = int32(partition)
	p.Timestamp = mark
	t.Partitions = append(t.Partitions, p)
	ask.Topics = append(ask.Topics, t)
	answer := kmsg.NewPtrListOffsetsResponse()

	fail := func(err error) (int64, error) {
		return 0, fmt.Errorf("kafka: offsets of %s/%d: %w", topic, partition, err)
	}
	// Version 1 is the first that answers with one offset; 6 is the last that
	// asks for nothing else.
	if err := c.askLeader(ctx, topic, partition, ask, answer, 6); err != nil {
		return fail(err)
	}
	if len(answer.Topics) != 1 || len(answer.Topics[0].Partitions) != 1 {
		return fail(errors.New("got an answer about other partitions"))
	}
	got := &answer.Topics[0].Partitions[0]
	if got.ErrorCode != 0 {
		return fail(kafka.Error(got.ErrorCode))
	}
	return got.Offset, nil
}

// ask puts a question to any broker.
func (c *Client) ask(ctx context.Context, ask kmsg.Request, answer kmsg.Response, version int16) error {
	return c.roundTrip(ctx, func() protocol.Message {
		return &exchange{request: ask, response: answer, max: version}
	})
}

// askLeader puts a question to the leader of a partition.
func (c *Client) askLeader(ctx context.Context, topic string, partition int, ask kmsg.Request, answer kmsg.Response, version int16) error {
	return c.roundTrip(ctx, func() protocol.Message {
		return &leaderExchange{
			exchange: exchange{request: ask, response: answer, max: version},
			topic:    topic, partition: int32(partition),
		}
	})
}

// Kept connections that a question may find dead, one after the other, after
// the broker was away: more than Readers and lanes usually leave.
const maxDead = 32

// roundTrip asks, once more for each kept connection that turns out dead.
// Asking twice must do no harm.
func (c *Client) roundTrip(ctx context.Context, message func() protocol.Message) error {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	for dead := 0; ; dead++ {
		_, err := c.transport.RoundTrip(ctx, c.address, message())
		broken := errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
		if !broken || dead == maxDead {
			return c.explain(ctx, err)
		}
	}
}

// explain adds the cause to the error that a partition has no leader: the
// transport routes by the layout that it knows, and where it could never ask
// for one it knows nothing and says only that.
func (c *Client) explain(ctx context.Context, err error) error {
	if !errors.Is(err, protocol.ErrNoPartition) && !errors.Is(err, protocol.ErrNoLeader) && !errors.Is(err, protocol.ErrNoTopic) {
		return err
	}
	if _, cause := c.library().Metadata(ctx, &kafka.MetadataRequest{}); cause != nil {
		return fmt.Errorf("%w: %w", err, cause)
	}
	return err
}

// library is kafka-go's own client on our connections.
func (c *Client) library() *kafka.Client {
	return &kafka.Client{Addr: c.address, Timeout: c.config.Timeout, Transport: c.transport}
}
