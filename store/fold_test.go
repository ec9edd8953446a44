package store

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// Folding leaves every total as it is, and what was known at the end of every
// recording day.
func TestFoldLedger_KeepsWhatWasKnownOnADay(t *testing.T) {
	clock := time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "books"), Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, s)
	random := chance.Random(t)
	for range 12 {
		b := &posting.Batch{}
		for range 300 {
			b.Entries = append(b.Entries, posting.Entry{Meter: int32(random.IntN(3)), Account: posting.NoAccount, Entry: books.Entry{
				Day: schema.Day(random.IntN(5)), Cause: books.Cause(random.IntN(2)), Quantity: schema.Quantity(random.Int64N(1000) - 500), Known: random.Int64N(100),
			}})
		}
		mustPost(t, s, b)
		clock = clock.Add(7 * time.Hour)
	}
	meters := []int32{0, 1, 2}
	known := func() (all [][]posting.Entry) {
		for day := range 5 {
			end := schema.InstantOf(time.Date(2024, 3, 2+day, 0, 0, 0, 0, time.UTC)) - 1
			entries, err := s.Booked(t.Context(), meters, schema.Open, end)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, entries)
		}
		return all
	}
	rows := func() int64 {
		n, err := scalar(t.Context(), s.writer, `SELECT count(*) FROM ledger`)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before, many := known(), rows()
	if err := s.FoldLedger(t.Context(), schema.InstantOf(clock)); err != nil {
		t.Fatal(err)
	}
	if after := known(); !reflect.DeepEqual(after, before) {
		t.Error("folding changed what was known on some day")
	}
	if few := rows(); few >= many/2 {
		t.Errorf("%d rows were folded to %d", many, few)
	}
}

// The years in memory are the years of the roll-ups, whatever is posted before
// and after they are made.
func TestYearbook_EqualsTheRollups(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "books"))
	defer mustClose(t, s)
	reg, err := registry.Build(registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,x,\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nI0,a,education,370000\nI1,b,health,370000\n"),
	}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustPost(t, s, &posting.Batch{Registry: &posting.Registry{Accounts: []posting.Account{
		{ID: 0, Institution: "I1", Carrier: schema.Electricity, Use: schema.ForBuilding}, {ID: 1, Institution: "I0", Carrier: schema.Water, Use: schema.ForBuilding},
	}}})
	random := chance.Random(t)
	from, to := schema.DayOf(2023, 1, 1), schema.DayOf(2024, 1, 1)
	for range 5 {
		b := &posting.Batch{}
		for range 200 {
			b.Entries = append(b.Entries, posting.Entry{Account: int32(random.IntN(2)), Entry: books.Entry{
				Day: from + schema.Day(random.IntN(800)-200), Quantity: schema.Quantity(random.Int64N(1 << 40)), Known: 5, Estimated: 1,
			}})
		}
		mustPost(t, s, b)
		got, err := s.Usage(t.Context(), indicator.UsageQuery{Registry: reg, From: from, To: to})
		if err != nil {
			t.Fatal(err)
		}
		first, err1 := s.Usage(t.Context(), indicator.UsageQuery{Registry: reg, From: from, To: from + 59})
		rest, err2 := s.Usage(t.Context(), indicator.UsageQuery{Registry: reg, From: from + 59, To: to})
		if err1 != nil || err2 != nil || len(got) != 2 || len(first) != 2 || len(rest) != 2 {
			t.Fatalf("got %v, %v, %v, %v, %v", got, first, rest, err1, err2)
		}
		for i := range got {
			if got[i].Quantity != first[i].Quantity+rest[i].Quantity || got[i].Known != first[i].Known+rest[i].Known || got[i].Institution != int32(i) {
				t.Fatalf("the year in memory is %v, its months sum to %v and %v", got[i], first[i], rest[i])
			}
		}
	}
}
