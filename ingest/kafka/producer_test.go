package kafka

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"jouleline/ingest"
)

func TestProducer_ManyAtOnceKeepTheirOrder(t *testing.T) {
	const callers, pushes, partitions = 20, 50, 3
	b := mustOpenBroker(t, BrokerConfig{Partitions: partitions})
	c := clientOf(t, b)
	p := mustProducer(t, c)
	var wg sync.WaitGroup
	for caller := range callers {
		wg.Go(func() {
			for i := range pushes {
				var push []ingest.Record
				for partition := range partitions {
					push = append(push, ingest.Record{Partition: partition, Key: strconv.AppendInt(nil, int64(caller), 10), Value: strconv.AppendInt(nil, int64(i), 10)})
				}
				if err := p.Produce(testContext(t), push); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for partition := range partitions {
		next := map[string]int{}
		for _, r := range readUntil(t, mustOpen(t, c, partition, 0), callers*pushes) {
			if want := strconv.Itoa(next[string(r.Key)]); string(r.Value) != want {
				t.Fatalf("partition %d: caller %s: got push %s, want %s", partition, r.Key, r.Value, want)
			}
			next[string(r.Key)]++
		}
	}
}

func TestProducer_RejectedCarryWhyAndWhence(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{})
	c := clientOf(t, b)
	p := mustProducer(t, c)
	r := numbered(3, 7)
	r.Offset = 4711
	bare := ingest.Record{Partition: 1, Offset: 2, Value: []byte("?")}
	if err := p.Reject(testContext(t), []Rejection{
		{Record: r, Reason: "unknown_unit", Detail: `unit: got "kwh"`},
		{Record: r, Reason: "future", Detail: ""},
		{Record: bare, Reason: "malformed", Detail: "电"},
	}); err != nil {
		t.Fatal(err)
	}
	if err := p.Reject(testContext(t), nil); err != nil {
		t.Errorf("nothing to reject: got %v", err)
	}
	read := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{b.Addr()}, Topic: ingest.TopicRejected, MaxWait: 50 * time.Millisecond})
	defer read.Close()
	f := func(want ingest.Record, headers map[string]string) {
		t.Helper()
		m, err := read.ReadMessage(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(m.Key, want.Key) || !bytes.Equal(m.Value, want.Value) {
			t.Errorf("got %q %q, want %q %q", m.Key, m.Value, want.Key, want.Value)
		}
		got := map[string]string{}
		for _, h := range m.Headers {
			got[h.Key] = string(h.Value)
		}
		if fmt.Sprint(got) != fmt.Sprint(headers) {
			t.Errorf("headers: got %v, want %v", got, headers)
		}
	}
	full := map[string]string{
		"content-type": "text/plain", "received": "2024-05-01T00:15:30.130Z",
		"reason": "unknown_unit", "detail": `unit: got "kwh"`, "source-partition": "3", "source-offset": "4711",
	}
	f(r, full)
	full["reason"], full["detail"] = "future", ""
	f(r, full)
	f(bare, map[string]string{"reason": "malformed", "detail": "电", "source-partition": "1", "source-offset": "2"})
}

func TestProducer_TooLargeFailsAlone(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{Partitions: 1})
	// A batch may grow far beyond what the broker takes, so it must be split.
	c := mustClient(t, Config{Brokers: []string{b.Addr()}, BatchBytes: 64 << 20})
	p := mustProducer(t, c)
	noise := make([]byte, maxMessageBytes+1)
	for i, x := 0, uint32(1); i < len(noise); i++ { // does not compress
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		noise[i] = byte(x)
	}
	fits := noise[:maxMessageBytes-4096]
	gate := make(chan struct{})
	results := make([]error, 3)
	var wg sync.WaitGroup
	for i, value := range [][]byte{fits, noise, fits} {
		wg.Go(func() {
			<-gate
			results[i] = p.Produce(testContext(t), []ingest.Record{{Value: value}, {Value: []byte("small")}})
		})
	}
	close(gate)
	wg.Wait()
	if results[0] != nil || results[2] != nil {
		t.Errorf("those that fit: got %v, %v", results[0], results[2])
	}
	if !errors.Is(results[1], kafka.MessageSizeTooLarge) {
		t.Errorf("too large: got %v", results[1])
	}
	got := readUntil(t, mustOpen(t, c, 0, 0), 5)
	sizes := map[int]int{}
	for _, r := range got {
		sizes[len(r.Value)]++
	}
	if sizes[len(fits)] != 2 || sizes[len("small")] != 3 {
		t.Errorf("got values of sizes %v, want 2 of %d and 3 of 5", sizes, len(fits))
	}
}

func TestProducer_FailsWhileTheBrokerIsAwayAndRecovers(t *testing.T) {
	dir := t.TempDir()
	b := mustOpenBroker(t, BrokerConfig{Dir: dir, Partitions: 2})
	_, portText, _ := net.SplitHostPort(b.Addr())
	port, err := strconv.Atoi(portText)
	if err != nil {
		t.Fatal(err)
	}
	c := mustClient(t, Config{Brokers: []string{b.Addr()}, Timeout: 300 * time.Millisecond})
	p := mustProducer(t, c)
	mustProduce(t, p, numbered(0, 0))
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.Produce(testContext(t), []ingest.Record{numbered(0, 1)}); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Fatalf("broker away: got %v, want connection refused", err)
	}
	gone, cancel := context.WithCancel(testContext(t))
	cancel()
	if err := p.Produce(gone, []ingest.Record{numbered(1, 1)}); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: got %v", err)
	}
	if _, err := mustClient(t, Config{Brokers: []string{b.Addr()}, Timeout: 300 * time.Millisecond}).Producer(testContext(t)); err == nil {
		t.Fatal("new producer: got no error")
	}

	mustOpenBroker(t, BrokerConfig{Dir: dir, Port: port})
	mustProduce(t, p, numbered(0, 2))
	got := readUntil(t, mustOpen(t, c, 0, 0), 2)
	if string(got[1].Value) != string(numbered(0, 2).Value) {
		t.Errorf("got %q, want number 2", got[1].Value)
	}
}

func TestProducer_WaitsOutAShortAbsence(t *testing.T) {
	dir := t.TempDir()
	b := mustOpenBroker(t, BrokerConfig{Dir: dir, Partitions: 1})
	_, portText, _ := net.SplitHostPort(b.Addr())
	port, err := strconv.Atoi(portText)
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(t, b)
	p := mustProducer(t, c)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- p.Produce(testContext(t), []ingest.Record{numbered(0, 0)}) }()
	mustOpenBroker(t, BrokerConfig{Dir: dir, Port: port})
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestProducer_ClosedAndWrongPartition(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{Partitions: 2})
	p := mustProducer(t, clientOf(t, b))
	for _, partition := range []int{-1, 2} {
		if err := p.Produce(testContext(t), []ingest.Record{{Partition: partition}}); err == nil {
			t.Errorf("partition %d of 2: got no error", partition)
		}
	}
	if err := p.Produce(testContext(t), nil); err != nil {
		t.Errorf("no records: got %v", err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.Produce(testContext(t), []ingest.Record{numbered(0, 0)}); !errors.Is(err, ErrClosed) {
		t.Errorf("closed: got %v", err)
	}
}
