package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/ingest/pipeline"
	"jouleline/metrics/posting"
	"jouleline/metrics/verify"
	"jouleline/schema"
	"jouleline/store"
)

// settleBefore settles until there is nothing more to do.
func settleBefore(t testing.TB, s *store.Store, day schema.Day) (moved int64) {
	t.Helper()
	for {
		n, err := s.Settle(t.Context(), day)
		if err != nil {
			t.Fatal(err)
		}
		if moved += n; n == 0 {
			return moved
		}
	}
}

// Readings settle in the middle of a random life: at the end of some day, and at that
// of the month. The books stay to the last bit, computing them anew changes nothing,
// they verify, and what comes later, to the same pipeline or to a new one, is booked
// as if nothing had settled; also where older readings are let go then.
func TestSettle_TheBooksStay(t *testing.T) {
	seed := chance.Seed(t)
	moved := int64(0)
	for n := range uint64(8) {
		random := rand.New(rand.NewPCG(seed, n))
		tables, readings := randomWorld(random)
		random.Shuffle(len(readings)/3, func(i, j int) { // some come late
			i, j = i*3, j*3
			readings[i], readings[j] = readings[j], readings[i]
		})
		half := len(readings) / 2
		log := &memoryLog{}
		log.put(readings[:half])
		batch := 1 + random.IntN(40)
		s, p := bookAll(t, tables, log, batch)
		before := bookedOf(t, s)
		same := func(what string) {
			t.Helper()
			mustHold(t, s, p)
			if got := bookedOf(t, s); got != before {
				t.Fatalf("world %d: %s:\n%s", n, what, unlike(got, before))
			}
		}
		moved += settleBefore(t, s, schema.DayOf(2024, time.March, 28+random.IntN(4)))
		same("some days have settled")
		moved += settleBefore(t, s, schema.DayOf(2024, time.April, 1+random.IntN(9)))
		same("the month has settled")
		log.put(readings[half:])
		p = runPipeline(t, s, tables, log, posting.Log{Cluster: "c", Topic: "t", Partitions: 1}, batch)
		whole := &memoryLog{}
		whole.put(readings)
		other, _ := bookAll(t, tables, whole, batch)
		before = bookedOf(t, other)
		same("the rest has come")
		settleBefore(t, s, schema.DayOf(2024, time.May, 1))
		same("the rest has settled")
		if _, err := p.Retire(t.Context(), schema.DayOf(2024, time.March, 31).Start(time.UTC)); err != nil {
			t.Fatal(err)
		}
		same("some were let go")
	}
	if moved == 0 {
		t.Error("nothing has settled: the test shows nothing")
	}
}

// mustHold fails where computing the books anew would change them, or where they do
// not verify.
func mustHold(t testing.TB, s *store.Store, p *pipeline.Pipeline) {
	t.Helper()
	if changed, err := p.Recompute(t.Context(), nil, schema.Open, true); err != nil || changed != 0 {
		t.Fatalf("computing anew would change %d meters, %v", changed, err)
	}
	report, err := verify.Run(t.Context(), s, verify.Options{List: 10})
	if err != nil || len(report.Differences) > 0 {
		t.Fatalf("verify: %+v, %v", report, err)
	}
}
