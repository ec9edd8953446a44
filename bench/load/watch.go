package main

import (
	"fmt"
	"sync"
	"time"

	"jouleline/ingest/pipeline"
	"jouleline/schema"
	"jouleline/store"
)

// watch notes what the pipeline tells: which offsets could be queried when, and
// the counts. It is safe for concurrent use.
type watch struct {
	store *store.Store

	mu      sync.Mutex // guards what follows
	moments []moment
	changed chan struct{} // closed at the next batch
	counts  pipeline.Stats
	batches int
	gaps    int64
}

// moment is when a batch could be queried, and the offsets up to which.
type moment struct {
	at      time.Time
	offsets map[int]int64
}

func newWatch(s *store.Store) *watch {
	return &watch{store: s, changed: make(chan struct{}), counts: pipeline.Stats{Rejected: map[schema.Code]int{}}}
}

// Batch notes a stored batch.
func (w *watch) Batch(s pipeline.Stats) {
	m := moment{time.Now(), w.store.Offsets()}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.moments = append(w.moments, m)
	w.batches++
	c := &w.counts
	c.Readings += s.Readings
	c.Quick += s.Quick
	c.Repeats += s.Repeats
	c.Late += s.Late
	c.Parked += s.Parked
	c.Entries += s.Entries
	c.BookSeconds += s.BookSeconds
	c.PostSeconds += s.PostSeconds
	for code, n := range s.Rejected {
		c.Rejected[code] += n
	}
	close(w.changed)
	w.changed = make(chan struct{})
}

// Gap notes records that were lost: there must be none.
func (w *watch) Gap(_ int, records int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gaps += records
}

// Lag is not looked at.
func (w *watch) Lag(int, int64) {}

// Unmapped is not looked at: the simulator names every meter.
func (w *watch) Unmapped(int) {}

// Forwarded is not counted: the load puts every reading where it belongs.
func (w *watch) Forwarded(int, int) {}

// next is closed when the next batch can be queried. Take it before looking at
// the store, so that no batch slips through in between.
func (w *watch) next() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

// covers tells whether offsets are at or behind ends in all partitions.
func covers(offsets, ends map[int]int64) bool {
	for p, end := range ends {
		if offsets[p] < end {
			return false
		}
	}
	return true
}

// since forgets what was before, so that counts and moments are those of one
// stretch.
func (w *watch) since() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.moments, w.batches = nil, 0
	w.counts = pipeline.Stats{Rejected: map[schema.Code]int{}}
}

// seen gives the moments since the last forgetting.
func (w *watch) seen() []moment {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.moments
}

// check compares the counts with how many readings were sent.
func (w *watch) check(sent int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := &w.counts
	if c.Readings != sent || c.Parked != 0 || len(c.Rejected) != 0 || w.gaps != 0 {
		return fmt.Errorf("%w: %d readings were sent: got %d stored, %d parked, %v rejected, a gap of %d records", errWrong, sent, c.Readings, c.Parked, c.Rejected, w.gaps)
	}
	return nil
}

// details tell where the time went.
func (w *watch) details() details {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := &w.counts
	return details{
		"batches": float64(w.batches), "late": float64(c.Late), "entries": float64(c.Entries),
		"book_s": c.BookSeconds, "post_s": c.PostSeconds,
	}
}
