package kafka

import (
	"testing"

	"jouleline/bench/chance"
	"jouleline/ingest"
)

// However records are pushed, and wherever a reader starts and stops, it gives
// each record of its partition from its offset on once and in order.
func TestReader_AnyBatchesAnyOffsets(t *testing.T) {
	const partitions, pushes = 3, 60
	random := chance.Random(t)

	dir := t.TempDir()
	config := BrokerConfig{Dir: dir, Partitions: partitions, segmentBytes: 32 << 10}
	b := mustOpenBroker(t, config)
	var c *Client
	var p *Producer
	connect := func() {
		// Sizes that split pushes and answers in odd places.
		c = mustClient(t, Config{Brokers: []string{b.Addr()}, BatchBytes: 1 + random.IntN(1<<random.IntN(20)), FetchBytes: 1 + random.IntN(1<<random.IntN(20))})
		p = mustProducer(t, c)
	}
	connect()
	var want [partitions][]ingest.Record
	for i := range pushes {
		var push []ingest.Record
		for range 1 + random.IntN(1<<random.IntN(8)) {
			partition := random.IntN(partitions)
			r := numbered(partition, len(want[partition]))
			r.Value = append(r.Value, make([]byte, random.IntN(1<<random.IntN(10)))...)
			push = append(push, r)
			want[partition] = append(want[partition], r)
		}
		mustProduce(t, p, push...)
		if i%20 == 19 {
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			b = mustOpenBroker(t, config)
			connect()
		}
	}
	for partition, want := range want {
		for range 10 {
			from := random.IntN(len(want) + 1)
			to := from + random.IntN(len(want)-from+1)
			got := readUntil(t, mustOpen(t, c, partition, int64(from)), int64(to))
			if len(got) < to-from {
				t.Fatalf("partition %d from %d: got %d records, want at least %d", partition, from, len(got), to-from)
			}
			for i, g := range got {
				w := want[from+i]
				if g.Offset != int64(from+i) || string(g.Key) != string(w.Key) || string(g.Value) != string(w.Value) || g.Received != w.Received {
					t.Fatalf("partition %d from %d: record %d: got offset %d %q, want %q", partition, from, i, g.Offset, g.Key, w.Key)
				}
			}
		}
	}
}
