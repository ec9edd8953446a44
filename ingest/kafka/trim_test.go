package kafka

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"jouleline/ingest"
)

// diskBytes is what the log's files of the readings take.
func diskBytes(t *testing.T, dir string) (n int64) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(dir, logFolder, "partitions"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".dat" {
			return err
		}
		info, err := d.Info()
		n += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTrim_FreesTheDiskAndKeepsTheMargin(t *testing.T) {
	const segment, records, margin = 8 << 10, 200, 30
	dir := t.TempDir()
	config := BrokerConfig{Dir: dir, Partitions: 1, Margin: margin, segmentBytes: segment}
	b := mustOpenBroker(t, config)
	c := clientOf(t, b)
	p := mustProducer(t, c)
	for i := range records {
		r := numbered(0, i)
		r.Value = append(r.Value, bytes.Repeat([]byte{byte(i)}, 100)...)
		mustProduce(t, p, r)
	}
	full := diskBytes(t, dir)
	first := func() int64 {
		t.Helper()
		o, err := c.Earliest(testContext(t), 0)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	trim := func(offset, want int64) {
		t.Helper()
		if err := b.Trim(testContext(t), 0, offset); err != nil {
			t.Fatal(err)
		}
		if got := first(); got != want {
			t.Errorf("trimmed to %d: got first offset %d, want %d", offset, got, want)
		}
	}
	trim(margin-1, 0)
	trim(records/2, records/2-margin)
	trim(records/4, records/2-margin) // never back
	trim(records, records-margin)

	// The margin's share of the bytes, and the files at its ends.
	if got, most := diskBytes(t, dir), full*margin/records+2*segment; got >= most || full < 4*segment {
		t.Errorf("got %d bytes of %d after trimming to %d of %d records, want less than %d", got, full, margin, records, most)
	}
	var gone *ingest.OffsetOutOfRange
	if err := b.Trim(testContext(t), 0, records+1); !errors.As(err, &gone) {
		t.Errorf("beyond the end: got %v, want OffsetOutOfRange", err)
	}

	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = mustOpenBroker(t, config)
	c = clientOf(t, b)
	if got := first(); got != records-margin {
		t.Errorf("after restart: got first offset %d, want %d", got, records-margin)
	}
	got := readUntil(t, mustOpen(t, c, 0, records-margin), records)
	if len(got) != margin || got[0].Offset != records-margin {
		t.Errorf("got %d records from %d on, want the margin of %d", len(got), got[0].Offset, margin)
	}
	mustProduce(t, mustProducer(t, c), ingest.Record{Value: []byte("next")})
	if got := readUntil(t, mustOpen(t, c, 0, records), records+1); got[0].Offset != records {
		t.Errorf("next record: got offset %d, want %d", got[0].Offset, records)
	}
}

func TestTrim_AKillForgetsNoEnd(t *testing.T) {
	dir := t.TempDir()
	b := mustOpenBroker(t, BrokerConfig{Dir: dir, Partitions: 1, Margin: 1, segmentBytes: 1})
	c := clientOf(t, b)
	p := mustProducer(t, c)
	for i := range 10 {
		mustProduce(t, p, numbered(0, i))
		if err := b.Trim(testContext(t), 0, int64(i)+1); err != nil {
			t.Fatal(err)
		}
		// The folder as a kill would leave it now.
		clone := t.TempDir()
		if err := os.CopyFS(clone, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		after := mustOpenBroker(t, BrokerConfig{Dir: clone})
		if got, err := clientOf(t, after).Latest(testContext(t), 0); got != int64(i)+1 || err != nil {
			t.Errorf("after %d records: got end %d, %v", i+1, got, err)
		}
		if err := after.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
