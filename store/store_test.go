package store

import (
	"errors"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

func mustOpen(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustClose(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustPost(t testing.TB, s *Store, b *posting.Batch) {
	t.Helper()
	if err := s.Post(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func randomReading(random *rand.Rand, meters int) posting.Reading {
	r := posting.Reading{Meter: int32(random.IntN(meters)), Point: books.Point{
		Time: schema.Instant(random.Int64N(1000)) * schema.Instant(schema.Hour), Received: schema.Instant(random.Int64N(1 << 40)),
		Value: schema.Quantity(random.Int64()) / 4, Revision: int32(random.IntN(3)), Unit: schema.KilowattHour, Kind: schema.Register,
		Register: uint8(random.IntN(3)), Deleted: random.IntN(9) == 0,
	}}
	if random.IntN(3) == 0 {
		r.Kind, r.Start = schema.Delta, r.Time-1000
	}
	if random.IntN(5) == 0 {
		r.Original = "36.88662298928380000001"
	}
	return r
}

// What goes in comes out, every column of it, before and after a restart.
func TestPoints_GivesBackWhatWasPosted(t *testing.T) {
	random := chance.Random(t)
	path := filepath.Join(t.TempDir(), "books")
	s := mustOpen(t, path)
	const meters = 20
	var want []posting.Reading
	for range 4 {
		b := &posting.Batch{}
		for range 1 + random.IntN(5000) {
			b.Readings = append(b.Readings, randomReading(random, meters))
		}
		mustPost(t, s, b)
		for _, r := range b.Readings {
			r.Recorded = b.Recorded
			want = append(want, r)
		}
	}
	check := func() {
		t.Helper()
		var stretches []posting.Stretch
		var wanted []posting.Reading
		from, to := schema.Instant(100*schema.Hour), schema.Instant(900*schema.Hour)
		for m := range int32(meters / 2) {
			stretches = append(stretches, posting.Stretch{Meter: m, From: from, To: to})
		}
		for _, r := range want {
			if r.Meter < meters/2 && r.Time >= from && r.Time <= to {
				wanted = append(wanted, r)
			}
		}
		SortReadings(wanted)
		got, err := s.Points(t.Context(), stretches, 0)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, wanted) {
			t.Fatalf("got %d readings, want %d, or others", len(got), len(wanted))
		}
	}
	check()
	mustClose(t, s)
	s = mustOpen(t, path)
	check()
	mustClose(t, s)
}

func TestPost_RefusesABatchThatDoesNotContinue(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "books"))
	defer mustClose(t, s)
	mustPost(t, s, &posting.Batch{Offsets: []posting.Offset{{Partition: 1, First: 5, Next: 9}}})
	b := &posting.Batch{
		Readings: []posting.Reading{randomReading(rand.New(rand.NewPCG(1, 1)), 1)},
		Offsets:  []posting.Offset{{Partition: 1, First: 5, Next: 12}},
	}
	if err := s.Post(t.Context(), b); !errors.Is(err, ErrOffset) {
		t.Fatalf("got %v, want ErrOffset", err)
	}
	if got := s.Offsets()[1]; got != 9 {
		t.Errorf("the refused batch moved the offset to %d", got)
	}
	got, err := s.Points(t.Context(), []posting.Stretch{{Meter: 0, From: 0, To: schema.MaxInstant}}, 0)
	if err != nil || len(got) != 0 {
		t.Errorf("the refused batch left %d readings, %v", len(got), err)
	}
}

func TestPost_RecordedOnlyGrows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books")
	clock := time.UnixMilli(2_000_000)
	s, err := Open(t.Context(), Config{Path: path, Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	last := schema.Instant(0)
	post := func() {
		t.Helper()
		b := &posting.Batch{Rejected: []posting.Rejected{{Code: schema.Malformed}}}
		mustPost(t, s, b)
		if b.Recorded <= last {
			t.Fatalf("recorded %d after %d", b.Recorded, last)
		}
		last = b.Recorded
	}
	post()
	post()
	clock = time.UnixMilli(1_000) // the clock is set back
	post()
	mustClose(t, s)
	if s, err = Open(t.Context(), Config{Path: path, Now: func() time.Time { return clock }}); err != nil {
		t.Fatal(err)
	}
	post()
	mustClose(t, s)
}

// Roll-ups are the sums of the ledger's entries, however they were appended,
// folded or built anew.
func TestRollup_SumsTheLedger(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "books"))
	defer mustClose(t, s)
	random := chance.Random(t)
	attribution := []posting.Attribution{{Meter: 0, Account: 0, Validity: schema.Validity{From: schema.Always, To: 40}}, {Meter: 0, Account: 1, Validity: schema.Validity{From: 40, To: schema.Never}}, {Meter: 1, Account: 1, Validity: schema.Open}}
	mustPost(t, s, &posting.Batch{Registry: &posting.Registry{Attribution: attribution}})
	for range 3 {
		b := &posting.Batch{}
		for range 500 {
			e := posting.Entry{Meter: int32(random.IntN(2)), Entry: books.Entry{Day: schema.Day(random.IntN(100)), Quantity: schema.Quantity(random.Int64N(1 << 50)), Known: random.Int64N(1000)}}
			for _, a := range attribution {
				if a.Meter == e.Meter && a.Contains(e.Day) {
					e.Account = a.Account
				}
			}
			b.Entries = append(b.Entries, e)
		}
		mustPost(t, s, b)
	}
	rollup := func() (sums [2][5]int64) {
		t.Helper()
		c := <-s.readers
		defer func() { s.readers <- c }()
		for account := range 2 {
			for month := range 5 {
				v, err := scalar(t.Context(), c, `SELECT coalesce(sum(quantity), 0) FROM rollup WHERE account = $1 AND month = $2`, account, 1970*12+month)
				if err != nil {
					t.Fatal(err)
				}
				sums[account][month] = v
			}
		}
		return sums
	}
	appended := rollup()
	if err := s.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	if folded := rollup(); folded != appended {
		t.Errorf("folded: got %v, want %v", folded, appended)
	}
	mustPost(t, s, &posting.Batch{Registry: &posting.Registry{Attribution: attribution, Moved: true}})
	if anew := rollup(); anew != appended {
		t.Errorf("built anew: got %v, want %v", anew, appended)
	}
}

func TestStart_KnowsFirstAndLatestWithSavedHeads(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "books"))
	defer mustClose(t, s)
	reading := func(meter int32, time schema.Instant) posting.Reading {
		return posting.Reading{Meter: meter, Point: books.Point{Time: time}}
	}
	mustPost(t, s, &posting.Batch{Readings: []posting.Reading{reading(1, 50), reading(1, 70), reading(2, 5)}})
	if err := s.SaveHeads(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustPost(t, s, &posting.Batch{Readings: []posting.Reading{reading(1, 20), reading(3, 9)}})
	start, err := s.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[int32]posting.Known{}
	for _, k := range start.Known {
		got[k.Meter] = k
	}
	want := map[int32]posting.Known{1: {Meter: 1, First: 20, Seen: 70}, 2: {Meter: 2, First: 5, Seen: 5}, 3: {Meter: 3, First: 9, Seen: 9}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOpen_RefusesANewerStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books")
	s := mustOpen(t, path)
	if _, err := s.writer.Exec(t.Context(), `INSERT INTO migrations VALUES (9999)`); err != nil {
		t.Fatal(err)
	}
	mustClose(t, s)
	if _, err := Open(t.Context(), Config{Path: path}); err == nil {
		t.Fatal("a store of a newer version was opened")
	}
}
