package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"

	"jouleline/ingest"
)

// BrokerConfig says where an embedded broker keeps its log.
type BrokerConfig struct {
	Dir  string // made where it does not exist; one broker at a time holds it
	Port int    // on the loopback; 0 takes a free one

	// Partitions of the topic of readings. A new folder stores it; on an old
	// one another count is a *PartitionCount. 0 takes what is stored, or
	// DefaultPartitions.
	Partitions int
	// Margin is how many records before the offset Trim keeps, for a store that
	// was set back to a backup. Default 100,000; at least 1, since the end of
	// an emptied log is forgotten.
	Margin int64

	Log *slog.Logger // nil is silent

	segmentBytes int // smaller in tests
}

// Limits of the embedded broker.
const (
	// maxMessageBytes bounds a batch, compressed: 8 MiB. A push is far smaller.
	maxMessageBytes = 8 << 20
	// defaultSegmentBytes is the size of the log's files. Trim frees whole
	// files, and a start reads one file of each partition into memory at a time.
	defaultSegmentBytes = 16 << 20
	// defaultMargin keeps minutes of a busy partition and months of a quiet one.
	defaultMargin = 100_000
)

// Broker is a Kafka broker in this process, with its log in a folder. Records
// are on the disk before they are acknowledged, and none is deleted but by Trim.
// It listens on the loopback and asks nobody who he is. There is no replication:
// the disk is all there is. It is safe for concurrent use.
type Broker struct {
	cluster *kfake.Cluster
	client  *Client
	address string
	margin  int64

	mu   sync.Mutex // guards lock
	lock io.Closer  // nil once closed
}

// OpenBroker starts the broker and makes its topics where they do not exist. A
// folder that another process holds is an ErrInUse that names the process.
func OpenBroker(config BrokerConfig) (*Broker, error) {
	b := &Broker{margin: config.Margin}
	if b.margin == 0 {
		b.margin = defaultMargin
	}
	if err := b.start(config); err != nil {
		return nil, fmt.Errorf("kafka: open broker: %w", errors.Join(err, b.Close()))
	}
	return b, nil
}

func (b *Broker) start(config BrokerConfig) (err error) {
	if config.Dir == "" || config.Partitions < 0 || config.Margin < 0 {
		return fmt.Errorf("got folder %q, %d partitions, margin %d; want a folder and no negative number",
			config.Dir, config.Partitions, config.Margin)
	}
	if err := os.MkdirAll(config.Dir, 0o700); err != nil {
		return err
	}
	if b.lock, err = lockFolder(config.Dir); err != nil {
		return err
	}
	id, err := openIdentity(config.Dir, config.Partitions)
	if err != nil {
		return err
	}
	if b.cluster, err = kfake.NewCluster(config.options(id)...); err != nil {
		return fmt.Errorf("%s: %w", config.Dir, err)
	}
	b.address = b.cluster.ListenAddrs()[0]
	if b.client, err = NewClient(Config{Brokers: []string{b.address}, Partitions: id.Partitions}); err != nil {
		return err
	}
	// kfake makes the topics with a new log. They are missing only where the
	// process was killed while it did.
	ctx := context.Background()
	if err := b.client.EnsureTopics(ctx); err != nil {
		return err
	}
	if err := b.declare(ctx); err != nil {
		return err
	}
	got, _, _, err := b.client.Identity(ctx)
	if err == nil && got != id.ClusterID {
		err = fmt.Errorf("%s: its log belongs to cluster %s, %s says %s", config.Dir, got, identityFile, id.ClusterID)
	}
	return err
}

// declare sets the topics' configuration to what the broker does, so that the
// tools of operators show the truth.
func (b *Broker) declare(ctx context.Context) error {
	ask := &kafka.IncrementalAlterConfigsRequest{}
	for _, topic := range []string{ingest.TopicReadings, ingest.TopicRejected} {
		r := kafka.IncrementalAlterConfigsRequestResource{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic}
		for name, value := range map[string]string{
			"message.timestamp.type": "LogAppendTime",
			"retention.ms":           "-1",
			"retention.bytes":        "-1",
			"max.message.bytes":      strconv.Itoa(maxMessageBytes),
		} {
			r.Configs = append(r.Configs, kafka.IncrementalAlterConfigsRequestConfig{
				Name: name, Value: value, ConfigOperation: kafka.ConfigOperationSet,
			})
		}
		ask.Resources = append(ask.Resources, r)
	}
	answer, err := b.client.library().IncrementalAlterConfigs(ctx, ask)
	if err != nil {
		return fmt.Errorf("configure topics: %w", err)
	}
	for _, r := range answer.Resources {
		if r.Error != nil {
			return fmt.Errorf("configure topic %s: %w", r.ResourceName, r.Error)
		}
	}
	return nil
}

// options are kfake's.
func (c *BrokerConfig) options(id identity) []kfake.Opt {
	segment := c.segmentBytes
	if segment == 0 {
		segment = defaultSegmentBytes
	}
	opts := []kfake.Opt{
		kfake.DataDir(filepath.Join(c.Dir, logFolder)), kfake.SyncWrites(), kfake.ClusterID(id.ClusterID),
		kfake.Ports(c.Port),
		kfake.ListenFn(func(network, address string) (net.Listener, error) {
			l, err := net.Listen(network, address)
			return front{l}, err
		}),
		kfake.SeedTopics(int32(id.Partitions), ingest.TopicReadings), kfake.SeedTopics(1, ingest.TopicRejected),
		kfake.BrokerConfigs(map[string]string{
			"log.message.timestamp.type": "LogAppendTime", // kept by front
			"log.retention.ms":           "-1",
			"log.segment.bytes":          strconv.Itoa(segment),
			"message.max.bytes":          strconv.Itoa(maxMessageBytes),
		}),
	}
	if c.Log != nil {
		opts = append(opts, kfake.WithLogger(brokerLog{c.Log}))
	}
	return opts
}

// Addr is where the broker listens, as host:port.
func (b *Broker) Addr() string { return b.address }

// Client gives a new client of the broker; the caller closes it.
func (b *Broker) Client(config Config) (*Client, error) {
	config.Brokers = []string{b.address}
	return NewClient(config)
}

// Close ends the broker, writes what makes the next start fast and gives the
// folder back. What was acknowledged is safe without it.
func (b *Broker) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lock == nil {
		return nil
	}
	if b.client != nil {
		b.client.Close()
	}
	if b.cluster != nil {
		b.cluster.Close()
	}
	err := b.lock.Close()
	b.lock = nil
	return err
}

// brokerLog hands kfake's words on: it reports a disk that refuses only here.
type brokerLog struct{ log *slog.Logger }

func (l brokerLog) Logf(level kfake.LogLevel, format string, args ...any) {
	to := slog.LevelDebug
	switch level {
	case kfake.LogLevelError:
		to = slog.LevelError
	case kfake.LogLevelWarn:
		to = slog.LevelWarn
	}
	if l.log.Enabled(context.Background(), to) {
		l.log.Log(context.Background(), to, "embedded broker", "text", fmt.Sprintf(format, args...))
	}
}
