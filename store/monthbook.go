package store

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// monthbook keeps the sums of months by account in memory, so that a question
// about all institutions over years adds up arrays: 12 bytes an account and
// month, and some 50 more where consumption is estimated. It is made from the
// roll-ups when [Store.PrepareMonths] is called, else when it is first asked for, and
// every batch that is stored is added to it. What it gives is what the roll-ups give.
//
// It keeps the latest months that its bound has room for; what is before them is
// read from the roll-ups each time.
type monthbook struct {
	making    chan struct{} // holds one token while the book is made
	forgotten chan struct{} // holds one token once the book was dropped

	mu     sync.RWMutex // guards what follows
	made   bool
	first  schema.Month // months before it are not kept
	months map[schema.Month]*monthSums
	// since is what was posted while the book is being made, nil at other times.
	since map[schema.Month]*monthSums
}

// open makes the book ready to be made.
func (b *monthbook) open() {
	b.making, b.forgotten = make(chan struct{}, 1), make(chan struct{}, 1)
}

// defaultMonthBytes holds six years of a province with 250,000 meters.
const defaultMonthBytes = 256 << 20

func addTo(months map[schema.Month]*monthSums, month schema.Month, account int32, s usageSum) {
	m := months[month]
	if m == nil {
		m = &monthSums{}
		months[month] = m
	}
	m.add(account, s)
}

// post adds the entries of a stored batch.
func (b *monthbook) post(entries []posting.Entry, bound int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	months, from := b.since, schema.Month(math.MinInt32)
	if b.made {
		months, from = b.months, b.first
	}
	if months == nil {
		return
	}
	month, first, end := schema.Month(0), schema.Day(0), schema.Day(0)
	for i := range entries {
		e := &entries[i]
		if e.Account == posting.NoAccount {
			continue
		}
		if e.Day < first || e.Day >= end {
			month = schema.MonthOf(e.Day)
			first, end = month.First(), (month + 1).First()
		}
		if month >= from {
			addTo(months, month, e.Account, usageSum{int64(e.Quantity), e.Known, int64(e.Estimated)})
		}
	}
	if b.made {
		b.trim(bound)
	}
}

// trim lets go of the earliest months until the others are within the bound.
func (b *monthbook) trim(bound int64) {
	var bytes int64
	for _, m := range b.months {
		bytes += m.bytes()
	}
	for bytes > bound && len(b.months) > 0 {
		earliest := slices.Min(slices.Collect(maps.Keys(b.months)))
		bytes -= b.months[earliest].bytes()
		delete(b.months, earliest)
		b.first = earliest + 1
	}
}

// forget drops the sums: they were attributed anew. A book that is being made
// will not be one.
func (b *monthbook) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.months, b.since, b.made = nil, nil, false
	select {
	case b.forgotten <- struct{}{}:
	default: // not heard yet
	}
}

// begin notes from here on what is posted.
func (b *monthbook) begin() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.since = map[schema.Month]*monthSums{}
}

// finish takes months that were read, from first on, and what was posted since.
func (b *monthbook) finish(months map[schema.Month]*monthSums, first schema.Month, bound int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.since == nil {
		return // forgotten meanwhile
	}
	for month, since := range b.since {
		for account := range since.quantity {
			if s := since.of(int32(account)); month >= first && s != (usageSum{}) {
				addTo(months, month, int32(account), s)
			}
		}
	}
	b.months, b.first, b.since, b.made = months, first, nil, true
	b.trim(bound)
}

// abandon ends noting what is posted.
func (b *monthbook) abandon() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.since = nil
}

// PrepareMonths makes the sums of months that questions about all institutions
// are answered from, where that was not done yet: the first such question does it
// otherwise. Batches are stored meanwhile.
func (s *Store) PrepareMonths(ctx context.Context) error {
	b := &s.months
	select {
	case b.making <- struct{}{}:
		defer func() { <-b.making }()
	case <-ctx.Done():
		return fmt.Errorf("wait for the sums of months: %w", context.Cause(ctx))
	}
	b.mu.RLock()
	made := b.made
	b.mu.RUnlock()
	if made {
		return nil
	}
	if err := s.makeMonths(ctx); err != nil {
		return fmt.Errorf("prepare the sums of months: %w", err)
	}
	return nil
}

// MonthsForgotten gives a value once the sums of months were dropped, since an
// import moved consumption or the database was opened again, and [Store.PrepareMonths]
// has something to do. It is for one listener.
func (s *Store) MonthsForgotten() <-chan struct{} { return s.months.forgotten }

// makeMonths makes the book.
func (s *Store) makeMonths(ctx context.Context) error {
	c, err := s.readerBetweenWrites(ctx)
	if err != nil {
		return err
	}
	defer func() { s.readers <- c }()
	// No batch is stored until the snapshot is fixed and batches are noted, so that
	// none is missed or added twice.
	unlock := sync.OnceFunc(s.write.Unlock)
	defer unlock()
	b := &s.months
	return c.Transaction(ctx, func() error {
		accounts, err := scalar(ctx, c, `SELECT count(*) FROM accounts`) // the first look fixes the snapshot
		if err != nil {
			return err
		}
		b.begin()
		defer b.abandon()
		unlock()
		list, err := listMonths(ctx, c, math.MinInt32, math.MaxInt32)
		if err != nil {
			return err
		}
		first := schema.Month(math.MinInt32)
		if room := s.config.MonthBytes / (max(1, accounts) * cellBytes); int64(len(list)) > room {
			first = list[room].month + 1
			list = list[:room]
		}
		months := make(map[schema.Month]*monthSums, len(list))
		if err := readMonths(ctx, c, list, accounts, func(month schema.Month, m *monthSums) { months[month] = m }); err != nil {
			return err
		}
		b.finish(months, first, s.config.MonthBytes)
		return nil
	})
}

// readerBetweenWrites takes a connection for queries, and the write lock. Neither is
// held while the other is waited for: a batch need not wait for the questions that
// run, and the store can be opened again.
func (s *Store) readerBetweenWrites(ctx context.Context) (*duck.Conn, error) {
	for {
		s.write.Lock()
		select {
		case c := <-s.readers:
			return c, nil
		default:
			s.write.Unlock()
		}
		if err := s.read(ctx, func(*duck.Conn) error { return nil }); err != nil { // one is free again
			return nil, err
		}
	}
}
