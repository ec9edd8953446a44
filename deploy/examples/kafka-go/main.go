// Command kafka-go is an example: it produces readings to the topic that
// Jouleline reads, with segmentio/kafka-go.
//
//	KAFKA=127.0.0.1:9092 go run ./deploy/examples/kafka-go
//
// What matters: the meter's id is the key and the balancer hashes it as Kafka's
// own clients do, so that all readings of a meter are on the partition that has
// its books; the header content-type says what the value is; and a write counts
// only when all in-sync replicas have it. A repetition does no harm.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
)

func main() {
	brokers := os.Getenv("KAFKA")
	if brokers == "" {
		brokers = "127.0.0.1:9092"
	}
	if err := produce(context.Background(), strings.Split(brokers, ",")); err != nil {
		log.Fatal(err)
	}
}

// produce writes two readings of the meter E1, one as JSON, one as line protocol,
// and the second once more as CSV. Arrow streams go the same way, with the content
// type application/vnd.apache.arrow.stream.
func produce(ctx context.Context, brokers []string) error {
	w := &kafka.Writer{
		Addr:         kafka.TCP(brokers...),
		Topic:        "readings",
		Balancer:     kafka.Murmur2Balancer{Consistent: true},
		RequiredAcks: kafka.RequireAll,
		BatchTimeout: 10 * time.Millisecond,
		Compression:  kafka.Lz4,
	}
	err := w.WriteMessages(ctx,
		message("E1", "application/json", `{"meter":"E1","time":"2023-05-01T22:00:00+08:00","value":100.00,"unit":"kWh"}`),
		message("E1", "text/plain", `energy,meter=E1,unit=kWh value=103.00 1682953200000000000`),
		message("E1", "text/csv", "meter,time,value,unit\nE1,2023-05-01T23:00:00+08:00,103.00,kWh\n"), // the same once more
	)
	if closed := w.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("produce readings: %w", err)
	}
	return nil
}

func message(meter, contentType, value string) kafka.Message {
	return kafka.Message{
		Key:     []byte(meter),
		Value:   []byte(value),
		Headers: []kafka.Header{{Key: "content-type", Value: []byte(contentType)}},
	}
}
