package kafka

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"jouleline/ingest"
)

// What a producer of another make may have put on the topic must not stop a
// partition: the records before and after it come, and it comes as damaged.
func TestReader_PoisonStopsNothing(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{Partitions: 1})
	var mu sync.Mutex
	var told []string
	c := mustClient(t, Config{Brokers: []string{b.Addr()}, OnTrouble: func(_ int, err error) {
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			told = append(told, err.Error())
		}
	}})
	good := func(i int64) []byte { return wireRecord(nil, i, 0, nil, []byte("good")) }
	type poison struct {
		name    string
		batch   []byte
		records []string // values that must come
		damaged int      // bytes of the damaged record, -1 for none
	}
	garbage := bytes.Repeat([]byte{0xff}, 40)
	all := []poison{
		{name: "nothing where a record should be", batch: wireBatch(0, 0, 0, 1, nil)},
		{"garbage after a good one", wireBatch(0, 0, 2, 3, append(good(0), garbage...)), []string{"good"}, len(garbage)},
		{"a header count and no headers", wireBatch(0, 0, 0, 1, []byte{12, 0, 0, 0, 1, 1, 99}), []string{""}, -1},
		{"lz4 that is none", wireBatch(0, 3, 0, 1, garbage), nil, batchHeader + len(garbage)},
		{"snappy that is none", wireBatch(0, 2, 0, 1, garbage), nil, batchHeader + len(garbage)},
		{"zstd that is none", wireBatch(0, 4, 0, 1, garbage), nil, batchHeader + len(garbage)},
		{"gzip that is none", wireBatch(0, 1, 0, 1, garbage), nil, batchHeader + len(garbage)},
		{"an offset beyond the batch", wireBatch(0, 0, 0, 1, good(5)), nil, len(good(5))},
		{"one offset twice", wireBatch(0, 0, 1, 2, append(good(0), good(0)...)), []string{"good"}, len(good(0))},
		{"a million records claimed", wireBatch(0, 0, 999_999, 1_000_000, good(0)), []string{"good"}, 0},
	}
	p := mustProducer(t, c)
	var want []string
	var damaged, wantDamaged []int
	for _, x := range all {
		if err := produceRaw(t, c, x.batch); err != nil {
			t.Fatalf("%s: %v", x.name, err)
		}
		mustProduce(t, p, ingest.Record{Value: []byte("after " + x.name)})
		want = append(append(want, x.records...), "after "+x.name)
		if x.damaged >= 0 {
			wantDamaged = append(wantDamaged, x.damaged)
		}
	}
	last, err := c.Latest(testContext(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	offset := int64(-1)
	for _, r := range readUntil(t, mustOpen(t, c, 0, 0), last) {
		if r.Offset <= offset {
			t.Fatalf("got offset %d after %d", r.Offset, offset)
		}
		offset = r.Offset
		if r.ContentType == Damaged {
			damaged = append(damaged, len(r.Value))
			continue
		}
		got = append(got, string(r.Value))
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
	if !slices.Equal(damaged, wantDamaged) {
		t.Errorf("got damaged records of %d bytes, want %d", damaged, wantDamaged)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(told) == 0 || !strings.Contains(told[0], "kept as damaged") {
		t.Errorf("told of %q, want the damage", told)
	}
}

func TestDecoder_DamageKeepsItsBytes(t *testing.T) {
	var d decoder
	f := func(batch []byte, from int64, wantOffset int64, wantValue []byte) {
		t.Helper()
		d.reset(from)
		if err := d.decode(batch, new(transactions), true); err != nil {
			t.Fatal(err)
		}
		last := d.records[len(d.records)-1]
		if last.ContentType != Damaged || last.Offset != wantOffset || !bytes.Equal(last.Value, wantValue) || d.harm == nil {
			t.Errorf("got %s at %d: %x (%v), want damaged at %d: %x", last.ContentType, last.Offset, last.Value, d.harm, wantOffset, wantValue)
		}
		if d.next != 103 {
			t.Errorf("next: got %d, want 103", d.next)
		}
	}
	garbage := []byte{0xff, 0xff, 0xff}
	good := wireRecord(nil, 0, 0, nil, []byte("good"))
	half := wireBatch(100, 0, 2, 3, append(good[:len(good):len(good)], garbage...))
	f(half, 0, 101, garbage)
	f(half, 102, 102, garbage) // what lies before is not given again
	sum := wireBatch(100, 0, 2, 3, good)
	sum[17]++
	f(sum, 0, 100, sum)
	old := wireBatch(100, 0, 2, 3, good)
	old[16] = 1
	f(old, 0, 100, old)
}

// spoil answers fetches itself: with the batch's checksum broken so many times,
// then right.
func spoil(cluster *kfake.Cluster, batch []byte, times int) {
	cluster.ControlKey(int16(kmsg.Fetch), func(ask kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		request := ask.(*kmsg.FetchRequest)
		answer := request.ResponseKind().(*kmsg.FetchResponse)
		topic := kmsg.NewFetchResponseTopic()
		topic.TopicID = request.Topics[0].TopicID
		p := kmsg.NewFetchResponseTopicPartition()
		p.HighWatermark, p.LastStableOffset = 3, 3
		if offset := request.Topics[0].Partitions[0].FetchOffset; offset < 3 {
			p.RecordBatches = bytes.Clone(batch)
			if times > 0 {
				times--
				p.RecordBatches[len(p.RecordBatches)-1] ^= 1
			}
		}
		topic.Partitions = append(topic.Partitions, p)
		answer.Topics = append(answer.Topics, topic)
		return answer, nil, true
	})
}

func TestReader_FetchesAgainWhatArrivedBroken(t *testing.T) {
	f := func(times int, want string) {
		t.Helper()
		cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, ingest.TopicReadings))
		if err != nil {
			t.Fatal(err)
		}
		defer cluster.Close()
		spoil(cluster, rowBatch(0, 3), times)
		r := mustOpen(t, mustClient(t, Config{Brokers: cluster.ListenAddrs()}), 0, 0)
		defer r.Close()
		got := readUntil(t, r, 3)
		if got[0].ContentType != want {
			t.Errorf("broken %d times: got %s, want %s", times, got[0].ContentType, want)
		}
	}
	f(0, ingest.LineProtocol)
	f(maxDoubts, ingest.LineProtocol)
	f(maxDoubts+1, Damaged)
}

func TestDecoder_LeavesACutOffBatch(t *testing.T) {
	whole, next := rowBatch(0, 3), rowBatch(3, 2)
	for n := range next {
		var d decoder
		if err := d.decode(append(bytes.Clone(whole), next[:n]...), new(transactions), false); err != nil {
			t.Fatalf("cut off after %d bytes: %v", n, err)
		}
		if len(d.records) != 3 || d.next != 3 {
			t.Fatalf("cut off after %d bytes: got %d records, next %d", n, len(d.records), d.next)
		}
	}
	var d decoder
	tiny := bytes.Clone(whole)
	binary.BigEndian.PutUint32(tiny[8:], 3)
	if err := d.decode(tiny, new(transactions), true); err == nil {
		t.Error("a batch of 15 bytes: got no error")
	}
}
