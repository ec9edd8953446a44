package store

import (
	"context"
	"sync"

	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// yearbook keeps the sums of whole years by account in memory, so that a
// province's progress needs no scan: 24 bytes an account and year. It is made
// from the roll-ups when it is first asked for, and every batch that is stored
// is added to it. What it gives is what the roll-ups give.
type yearbook struct {
	mu    sync.RWMutex // guards what follows
	years map[int][]usageSum
	made  bool
}

type usageSum struct{ quantity, known, estimated int64 }

func (s *usageSum) add(more usageSum) {
	s.quantity += more.quantity
	s.known += more.known
	s.estimated += more.estimated
}

func (y *yearbook) add(account int32, year int, s usageSum) {
	sums := y.years[year]
	for len(sums) <= int(account) {
		sums = append(sums, usageSum{})
	}
	sums[account].add(s)
	y.years[year] = sums
}

// post adds the entries of a stored batch.
func (y *yearbook) post(entries []posting.Entry) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if !y.made {
		return
	}
	year, first, end := 0, schema.Day(0), schema.Day(0)
	for i := range entries {
		e := &entries[i]
		if e.Account == posting.NoAccount {
			continue
		}
		if e.Day < first || e.Day >= end {
			year, _, _ = e.Day.Date()
			first, end = schema.Month(year*12).First(), schema.Month(year*12+12).First()
		}
		y.add(e.Account, year, usageSum{int64(e.Quantity), e.Known, int64(e.Estimated)})
	}
}

// forget drops the sums: they were attributed anew.
func (y *yearbook) forget() {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.years, y.made = nil, false
}

// wholeYear tells which year the days [from, to) are, 0 where they are none.
func wholeYear(from, to schema.Day) int {
	year, month, day := from.Date()
	if month != 1 || day != 1 || to != schema.Month(year*12+12).First() {
		return 0
	}
	return year
}

// readYear gives the usage of a year, of which accounts have parts.
func (s *Store) readYear(ctx context.Context, year int, v *view, parts partSums, institutions []int32) ([]indicator.Usage, error) {
	if err := s.makeYearbook(ctx); err != nil {
		return nil, err
	}
	s.years.mu.RLock()
	defer s.years.mu.RUnlock()
	return v.usage(s.years.years[year], parts, institutions), nil
}

// makeYearbook sums the roll-ups by year where that was not done yet. Nothing is
// written meanwhile, so that no batch is missed or added twice.
func (s *Store) makeYearbook(ctx context.Context) error {
	s.years.mu.RLock()
	made := s.years.made
	s.years.mu.RUnlock()
	if made {
		return nil
	}
	s.write.Lock()
	defer s.write.Unlock()
	s.years.mu.Lock()
	defer s.years.mu.Unlock()
	if s.years.made {
		return nil
	}
	s.years.years = map[int][]usageSum{}
	err := each(ctx, s.writer, func(b duck.Block) {
		account, year := duck.Column[int32](b, 0), duck.Column[int32](b, 1)
		quantity, known, estimated := duck.Column[int64](b, 2), duck.Column[int64](b, 3), duck.Column[int64](b, 4)
		for i := range account {
			s.years.add(account[i], int(year[i]), usageSum{quantity[i], known[i], estimated[i]})
		}
	}, `SELECT account, month // 12, sum(quantity)::BIGINT, sum(known)::BIGINT, sum(estimated)::BIGINT FROM rollup GROUP BY ALL`)
	s.years.made = err == nil
	return err
}
