package store

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// What was booked out of days that were over is found by meter and moment, before
// the ledger is folded and after it.
func TestRebooked_ClosedDaysOnly(t *testing.T) {
	clock := time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "books"), Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, s)
	first := schema.DayOf(2024, 2, 28)
	post := func(at time.Time, entries ...posting.Entry) schema.Instant {
		t.Helper()
		clock = at
		b := &posting.Batch{Entries: entries}
		mustPost(t, s, b)
		return b.Recorded
	}
	entry := func(meter int32, day schema.Day, quantity schema.Quantity, known int64, cause books.Cause) posting.Entry {
		return posting.Entry{Meter: meter, Account: posting.NoAccount, Entry: books.Entry{Day: day, Quantity: quantity, Known: known, Cause: cause}}
	}
	const hour = schema.Hour
	post(clock, entry(1, first, 500, 24*hour, books.Measured), entry(1, first+1, 500, 24*hour, books.Measured),
		entry(2, first, 500, 24*hour, books.Measured), entry(1, first+2, 90, 9*hour, books.Measured))
	running := post(clock.Add(time.Minute), entry(1, first+2, -3, 0, books.Measured)) // 1 March is not over anywhere
	revised := post(clock.AddDate(0, 0, 1), entry(1, first, -7, 0, books.Measured), entry(1, first+1, 7, 0, books.Measured))
	traced := post(clock.AddDate(0, 0, 1), entry(2, first, 0, 0, books.Measured)) // its hours moved
	twice := post(clock.AddDate(0, 0, 1), entry(1, first+1, -400, -20*hour, books.Measured), entry(1, first+1, 380, 19*hour, books.Swapped))
	post(clock.AddDate(0, 0, 1), entry(2, first+1, 8, 24*hour, books.Measured))      // late, and nothing is taken back
	post(clock.Add(time.Minute), entry(3, first, 600, 24*hour, books.Measured))      // what was read in of the past,
	imported := post(clock.Add(time.Minute), entry(3, first, -9, 0, books.Measured)) // and corrected within the hour
	end := schema.InstantOf(clock) + 1
	f := func(what string, q posting.RebookedQuery, want ...posting.Rebooked) {
		t.Helper()
		got, err := s.Rebooked(t.Context(), q)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, %v, want %v", what, got, err, want)
		}
	}
	all := []posting.Rebooked{{Meter: 1, Day: first, Recorded: revised}, {Meter: 1, Day: first + 1, Recorded: revised}, {Meter: 1, Day: first + 1, Recorded: twice}, {Meter: 2, Day: first, Recorded: traced}}
	both := posting.RebookedQuery{Meters: []int32{1, 2}, From: running, To: end, Days: schema.Open, Limit: len(all)}
	f("all", both, all...)
	q := both
	q.Meters = []int32{2}
	f("one meter", q, all[3])
	q = both
	q.To = twice
	f("until", q, all[0], all[1], all[3])
	q.From = revised + 1
	f("between", q, all[3])
	q = both
	q.Days = schema.Validity{From: first + 1, To: first + 2}
	f("one day", q, all[1], all[2])
	q = both
	q.Limit = 1
	f("one more than the limit", q, all[:2]...)
	q.Meters = nil
	f("no meters", q)
	if err := s.FoldLedger(t.Context(), schema.InstantOf(clock.AddDate(0, 0, 1))); err != nil {
		t.Fatal(err)
	}
	f("folded", both, all...)
	q = both
	q.Meters = []int32{3}
	f("folded, booked and corrected on one day", q, posting.Rebooked{Meter: 3, Day: first, Recorded: imported})
}

// BenchmarkRebooked asks for a building's, and for everybody's, days that were
// booked anew, in a year of 100,000 meters of which one day in a thousand was.
func BenchmarkRebooked(b *testing.B) {
	const meters, days, oneIn = 100_000, 365, 1000
	s := mustOpen(b, filepath.Join(b.TempDir(), "books"))
	defer mustClose(b, s)
	first := schema.DayOf(2024, 1, 1)
	everybody := make([]int32, meters)
	for day := range schema.Day(days) {
		batch := &posting.Batch{Entries: make([]posting.Entry, 0, meters+meters/oneIn)}
		for meter := range int32(meters) {
			everybody[meter] = meter
			e := posting.Entry{Meter: meter, Account: posting.NoAccount, Entry: books.Entry{Day: first + day, Quantity: schema.Quantity(meter) * 1000, Known: 24 * schema.Hour}}
			batch.Entries = append(batch.Entries, e)
			if (int(meter)+int(day))%oneIn == 0 {
				e.Known = 0
				batch.Entries = append(batch.Entries, e)
			}
		}
		mustPost(b, s, batch)
	}
	for _, ask := range []struct {
		name   string
		meters []int32
	}{{"building", everybody[900:904]}, {"everybody", everybody}} {
		b.Run(ask.name, func(b *testing.B) {
			for b.Loop() {
				list, err := s.Rebooked(b.Context(), posting.RebookedQuery{Meters: ask.meters, To: schema.MaxInstant, Days: schema.Open, Limit: meters * days})
				if err != nil || len(list) == 0 {
					b.Fatalf("got %d days, %v", len(list), err)
				}
			}
		})
	}
}
