package store

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store/duck"
)

// bookWorld is a store with accounts of three institutions, of which the registry
// knows two.
func bookWorld(t testing.TB, monthBytes int64) (*Store, *registry.Registry) {
	t.Helper()
	s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "books"), MonthBytes: monthBytes})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mustClose(t, s) })
	reg, err := registry.Build(registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,x,\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nI0,a,education,370000\nI1,b,health,370000\n"),
	}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustPost(t, s, &posting.Batch{Registry: &posting.Registry{Accounts: []posting.Account{
		{ID: 0, Institution: "I1", Carrier: schema.Electricity, Use: schema.ForBuilding},
		{ID: 1, Institution: "I0", Carrier: schema.Water, Use: schema.ForBuilding},
		{ID: 2, Institution: "I9", Carrier: schema.Water, Use: schema.ForBuilding},
		{ID: 3, Institution: "I0", Carrier: schema.Electricity, Use: schema.ForBuilding},
	}}})
	return s, reg
}

// bookFirst is the first month with entries, bookMonths how many there may be.
var bookFirst = schema.MonthOf(schema.DayOf(2023, time.January, 1))

const bookMonths = 17

// randomEntries gives entries and, now and then, what takes one of them back.
func randomEntries(random *rand.Rand, n int) []posting.Entry {
	list := make([]posting.Entry, 0, n)
	for range n {
		e := posting.Entry{Account: int32(random.IntN(5)) - 1, Entry: books.Entry{
			Day: bookFirst.First() + schema.Day(random.IntN(500)), Quantity: schema.Quantity(random.Int64N(1 << 40)),
			Known: random.Int64N(5) * 500, // half seconds too
		}}
		if random.IntN(4) == 0 {
			e.Estimated = e.Quantity / 3
		}
		list = append(list, e)
		if random.IntN(5) == 0 {
			e.Quantity, e.Known, e.Estimated = -e.Quantity, -e.Known, -e.Estimated
			list = append(list, e)
		}
	}
	return list
}

func line(m schema.Month, u *indicator.Usage) string { return fmt.Sprintf("%d %+v", m, *u) }

// plainMonths is the oracle: what the roll-ups give in SQL, month by month.
func plainMonths(t testing.TB, s *Store, reg *registry.Registry, from, to schema.Month) (all map[string]int, sums map[schema.Month]map[schema.Carrier]exact.Sum) {
	t.Helper()
	all, sums = map[string]int{}, map[schema.Month]map[schema.Carrier]exact.Sum{}
	for m := from; m < to; m++ {
		usage, err := s.Usage(t.Context(), indicator.UsageQuery{Registry: reg, From: m.First(), To: (m + 1).First()})
		if err != nil {
			t.Fatal(err)
		}
		sums[m] = map[schema.Carrier]exact.Sum{}
		for i := range usage {
			u := &usage[i]
			if u.Known != 0 || u.Quantity != 0 {
				all[line(m, u)]++
			}
			if u.Known != 0 {
				sum := sums[m][u.Carrier]
				sum.Add(int64(u.Quantity))
				sums[m][u.Carrier] = sum
			}
		}
	}
	return all, sums
}

// agree compares both ways of asking for months with the plain one.
func agree(t testing.TB, s *Store, reg *registry.Registry, from, to schema.Month) {
	t.Helper()
	want, wantSums := plainMonths(t, s, reg, from, to)
	got := map[string]int{}
	if err := s.UsageByMonth(t.Context(), reg, from, to, func(m schema.Month, u *indicator.Usage) { got[line(m, u)]++ }); err != nil {
		t.Fatal(err)
	}
	if len(want) == 0 || !maps.Equal(got, want) {
		t.Fatalf("got\n%v\nwant\n%v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
	carriers := []schema.Carrier{schema.Electricity, schema.Water}
	sums, known, err := s.SumByMonth(t.Context(), reg, from, to, len(carriers), func(u *indicator.Usage) int { return slices.Index(carriers, u.Carrier) })
	if err != nil {
		t.Fatal(err)
	}
	for m := from; m < to; m++ {
		for k, carrier := range carriers {
			at := int(m-from)*len(carriers) + k
			want, ok := wantSums[m][carrier]
			if sums[at] != want || known[at] != ok {
				t.Errorf("month %d, %s: got %s, known %v, want %s, known %v", m, carrier, sums[at].Int(), known[at], want.Int(), ok)
			}
		}
	}
}

// Months from memory are those of the roll-ups, however entries came: before the
// book was made, after it, folded, attributed anew, or in a database that was
// opened again; whether the bound has room for all months, some or none.
func TestMonthbook_IsTheRollups(t *testing.T) {
	for _, bound := range []int64{0, 4 * cellBytes * 5, 1} {
		t.Run(fmt.Sprint(bound), func(t *testing.T) {
			random := chance.Random(t)
			s, reg := bookWorld(t, bound)
			for round := range 8 {
				mustPost(t, s, &posting.Batch{Entries: randomEntries(random, 60)})
				switch round {
				case 2:
					if err := s.Fold(t.Context()); err != nil {
						t.Fatal(err)
					}
				case 4:
					if err := s.Reopen(t.Context()); err != nil {
						t.Fatal(err)
					}
				case 6: // all that is in the ledger is meter 0's, which now counts to account 3
					mustPost(t, s, &posting.Batch{Registry: &posting.Registry{
						Attribution: []posting.Attribution{{Meter: 0, Account: 3, Validity: schema.Validity{From: schema.Always, To: schema.Never}}}, Moved: true,
					}})
				}
				agree(t, s, reg, bookFirst+2, bookFirst+14)
				agree(t, s, reg, bookFirst-3, bookFirst+bookMonths+3)
			}
			kept := len(s.months.months)
			if want := map[int64]int{0: bookMonths, 4 * cellBytes * 5: 5, 1: 0}[bound]; bound != 0 && kept > want || bound == 0 && kept != want {
				t.Errorf("got %d months kept, want %d", kept, want)
			}
		})
	}
}

// What is posted while the book is made, and while it is asked, is in it once.
func TestMonthbook_PostedMeanwhile(t *testing.T) {
	s, reg := bookWorld(t, 0)
	seeds := chance.Random(t)
	mustPost(t, s, &posting.Batch{Entries: randomEntries(seeds, 5000)})
	posted := rand.New(rand.NewPCG(seeds.Uint64(), 0))
	done := make(chan error, 1)
	go func() {
		for range 60 {
			if err := s.Post(context.WithoutCancel(t.Context()), &posting.Batch{Entries: randomEntries(posted, 20)}); err != nil {
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
				if _, _, err := s.SumByMonth(t.Context(), reg, bookFirst, bookFirst+bookMonths, 1, func(*indicator.Usage) int { return 0 }); err != nil {
					t.Error(err)
				}
				s.months.forget() // as an import does
			}
		})
	}
	asking.Wait()
	if err := s.PrepareMonths(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	agree(t, s, reg, bookFirst, bookFirst+bookMonths)
}

// A question that is given up leaves nothing behind.
func TestMonthbook_Cancelled(t *testing.T) {
	s, reg := bookWorld(t, 0)
	mustPost(t, s, &posting.Batch{Entries: randomEntries(chance.Random(t), 500)})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.PrepareMonths(ctx); err == nil {
		t.Error("got no error of a cancelled preparation")
	}
	agree(t, s, reg, bookFirst, bookFirst+bookMonths)
}

// While all connections for queries are taken, the book waits for one, and batches
// are stored all the same.
func TestMonthbook_HoldsUpNobody(t *testing.T) {
	s, reg := bookWorld(t, 0)
	random := chance.Random(t)
	mustPost(t, s, &posting.Batch{Entries: randomEntries(random, 500)})
	var taken []*duck.Conn
	for range cap(s.readers) {
		taken = append(taken, <-s.readers)
	}
	prepared := make(chan error, 1)
	go func() { prepared <- s.PrepareMonths(t.Context()) }()
	for len(s.months.making) == 0 {
		runtime.Gosched() // until it has begun
	}
	for range 50 {
		mustPost(t, s, &posting.Batch{Entries: randomEntries(random, 20)})
	}
	stopping, stop := context.WithCancel(t.Context())
	stop()
	if err := s.PrepareMonths(stopping); err == nil {
		t.Error("got no error of a preparation that was given up while it waited")
	}
	for _, c := range taken {
		s.readers <- c
	}
	if err := <-prepared; err != nil {
		t.Error(err)
	}
	agree(t, s, reg, bookFirst, bookFirst+bookMonths)
}

// Who keeps the book prepared hears of it when it was dropped.
func TestMonthbook_TellsThatItWasForgotten(t *testing.T) {
	s, _ := bookWorld(t, 0)
	heard := func() bool {
		select {
		case <-s.MonthsForgotten():
			return true
		default:
			return false
		}
	}
	if err := s.PrepareMonths(t.Context()); err != nil || heard() {
		t.Errorf("got %v, want nothing told of a book that was made", err)
	}
	moved := &posting.Batch{Registry: &posting.Registry{Moved: true}}
	mustPost(t, s, moved)
	mustPost(t, s, moved)
	if !heard() || heard() {
		t.Error("want it told once that the book was dropped, however often it was")
	}
	if err := s.Reopen(t.Context()); err != nil || !heard() {
		t.Errorf("got %v, want it told after the store was opened again", err)
	}
}

func BenchmarkSumByMonth(b *testing.B) {
	const accounts, months = 50_000, 24
	s, err := Open(b.Context(), Config{Path: filepath.Join(b.TempDir(), "books")})
	if err != nil {
		b.Fatal(err)
	}
	defer mustClose(b, s)
	var text []byte
	text = append(text, "id,name,class,region\n"...)
	change := &posting.Registry{}
	for i := range accounts {
		id := fmt.Sprintf("I%d", i)
		text = fmt.Appendf(text, "%s,a,education,370000\n", id)
		change.Accounts = append(change.Accounts, posting.Account{ID: int32(i), Institution: id, Carrier: schema.Electricity, Use: schema.ForBuilding})
	}
	reg, err := registry.Build(registry.Tables{registry.RegionsFile: []byte("code,name,parent\n370000,x,\n"), registry.InstitutionsFile: text}, registry.Options{})
	if err != nil {
		b.Fatal(err)
	}
	mustPost(b, s, &posting.Batch{Registry: change})
	for m := range schema.Month(months) {
		batch := &posting.Batch{}
		for i := range accounts {
			batch.Entries = append(batch.Entries, posting.Entry{Account: int32(i), Entry: books.Entry{Day: (bookFirst + m).First(), Quantity: schema.Quantity(i), Known: schema.Hour}})
		}
		mustPost(b, s, batch)
	}
	ask := func(b *testing.B) {
		if _, _, err := s.SumByMonth(b.Context(), reg, bookFirst, bookFirst+months, 16, func(u *indicator.Usage) int { return int(u.Institution) % 16 }); err != nil {
			b.Fatal(err)
		}
	}
	report := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*accounts*months), "ns/sum")
	}
	b.Run("kept", func(b *testing.B) {
		for b.Loop() {
			ask(b)
		}
		report(b)
	})
	b.Run("made", func(b *testing.B) {
		for b.Loop() {
			s.months.forget()
			ask(b)
		}
		report(b)
	})
	b.Run("visited", func(b *testing.B) { // as it was asked before
		for b.Loop() {
			sums := map[int]int64{}
			for m := range schema.Month(months) {
				usage, err := s.Usage(b.Context(), indicator.UsageQuery{Registry: reg, From: (bookFirst + m).First(), To: (bookFirst + m + 1).First()})
				if err != nil {
					b.Fatal(err)
				}
				for i := range usage {
					sums[int(usage[i].Institution)%16] += int64(usage[i].Quantity)
				}
			}
		}
		report(b)
	})
}
