package store

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"jouleline/metrics/books"
	"jouleline/metrics/frozen"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// A report comes back as it was stored, after a restart too, and ids count on.
func TestReports_ComeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books")
	s := mustOpen(t, path)
	want := []frozen.Report{
		{Name: "年报", Author: "planner", Created: 12, KnownAt: 11, Question: []byte(`{"year":2023}`), Versions: []byte(`{}`), Figures: []byte(`{"a":"b"}`)},
		{Created: 13, KnownAt: 12, Question: []byte(`{}`), Versions: []byte(`{}`), Figures: []byte(`[]`)},
	}
	for i := range want {
		id, err := s.AddReport(t.Context(), want[i])
		if err != nil || id != int64(i+1) {
			t.Fatalf("got id %d, %v, want %d", id, err, i+1)
		}
		want[i].ID = id
	}
	mustClose(t, s)
	s = mustOpen(t, path)
	defer mustClose(t, s)
	for i := range want {
		got, ok, err := s.Report(t.Context(), want[i].ID)
		if err != nil || !ok || !reflect.DeepEqual(got, want[i]) {
			t.Errorf("got %+v, %v, %v, want %+v", got, ok, err, want[i])
		}
	}
	if _, ok, err := s.Report(t.Context(), 3); ok || err != nil {
		t.Errorf("report 3: got %v, %v, want none", ok, err)
	}
	list, err := s.Reports(t.Context(), 0, 10)
	if err != nil || len(list) != 2 || list[0].ID != 2 || len(list[0].Figures) != 0 {
		t.Errorf("got %+v, %v, want both, the youngest first, without figures", list, err)
	}
	if list, err = s.Reports(t.Context(), 2, 10); err != nil || len(list) != 1 || list[0].ID != 1 {
		t.Errorf("before 2: got %+v, %v, want the first", list, err)
	}
}

// What is recorded after a moment is summed by meter; what cancels out is no
// change.
func TestSince_SumsWhatIsRecordedLater(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "books"))
	defer mustClose(t, s)
	entry := func(meter int32, day schema.Day, q schema.Quantity) posting.Entry {
		return posting.Entry{Meter: meter, Account: posting.NoAccount, Entry: books.Entry{Day: day, Quantity: q, Known: int64(q) / 10}}
	}
	reading := func(meter int32, revision int32, deleted bool) posting.Reading {
		return posting.Reading{Meter: meter, Point: books.Point{Time: 1000, Revision: revision, Deleted: deleted, Unit: schema.KilowattHour, Kind: schema.Register}}
	}
	first := &posting.Batch{Entries: []posting.Entry{entry(1, 100, 50), entry(2, 100, 70)}, Readings: []posting.Reading{reading(1, 0, false)}}
	mustPost(t, s, first)
	later := &posting.Batch{
		Entries:  []posting.Entry{entry(1, 100, -50), entry(1, 101, 30), entry(2, 100, 70), entry(2, 101, -70), entry(3, 99, 10)},
		Readings: []posting.Reading{reading(1, 1, false), reading(1, 2, true), reading(2, 0, false)},
	}
	mustPost(t, s, later)
	got, err := s.BookedSince(t.Context(), first.Recorded, schema.Validity{From: 100, To: 102})
	want := []frozen.Booked{{Meter: 1, Quantity: -20, Known: -2, First: later.Recorded, Last: later.Recorded}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	received, err := s.ReceivedSince(t.Context(), first.Recorded, []int32{1, 3})
	if err != nil || !reflect.DeepEqual(received, []frozen.Received{{Meter: 1, Readings: 2, Revised: 2, Deleted: 1}}) {
		t.Errorf("got %+v, %v, want two of meter 1", received, err)
	}
}

// Folding leaves what a report knew, though it was frozen in the middle of a
// recording day.
func TestFoldLedger_KeepsWhatAReportKnew(t *testing.T) {
	clock := time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "books"), Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, s)
	post := func(q schema.Quantity) {
		mustPost(t, s, &posting.Batch{Entries: []posting.Entry{{Meter: 1, Account: posting.NoAccount, Entry: books.Entry{Day: 100, Quantity: q, Known: 1}}}})
		clock = clock.Add(time.Hour)
	}
	known := func(at schema.Instant) schema.Quantity {
		entries, err := s.Booked(t.Context(), []int32{1}, schema.Open, at)
		if err != nil || len(entries) != 1 {
			t.Fatalf("got %v, %v, want one entry", entries, err)
		}
		return entries[0].Quantity
	}
	var moments []schema.Instant
	for k := range schema.Quantity(6) {
		post(1 << k)
		if k%2 == 0 {
			moments = append(moments, s.Recorded())
			if _, err := s.AddReport(t.Context(), frozen.Report{KnownAt: s.Recorded()}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.FoldLedger(t.Context(), schema.InstantOf(clock.AddDate(0, 0, 2))); err != nil {
		t.Fatal(err)
	}
	for i, want := range []schema.Quantity{1, 7, 31} {
		if got := known(moments[i]); got != want {
			t.Errorf("as report %d knew: got %d, want %d", i+1, got, want)
		}
	}
	since, err := s.BookedSince(t.Context(), moments[1], schema.Open)
	if err != nil || len(since) != 1 || since[0].Quantity != 8+16+32 {
		t.Errorf("since report 2: got %+v, %v, want 56", since, err)
	}
	rows, err := scalar(t.Context(), s.writer, `SELECT count(*) FROM ledger`)
	if err != nil || rows != 4 {
		t.Errorf("got %d rows, %v, want the 6 folded to 4", rows, err)
	}
}
