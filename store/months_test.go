package store

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// The months in one question are the months one by one, however entries came.
func TestUsageByMonth_IsUsageMonthByMonth(t *testing.T) {
	random := chance.Random(t)
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
		{ID: 2, Institution: "I9", Carrier: schema.Water, Use: schema.ForBuilding}, // not registered any more
	}}})
	first := schema.MonthOf(schema.DayOf(2023, time.January, 1))
	from, to := first+2, first+14
	for round := range 4 {
		b := &posting.Batch{}
		for range 60 {
			b.Entries = append(b.Entries, posting.Entry{Account: int32(random.IntN(3)), Entry: books.Entry{
				Day: first.First() + schema.Day(random.IntN(500)), Quantity: schema.Quantity(random.Int64N(1 << 40)), Known: 7, Estimated: 2,
			}})
		}
		mustPost(t, s, b)
		if round == 2 {
			if err := s.Maintain(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		got, want := map[string]int{}, map[string]int{}
		line := func(m schema.Month, u *indicator.Usage) string { return fmt.Sprintf("%d %+v", m, *u) }
		if err := s.UsageByMonth(t.Context(), reg, from, to, func(m schema.Month, u *indicator.Usage) { got[line(m, u)]++ }); err != nil {
			t.Fatal(err)
		}
		for m := from; m < to; m++ {
			usage, err := s.Usage(t.Context(), indicator.UsageQuery{Registry: reg, From: m.First(), To: (m + 1).First()})
			if err != nil {
				t.Fatal(err)
			}
			for i := range usage {
				want[line(m, &usage[i])]++
			}
		}
		if len(want) == 0 || !maps.Equal(got, want) {
			t.Fatalf("got\n%v\nwant\n%v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
		}
	}
}

// The sum before a day is that of the entries of the days before it.
func TestBookedBefore_SumsTheDaysBefore(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "books"))
	defer mustClose(t, s)
	entry := func(meter int32, day schema.Day, q schema.Quantity) posting.Entry {
		return posting.Entry{Meter: meter, Account: posting.NoAccount, Entry: books.Entry{Day: day, Quantity: q, Known: 1}}
	}
	mustPost(t, s, &posting.Batch{Entries: []posting.Entry{entry(0, 100, 10), entry(0, 101, 20), entry(0, 102, 40), entry(1, 100, 1), entry(2, 102, 5)}})
	mustPost(t, s, &posting.Batch{Entries: []posting.Entry{entry(0, 100, -3), entry(1, 101, 2)}}) // corrections
	f := func(day schema.Day, want string, meters ...int32) {
		t.Helper()
		got, err := s.BookedBefore(t.Context(), meters, day)
		if err != nil || fmt.Sprint(got) != want { // maps print in the order of their keys
			t.Errorf("%v before %d: got %v, %v, want %s", meters, day, got, err, want)
		}
	}
	micro := func(parts ...schema.Quantity) string {
		found := map[int32]schema.Quantity{}
		for i := 0; i+1 < len(parts); i += 2 {
			found[int32(parts[i])] = parts[i+1]
		}
		return fmt.Sprint(found)
	}
	f(100, micro(), 0, 1, 2)
	f(101, micro(0, 7, 1, 1), 0, 1, 2)
	f(102, micro(0, 27, 1, 3), 0, 1, 2)
	f(103, micro(2, 5), 2)
	f(103, micro(), 9)
	f(103, micro())
}

// Seen gives the first and the latest time of each meter, whatever the order in
// which they came.
func TestSeen_FirstAndLatest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books")
	s := mustOpen(t, path)
	reading := func(meter int32, hour schema.Instant) posting.Reading {
		return posting.Reading{Meter: meter, Point: books.Point{
			Time: hour * schema.Instant(schema.Hour), Received: 1, Value: 1, Unit: schema.KilowattHour, Kind: schema.Register,
		}}
	}
	mustPost(t, s, &posting.Batch{Readings: []posting.Reading{reading(3, 20), reading(1, 7)}})
	mustPost(t, s, &posting.Batch{Readings: []posting.Reading{reading(3, 10), reading(3, 15), reading(1, 9)}})
	check := func() {
		t.Helper()
		list, err := s.Seen(t.Context())
		slices.SortFunc(list, func(a, b posting.Known) int { return int(a.Meter - b.Meter) })
		want := []posting.Known{
			{Meter: 1, First: 7 * schema.Instant(schema.Hour), Seen: 9 * schema.Instant(schema.Hour)},
			{Meter: 3, First: 10 * schema.Instant(schema.Hour), Seen: 20 * schema.Instant(schema.Hour)},
		}
		if err != nil || !slices.Equal(list, want) {
			t.Errorf("got %v, %v, want %v", list, err, want)
		}
	}
	check()
	mustClose(t, s)
	s = mustOpen(t, path)
	check()
	mustClose(t, s)
}
