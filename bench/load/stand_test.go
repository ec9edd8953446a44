package main

import (
	"errors"
	"testing"
	"time"

	"jouleline/bench/sim"
	"jouleline/ingest"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// smallStand opens a stand with the registry of a load.
func smallStand(t *testing.T, config sim.LoadConfig) (*stand, *sim.Load) {
	t.Helper()
	load, err := sim.NewLoad(config)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openStand(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := s.importTables(t.Context(), load.Tables()); err != nil {
		t.Fatal(err)
	}
	return s, load
}

// bookAll books what lies on the topic and stops.
func bookAll(t *testing.T, s *stand) *booking {
	t.Helper()
	ends, err := s.ends(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := s.book(t.Context(), topic{s.client})
	if err := b.joinStop(b.await(t.Context(), ends)); err != nil {
		t.Fatal(err)
	}
	return b
}

// The comparison with the simulator must be able to fail: one reading too many
// is seen by the counts and by the totals.
func TestLedgerCheck_FindsWrongBooks(t *testing.T) {
	s, load := smallStand(t, sim.LoadConfig{Seed: 3, Meters: 50, Readings: 5000, Disorder: sim.RealMix})
	check := newLedgerCheck(load)
	sent, err := (&feeder{stand: s, load: load, form: line1, observe: check.observe}).feed(t.Context(), -1)
	if err != nil {
		t.Fatal(err)
	}
	s.watch.since()
	world := bookAll(t, s).pipeline.Now()
	if err := errors.Join(s.watch.check(sent), check.compare(t.Context(), s, world)); err != nil {
		t.Fatalf("right books: %v", err)
	}
	for m, corrected := range check.corrected {
		if corrected {
			continue
		}
		more := schema.Reading{Meter: load.ID(m), Time: check.timeOf(200), Value: check.edges[1][m] + schema.Micro}
		record := ingest.Record{Partition: ingest.PartitionOf(more.Meter, partitions), Value: codec.AppendJSON(nil, &more), ContentType: ingest.JSON}
		if err := s.producer.Produce(t.Context(), []ingest.Record{record}); err != nil {
			t.Fatal(err)
		}
		break
	}
	world = bookAll(t, s).pipeline.Now()
	if err := s.watch.check(sent); !errors.Is(err, errWrong) {
		t.Errorf("counts with a reading too many: got %v, want a wrong result", err)
	}
	if err := check.compare(t.Context(), s, world); !errors.Is(err, errWrong) {
		t.Errorf("totals with a reading too many: got %v, want a wrong result", err)
	}
}

// A ledger that says something else than the roll-ups is seen.
func TestCompareSums_FindsWrongRollups(t *testing.T) {
	s, load := smallStand(t, sim.LoadConfig{Seed: 6, Meters: 20, Readings: 400})
	if _, err := (&feeder{stand: s, load: load, form: json1}).feed(t.Context(), -1); err != nil {
		t.Fatal(err)
	}
	reg := bookAll(t, s).pipeline.Now().Registry
	if err := compareSums(t.Context(), s, reg, loadYear); err != nil {
		t.Fatalf("right books: %v", err)
	}
	lost := posting.Entry{Account: posting.NoAccount, Entry: books.Entry{Day: schema.DayOf(loadYear, time.March, 1), Quantity: 1}}
	if err := s.store.Post(t.Context(), &posting.Batch{Entries: []posting.Entry{lost}}); err != nil {
		t.Fatal(err)
	}
	if err := compareSums(t.Context(), s, reg, loadYear); !errors.Is(err, errWrong) {
		t.Errorf("an entry that no roll-up holds: got %v, want a wrong result", err)
	}
}

func TestTotals_Reached(t *testing.T) {
	before := totals{1, 20, 300, 4000}
	f := func(now totals, want bool, wrong bool) {
		t.Helper()
		got, err := now.reached(before, 7)
		if got != want || errors.Is(err, errWrong) != wrong {
			t.Errorf("%v: got %v, %v, want %v, wrong %v", now, got, err, want, wrong)
		}
	}
	f(before, false, false)
	f(totals{8, 27, 307, 4007}, true, false)
	f(totals{8, 20, 307, 4000}, false, false) // months before years
	f(totals{8, 27, 307, 4006}, false, true)
	f(totals{15, 27, 307, 4007}, false, true)
}

// A gate keeps what was produced later from the pipeline until it is opened.
func TestGate_HoldsUntilOpen(t *testing.T) {
	s, load := smallStand(t, sim.LoadConfig{Seed: 4, Meters: 40, Readings: 1000})
	feed := &feeder{stand: s, load: load, form: line1}
	if _, err := feed.feed(t.Context(), 400); err != nil {
		t.Fatal(err)
	}
	hold, err := s.ends(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g := newGate(s.client, hold)
	b := s.book(t.Context(), g)
	if err := b.await(t.Context(), hold); err != nil {
		t.Fatal(b.joinStop(err))
	}
	if n, err := feed.feed(t.Context(), -1); err != nil || n != 600 {
		t.Fatalf("got %d readings, %v, want the other 600", n, b.joinStop(err))
	}
	if offsets := s.store.Offsets(); !covers(hold, offsets) {
		t.Errorf("before the gate is open: got offsets %v, want none behind %v", offsets, hold)
	}
	ends, err := s.ends(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g.open()
	if err := b.joinStop(b.await(t.Context(), ends)); err != nil {
		t.Fatal(err)
	}
	if err := s.watch.check(1000); err != nil {
		t.Error(err)
	}
}

// Messages of a hundred readings hold meters of one partition, and all readings
// come.
func TestFeeder_HundredAMessage(t *testing.T) {
	s, load := smallStand(t, sim.LoadConfig{Seed: 5, Meters: 300, Readings: 3000})
	sent, err := (&feeder{stand: s, load: load, form: line100}).feed(t.Context(), -1)
	if err != nil || sent != 3000 {
		t.Fatalf("got %d readings, %v, want 3000", sent, err)
	}
	ends, err := s.ends(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	messages := int64(0)
	for _, end := range ends {
		messages += end
	}
	if messages < 30 || messages > 30+partitions {
		t.Errorf("got %d messages, want 30, and one more a partition at most", messages)
	}
	bookAll(t, s)
	if err := s.watch.check(3000); err != nil {
		t.Error(err)
	}
}

func TestDelays(t *testing.T) {
	began := time.Now()
	at := func(ms int) time.Time { return began.Add(time.Duration(ms) * time.Millisecond) }
	moments := []moment{{at(10), map[int]int64{0: 5}}, {at(20), map[int]int64{0: 9, 1: 3}}, {at(40), map[int]int64{0: 9, 1: 8}}}
	acks := []acknowledged{
		{at(4), map[int]int64{0: 5}},
		{at(12), map[int]int64{0: 4}}, // could be queried before
		{at(15), map[int]int64{0: 9, 1: 4}},
	}
	got, err := delays(acks, moments)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{6, 0, 25} {
		if d := got[i] - want; d > 0.001 || d < -0.001 {
			t.Errorf("push %d: got %g ms, want %g", i, got[i], want)
		}
	}
	if _, err := delays([]acknowledged{{at(1), map[int]int64{1: 9}}}, moments); !errors.Is(err, errWrong) {
		t.Errorf("a push that was lost: got %v, want a wrong result", err)
	}
}
