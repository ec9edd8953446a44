package kafka

import (
	"context"
	"errors"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kgo"

	"jouleline/ingest"
)

func TestReader_GivesWhatWasProduced(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{Partitions: 2})
	c := clientOf(t, b)
	p := mustProducer(t, c)
	before := time.Now().UnixMilli()
	in := []ingest.Record{
		numbered(0, 1), numbered(1, 2), numbered(0, 3),
		{Partition: 0, Value: []byte("[]")},                                      // no key, no headers
		{Partition: 0, Key: []byte("k"), ContentType: ingest.JSON},               // no value
		{Partition: 0, Key: []byte{}, Value: []byte{}, ContentType: "x/y"},       // a type of its own
		{Partition: 0, Value: []byte("z"), Received: 1, ContentType: "text/csv"}, // just after 1970
	}
	mustProduce(t, p, in...)
	after := time.Now().UnixMilli()

	var want []ingest.Record
	for _, r := range in {
		if r.Partition == 0 {
			want = append(want, r)
		}
	}
	r := mustOpen(t, c, 0, 0)
	got := readUntil(t, r, int64(len(want)))
	if len(got) != len(want) {
		t.Fatalf("got %d records, want %d", len(got), len(want))
	}
	for i, g := range got {
		w := want[i]
		if g.Offset != int64(i) || g.Partition != 0 || string(g.Key) != string(w.Key) || string(g.Value) != string(w.Value) ||
			g.ContentType != w.ContentType || g.Received != w.Received {
			t.Errorf("record %d: got %+v, want %+v", i, g, w)
		}
		if int64(g.Appended) < before || int64(g.Appended) > after {
			t.Errorf("record %d: appended %d, want %d to %d", i, g.Appended, before, after)
		}
	}
	if r.Offset() != int64(len(want)) {
		t.Errorf("offset: got %d, want %d", r.Offset(), len(want))
	}
	first, err1 := c.Earliest(testContext(t), 0)
	last, err2 := c.Latest(testContext(t), 0)
	if first != 0 || last != int64(len(want)) || err1 != nil || err2 != nil {
		t.Errorf("got offsets %d to %d (%v, %v), want 0 to %d", first, last, err1, err2, len(want))
	}
}

func TestReader_StartsInTheMiddleOfABatch(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{Partitions: 1})
	c := clientOf(t, b)
	var in []ingest.Record
	for i := range 10 {
		in = append(in, numbered(0, i))
	}
	mustProduce(t, mustProducer(t, c), in...) // one batch
	got := readUntil(t, mustOpen(t, c, 0, 7), 10)
	if len(got) != 3 || got[0].Offset != 7 {
		t.Errorf("got %d records from %d on, want 3 from 7 on", len(got), got[0].Offset)
	}
}

func TestReader_WaitsAndLosesNothingWhenTheContextEnds(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{Partitions: 1})
	c := clientOf(t, b)
	p := mustProducer(t, c)
	r := mustOpen(t, c, 0, 0)
	for i := range 20 {
		gone, cancel := context.WithCancel(testContext(t))
		cancel()
		// Either answer is fine, but what it gives must be the next records.
		records, _, err := r.Fetch(gone)
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if err == nil && r.Offset() != records[0].Offset+int64(len(records)) {
			t.Fatalf("got %d records from %d on, next %d", len(records), records[0].Offset, r.Offset())
		}
		mustProduce(t, p, numbered(0, i))
	}
	start := r.Offset()
	got := readUntil(t, r, 20)
	if int64(len(got)) != 20-start || len(got) > 0 && got[0].Offset != start {
		t.Fatalf("got %d records after offset %d, want %d", len(got), start, 20-start)
	}
}

func TestReader_OutOfRange(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{Partitions: 1, Margin: 1})
	c := clientOf(t, b)
	p := mustProducer(t, c)
	for i := range 10 {
		mustProduce(t, p, numbered(0, i))
	}
	if err := b.Trim(testContext(t), 0, 5); err != nil { // keeps 4 and up
		t.Fatal(err)
	}
	f := func(want int64) {
		t.Helper()
		r := mustOpen(t, c, 0, want)
		_, _, err := r.Fetch(testContext(t))
		var gone *ingest.OffsetOutOfRange
		if !errors.As(err, &gone) {
			t.Fatalf("offset %d: got %v, want OffsetOutOfRange", want, err)
		}
		if *gone != (ingest.OffsetOutOfRange{Partition: 0, Want: want, First: 4, Last: 10}) {
			t.Errorf("offset %d: got %+v", want, *gone)
		}
		if _, _, again := r.Fetch(testContext(t)); again != err {
			t.Errorf("offset %d: got %v the second time, want it for good", want, again)
		}
	}
	f(0)
	f(3)
	f(11)
	if got := readUntil(t, mustOpen(t, c, 0, 4), 10); len(got) != 6 {
		t.Errorf("from the first offset: got %d records, want 6", len(got))
	}
	if _, err := c.Open(testContext(t), 1, 0); !errors.Is(err, kafka.UnknownTopicOrPartition) {
		t.Errorf("partition 1 of 1: got %v", err)
	}
	if _, err := c.Open(testContext(t), 0, -1); err == nil {
		t.Error("offset -1: got no error")
	}
}

func TestReader_TopicMadeAnew(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{Partitions: 1})
	c := clientOf(t, b)
	p := mustProducer(t, c)
	mustProduce(t, p, numbered(0, 0))
	r := mustOpen(t, c, 0, 0)
	readUntil(t, r, 1)
	_, before, _, err := c.Identity(testContext(t))
	if err != nil {
		t.Fatal(err)
	}

	deleted, err := c.library().DeleteTopics(testContext(t), &kafka.DeleteTopicsRequest{Topics: []string{ingest.TopicReadings}})
	if err != nil || deleted.Errors[ingest.TopicReadings] != nil {
		t.Fatal(err, deleted)
	}
	if _, _, _, err := c.Identity(testContext(t)); !errors.Is(err, kafka.UnknownTopicOrPartition) {
		t.Errorf("identity without the topic: got %v", err)
	}
	if err := c.EnsureTopics(testContext(t)); err != nil {
		t.Fatal(err)
	}
	_, after, _, err := c.Identity(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if before == after || after == [16]byte{} {
		t.Fatalf("topic id: got %x before and %x after", before, after)
	}
	// The new topic has offset 1 too; it must not be taken for the old one.
	mustProduce(t, mustProducer(t, c), numbered(0, 100), numbered(0, 101))
	_, _, err = r.Fetch(testContext(t))
	var changed *TopicChanged
	if !errors.As(err, &changed) || changed.Want != before || changed.Got != after {
		t.Errorf("got %v, want a TopicChanged from %x to %x", err, before, after)
	}
}

func TestReader_GoesOnAfterTheBrokerWasAway(t *testing.T) {
	dir := t.TempDir()
	b := mustOpenBroker(t, BrokerConfig{Dir: dir, Partitions: 1})
	_, portText, err := net.SplitHostPort(b.Addr())
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		t.Fatal(err)
	}
	troubles := make(chan error, 100)
	c := mustClient(t, Config{Brokers: []string{b.Addr()}, OnTrouble: func(partition int, err error) { troubles <- err }})
	mustProduce(t, mustProducer(t, c), numbered(0, 0), numbered(0, 1))
	r := mustOpen(t, c, 0, 0)
	readUntil(t, r, 2)

	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-troubles; err == nil {
		t.Fatal("got no trouble while the broker is away")
	}
	mustOpenBroker(t, BrokerConfig{Dir: dir, Port: port})
	mustProduce(t, mustProducer(t, c), numbered(0, 2), numbered(0, 3))
	got := readUntil(t, r, 4)
	if len(got) != 2 || string(got[0].Value) != string(numbered(0, 2).Value) {
		t.Fatalf("got %d records, first %q; want numbers 2 and 3", len(got), got[0].Value)
	}
	for err := range troubles {
		if err == nil {
			return // told that it is over
		}
	}
}

func TestReader_CloseEndsAWait(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{Partitions: 1})
	r := mustOpen(t, clientOf(t, b), 0, 0)
	done := make(chan error)
	go func() {
		_, _, err := r.Fetch(testContext(t))
		done <- err
	}()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}

func TestReader_SkipsTransactionsThatWereCalledOff(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{Partitions: 1})
	ctx := testContext(t)
	k, err := kgo.NewClient(kgo.SeedBrokers(b.Addr()), kgo.TransactionalID("t"), kgo.DefaultProduceTopic(ingest.TopicReadings),
		kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	plain := mustProducer(t, clientOf(t, b))
	var want []string
	for i, end := range []kgo.TransactionEndTry{kgo.TryCommit, kgo.TryAbort, kgo.TryAbort, kgo.TryCommit} {
		if err := k.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		for j := range 3 {
			value := strconv.Itoa(10*i + j)
			if err := k.ProduceSync(ctx, &kgo.Record{Value: []byte(value)}).FirstErr(); err != nil {
				t.Fatal(err)
			}
			if end == kgo.TryCommit {
				want = append(want, value)
			}
			// Another producer writes between them.
			value += " plain"
			mustProduce(t, plain, ingest.Record{Value: []byte(value)})
			want = append(want, value)
		}
		if err := k.EndTransaction(ctx, end); err != nil {
			t.Fatal(err)
		}
	}
	c := clientOf(t, b)
	last, err := c.Latest(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	if last != 28 { // 24 records and 4 marks
		t.Fatalf("got %d offsets, want 28", last)
	}
	// From every offset on: what is read is what is committed and lies there.
	for from := int64(0); from < last-1; from++ {
		all := mustOpen(t, c, 0, 0)
		rest := mustOpen(t, c, 0, from)
		a, r := readUntil(t, all, last), readUntil(t, rest, last)
		if len(a) != len(want) {
			t.Fatalf("got %d records, want %d", len(a), len(want))
		}
		for i := range a {
			if string(a[i].Value) != want[i] {
				t.Fatalf("record %d: got %q, want %q", i, a[i].Value, want[i])
			}
			if a[i].Offset >= from {
				if len(r) != len(a)-i || r[0].Offset != a[i].Offset {
					t.Fatalf("from %d: got %d records, want %d", from, len(r), len(a)-i)
				}
				break
			}
		}
		all.Close()
		rest.Close()
	}
}
