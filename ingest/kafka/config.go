package kafka

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"

	"jouleline/ingest"
)

// DefaultPartitions is the partition count of a topic that is made without a
// count: enough for four cores, few enough for one.
const DefaultPartitions = 4

// SASL mechanisms.
const (
	Plain       = "PLAIN"
	ScramSHA512 = "SCRAM-SHA-512"
)

// SASL is how the client proves who it is. The zero value means not at all.
type SASL struct {
	Mechanism string // Plain or ScramSHA512
	Username  string
	Password  string
}

// Config tells where the brokers are and how to speak to them. The zero value
// of everything but Brokers is useful.
type Config struct {
	Brokers []string // host:port; any one of the cluster will do
	TLS     *tls.Config
	SASL    SASL

	// Partitions of the topic of readings: it is made with so many, and another
	// count on the cluster is an error. 0 takes what is there, or makes
	// DefaultPartitions.
	Partitions int
	// Replication of the topics when they are made; 0 leaves it to the cluster.
	Replication int

	// Timeout bounds one Produce, retries included, and each question to the
	// cluster. Default 10 s: a change of leader takes seconds.
	Timeout time.Duration
	// FetchBytes is how much a Reader asks for at a time, compressed. Default
	// 512 KiB; a greater batch still comes whole.
	FetchBytes int
	// BatchBytes is how much a Producer sends at a time to a partition, before
	// compression. Default 900 KiB: the usual limit of a cluster is 1 MiB.
	BatchBytes int

	// OnTrouble is told when a Reader cannot reach its partition, once for each
	// new error, and with nil when it can again. It may be nil, and is called
	// from the readers' goroutines.
	OnTrouble func(partition int, err error)
}

// Longest wait of the broker for a first record. It bounds how long a fetch
// occupies a connection after its Reader was closed, nothing else: new records
// end the wait.
const maxWait = 500 * time.Millisecond

// The transport asks for the cluster's layout about twice in this time, so a
// moved leader is found within it.
const metadataTTL = 2 * time.Second

// Brokers close idle connections after ten minutes; we must be first.
const idleTimeout = 5 * time.Minute

func (c *Config) setDefaults() {
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.FetchBytes == 0 {
		c.FetchBytes = 512 << 10
	}
	if c.BatchBytes == 0 {
		c.BatchBytes = 900 << 10
	}
}

// Validate tells what is wrong with a configuration.
func (c Config) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("kafka: "+format, args...)) }
	if len(c.Brokers) == 0 {
		bad("brokers: got none, want at least one host:port")
	}
	for _, b := range c.Brokers {
		if _, _, err := net.SplitHostPort(b); err != nil {
			bad("brokers: got %q, want host:port", b)
		}
	}
	switch c.SASL.Mechanism {
	case "":
		if c.SASL.Username != "" || c.SASL.Password != "" {
			bad("sasl: got a user without a mechanism, want %s or %s", Plain, ScramSHA512)
		}
	case Plain, ScramSHA512:
		if c.SASL.Username == "" {
			bad("sasl: got no user for %s", c.SASL.Mechanism)
		}
	default:
		bad("sasl: got mechanism %q, want %s or %s", c.SASL.Mechanism, Plain, ScramSHA512)
	}
	for _, n := range []struct {
		name string
		got  int
	}{
		{"partitions", c.Partitions}, {"replication", c.Replication},
		{"timeout", int(c.Timeout)}, {"fetch bytes", c.FetchBytes}, {"batch bytes", c.BatchBytes},
	} {
		if n.got < 0 {
			bad("%s: got %d, want 0 (the default) or more", n.name, n.got)
		}
	}
	return errors.Join(errs...)
}

// transport is the pool of connections that a configuration asks for.
func (c *Config) transport() (*kafka.Transport, error) {
	var mechanism sasl.Mechanism
	switch c.SASL.Mechanism {
	case Plain:
		mechanism = plain.Mechanism{Username: c.SASL.Username, Password: c.SASL.Password}
	case ScramSHA512:
		m, err := scram.Mechanism(scram.SHA512, c.SASL.Username, c.SASL.Password)
		if err != nil {
			return nil, fmt.Errorf("kafka: sasl: user %q: %w", c.SASL.Username, err)
		}
		mechanism = m
	}
	return &kafka.Transport{
		Dial:           (&net.Dialer{Timeout: c.Timeout}).DialContext,
		DialTimeout:    c.Timeout,
		IdleTimeout:    idleTimeout,
		ClientID:       clientID,
		TLS:            c.TLS,
		SASL:           mechanism,
		MetadataTTL:    metadataTTL,
		MetadataTopics: []string{ingest.TopicReadings, ingest.TopicRejected},
	}, nil
}

// clientID is the name that brokers see in their logs and quotas.
const clientID = "jouleline"
