package store

import (
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Lining up moves rows and changes no answer, now and as of any moment, however much
// comes in between; what was lined up lies in the order of meters, run by run.
func TestLineUp_ChangesTheOrderOnly(t *testing.T) {
	clock := time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "books"), Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, s)
	const meters = 40
	random := chance.Random(t)
	first := schema.InstantOf(clock)
	post := func() {
		b := &posting.Batch{}
		for range 60 {
			r := posting.Reading{Meter: int32(random.IntN(meters)), Point: books.Point{
				Time: first + schema.Instant(random.IntN(5000))*schema.Instant(schema.Minute), Received: schema.InstantOf(clock), Value: schema.Quantity(random.Int64N(1 << 40)),
				Unit: schema.KilowattHour, Kind: schema.Register, Revision: int32(random.IntN(3)), Deleted: random.IntN(20) == 0,
			}}
			if random.IntN(10) == 0 {
				r.Original = fmt.Sprint(r.Value) + ".12345678"
			}
			b.Readings = append(b.Readings, r)
			b.Entries = append(b.Entries, posting.Entry{Meter: r.Meter, Account: posting.NoAccount, Entry: books.Entry{
				Day: schema.Day(19783 + random.IntN(4)), Cause: books.Cause(random.IntN(2)), Quantity: schema.Quantity(random.Int64N(1000) - 300), Known: random.Int64N(100),
			}})
		}
		mustPost(t, s, b)
	}
	var stretches []posting.Stretch
	var numbers []int32
	for m := range int32(meters) {
		stretches = append(stretches, posting.Stretch{Meter: m, From: schema.MinInstant, To: schema.MaxInstant})
		numbers = append(numbers, m)
	}
	type answer struct {
		readings []posting.Reading
		entries  []posting.Entry
	}
	ask := func(knownAt schema.Instant) (a answer) {
		var err1, err2 error
		a.readings, err1 = s.Points(t.Context(), stretches, knownAt)
		a.entries, err2 = s.Booked(t.Context(), numbers, schema.Open, knownAt)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		return a
	}
	var moments []schema.Instant
	var then []answer // at the moments
	moved, folds := 0, 0
	const rounds = 24
	for round := range rounds {
		post()
		clock = clock.Add(time.Duration(random.IntN(8)) * time.Hour)
		if random.IntN(5) == 0 || round == rounds-1 {
			if err := s.FoldLedger(t.Context(), schema.InstantOf(clock)); err != nil {
				t.Fatal(err)
			}
			folds++
			moments, then = nil, nil // what was known within a folded day cannot be asked any more
		}
		if random.IntN(3) == 0 {
			moments, then = append(moments, s.Recorded()), append(then, ask(s.Recorded()))
		}
		before := ask(0)
		runs, err := s.lineUp(t.Context(), runSizes{recent: 150, folded: 300})
		if err != nil {
			t.Fatal(err)
		}
		moved += runs
		if after := ask(0); !reflect.DeepEqual(after, before) {
			t.Fatalf("round %d: lining up changed what is known now", round)
		}
		for i, at := range moments {
			if !reflect.DeepEqual(ask(at), then[i]) {
				t.Fatalf("round %d: lining up changed what was known at %s", round, at)
			}
		}
	}
	until, _, err := s.linedUp(t.Context())
	if err != nil || moved < 10 || folds == 0 || len(until) != 3 {
		t.Errorf("got %d runs and %d folds, lined up until %v, %v: want ten runs or more, and some of all three parts", moved, folds, until, err)
	}
}

// A run lies in the order of meters, and only what is left of the rows before it does
// not; a folded day that is a run by itself is left as it lies.
func TestLineUp_RunsLieInOrder(t *testing.T) {
	clock := time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "books"), Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, s)
	const meters = 50
	for step := range schema.Instant(10) {
		b := &posting.Batch{}
		for m := range int32(meters) {
			b.Readings = append(b.Readings, posting.Reading{Meter: m, Point: books.Point{Time: step, Kind: schema.Register}})
			b.Entries = append(b.Entries, posting.Entry{Meter: m, Account: posting.NoAccount, Entry: books.Entry{Day: schema.Day(step), Quantity: 1}})
		}
		mustPost(t, s, b)
		clock = clock.Add(24 * time.Hour)
	}
	turns := func(table string) int64 { // where a row's meter is less than that of the row before
		n, err := scalar(t.Context(), s.writer, `SELECT count(*) FROM (SELECT meter - lag(meter) OVER (ORDER BY rowid) AS step FROM `+table+`) WHERE step < 0`)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if err := s.FoldLedger(t.Context(), schema.InstantOf(clock)); err != nil {
		t.Fatal(err)
	}
	line := func(l lining, want int64) {
		t.Helper()
		l.to = s.Recorded() + 1
		if _, err := s.line(t.Context(), &l); err != nil {
			t.Fatal(err)
		}
		if got := turns(l.table); got != want {
			t.Errorf("%s in runs of %d rows: meters begin again %d times, want %d", l.table, l.least, got, want)
		}
	}
	day := schema.Instant(24 * schema.Hour)
	line(lining{what: "readings", table: "readings", grain: 1000, least: 4 * meters, move: s.lineReadings}, 1+2) // two runs, two steps that wait
	line(lining{what: "folded", table: "ledger", grain: day, areOrdered: true, least: meters, move: s.lineLedger}, 9)
	line(lining{what: "again", table: "ledger", grain: day, areOrdered: true, least: 5 * meters, move: s.lineLedger}, 1)
}
