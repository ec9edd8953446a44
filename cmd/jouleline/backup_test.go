package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// pushSent pushes readings in bodies of random size, as JSON lines.
func (s *testServer) pushSent(readings []sent, random *rand.Rand) {
	s.t.Helper()
	for len(readings) > 0 {
		n := min(len(readings), 1+random.IntN(60))
		var body []byte
		for i := range readings[:n] {
			body = append(codec.AppendJSON(body, &readings[i].Reading), '\n')
		}
		s.push("application/x-ndjson", body)
		readings = readings[n:]
	}
	s.settle()
}

// mustRun runs a command of the program that has to succeed.
func mustRun(t testing.TB, args ...string) string {
	t.Helper()
	var out, said bytes.Buffer
	if code := run(t.Context(), args, streams{&out, &said}); code != exitOK {
		t.Fatalf("%s: exit code %d: %s", strings.Join(args, " "), code, said.String())
	}
	return out.String()
}

// A backup that is taken between two loads, restored, finds the second on the
// topic, and then holds what the original holds.
func TestBackup_RestoredAndReplayedEqualsTheOriginal(t *testing.T) {
	random := chance.Random(t)
	tables, readings := randomWorld(random)
	folder, backup := t.TempDir(), filepath.Join(t.TempDir(), "monday.duckdb")
	s := mustServe(t, folder)
	s.importTables(tables)
	half := len(readings) / 2
	s.pushSent(readings[:half], random)
	atBackup := everything(t, s.store, 4)
	mustRun(t, "backup", "--server", s.Server, backup)
	if code := run(t.Context(), []string{"backup", "--server", s.Server, backup}, streams{io.Discard, io.Discard}); code != exitUsage {
		t.Errorf("a second backup to the same file: got exit code %d, want %d", code, exitUsage)
	}
	s.pushSent(readings[half:], random)
	if err := s.upkeep(t.Context()); err != nil { // may trim the topic
		t.Fatal(err)
	}
	want := everything(t, s.store, 4)
	if want == atBackup {
		t.Fatal("the second load changed nothing: the test shows nothing")
	}
	s.stop()

	if code := run(t.Context(), []string{"restore", "--data", folder, backup}, streams{io.Discard, io.Discard}); code != exitUsage {
		t.Errorf("restore over books: got exit code %d, want %d", code, exitUsage)
	}
	mustRun(t, "restore", "--data", folder, "--replace", backup)
	s = mustServe(t, folder)
	s.settle()
	if got := everything(t, s.store, 4); got != want {
		t.Errorf("restored and replayed:\n%s", unlike(got, want))
	}
	changed, err := s.books.current.Recompute(t.Context(), nil, schema.Open, true)
	if err != nil || changed != 0 {
		t.Errorf("computing anew would change %d meters, %v", changed, err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, "copy-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What came after the latest backup stays on the topic for the time that was
// set, and no longer.
func TestBackup_HoldsTheTopic(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder(exampleRegistry)
	s.push("application/json", []byte(exampleReadings[0]))
	s.settle()
	mustRun(t, "backup", "--server", s.Server, filepath.Join(t.TempDir(), "b.duckdb"))
	before := s.store.Offsets()
	s.push("application/json", []byte(exampleReadings[1]))
	s.settle()
	for _, f := range []struct {
		hold time.Duration
		want map[int]int64
	}{{time.Hour, before}, {-time.Hour, s.store.Offsets()}} {
		s.flags.BackupHold = f.hold
		if got, err := s.needed(t.Context()); err != nil || fmt.Sprint(got) != fmt.Sprint(f.want) {
			t.Errorf("held for %v: got offsets %v, %v; want %v", f.hold, got, err, f.want)
		}
	}
}

func TestRestore_RefusesBesideARunningServer(t *testing.T) {
	folder, backup := t.TempDir(), filepath.Join(t.TempDir(), "b.duckdb")
	s := startChild(t, folder)
	defer s.kill(t)
	mustRun(t, "backup", "--server", s.Server, backup)
	var said bytes.Buffer
	if code := run(t.Context(), []string{"restore", "--data", folder, "--replace", backup}, streams{io.Discard, &said}); code != exitFailed || !strings.Contains(said.String(), "is the server running") {
		t.Errorf("got exit code %d, %s; want %d", code, said.String(), exitFailed)
	}
}

func TestRestore_RefusesWhatIsNoBackup(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "x")
	writeFile(t, file, strings.Repeat("not a database ", 1000))
	data := filepath.Join(folder, "data")
	if code := run(t.Context(), []string{"restore", "--data", data, file}, streams{io.Discard, io.Discard}); code != exitFailed {
		t.Errorf("got exit code %d, want %d", code, exitFailed)
	}
	if left, err := os.ReadDir(data); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What is exported can be pushed again, into another server, and gives the same
// books; the ledger adds up to what is answered.
func TestExport_PushedAgainGivesTheSameBooks(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder(exampleRegistry)
	for _, r := range exampleReadings {
		s.push("application/json", []byte(r))
	}
	s.settle()
	out := t.TempDir()
	mustRun(t, "export", "readings", "--server", s.Server, "--from", "2023-04-15", "--to", "2023-06-01", "--form", "csv", "--out", out)
	mustRun(t, "export", "ledger", "--server", s.Server, "--from", "2023-05-01", "--to", "2023-05-03", "--form", "csv", "--out", out)
	mustRun(t, "export", "readings", "--server", s.Server, "--from", "2023-05-01", "--to", "2023-06-01", "--out", out)

	again := mustServe(t, t.TempDir())
	again.importFolder(exampleRegistry)
	for _, name := range []string{"readings-2023-04-15-to-2023-05-01.csv", "readings-2023-05.csv"} {
		mustRun(t, "import", "readings", "--server", again.Server, filepath.Join(out, name))
	}
	again.settle()
	checkExample(t, again)

	content, err := os.ReadFile(filepath.Join(out, "ledger-2023-05-01-to-2023-05-03.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(rows[0], ","), "meter,carrier,unit,day,quantity,estimated,known_seconds,cause,recorded"; got != want {
		t.Errorf("columns: got %s, want %s", got, want)
	}
	parquet, err := os.ReadFile(filepath.Join(out, "readings-2023-05.parquet"))
	if err != nil || !bytes.HasPrefix(parquet, []byte("PAR1")) || !bytes.HasSuffix(parquet, []byte("PAR1")) {
		t.Errorf("parquet: got %d bytes, %v", len(parquet), err)
	}
}

func TestExport_Refuses(t *testing.T) {
	s := mustServe(t, t.TempDir())
	f := func(query string) {
		t.Helper()
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.get(t.Context(), "/api/v1/export", values, "*/*")
		if _, ok := err.(usageError); !ok {
			t.Errorf("%s: got %v, want it refused", query, err)
		}
	}
	f("table=tokens&from=2023-01-01T00:00:00Z&to=2023-01-02T00:00:00Z")
	f("table=ledger&from=2023-01-01T00:00:00Z&to=2023-03-02T00:00:00Z")
	f("table=ledger&from=2023-01-02T00:00:00Z&to=2023-01-01T00:00:00Z")
	f("table=ledger&from=yesterday&to=2023-01-01T00:00:00Z")
	f("table=ledger&from=2023-01-01T00:00:00Z&to=2023-01-02T00:00:00Z&format=xml")
}
