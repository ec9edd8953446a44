package kafka

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"jouleline/ingest"
	"jouleline/schema"
)

const benchPartitions = 4

// filled is a broker with n single-reading records, and how long it took.
func filled(b *testing.B, n int) (*Broker, time.Duration) {
	broker := mustOpenBroker(b, BrokerConfig{Partitions: benchPartitions})
	producer := mustProducer(b, clientOf(b, broker))
	records := make([]ingest.Record, 0, 40_000)
	var took time.Duration
	for i := range n {
		meter := fmt.Sprintf("370102-%05d-E01", i%20_000)
		records = append(records, ingest.Record{
			Partition: i % benchPartitions, Key: []byte(meter), ContentType: ingest.LineProtocol,
			Value:    fmt.Appendf(nil, "reading,meter=%s value=%.2f %d\n", meter, float64(i)*1.37, 1_700_000_000+i),
			Received: schema.Instant(1_714_522_530_000 + int64(i/100)), // pushes of 100
		})
		if len(records) == cap(records) || i == n-1 {
			start := time.Now()
			if err := producer.Produce(context.Background(), records); err != nil {
				b.Fatal(err)
			}
			took += time.Since(start)
			records = records[:0]
		}
	}
	return broker, took
}

// benchRead reads all partitions at once, from the start to the end.
func benchRead(b *testing.B, read func(broker *Broker, partition int) (records int, err error)) {
	const n = 2_000_000
	broker, took := filled(b, n)
	b.ReportAllocs()
	for b.Loop() {
		var wg sync.WaitGroup
		for p := range benchPartitions {
			wg.Go(func() {
				if got, err := read(broker, p); err != nil || got != n/benchPartitions {
					b.Errorf("partition %d: got %d records, want %d: %v", p, got, n/benchPartitions, err)
				}
			})
		}
		wg.Wait()
	}
	b.ReportMetric(n/took.Seconds(), "produced/s")
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "read/s")
}

func BenchmarkReader(b *testing.B) {
	benchRead(b, func(broker *Broker, partition int) (n int, err error) {
		r := mustOpen(b, clientOf(b, broker), partition, 0)
		defer r.Close()
		for {
			records, highWater, err := r.Fetch(context.Background())
			if err != nil {
				return n, err
			}
			n += len(records)
			if r.Offset() == highWater {
				return n, nil
			}
		}
	})
}

// The ways that kafka-go offers itself, for comparison.

func BenchmarkLibraryReader(b *testing.B) {
	benchRead(b, func(broker *Broker, partition int) (n int, err error) {
		r := kafka.NewReader(kafka.ReaderConfig{
			Brokers: []string{broker.Addr()}, Topic: ingest.TopicReadings, Partition: partition,
			MinBytes: 1, MaxBytes: 8 << 20, QueueCapacity: 5000, MaxWait: 50 * time.Millisecond,
		})
		defer r.Close()
		for {
			m, err := r.FetchMessage(context.Background())
			if err != nil {
				return n, err
			}
			n++
			if m.Offset+1 == m.HighWaterMark {
				return n, nil
			}
		}
	})
}

func BenchmarkLibraryConn(b *testing.B) {
	benchRead(b, func(broker *Broker, partition int) (n int, err error) {
		c, err := kafka.DialLeader(context.Background(), "tcp", broker.Addr(), ingest.TopicReadings, partition)
		if err != nil {
			return 0, err
		}
		defer c.Close()
		for offset := int64(0); ; {
			if _, err := c.Seek(offset, kafka.SeekAbsolute|kafka.SeekDontCheck); err != nil {
				return n, err
			}
			batch := c.ReadBatchWith(kafka.ReadBatchConfig{MinBytes: 1, MaxBytes: 1 << 20, MaxWait: time.Second})
			highWater := batch.HighWaterMark()
			for {
				m, err := batch.ReadMessage()
				if err != nil {
					break
				}
				n++
				offset = m.Offset + 1
			}
			if err := batch.Close(); err != nil {
				return n, err
			}
			if offset >= highWater {
				return n, nil
			}
		}
	})
}
