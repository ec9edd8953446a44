package store

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
	"jouleline/store/pack"
)

// openAt opens a store whose clock stands still, so that two of them record alike.
func openAt(t testing.TB, path string, now *schema.Instant) *Store {
	t.Helper()
	s, err := Open(t.Context(), Config{Path: path, Now: func() time.Time { return now.Time() }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// settleAll settles until there is nothing more to do.
func settleAll(t testing.TB, s *Store, before schema.Day) (moved int64) {
	t.Helper()
	for {
		n, err := s.Settle(t.Context(), before)
		if err != nil {
			t.Fatal(err)
		}
		if moved += n; n == 0 {
			return moved
		}
	}
}

func exported(t testing.TB, s *Store, from, to schema.Instant) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "readings.csv")
	if _, err := s.Export(t.Context(), ExportQuery{Table: ExportReadings, Format: CSV, From: from, To: to}, path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A store in which readings settle now and then answers every question as one in
// which none do, now and as of any moment, before and after readings are let go and
// after a restart.
func TestSettle_ChangesNoAnswer(t *testing.T) {
	random := chance.Random(t)
	const meters, hours = 12, 1000
	now := schema.Instant(1 << 41)
	folder := t.TempDir()
	plain, packed := openAt(t, filepath.Join(folder, "plain"), &now), openAt(t, filepath.Join(folder, "packed"), &now)
	world := &posting.Registry{}
	for i := range int32(meters) {
		world.Meters = append(world.Meters, posting.Meter{ID: i, Key: string(rune('A' + i))})
	}
	for _, s := range []*Store{plain, packed} {
		mustPost(t, s, &posting.Batch{Registry: world})
	}
	var moments []schema.Instant
	moved := int64(0)
	for round := range 12 {
		for range 1 + random.IntN(4) {
			b := posting.Batch{}
			for range 1 + random.IntN(1500) {
				b.Readings = append(b.Readings, randomReading(random, meters))
			}
			for range random.IntN(20) {
				r := &b.Readings[random.IntN(len(b.Readings))]
				b.Codes = append(b.Codes, posting.Code{Meter: r.Meter})
				c := &b.Codes[len(b.Codes)-1]
				c.Time, c.Start, c.Kind, c.Register, c.Code = r.Time, r.Start, r.Kind, r.Register, schema.UnexplainedFall
			}
			other := b
			mustPost(t, plain, &b)
			mustPost(t, packed, &other)
			if b.Recorded != other.Recorded {
				t.Fatalf("the two stores recorded at %s and %s", b.Recorded, other.Recorded)
			}
			moments = append(moments, b.Recorded)
			now += 1 + schema.Instant(random.IntN(2000))
		}
		moved += settleAll(t, packed, schema.Day(round*4))
		if random.IntN(4) == 0 {
			mustClose(t, packed)
			packed = openAt(t, filepath.Join(folder, "packed"), &now)
		}
		if random.IntN(4) == 0 {
			before := schema.Instant(random.IntN(hours/2)) * schema.Instant(schema.Hour)
			want, gone, err := plain.Retire(t.Context(), before)
			if err != nil {
				t.Fatal(err)
			}
			got, packedGone, err := packed.Retire(t.Context(), before)
			if err != nil || packedGone != gone || !reflect.DeepEqual(got, want) {
				t.Fatalf("before %s: %d readings went, want %d; of %v, want %v; %v", before, packedGone, gone, got, want, err)
			}
		}
	}
	if moved == 0 {
		t.Fatal("nothing has settled")
	}
	same := func(what string, ask func(*Store) (any, error)) {
		t.Helper()
		want, err := ask(plain)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ask(packed)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %.300v, want %.300v", what, got, want)
		}
	}
	ids := make([]int32, meters)
	for i := range ids {
		ids[i] = int32(i)
	}
	for _, at := range append(moments, 0) {
		same("points", func(s *Store) (any, error) {
			var stretches []posting.Stretch
			for i := range ids {
				from := schema.Instant(i*30) * schema.Instant(schema.Hour)
				stretches = append(stretches,
					posting.Stretch{Meter: ids[i], From: from, To: from + schema.Instant(50*schema.Hour)},
					posting.Stretch{Meter: ids[i], From: from + schema.Instant(80*schema.Hour), To: schema.MaxInstant})
			}
			return s.Points(t.Context(), stretches, at)
		})
		same("received since", func(s *Store) (any, error) { return s.ReceivedSince(t.Context(), at, ids[:5]) })
	}
	same("what is stored", func(s *Store) (any, error) { return s.Holds(t.Context()) })
	same("first and latest", func(s *Store) (any, error) {
		list, err := s.Latest(t.Context(), ids)
		slices.SortFunc(list, func(a, b posting.Known) int { return cmp.Compare(a.Meter, b.Meter) })
		return list, err
	})
	same("position", func(s *Store) (any, error) { return s.Recorded(), nil })
	same("export", func(s *Store) (any, error) {
		return exported(t, s, schema.Instant(100*schema.Hour), schema.Instant(700*schema.Hour)), nil
	})
	same("a copy", func(s *Store) (any, error) { return s.Snapshot(t.Context(), filepath.Join(t.TempDir(), "copy")) })
	mustClose(t, plain)
	mustClose(t, packed)
}

// A day of many readings settles when it has ended; days of few, and few that come
// late, do so with their month. Then the packs lie in the order of meters.
func TestSettle_SparseDaysWaitForTheirMonth(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "books"))
	defer mustClose(t, s)
	post := func(day schema.Day, meter int32, readings int) {
		t.Helper()
		b := &posting.Batch{}
		for i := range readings {
			r := posting.Reading{Meter: meter}
			r.Time = day.Start(time.UTC) + schema.Instant(i)
			b.Readings = append(b.Readings, r)
		}
		mustPost(t, s, b)
	}
	settled := func(before schema.Day, want, packs int64) {
		t.Helper()
		if got := settleAll(t, s, before); got != want {
			t.Fatalf("%d readings settled before %s, want %d", got, before, want)
		}
		if _, got := packsOf(t, s); got != packs {
			t.Fatalf("got %d packs before %s, want %d", got, before, packs)
		}
	}
	const day = schema.Day(40) // in February
	post(day, 2, denseDay)
	post(day, 1, 3)
	settled(day, 0, 0)
	settled(day+1, denseDay, 1)
	post(day, 2, 1)
	post(day+1, 1, 2)
	settled(day+1, 0, 1)
	post(day+1, 2, denseDay+7)
	settled(day+2, denseDay+7, 2)
	post(day+1, 1, pack.MaxReadings)
	march := schema.DayOf(1970, time.March, 1)
	settled(march, 3+1+2+pack.MaxReadings, 5)
	s.write.Lock()
	defer s.write.Unlock()
	var meters []int32
	if err := each(t.Context(), s.writer, func(b duck.Block) { meters = append(meters, duck.Column[int32](b, 0)...) }, `SELECT meter FROM settled ORDER BY rowid`); err != nil {
		t.Fatal(err)
	}
	if want := []int32{1, 1, 2, 2, 2}; !slices.Equal(meters, want) {
		t.Errorf("the packs are those of the meters %v, want %v", meters, want)
	}
}

// What is recorded while a pass runs is neither lost nor packed by it.
func TestSettle_WhileBatchesArePosted(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "books"))
	defer mustClose(t, s)
	random := chance.Random(t)
	posted := 0
	post := func() {
		b := &posting.Batch{}
		for range 200 {
			b.Readings = append(b.Readings, randomReading(random, 50))
		}
		posted += len(b.Readings)
		mustPost(t, s, b)
	}
	ctx, stop := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	var settled atomic.Int64
	go func() {
		defer stop()
		for day := schema.Day(1); ctx.Err() == nil; day += 5 {
			moved, err := s.Settle(t.Context(), day)
			if err != nil {
				failed <- err
				return
			}
			settled.Add(moved)
		}
		failed <- nil
	}()
	var stretches []posting.Stretch
	for m := range int32(50) {
		stretches = append(stretches, posting.Stretch{Meter: m, From: schema.MinInstant, To: schema.MaxInstant})
	}
	for n := 0; ctx.Err() == nil && (n < 40 || settled.Load() == 0); n++ {
		post()
		got, err := s.Points(t.Context(), stretches, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != posted {
			t.Fatalf("got %d readings, want the %d that were posted", len(got), posted)
		}
	}
	stop()
	if err := <-failed; err != nil {
		t.Fatal(err)
	}
}

// packsOf counts the settled readings and the packs that hold them.
func packsOf(t testing.TB, s *Store) (readings, packs int64) {
	t.Helper()
	s.write.Lock()
	defer s.write.Unlock()
	readings, err := scalar(t.Context(), s.writer, `SELECT coalesce(sum(readings), 0) FROM settled`)
	if err != nil {
		t.Fatal(err)
	}
	if packs, err = scalar(t.Context(), s.writer, `SELECT count(*) FROM settled`); err != nil {
		t.Fatal(err)
	}
	return readings, packs
}

func TestUTCDay_HoldsItsMoments(t *testing.T) {
	for _, at := range []schema.Instant{schema.InstantOf(time.Date(1969, 12, 31, 23, 0, 0, 0, time.UTC)), -1, 0, 1, schema.DayOf(2024, 2, 29).Start(time.UTC) - 1} {
		if day := utcDay(at); day.Start(time.UTC) > at || (day+1).Start(time.UTC) <= at {
			t.Errorf("%s is said to lie on %s", at, day)
		}
	}
}
