package kafka

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jouleline/ingest"
)

func TestBroker_RestartKeepsRecordsAndIdentity(t *testing.T) {
	dir := t.TempDir()
	b := mustOpenBroker(t, BrokerConfig{Dir: dir, Partitions: 3})
	c := clientOf(t, b)
	cluster, topic, partitions, err := c.Identity(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(cluster) != 22 || topic == [16]byte{} || partitions != 3 {
		t.Fatalf("got cluster %q, topic %x, %d partitions; want 22 letters, an id, 3", cluster, topic, partitions)
	}
	p := mustProducer(t, c)
	for i := range 100 {
		mustProduce(t, p, numbered(i%3, i))
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}

	b = mustOpenBroker(t, BrokerConfig{Dir: dir})
	c = clientOf(t, b)
	cluster2, topic2, partitions2, err := c.Identity(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if cluster2 != cluster || topic2 != topic || partitions2 != partitions {
		t.Errorf("after restart: got %q %x %d, want %q %x %d", cluster2, topic2, partitions2, cluster, topic, partitions)
	}
	got := 0
	for partition := range 3 {
		last, err := c.Latest(testContext(t), partition)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range readUntil(t, mustOpen(t, c, partition, 0), last) {
			if want := numbered(partition, 3*i+partition); string(r.Value) != string(want.Value) {
				t.Fatalf("partition %d offset %d: got %q, want %q", partition, r.Offset, r.Value, want.Value)
			}
			got++
		}
	}
	if got != 100 {
		t.Errorf("got %d records after restart, want 100", got)
	}
}

func TestBroker_OneHoldsTheFolder(t *testing.T) {
	dir := t.TempDir()
	b := mustOpenBroker(t, BrokerConfig{Dir: dir})
	_, err := OpenBroker(BrokerConfig{Dir: dir})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "process "+strconv.Itoa(os.Getpid())) {
		t.Fatalf("second broker: got %v, want ErrInUse naming process %d", err, os.Getpid())
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	mustOpenBroker(t, BrokerConfig{Dir: dir})
}

func TestBroker_PartitionCountIsFixed(t *testing.T) {
	dir := t.TempDir()
	if err := mustOpenBroker(t, BrokerConfig{Dir: dir, Partitions: 2}).Close(); err != nil {
		t.Fatal(err)
	}
	_, err := OpenBroker(BrokerConfig{Dir: dir, Partitions: 5})
	var count *PartitionCount
	if !errors.As(err, &count) || count.Want != 5 || count.Got != 2 {
		t.Fatalf("got %v, want a PartitionCount of 5 and 2", err)
	}
	b := mustOpenBroker(t, BrokerConfig{Dir: dir})
	if _, _, n, err := clientOf(t, b).Identity(testContext(t)); n != 2 || err != nil {
		t.Errorf("opened without a count: got %d partitions, %v; want 2", n, err)
	}
}

func TestBroker_RefusesAFolderItCannotTrust(t *testing.T) {
	broken := func(file, text string) error {
		dir := t.TempDir()
		if err := mustOpenBroker(t, BrokerConfig{Dir: dir}).Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, file)
		if text == "" {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		} else if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		b, err := OpenBroker(BrokerConfig{Dir: dir})
		if err == nil {
			b.Close()
		}
		return err
	}
	f := func(file, text, want string) {
		t.Helper()
		if err := broken(file, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s %q: got error %v, want one with %q", file, text, err, want)
		}
	}
	f(identityFile, "", "has a log but no "+identityFile)
	f(identityFile, "{", "unexpected end")
	f(identityFile, `{"version":9,"cluster_id":"x","partitions":4}`, "version 9")
	f(identityFile, `{"version":1,"cluster_id":"other","partitions":4}`, "says other")
	f(filepath.Join(logFolder, "meta.json"), "{", "meta.json")
}

func TestBroker_MakesTopicsThatAKillPrevented(t *testing.T) {
	dir := t.TempDir()
	if err := mustOpenBroker(t, BrokerConfig{Dir: dir, Partitions: 2}).Close(); err != nil {
		t.Fatal(err)
	}
	// kfake writes meta.json before topics.json.
	if err := os.Remove(filepath.Join(dir, logFolder, "topics.json")); err != nil {
		t.Fatal(err)
	}
	b := mustOpenBroker(t, BrokerConfig{Dir: dir})
	if _, _, n, err := clientOf(t, b).Identity(testContext(t)); n != 2 || err != nil {
		t.Errorf("got %d partitions, %v; want 2", n, err)
	}
}

func TestBroker_TakenPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	_, err = OpenBroker(BrokerConfig{Dir: dir, Port: l.Addr().(*net.TCPAddr).Port})
	if err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Fatalf("got %v, want address already in use", err)
	}
	mustOpenBroker(t, BrokerConfig{Dir: dir}) // the folder is free again
}

func TestBroker_MakesNoTopicsByItself(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{})
	l, err := clientOf(t, b).layout(testContext(t), "something.else")
	if err != nil || l.partitions != 0 {
		t.Errorf("got %d partitions, %v; want none", l.partitions, err)
	}
	if l, err := clientOf(t, b).layout(testContext(t), ingest.TopicRejected); err != nil || l.partitions != 1 {
		t.Errorf("%s: got %d partitions, %v; want 1", ingest.TopicRejected, l.partitions, err)
	}
	if got, err := clientOf(t, b).Retention(testContext(t)); got != 0 || err != nil {
		t.Errorf("retention: got %v, %v; want for ever (0)", got, err)
	}
}
