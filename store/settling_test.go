package store

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// What sets back from where packs are put in order is a long history that came late,
// not the few late days among millions that settle in time.
func TestSettling_IsSetBackByALongHistoryOnly(t *testing.T) {
	day := func(year int, month time.Month) schema.Day { return schema.DayOf(year, month, 1) }
	march, april := day(2024, time.March), day(2024, time.April)
	for _, c := range []struct {
		name  string
		early map[schema.Month]int64
		want  schema.Day
	}{
		{"nothing came late", nil, march},
		{"a day of one meter", map[schema.Month]int64{schema.MonthOf(day(2021, time.May)): 96}, march},
		{"a history", map[schema.Month]int64{
			schema.MonthOf(day(2022, time.January)): settleLate, schema.MonthOf(day(2022, time.February)): settleLate,
		}, day(2022, time.January)},
		{"a history, and a few before it", map[schema.Month]int64{
			schema.MonthOf(day(2019, time.July)): 3, schema.MonthOf(day(2022, time.January)): settleLate,
		}, day(2022, time.January)},
	} {
		p := settling{done: settledUntil{day: april - 1, ordered: march}, before: april, ranges: []meterRange{{}}, isLast: true, early: c.early}
		done, ok := p.end()
		if !ok || done.ordered != c.want {
			t.Errorf("%s: packs are in order until %s, want %s; %t", c.name, done.ordered, c.want, ok)
		}
	}
}

// Packs are put in order as a month has ended, not on the day after a history came.
func TestSettling_OrdersOnceAMonth(t *testing.T) {
	march := schema.DayOf(2024, time.March, 1)
	setBack := settledUntil{day: march + 1, ordered: schema.DayOf(2021, time.May, 1)}
	for _, c := range []struct {
		before schema.Day
		want   bool
	}{{march, false}, {march + 1, false}, {march + 2, false}, {march + 30, false}, {march + 31, true}} {
		p := settling{done: setBack, before: c.before}
		if got := p.isNewMonth(); got != c.want {
			t.Errorf("before %s: got %t, want %t", c.before, got, c.want)
		}
	}
}

// A long history of sparse days that is read in later settles before the next month,
// and is put in order with it.
func TestSettle_SparseHistoryDoesNotWait(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "books"))
	defer mustClose(t, s)
	today := schema.DayOf(2024, time.March, 10)
	mustPost(t, s, &posting.Batch{Readings: []posting.Reading{{Meter: 1, Point: books.Point{Time: today.Start(time.UTC) - 1}}}})
	if moved := settleAll(t, s, today); moved != 0 {
		t.Fatalf("%d readings of a sparse day settled within its month", moved)
	}
	const meters, days = 10_000, settleLate / 10_000 // a reading a day
	b := &posting.Batch{Readings: make([]posting.Reading, 0, meters*days)}
	for day := range schema.Day(days) {
		for meter := range int32(meters) {
			at := (schema.DayOf(2021, time.May, 1) + day).Start(time.UTC)
			b.Readings = append(b.Readings, posting.Reading{Meter: meter, Point: books.Point{Time: at}})
		}
	}
	mustPost(t, s, b)
	if moved := settleAll(t, s, today); moved != meters*days {
		t.Errorf("%d readings of a history settled, want %d", moved, meters*days)
	}
	outOfOrder := func() int64 {
		t.Helper()
		s.write.Lock()
		defer s.write.Unlock()
		n, err := scalar(t.Context(), s.writer, `SELECT count(*) FROM (
			SELECT meter, lag(meter) OVER (ORDER BY rowid) AS last, day, lag(day) OVER (ORDER BY rowid) AS until FROM settled
		) WHERE meter < last OR meter = last AND day < until`)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	settleAll(t, s, schema.DayOf(2024, time.April, 1))
	if n := outOfOrder(); n != 0 {
		t.Errorf("%d packs lie out of order after the month has ended", n)
	}
	if readings, _ := packsOf(t, s); readings != meters*days+1 {
		t.Errorf("%d readings have settled, want %d", readings, meters*days+1)
	}
}

// Days of the running month are put in the order of meters as soon as there are many
// packs of them, each once, and months before it are left to its end.
func TestOrderDays_OfTheRunningMonth(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "books"))
	defer mustClose(t, s)
	const meters, days, least = 10, 9, 3 * 10
	first := schema.DayOf(2024, time.February, 26) // four days of February, five of March
	turns := func() (n int64) {                    // where a pack's meter is less than that of the pack before
		t.Helper()
		n, err := scalar(t.Context(), s.writer, `SELECT count(*) FROM (SELECT meter - lag(meter) OVER (ORDER BY rowid) AS step FROM settled) WHERE step < 0`)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	var got []int64
	for day := first; day < first+days; day++ {
		b := &posting.Batch{}
		for i := range schema.Instant(denseDay) {
			for m := range int32(meters) {
				b.Readings = append(b.Readings, posting.Reading{Meter: m, Point: books.Point{Time: day.Start(time.UTC) + i*schema.Instant(schema.Hour)}})
			}
		}
		mustPost(t, s, b)
		settleAll(t, s, day+1)
		if err := s.orderDays(t.Context(), schema.DayOf(2021, time.May, 1), day+1, least); err != nil {
			t.Fatal(err)
		}
		got = append(got, turns())
	}
	// February: three days become one run, the fourth waits, and is put in order with its
	// month, which ends. March: likewise, and no day of February is touched again.
	if want := []int64{0, 1, 0, 0, 1, 2, 1, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("meters begin again %v times after each day, want %v", got, want)
	}
}
