package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"jouleline/metrics/books"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Months, years and any days are what the ledger gives, however batches, corrections,
// imports, folding and questions follow one another; whether the bound has room for
// all months, some or none.
func TestParts_AreTheLedgers(t *testing.T) {
	for _, bound := range []int64{0, partShare * partBytes * 5 * partInstitutions, 1} {
		t.Run(fmt.Sprint(bound), func(t *testing.T) {
			w := newPartWorld(t, bound)
			for round := range 6 {
				mustPost(t, w.Store, &posting.Batch{Entries: w.entries(w.random, 1+w.random.IntN(300))})
				switch w.random.IntN(7) {
				case 0:
					w.importAnew()
				case 1:
					if err := w.FoldLedger(t.Context(), schema.MaxInstant); err != nil {
						t.Fatal(err)
					}
				case 2:
					if err := w.Reopen(t.Context()); err != nil {
						t.Fatal(err)
					}
				case 3:
					if _, err := w.PrepareParts(t.Context(), w.reg); err != nil {
						t.Fatal(err)
					}
				}
				if first := bookFirst + schema.Month(w.random.IntN(bookMonths)); round%3 > 0 { // some months, else all
					w.agree(first, first+schema.Month(w.random.IntN(5)))
				} else {
					w.agree(bookFirst-2, bookFirst+bookMonths+2)
				}
				for year := range 2 {
					from, to := (bookFirst + schema.Month(12*year)).First(), (bookFirst + schema.Month(12*year+12)).First()
					w.same(from, to, w.ledger(from, to))
				}
				from := w.someDay()
				to := from + schema.Day(w.random.IntN(150))
				w.same(from, to, w.ledger(from, to))
			}
			w.same(schema.Always, schema.Never, w.ledger(schema.Always, schema.Never))
		})
	}
}

// What is posted while months are summed, and while they are asked, is in them.
func TestParts_PostedMeanwhile(t *testing.T) {
	w := newPartWorld(t, 0)
	mustPost(t, w.Store, &posting.Batch{Entries: w.entries(w.random, 3000)})
	posted := rand.New(rand.NewPCG(w.random.Uint64(), 0))
	done := make(chan error, 1)
	go func() {
		for range 60 {
			if err := w.Post(t.Context(), &posting.Batch{Entries: w.entries(posted, 20)}); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	var asking sync.WaitGroup
	for range 3 {
		asking.Go(func() {
			for range 10 {
				if _, _, err := w.SumByMonth(t.Context(), w.reg, bookFirst, bookFirst+bookMonths, 1, func(*indicator.Usage) int { return 0 }); err != nil {
					t.Error(err)
				}
				w.partbook.forget() // as an import does
			}
		})
	}
	asking.Wait()
	if _, err := w.PrepareParts(t.Context(), w.reg); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	w.agree(bookFirst, bookFirst+bookMonths)
}

// A month that is posted to between its reading and its keeping is not kept, nor are
// sums that were begun before an import.
func TestPartbook_KeepsNothingStale(t *testing.T) {
	month := bookFirst
	p := &sharing{isMeter: []bool{false, true}}
	read := map[schema.Month]partSums{month: {{quantity: 1}}, month + 1: {{quantity: 2}}}
	months := []schema.Month{month, month + 1, month + 2}
	entry := func(meter int32, day schema.Day) []posting.Entry {
		return []posting.Entry{{Meter: meter, Account: posting.NoAccount, Entry: books.Entry{Day: day}}}
	}
	f := func(name string, meanwhile func(b *partbook), want ...schema.Month) {
		t.Helper()
		b := &partbook{}
		b.begin(p)
		meanwhile(b)
		b.keep(p, months, read, 1000)
		b.end()
		if _, missing := b.find(p, month, month+3); !slices.Equal(missing, want) {
			t.Errorf("%s: got %d not kept, want %d", name, missing, want)
		}
	}
	f("nothing posted", func(*partbook) {})
	f("posted", func(b *partbook) { b.post(entry(1, month.First())) }, month)
	f("posted to the next", func(b *partbook) { b.post(entry(1, (month + 1).First())) }, month+1)
	f("another meter", func(b *partbook) {
		b.post(slices.Concat(entry(0, month.First()), entry(2, month.First()), entry(-1, month.First())))
	})
	f("imported", func(b *partbook) { b.forget() }, months...)
	f("asked by another registry", func(b *partbook) { b.begin(&sharing{}) }, months...)
}
