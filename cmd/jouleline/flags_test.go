package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// What cannot be served is told at once, with what would do: a server that began
// with it would fail again and again where nobody looks.
func TestServe_RefusesFlags(t *testing.T) {
	f := func(want string, args ...string) {
		t.Helper()
		var out, complaints bytes.Buffer
		args = append([]string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0"}, args...)
		if code := run(t.Context(), args, streams{&out, &complaints}); code != exitUsage || !strings.Contains(complaints.String(), want) {
			t.Errorf("%v: got exit code %d and %q, want %d and %q", args[5:], code, &complaints, exitUsage, want)
		}
	}
	f(`time zone: got "Mars/Olympus", want an IANA time zone, as Asia/Shanghai`, "--time-zone", "Mars/Olympus")
	f("topic-partitions: got 0, want at least 1", "--topic-partitions", "0")
	f("batch-readings: got -1, want at least 0", "--batch-readings=-1")
	f("linger: got -1s, want at least 0", "--linger=-1s")
	f("backup-hold: got -5h0m0s, want at least 0", "--backup-hold=-5h")
	f("token-rate: got -1, want at least 0", "--token-rate=-1")
	f("token-rate: got NaN, want at least 0", "--token-rate=NaN")
	f(`memory: got "lots", want a size as 512MiB`, "--memory", "lots")
	f("Try: jouleline serve --help", "--memroy", "1GiB")
}

// A second server on one address says what to do.
func TestServe_PortInUse(t *testing.T) {
	s := mustServe(t, t.TempDir())
	address := strings.TrimPrefix(s.Server, "http://")
	var out, complaints bytes.Buffer
	if code := run(t.Context(), []string{"serve", "--data", t.TempDir(), "--listen", address}, streams{&out, &complaints}); code != exitFailed || !strings.Contains(complaints.String(), "--listen takes another address") {
		t.Errorf("got exit code %d and %q", code, &complaints)
	}
}

// A check of the configuration looks at the calendar too.
func TestCheck_RefusesCalendar(t *testing.T) {
	var out, complaints bytes.Buffer
	if code := run(t.Context(), []string{"check", "--time-zone", "Mars/Olympus"}, streams{&out, &complaints}); code != exitUsage || !strings.Contains(complaints.String(), `got "Mars/Olympus"`) {
		t.Errorf("got exit code %d and %q", code, &complaints)
	}
}

// A usage error names the help of the command that was asked for, and a bad
// configuration file is not blamed on another flag.
func TestRun_UsageErrors(t *testing.T) {
	f := func(want string, args ...string) {
		t.Helper()
		var out, complaints bytes.Buffer
		if code := run(t.Context(), args, streams{&out, &complaints}); code != exitUsage || complaints.String() != want {
			t.Errorf("%v: got exit code %d and %q, want %d and %q", args, code, &complaints, exitUsage, want)
		}
	}
	f("jouleline: missing flags: --year=INT\nTry: jouleline progress --help\n", "progress", "--region", "370000")
	f("jouleline: --year: expected a valid 64 bit int but got \"x\"\nTry: jouleline report freeze --help\n", "report", "freeze", "--year", "x")
	f("jouleline: unexpected argument frobnicate\nTry: jouleline --help\n", "frobnicate")
	file := t.TempDir() + "/c.json"
	if err := os.WriteFile(file, []byte("root:x"), 0o600); err != nil {
		t.Fatal(err)
	}
	f("jouleline: configuration "+file+": invalid character 'r' looking for beginning of value\n", "check", "--config", file)
}

// A token's end that lies behind is refused: no token is made that never ends.
func TestToken_RefusesPastEnd(t *testing.T) {
	var out, complaints bytes.Buffer
	code := run(t.Context(), []string{"token", "create", "--data", t.TempDir(), "--scope", "read", "--expires=-1h"}, streams{&out, &complaints})
	if code != exitUsage || out.Len() > 0 || !strings.Contains(complaints.String(), "--expires: got -1h0m0s, want a time to come") {
		t.Errorf("got exit code %d, %q and %q", code, &out, &complaints)
	}
}

// The folder that is named is the one that is used, whatever it is called.
func TestServerFlags_Folder(t *testing.T) {
	named := filepath.Join(t.TempDir(), "data")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	f := func(want string, args ...string) {
		t.Helper()
		var cli CLI
		parser, err := kong.New(&cli, kong.Name("jouleline"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(args); err != nil {
			t.Fatal(err)
		}
		flags, usual := &cli.Serve.ServerFlags, "data"
		if args[0] == "demo" {
			flags, usual = &cli.Demo.ServerFlags, "demo-data"
		}
		if err := flags.keepIn(usual); err != nil || flags.Data != want {
			t.Errorf("%v: got %q, %v, want %q", args, flags.Data, err, want)
		}
	}
	f(named, "serve", "--data", named)
	f(named, "demo", "--data", named)
	f(filepath.Join(here, "data"), "serve")
	f(filepath.Join(here, "demo-data"), "demo")
}
