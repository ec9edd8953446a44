package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"jouleline/metrics/posting"
	"jouleline/schema"
)

// numbered gives a batch of plain readings of as many meters; the values are
// scattered, so that they do not compress.
func numbered(count int) *posting.Batch {
	b := &posting.Batch{Readings: make([]posting.Reading, count)}
	for i := range b.Readings {
		b.Readings[i].Meter, b.Readings[i].Value = int32(i), schema.Quantity(uint64(i)*0x9e3779b97f4a7c15>>2)
	}
	return b
}

func countReadings(t testing.TB, s *Store) int64 {
	t.Helper()
	n, err := scalar(t.Context(), s.writer, `SELECT count(*) FROM readings`)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Where the file cannot be opened again everything is refused, at once and
// without harm, until it can; then all is there.
func TestReopen_RefusesUntilItSucceeds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books")
	s := mustOpen(t, path)
	mustPost(t, s, numbered(1000))
	if _, err := s.writer.Exec(t.Context(), "CHECKPOINT"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Reopen(t.Context()); err == nil {
			t.Fatal("a folder was opened as books")
		}
		if err := s.Check(t.Context()); !errors.Is(err, ErrInvalid) {
			t.Errorf("check: got %v, want ErrInvalid", err)
		}
		if err := s.Post(t.Context(), numbered(1)); !errors.Is(err, ErrInvalid) {
			t.Errorf("post: got %v, want ErrInvalid", err)
		}
		if err := s.SaveHeads(t.Context()); !errors.Is(err, ErrInvalid) {
			t.Errorf("save heads: got %v, want ErrInvalid", err)
		}
		if _, err := s.Start(t.Context()); !errors.Is(err, ErrInvalid) {
			t.Errorf("start: got %v, want ErrInvalid", err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	if err := s.Reopen(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustPost(t, s, numbered(10))
	if got := countReadings(t, s); got != 1010 {
		t.Errorf("got %d readings, want 1010", got)
	}
	mustClose(t, s)
}
