package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"jouleline/ingest"
	"jouleline/ingest/kafka"
)

// clusterBroker stands for a cluster: a broker in a folder of its own.
func clusterBroker(t testing.TB) *kafka.Broker {
	t.Helper()
	b, err := kafka.OpenBroker(kafka.BrokerConfig{Dir: t.TempDir(), Partitions: 4})
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

// From the embedded broker to a cluster and back to work: what the embedded one
// still holds must be booked first, and the books keep everything.
func TestCluster_NothingIsLeftBehind(t *testing.T) {
	flags := embedded(t.TempDir())
	s := mustServeWith(t, flags, io.Discard)
	s.importFolder(exampleRegistry)
	gateway := newClimber(t)
	for gateway.acknowledged < 100 {
		gateway.mustPush(t, s.Remote)
	}
	s.stop() // drains: nothing was waited for

	onCluster := flags
	onCluster.Kafka = clusterBroker(t).Addr()
	produceBehind(t, filepath.Join(flags.Data, "broker"), reading(gateway.acknowledged))
	gateway.acknowledged++
	left, err := openServer(t.Context(), onCluster, streams{io.Discard, io.Discard})
	if err == nil {
		left.close()
	}
	if err == nil || !strings.Contains(err.Error(), "1 messages") {
		t.Fatalf("got %v, want to be told of one message that is not booked", err)
	}
	mustServeWith(t, flags, io.Discard).stop()

	log := &spoken{}
	onCluster.LogLevel = "warn"
	s = mustServeWith(t, onCluster, log)
	log.mustSay(t, "the topic is another one than before")
	for range 5 {
		gateway.mustPush(t, s.Remote)
	}
	s.settle()
	gateway.check(t, s.Remote)
}

// produceBehind puts a record on the topic of a broker whose server is stopped.
func produceBehind(t testing.TB, folder, value string) {
	t.Helper()
	b, err := kafka.OpenBroker(kafka.BrokerConfig{Dir: folder})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	client, err := b.Client(kafka.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	producer, err := client.Producer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer producer.Close()
	record := ingest.Record{Partition: ingest.PartitionOf("E1", 4), Key: []byte("E1"), Value: []byte(value), ContentType: ingest.JSON}
	if err := producer.Produce(t.Context(), []ingest.Record{record}); err != nil {
		t.Fatal(err)
	}
}
