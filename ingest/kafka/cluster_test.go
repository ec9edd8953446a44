package kafka

import (
	"errors"
	"os"
	"testing"

	"github.com/segmentio/kafka-go"

	"jouleline/ingest"
)

// realCluster names the brokers of a cluster without our topics, host:port.
const realCluster = "JOULELINE_TEST_KAFKA"

// TestClient_RealCluster goes the way through a cluster of Apache Kafka. It makes
// the topics and deletes them, and refuses a cluster that already has them.
func TestClient_RealCluster(t *testing.T) {
	address := os.Getenv(realCluster)
	if address == "" {
		t.Skipf("%s names no cluster", realCluster)
	}
	c := mustClient(t, Config{Brokers: []string{address}, Partitions: 3})
	if _, _, _, err := c.Identity(testContext(t)); !errors.Is(err, kafka.UnknownTopicOrPartition) {
		t.Fatalf("%s: want a cluster without topic %s: %v", address, ingest.TopicReadings, err)
	}
	remove := func() {
		t.Helper()
		if _, err := c.library().DeleteTopics(testContext(t), &kafka.DeleteTopicsRequest{
			Topics: []string{ingest.TopicReadings, ingest.TopicRejected},
		}); err != nil {
			t.Fatal(err)
		}
	}
	wayThrough(t, c, 3)
	_, before, _, err := c.Identity(testContext(t))
	if err != nil || before == [16]byte{} {
		t.Errorf("got topic id %x, %v", before, err)
	}
	if got, err := c.Retention(testContext(t)); got <= 0 || err != nil {
		t.Errorf("retention: got %v, %v", got, err)
	}
	var gone *ingest.OffsetOutOfRange
	if _, _, err := mustOpen(t, c, 0, 999).Fetch(testContext(t)); !errors.As(err, &gone) || gone.First != 0 || gone.Last != 10 {
		t.Errorf("offset 999 of 10: got %v", err)
	}
	r := mustOpen(t, c, 0, 10)
	remove()
	if err := c.EnsureTopics(testContext(t)); err != nil {
		t.Fatal(err)
	}
	defer remove()
	var changed *TopicChanged
	if _, _, err := r.Fetch(testContext(t)); !errors.As(err, &changed) || changed.Want != before {
		t.Errorf("topic made anew: got %v", err)
	}
}
