package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store"
)

// notReady asks /readyz and gives its reasons, "" where the server is ready.
func notReady(t testing.TB, r *Remote) string {
	t.Helper()
	response, err := http.Get(r.Server + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Ready   bool
		Reasons []string
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if want := map[bool]int{true: http.StatusOK, false: http.StatusServiceUnavailable}[answer.Ready]; response.StatusCode != want {
		t.Fatalf("readyz: got status %d with ready %v, want %d", response.StatusCode, answer.Ready, want)
	}
	return strings.Join(answer.Reasons, "; ")
}

// until waits for something that comes about by itself.
func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for !done() {
		select {
		case <-ticker.C:
		case <-limit.C:
			t.Fatalf("waited %s in vain: %s", patience, what)
		}
	}
}

// The open database is given up while nothing is pushed: that is noticed and
// mended all the same, since queries are refused too.
func TestFault_BooksGivenUpWithoutTraffic(t *testing.T) {
	flags := embedded(t.TempDir())
	s := mustServeWith(t, flags, io.Discard)
	s.importFolder(exampleRegistry)
	gateway := newClimber(t)
	for gateway.acknowledged < 100 {
		gateway.mustPush(t, s.Remote)
	}
	s.settle()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.store.Reopen(ended); err == nil { // closes, and cannot open
		t.Fatal("the books were opened in a context that had ended")
	}
	if err := s.store.Check(t.Context()); !errors.Is(err, store.ErrInvalid) {
		t.Fatalf("got %v, want ErrInvalid: the test tests nothing", err)
	}
	until(t, "the books are open again", func() bool { return s.store.Check(t.Context()) == nil && notReady(t, s.Remote) == "" })
	gateway.check(t, s.Remote)
	gateway.mustPush(t, s.Remote)
	s.settle()
	gateway.check(t, s.Remote)
}

// A data folder that cannot be written to is told of before anything is opened.
func TestFault_FolderThatCannotBeWrittenTo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	writeFile(t, file, "")
	for name, folder := range map[string]string{
		"a file in its place": file,
		"below a file":        filepath.Join(file, "data"),
		"read-only":           readOnlyFolder(t),
	} {
		t.Run(name, func(t *testing.T) {
			if folder == "" {
				t.Skip("a read-only folder cannot be had here")
			}
			s, err := openServer(t.Context(), embedded(folder), streams{io.Discard, io.Discard})
			if err == nil {
				s.close()
			}
			if err == nil || !strings.Contains(err.Error(), "data folder") || !strings.Contains(err.Error(), folder) {
				t.Errorf("got error %v, want one that names the data folder %s", err, folder)
			}
		})
	}
}

// Books that may only be read are told of by their name.
func TestFault_BooksThatCannotBeWrittenTo(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "books.duckdb"), 0o700); err != nil { // even root cannot write to it
		t.Fatal(err)
	}
	if err := checkWritable(folder); err == nil || !strings.Contains(err.Error(), "the books cannot be written to") {
		t.Errorf("got %v, want that the books cannot be written to", err)
	}
}

// A wall clock that is set back and forth changes no figure: readings are judged
// against when they were received, and recorded-at only grows.
func TestFault_ClockSetBack(t *testing.T) {
	random := chance.Random(t)
	tables, readings := randomWorld(random)
	log := shuffled(readings, random)
	steady, _ := bookAll(t, tables, log, 7)
	want := everything(t, steady, 4)

	clock := time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
	last := clock
	leaps := 0
	s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "books.duckdb"), Now: func() time.Time {
		leaps++ // the pipeline's goroutine alone posts
		last = clock.Add(time.Duration(random.IntN(2000)-1000) * time.Hour)
		return last
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	p := runPipeline(t, s, tables, log, posting.Log{Cluster: "c", Topic: "t", Partitions: len(log.partitions)}, 7)
	if got := everything(t, s, 4); got != want {
		t.Errorf("a leaping clock gives other books:\n%s", unlike(got, want))
	}
	if leaps < 10 {
		t.Fatalf("the clock was read %d times only: the test tests nothing", leaps)
	}
	if changed, err := p.Recompute(t.Context(), nil, schema.Open, true); err != nil || changed != 0 {
		t.Errorf("computing anew: got %d changes, %v, want none", changed, err)
	}
	before := s.Recorded()
	if _, err := p.Recompute(t.Context(), nil, schema.Open, false); err != nil {
		t.Fatal(err)
	}
	if after := s.Recorded(); after < before {
		t.Errorf("recorded-at fell from %s to %s", before, after)
	}
}

// What is not taken is told of for a while, and then tried again.
func TestTaking_FailureWearsOff(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	k := &taking{now: func() time.Time { return now }}
	k.note(errors.New("no room"))
	if err := k.Ready(); err == nil || !strings.Contains(err.Error(), "no room") {
		t.Errorf("got %v, want the reason", err)
	}
	k.note(fmt.Errorf("produce: %w", context.Canceled))
	if k.Ready() == nil {
		t.Error("a caller that left took the failure back")
	}
	now = now.Add(failureCounts + time.Second)
	if err := k.Ready(); err != nil {
		t.Errorf("after %s: got %v, want to be tried again", failureCounts, err)
	}
	k.note(errors.New("no room"))
	k.note(nil)
	if err := k.Ready(); err != nil {
		t.Errorf("after a push that got there: got %v", err)
	}
}
