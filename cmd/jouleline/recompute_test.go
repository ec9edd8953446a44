package main

import (
	"math/rand/v2"
	"strings"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/metrics/verify"
	"jouleline/schema"
)

// Computing some days of sound books anew changes nothing, whichever days. Of
// books with two wrong days and two wrong verdicts only what lies in the asked
// days is mended; the rest stays, right or wrong, until its days are asked for.
func TestRecompute_OnlyTheDaysAskedFor(t *testing.T) {
	seed := chance.Seed(t)
	for n := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, n))
		tables, readings := randomWorld(random)
		s, p := bookAll(t, tables, shuffled(readings, random), 1+random.IntN(40))
		sound := everything(t, s, 4)
		first := schema.DayOf(2024, 3, 28)
		for range 6 {
			days := schema.Validity{From: first + schema.Day(random.IntN(8)), To: schema.Never}
			if random.IntN(2) == 0 {
				days.To = days.From + 1 + schema.Day(random.IntN(4))
			}
			for _, dryRun := range []bool{true, false} {
				changed, err := p.Recompute(t.Context(), nil, days, dryRun)
				if got := everything(t, s, 4); err != nil || changed != 0 || got != sound {
					t.Fatalf("world %d, days %v: %d meters changed, %v:\n%s", n, days, changed, err, unlike(got, sound))
				}
			}
		}

		early, late := schema.DayOf(2024, 3, 29), schema.DayOf(2024, 3, 31)
		b := &posting.Batch{}
		for _, d := range []schema.Day{early, late} {
			b.Entries = append(b.Entries, posting.Entry{Meter: 1, Account: posting.NoAccount, Entry: books.Entry{Day: d, Quantity: 250_000, Known: 1000}})
			at := schema.Instant(int64(d)*24*schema.Hour + 12*schema.Hour + 1)
			b.Codes = append(b.Codes, posting.Code{Meter: 3, CodeChange: books.CodeChange{Time: at, Kind: schema.Delta, Code: schema.Spike}})
		}
		if err := s.Post(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		broken := everything(t, s, 4)
		mend := func(days schema.Validity, dryRun bool, want int) {
			t.Helper()
			if changed, err := p.Recompute(t.Context(), nil, days, dryRun); err != nil || changed != want {
				t.Fatalf("world %d, days %v, dry run %v: got %d meters, %v, want %d", n, days, dryRun, changed, err, want)
			}
		}
		mend(schema.Validity{From: early, To: early + 1}, true, 2)
		if got := everything(t, s, 4); got != broken {
			t.Fatalf("world %d: a dry run changed\n%s", n, unlike(got, broken))
		}
		mend(schema.Validity{From: early + 1, To: late}, false, 0)
		mend(schema.Validity{From: early, To: late}, false, 2)
		for _, d := range mustVerify(t, s, verify.Options{}).Differences {
			if strings.Contains(d.Where, early.String()) {
				t.Fatalf("world %d: %+v is still wrong", n, d)
			}
		}
		if left := unlike(everything(t, s, 4), sound); !strings.Contains(left, late.String()) {
			t.Fatalf("world %d: got %q other than sound books, want %s still wrong", n, left, late)
		}
		mend(schema.Validity{From: late, To: schema.Never}, false, 2)
		if got := everything(t, s, 4); got != sound {
			t.Fatalf("world %d: after all days:\n%s", n, unlike(got, sound))
		}
	}
}

func TestRecompute_EndToEnd(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder(exampleRegistry)
	for _, reading := range exampleReadings {
		s.push("application/json", []byte(reading))
	}
	s.settle()
	entry := posting.Entry{Meter: 0, Account: 0, Entry: books.Entry{Day: schema.DayOf(2023, 5, 1), Quantity: 500_000}}
	if err := s.store.Post(t.Context(), &posting.Batch{Entries: []posting.Entry{entry}}); err != nil {
		t.Fatal(err)
	}
	f := func(code int, want string, args ...string) {
		t.Helper()
		if got, text := runCommand(s, append([]string{"recompute"}, args...)...); got != code || !strings.Contains(text, want) {
			t.Errorf("%v: got code %d, %s, want %d and %q", args, got, text, code, want)
		}
	}
	f(exitOK, "changed  0\n", "--from", "2023-05-02", "--to", "2023-06-01", "--dry-run")
	f(exitOK, "changed  1\n", "--from", "2023-05-01", "--to", "2023-05-02", "--dry-run")
	f(exitOK, "changed  1\n", "E1", "--from", "2023-05-01", "--to", "2023-05-02")
	f(exitOK, "changed  0\n", "--dry-run")
	f(exitUsage, "want a day", "--from", "May")
	f(exitUsage, "want a later day", "--from", "2023-05-02", "--to", "2023-05-01")
}
