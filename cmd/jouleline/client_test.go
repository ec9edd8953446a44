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
