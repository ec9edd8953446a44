package store

import (
	"maps"
	"slices"
	"sync"

	"jouleline/metrics/posting"
	"jouleline/schema"
)

// partbook keeps the sums of months of the parts that accounts have of what is
// divided or computed: 24 bytes an account with parts and month. A month is summed
// from the ledger, day by day, when it is first asked for. A part is no sum of the
// parts of entries, since each day is divided and computed as a whole; so what is
// posted for a day makes its month stale, and it is summed anew when it is next
// asked for. That is the running month, and now and then one that was corrected.
//
// It keeps the latest months that its bound has room for; the others are summed
// each time.
type partbook struct {
	making chan struct{} // holds one token while months are summed

	mu     sync.Mutex // guards what follows
	of     *sharing   // whose sums they are
	months map[schema.Month]partSums
	// stale holds the months that were posted to while months are being summed; nil
	// at other times.
	stale map[schema.Month]bool
}

// partSums are the sums of a month or of some days, by place in a [sharing]; nil
// where there are none. Those that a book keeps are never written to.
type partSums []usageSum

// of gives the sum of an account.
func (p partSums) of(s *sharing, account int32) usageSum {
	if at := s.at(account); at >= 0 && at < len(p) {
		return p[at]
	}
	return usageSum{}
}

const partBytes = 24

// open makes the book ready.
func (b *partbook) open() { b.making = make(chan struct{}, 1) }

// post makes the months stale that a stored batch has entries for.
func (b *partbook) post(entries []posting.Entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.of == nil {
		return
	}
	first, end := schema.Day(0), schema.Day(0)
	for i := range entries {
		e := &entries[i]
		if !b.of.involves(e.Meter) || first <= e.Day && e.Day < end {
			continue
		}
		month := schema.MonthOf(e.Day)
		first, end = month.First(), (month + 1).First()
		delete(b.months, month)
		if b.stale != nil {
			b.stale[month] = true
		}
	}
}

// forget drops the sums. Months that are being summed will not be kept.
func (b *partbook) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.of, b.months, b.stale = nil, nil, nil
}

// find gives the months of [from, to) that are kept, and lists the others.
func (b *partbook) find(p *sharing, from, to schema.Month) (found map[schema.Month]partSums, missing []schema.Month) {
	b.mu.Lock()
	defer b.mu.Unlock()
	found = map[schema.Month]partSums{}
	for month := from; month < to; month++ {
		sums, ok := b.months[month]
		if !ok || b.of != p {
			missing = append(missing, month)
		} else if sums != nil {
			found[month] = sums
		}
	}
	return found, missing
}

// begin notes from here on what is posted. What was posted before is in the ledger
// for whoever looks now.
func (b *partbook) begin(p *sharing) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.of != p {
		b.of, b.months = p, map[schema.Month]partSums{}
	}
	b.stale = map[schema.Month]bool{}
}

// keep keeps months that were summed since the beginning, unless they are stale
// already.
func (b *partbook) keep(p *sharing, months []schema.Month, sums map[schema.Month]partSums, bound int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stale == nil || b.of != p {
		return // forgotten meanwhile
	}
	for _, month := range months {
		if !b.stale[month] {
			b.months[month] = sums[month]
		}
	}
	var bytes int64
	for _, m := range b.months {
		bytes += int64(len(m)) * partBytes
	}
	for _, month := range slices.Sorted(maps.Keys(b.months)) {
		if bytes <= bound {
			break
		}
		bytes -= int64(len(b.months[month])) * partBytes
		delete(b.months, month)
	}
}

// end ends noting what is posted.
func (b *partbook) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stale = nil
}
