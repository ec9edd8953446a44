package store

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"jouleline/metrics/books"
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

// A store that was sealed ahead of its clock and opened again records nothing before
// what its heads were saved as of: they would never know of it.
func TestSaveHeads_AfterASealKnowsWhatComesNext(t *testing.T) {
	now := schema.Instant(1 << 41)
	path := filepath.Join(t.TempDir(), "books")
	s := openAt(t, path, &now)
	reading := func(at schema.Instant) *posting.Batch {
		return &posting.Batch{Readings: []posting.Reading{{Meter: 1, Point: books.Point{Time: at}}}}
	}
	mustPost(t, s, reading(1000))
	if _, err := s.Seal(now + sealAhead); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveHeads(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Reopen(t.Context()); err != nil {
		t.Fatal(err)
	}
	now++
	mustPost(t, s, reading(2000))
	got, err := s.Latest(t.Context(), []int32{1})
	if want := []posting.Known{{Meter: 1, First: 1000, Seen: 2000}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, want %v; %v", got, want, err)
	}
	mustClose(t, s)
}
