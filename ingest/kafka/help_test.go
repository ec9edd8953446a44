package kafka

import (
	"context"
	"fmt"
	"testing"
	"time"

	"jouleline/ingest"
	"jouleline/schema"
)

// patience bounds every wait of the tests; on a sound machine none comes near it.
const patience = 30 * time.Second

func testContext(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func mustOpenBroker(t testing.TB, config BrokerConfig) *Broker {
	t.Helper()
	if config.Dir == "" {
		config.Dir = t.TempDir()
	}
	b, err := OpenBroker(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func mustClient(t testing.TB, config Config) *Client {
	t.Helper()
	c, err := NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func clientOf(t testing.TB, b *Broker) *Client {
	t.Helper()
	return mustClient(t, Config{Brokers: []string{b.Addr()}})
}

func mustProducer(t testing.TB, c *Client) *Producer {
	t.Helper()
	p, err := c.Producer(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func mustProduce(t testing.TB, p *Producer, records ...ingest.Record) {
	t.Helper()
	if err := p.Produce(testContext(t), records); err != nil {
		t.Fatal(err)
	}
}

func mustOpen(t testing.TB, c *Client, partition int, offset int64) *Reader {
	t.Helper()
	r, err := c.Open(testContext(t), partition, offset)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// clone keeps records beyond the next Fetch.
func clone(records []ingest.Record) []ingest.Record {
	var out []ingest.Record
	for _, r := range records {
		r.Key, r.Value = append([]byte(nil), r.Key...), append([]byte(nil), r.Value...)
		out = append(out, r)
	}
	return out
}

// readUntil fetches until a reader stands at an offset.
func readUntil(t testing.TB, r *Reader, offset int64) []ingest.Record {
	t.Helper()
	var out []ingest.Record
	for r.Offset() < offset {
		records, _, err := r.Fetch(testContext(t))
		if err != nil {
			t.Fatalf("at offset %d, want %d: %v", r.Offset(), offset, err)
		}
		out = append(out, clone(records)...)
	}
	return out
}

// numbered is the i-th of a row of records that differ in everything.
func numbered(partition, i int) ingest.Record {
	return ingest.Record{
		Partition: partition, Key: fmt.Appendf(nil, "meter-%d", i), ContentType: ingest.LineProtocol,
		Value:    fmt.Appendf(nil, "reading,meter=meter-%d value=%d", i, i),
		Received: schema.Instant(1714522530123 + int64(i)),
	}
}
