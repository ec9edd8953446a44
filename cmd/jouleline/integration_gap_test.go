//go:build integration && linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"jouleline/ingest"
	"jouleline/store/duck"
)

// Records are deleted while the server is down, before it read them: that is
// recorded and told, and the books go on with what is there. The meter shows no
// gap in its counter, so the energy of the gap comes with the next reading.
func integrateGap(t *testing.T, n *node) {
	flags := onCluster(t, n)
	s := mustServeWith(t, flags, os.Stderr)
	s.importFolder(exampleRegistry)
	const first, lost, after = 100, 50, 30
	partition := ingest.PartitionOf("E1", flags.TopicPartitions)
	write := func(from, count int) {
		records := make([]*kgo.Record, count)
		for i := range records {
			records[i] = &kgo.Record{Partition: int32(partition), Key: []byte("E1"), Value: []byte(reading(from + i))}
		}
		n.produce(records...)
	}
	write(0, first)
	s.settle()
	s.stop()
	write(first, lost+after)
	n.deleteRecords(partition, first+lost)

	log := &spoken{}
	s = mustServeWith(t, flags, log)
	s.settle()
	log.mustSay(t, "the log does not hold the next offset")
	metrics, err := s.get(t.Context(), "/metrics", nil, "text/plain")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("jouleline_pipeline_gap_records_total{partition=\"%d\"} %d\n", partition, lost); !strings.Contains(string(metrics), want) {
		t.Errorf("the metrics lack %q", want)
	}
	if got := s.store.Offsets()[partition]; got != first+lost+after {
		t.Errorf("offset: got %d, want %d", got, first+lost+after)
	}
	var days consumption
	gateway := &climber{acknowledged: first + lost + after}
	s.ask("/api/v1/consumption", "meter=E1&step=P1D&from="+query(gateway.at(0))+"&to="+query(gateway.at(gateway.acknowledged-1)), &days)
	var sum float64
	for _, p := range days.Points {
		if p.Quantity != nil {
			v, err := p.Quantity.Float64()
			if err != nil {
				t.Fatal(err)
			}
			sum += v
		}
	}
	if want := float64(gateway.acknowledged - 1); sum != want {
		t.Errorf("got %v kWh, want %v: the counter went on over the gap", sum, want)
	}
	s.stop()

	db, err := duck.Open(filepath.Join(flags.Data, "books.duckdb"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c, err := db.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	rows, err := c.Query(t.Context(), `SELECT "partition"::BIGINT, first, next FROM gaps`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	b, ok := rows.Next()
	if !ok || b.Rows() != 1 {
		t.Fatalf("gaps: got rows %v, want one", ok)
	}
	got := [3]int64{duck.Column[int64](b, 0)[0], duck.Column[int64](b, 1)[0], duck.Column[int64](b, 2)[0]}
	if want := [3]int64{int64(partition), first, first + lost}; got != want {
		t.Errorf("gaps: got %v, want %v", got, want)
	}
}
