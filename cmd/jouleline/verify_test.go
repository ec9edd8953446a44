package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/metrics/verify"
	"jouleline/schema"
	"jouleline/store"
)

// runCommand runs a command against a server.
func runCommand(s *testServer, args ...string) (code int, text string) {
	var out, errs bytes.Buffer
	code = run(context.Background(), append(args, "--server", s.Server), streams{&out, &errs})
	return code, out.String() + errs.String()
}

func mustVerify(t *testing.T, s *store.Store, o verify.Options) *verify.Report {
	t.Helper()
	o.List = 100
	report, err := verify.Run(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Random books are sound, whatever came in whatever order; a booking that no
// reading gives, a wrong verdict and a wrong roll-up are found, each as what it
// is.
func TestVerify_FindsWhatDoesNotFollow(t *testing.T) {
	seed := chance.Seed(t)
	for n := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, n))
		tables, readings := randomWorld(random)
		s, _ := bookAll(t, tables, shuffled(readings, random), 1+random.IntN(40))
		before := everything(t, s, 4)
		sound := mustVerify(t, s, verify.Options{})
		if len(sound.Differences) != 0 || sound.Meters != 4 || sound.Readings == 0 || sound.Checked == 0 || sound.Months == 0 {
			t.Fatalf("world %d: got %+v, want 4 sound meters", n, sound)
		}
		if everything(t, s, 4) != before {
			t.Fatalf("world %d: verifying changed the books", n)
		}
		// A booking without a reading, which the roll-up does not hear of.
		entry := posting.Entry{Meter: 0, Account: posting.NoAccount, Entry: books.Entry{Day: schema.DayOf(2024, 3, 30), Quantity: 250_000, Known: 1000}}
		code := posting.Code{Meter: 3, CodeChange: books.CodeChange{Time: 77, Kind: schema.Delta, Code: schema.Spike}}
		if err := s.Post(t.Context(), &posting.Batch{Entries: []posting.Entry{entry}, Codes: []posting.Code{code}}); err != nil {
			t.Fatal(err)
		}
		found := mustVerify(t, s, verify.Options{})
		kinds := map[verify.Kind]string{}
		for _, d := range found.Differences {
			kinds[d.Kind] += d.Meter + d.Institution + " " + d.Where + " " + d.Excess.String() + ";"
		}
		if len(found.Differences) != 3 || kinds[verify.Ledger] != "M0 2024-03-30, measured 0.25;" || kinds[verify.Rollup] != "I1 2024-03 -0.25;" || !strings.HasPrefix(kinds[verify.Verdict], "M3 delta 1970-01-01") {
			t.Fatalf("world %d: got %+v, want the booking, the roll-up and the verdict", n, found.Differences)
		}
	}
}

// A sample is drawn by its seed, and its roll-ups are those of all meters of its
// accounts.
func TestVerify_Sample(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	tables, readings := randomWorld(random)
	s, _ := bookAll(t, tables, shuffled(readings, random), 20)
	for k := range uint64(8) {
		report := mustVerify(t, s, verify.Options{Sample: 2, Seed: k})
		if report.Meters != 2 || report.Registered != 4 || len(report.Differences) != 0 {
			t.Fatalf("seed %d: got %+v, want 2 sound meters of 4", k, report)
		}
	}
}

func TestVerify_EndToEnd(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder(exampleRegistry)
	for _, reading := range exampleReadings {
		s.push("application/json", []byte(reading))
	}
	s.settle()
	if code, text := runCommand(s, "verify"); code != exitOK || !strings.Contains(text, "1 of 1 meters: 7 readings") || !strings.Contains(text, "the books are what the readings give") {
		t.Errorf("got code %d, %s, want a sound meter", code, text)
	}
	// What nobody read is booked behind the pipeline's back.
	entry := posting.Entry{Meter: 0, Account: 0, Entry: books.Entry{Day: schema.DayOf(2023, 5, 1), Quantity: 500_000}}
	if err := s.store.Post(t.Context(), &posting.Batch{Entries: []posting.Entry{entry}}); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"table", "json", "csv"} {
		code, text := runCommand(s, "verify", "--format", format, "--sample", "1")
		if code != exitFailed || !strings.Contains(text, "2023-05-01, measured") || !strings.Contains(text, "0.5") {
			t.Errorf("%s: got code %d, %s, want 1 and the day", format, code, text)
		}
	}
	// Opening the day shows it, too.
	body, err := s.get(t.Context(), "/api/v1/explain", url.Values{"meter": {"E1"}, "from": {"2023-05-01T00:00:00+08:00"}, "to": {"2023-05-02T00:00:00+08:00"}}, "text/plain")
	if err != nil || !strings.Contains(string(body), "meter E1: 6 kWh") || !strings.Contains(string(body), "in the books, not in the readings: 0.5 kWh") {
		t.Errorf("got %s, %v, want 6 kWh with a part that no reading gives", body, err)
	}
	if code, text := runCommand(s, "recompute"); code != exitOK {
		t.Fatalf("recompute: got code %d, %s", code, text)
	}
	if code, text := runCommand(s, "verify"); code != exitOK {
		t.Errorf("after recompute: got code %d, %s, want sound books", code, text)
	}
}

// The command opens the example world: consumption, indicator and reduction.
func TestExplain_EndToEnd(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder(exampleRegistry)
	for _, reading := range exampleReadings {
		s.push("application/json", []byte(reading))
	}
	s.settle()
	const from, to = "2023-05-01T00:00:00+08:00", "2023-05-03T00:00:00+08:00"
	f := func(wanted []string, args ...string) {
		t.Helper()
		code, text := runCommand(s, append([]string{"explain"}, args...)...)
		for _, want := range wanted {
			if code != exitOK || !strings.Contains(text, want) {
				t.Errorf("%v: got code %d,\n%s\nwant %q in it", args, code, text, want)
			}
		}
	}
	f([]string{"consumption of meter E1: 13 kWh", "2023-05-01: 5.5 kWh", "2023-05-02: 7.5 kWh", "= 113 - 109 kWh", "revision 1", "superseded"},
		"--meter", "E1", "--from", from, "--to", to)
	f([]string{"5.805480338", "= 520000 kWh x 0.1229 kgce/kWh", "factor set gbt2589-2020 version 1", "12000 m2 x 184 of 365 days"},
		"--institution", "S1", "--indicator", "energy_per_area", "--from", "2023-01-01T00:00:00+08:00", "--to", "2024-01-01T00:00:00+08:00")
	f([]string{"reduction of energy_per_area", "5.525136", "completion 100 x", "110.5027", "state: met"}, "--institution", "S1", "--indicator", "energy_per_area", "--year", "2023")
	f([]string{`"op":"sum"`}, "--meter", "E1", "--from", from, "--to", to, "--format", "json")
	for _, args := range [][]string{{"--meter", "E1"}, {"--meter", "E1", "--format", "csv"}, {"--year", "2023"}} {
		if code, text := runCommand(s, append([]string{"explain"}, args...)...); code != exitUsage {
			t.Errorf("%v: got code %d, %s, want %d", args, code, text, exitUsage)
		}
	}
}
