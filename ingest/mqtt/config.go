package mqtt

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"
)

// Message is what was published on a topic.
type Message struct {
	// Sender is the level of the topic at which the filter has its first +, empty
	// where the filter has none.
	Sender string
	Body   []byte
}

// Taker takes messages, in their order. An error means that none of them counts as
// taken: they are offered again.
type Taker interface {
	Take(ctx context.Context, messages []Message) error
}

// Telemetry counts. Its methods are called from several goroutines.
type Telemetry interface {
	// Connected tells whether the broker has our subscription.
	Connected(yes bool)
	// Taken counts messages that the taker has.
	Taken(messages int)
	// Dropped counts a message of quality of service 0 that found no room.
	Dropped()
}

// Config is what a bridge needs. URL, Topics, ClientID and Taker are required; the
// rest has useful zero values.
type Config struct {
	// URL is the broker's address: tcp://host:1883, or tls://host:8883.
	URL string
	// Topics are filters as MQTT writes them, shared ones ($share/GROUP/...) too.
	Topics []string
	// ClientID names the session that the broker keeps. Two programs with one id
	// throw each other out.
	ClientID string
	Username string
	Password string
	// TLS is used with tls://. Nil: the system's certificates.
	TLS   *tls.Config
	Taker Taker

	// MaxQueuedBytes bounds the bodies that wait to be taken. 0: 64 MiB.
	MaxQueuedBytes int64
	// Telemetry counts; nil is silent.
	Telemetry Telemetry
	// Log gets what happens to the connection; nil is silent.
	Log *slog.Logger
	// Pause gives how long to wait before the n-th try, from 1, to have messages
	// taken or topics granted. Nil: a second, doubled up to half a minute.
	Pause func(n int) time.Duration
}

// Validate tells what is missing or cannot be.
func (c *Config) Validate() error {
	address, err := url.Parse(c.URL)
	switch {
	case err != nil:
		return fmt.Errorf("mqtt: broker: want tcp://host:1883 or tls://host:8883: %w", err)
	case (address.Scheme != "tcp" && address.Scheme != "tls") || address.Port() == "" || address.Path != "" || address.User != nil:
		return fmt.Errorf("mqtt: broker: got %q, want tcp://host:1883 or tls://host:8883", address.Redacted())
	case address.Scheme == "tcp" && c.TLS != nil:
		return fmt.Errorf("mqtt: broker: got certificates for %q, want tls://", c.URL)
	case len(c.Topics) == 0:
		return errors.New("mqtt: topics: got none, want at least one filter, as meters/+/readings")
	case c.ClientID == "" || len(c.ClientID) > 65535:
		return fmt.Errorf("mqtt: client id: got %d bytes, want 1 to 65535", len(c.ClientID))
	case c.Taker == nil:
		return errors.New("mqtt: a taker is required")
	case c.MaxQueuedBytes < 0:
		return fmt.Errorf("mqtt: got room for %d bytes, want 0 or more", c.MaxQueuedBytes)
	}
	for _, topic := range c.Topics {
		if err := checkFilter(topic); err != nil {
			return err
		}
	}
	return nil
}

// defaultMaxQueuedBytes is two bodies of the size that a push may have.
const defaultMaxQueuedBytes = 64 << 20

func (c *Config) fill() {
	if c.MaxQueuedBytes == 0 {
		c.MaxQueuedBytes = defaultMaxQueuedBytes
	}
	if c.Telemetry == nil {
		c.Telemetry = silence{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Pause == nil {
		c.Pause = func(n int) time.Duration { return min(time.Second<<min(n-1, 5), 30*time.Second) }
	}
}

// checkFilter tells what is wrong with a topic filter (MQTT 3.1.1, section 4.7).
func checkFilter(filter string) error {
	levels := levelsOf(filter)
	for i, level := range levels {
		switch {
		case strings.Contains(level, "#") && (level != "#" || i != len(levels)-1):
			return fmt.Errorf("mqtt: topics: got %q, want # alone and as the last level", filter)
		case strings.Contains(level, "+") && level != "+":
			return fmt.Errorf("mqtt: topics: got %q, want + alone in a level", filter)
		}
	}
	if len(levels) == 0 || len(levels) == 1 && levels[0] == "" || len(filter) > 65535 || strings.ContainsRune(filter, 0) {
		return fmt.Errorf("mqtt: topics: got %q, want a filter as meters/+/readings or $share/GROUP/meters/#", filter)
	}
	return nil
}

// levelsOf cuts a filter or topic at its slashes; of a shared subscription what it
// filters counts.
func levelsOf(filter string) []string {
	levels := strings.Split(filter, "/")
	if levels[0] == "$share" {
		return levels[min(2, len(levels)):]
	}
	return levels
}

// senderOf gives the level of a topic at which the first filter that matches has its
// first +; empty where none has.
func senderOf(filters [][]string, topic string) string {
	levels := strings.Split(topic, "/")
next:
	for _, filter := range filters {
		sender := ""
		for i, level := range filter {
			if level == "#" {
				return sender
			}
			if i >= len(levels) || level != "+" && level != levels[i] {
				continue next
			}
			if level == "+" && sender == "" {
				sender = levels[i]
			}
		}
		if len(filter) == len(levels) {
			return sender
		}
	}
	return ""
}

// silence counts nothing.
type silence struct{}

func (silence) Connected(bool) {}
func (silence) Taken(int)      {}
func (silence) Dropped()       {}
