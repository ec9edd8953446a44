package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a server refuses is told once, by the flag that was wrong, by the column
// of a table; and where no server is, what to do.
func TestCLI_Refusals(t *testing.T) {
	s := mustServe(t, t.TempDir())
	f := func(code int, want string, args ...string) {
		t.Helper()
		if got, _, errors := s.cli(args...); got != code || errors != want {
			t.Errorf("%v: got exit code %d and %q, want %d and %q", args, got, errors, code, want)
		}
	}
	f(exitUsage, "jouleline: --by: expected value to be one of \"region, department, class, institution\": got \"colour\"\n",
		"progress", "--region", "370000", "--year", "2023", "--by", "colour")
	f(exitUsage, "jouleline: --known-at: invalid value: time: got \"yesterday\", want RFC 3339 with an offset, as 2024-05-01T08:15:00+08:00\n",
		"progress", "--region", "370000", "--year", "2023", "--known-at", "yesterday")
	folder := t.TempDir()
	for name, text := range map[string]string{
		"regions.csv": "code,name\n370000,山东省\n", "institutions.csv": "id,name,class,region\nS1,a,education,370000\n", "buildings.csv": "id,institution\nB1,S1\n",
		"meters.csv": "id,building,carrier,kind\nE1,B1,electrcity,register\nE2,B1\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, _, errors := s.cli("import", "registry", folder)
	for _, want := range []string{"\n  meters.csv:2:7: carrier: unknown carrier: got \"electrcity\"", "\n  meters.csv:3: the row has 2 fields, the header 4\n"} {
		if code != exitUsage || !strings.Contains(errors, want) {
			t.Errorf("got exit code %d and %q, want %q in it", code, errors, want)
		}
	}
}

// A table that was not brought, and lacks what the brought ones took away, is told
// from those that were.
func TestCLI_ImportLeavesOthersAlone(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder("../../schema/registry/testdata/example")
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "regions.csv"), []byte("code,name\n1,a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const kept = "(a table that is kept: bring it, too)"
	if code, _, errors := s.cli("import", "registry", folder); code != exitUsage || !strings.Contains(errors, "\n  institutions.csv:2:") || !strings.Contains(errors, kept) {
		t.Errorf("got exit code %d and %q, want the table of institutions, %s", code, errors, kept)
	}
	if code, _, errors := s.cli("consumption", "--region", "370000", "--from", "2023-01-01T00:00:00+08:00", "--to", "2024-01-01T00:00:00+08:00"); code != exitUsage || errors != "jouleline: cannot be asked: carrier: got none, want one, as electricity\n" {
		t.Errorf("got exit code %d and %q, want to hear that a carrier is lacking", code, errors)
	}
}

// What a command did is told in lines; a second time it did nothing, and names no
// moment of it.
func TestCLI_Import(t *testing.T) {
	s := mustServe(t, t.TempDir())
	f := func(lines, start string) {
		t.Helper()
		code, out, errors := s.cli("import", "registry", "../../schema/registry/testdata/example", "--format", "table")
		var names []string
		for line := range strings.Lines(out) {
			names = append(names, strings.Fields(line)[0])
		}
		if got := strings.Join(names, " "); code != exitOK || got != lines || !strings.HasPrefix(out, start) {
			t.Errorf("got exit code %d, %q and\n%s", code, errors, out)
		}
	}
	f("tables meters added rebooked unparked recorded", "tables    buildings.csv, declared.csv, ")
	f("tables meters added rebooked unparked", "tables    -\nmeters    1\nadded     0\n")
}

func TestCLI_NoServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil { // from here on nobody listens there
		t.Fatal(err)
	}
	f := func(code int, want string, args ...string) {
		t.Helper()
		var out, complaints bytes.Buffer
		if got := run(t.Context(), args, streams{&out, &complaints}); got != code || !strings.Contains(complaints.String(), want) {
			t.Errorf("%v: got exit code %d and %q, want %d and %q", args, got, &complaints, code, want)
		}
	}
	f(exitFailed, "ask the server at "+address+": dial tcp", "plans", "--server", address)
	f(exitFailed, `start one with "jouleline serve"`, "ready", "--server", address)
	f(exitUsage, `server: got "nonsense", want an address as http://127.0.0.1:8080`, "plans", "--server", "nonsense")
	f(exitUsage, `server: got "127.0.0.1:8080"`, "ready", "--server", "127.0.0.1:8080")
}

// A table is for eyes: numbers keep six decimals, or six digits where they are
// small, and everything else stays as it is.
func TestCompact(t *testing.T) {
	f := func(cell, want string) {
		t.Helper()
		if got := compact(cell); got != want {
			t.Errorf("%s: got %s, want %s", cell, got, want)
		}
	}
	f("17.38166219654243", "17.381662")
	f("-8093309.015216244", "-8093309.015216")
	f("0.9526447531909684", "0.952645")
	f("0.000043015123456", "0.0000430151")
	f("-0.0000000123456789", "-0.0000000123457")
	f("5371668.394347", "5371668.394347")
	f("105.00000000000001", "105")
	f("0.00000000000000000001", "0.00000000000000000001")
	for _, same := range []string{"4.73", "2023", "sim-370000-0001", "2023-01-01T00:00:00+08:00", "127.0.0.1234567", "-", "", "1.", "gbt2589-2020", "1.2345678 kWh", "0x1.123456789p3", "1.23456789e10"} {
		f(same, same)
	}
}
