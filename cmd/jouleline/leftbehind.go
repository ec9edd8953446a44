package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"jouleline/ingest/kafka"
	"jouleline/metrics/posting"
)

// drainWithin bounds how long a stop waits for what the embedded broker has
// acknowledged: at 100,000 readings a second that is a lot, and a longer backlog
// is booked after the next start.
const drainWithin = 20 * time.Second

// drain waits until the books have what the embedded broker acknowledged, so that
// a stopped server leaves nothing behind. A cluster keeps it for the next start.
func (s *server) drain(ctx context.Context) {
	if s.broker == nil || s.books.Ready() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, drainWithin)
	defer cancel()
	if err := waitBooked(ctx, s, streams{io.Discard, io.Discard}); err != nil {
		s.log.Warn("not all of the topic is booked; the next start goes on with it", "error", err)
	}
}

// checkLeftBehind refuses to go over to another topic while the embedded broker
// holds acknowledged records that the books do not have: nobody would read them
// any more.
func (s *server) checkLeftBehind(ctx context.Context, now posting.Log) error {
	stored, err := s.store.Log(ctx)
	if err != nil || s.broker != nil || stored == nil || *stored == now {
		return err
	}
	folder := filepath.Join(s.flags.Data, "broker")
	if _, err := os.Stat(folder); os.IsNotExist(err) {
		return nil
	}
	broker, err := kafka.OpenBroker(kafka.BrokerConfig{Dir: folder, Log: s.log})
	if err != nil {
		return fmt.Errorf("look for what the embedded broker still holds: %w", err)
	}
	defer func() { s.warn("embedded broker", broker.Close()) }()
	client, err := broker.Client(kafka.Config{})
	if err != nil {
		return err
	}
	defer func() { s.warn("client of the embedded broker", client.Close()) }()
	old, err := topicSource{client}.identify(ctx)
	if err != nil || old != *stored {
		return err // an older broker's folder: the books left it long ago
	}
	offsets := s.store.Offsets()
	var left int64
	for partition := range old.Partitions {
		last, err := client.Latest(ctx, partition)
		if err != nil {
			return err
		}
		left += last - offsets[partition]
	}
	if left > 0 {
		return fmt.Errorf("kafka: %d messages that the embedded broker acknowledged are not in the books yet, and a server on %s would never read them: start with --kafka embedded once more and stop it, as often as this is said", left, s.flags.Kafka)
	}
	return nil
}
