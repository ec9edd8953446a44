package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestVerdict(t *testing.T) {
	more := row{first: 500, goal: 1000}
	less := row{first: 12, goal: 5, less: true}
	f := func(r *row, value float64, want string) {
		t.Helper()
		if got := r.verdict(value); got != want {
			t.Errorf("verdict of %g: got %q, want %q", value, got, want)
		}
	}
	f(&more, 499, short)
	f(&more, 500, passed)
	f(&more, 1000, reached)
	f(&less, 12.1, short)
	f(&less, 12, passed)
	f(&less, 5, reached)
	f(&row{less: true}, 1, noBar)
	f(&row{}, 1, noBar)
}

func TestNumber(t *testing.T) {
	f := func(v float64, want string) {
		t.Helper()
		if got := number(v); got != want {
			t.Errorf("number %g: got %q, want %q", v, got, want)
		}
	}
	f(0, "0")
	f(0.1064, "0.106")
	f(1.5, "1.50")
	f(17.52, "17.5")
	f(250, "250")
	f(999.6, "1,000")
	f(1234567.8, "1,234,568")
	f(-123456, "-123,456")
	f(-1234.5, "-1,234")
}

func twoRuns() []map[string]figure {
	return []map[string]figure{
		{"a": {Value: 600, Details: details{"late": 4}}},
		{"a": {Value: 400, Details: details{"late": 2}}},
		{"a": {Value: 550, Details: details{"late": 3}}},
	}
}

func TestSummarise_TakesMedians(t *testing.T) {
	w := row{name: "a", unit: rate, first: 500, goal: 1000}
	got := summarise(&w, twoRuns(), nil)
	if got.Median != 550 || got.Least != 400 || got.Most != 600 || got.Verdict != passed || got.Details["late"] != 3 || len(got.Runs) != 3 {
		t.Errorf("got %+v, want the median 550 of 400..600, pass, late 3", got)
	}
}

// A row whose run failed, or gave nothing, has no verdict.
func TestSummarise_Failures(t *testing.T) {
	w := row{name: "a", first: 500}
	f := func(runs []map[string]figure, failure error, want string) {
		t.Helper()
		got := summarise(&w, runs, failure)
		if got.Verdict != "" || !strings.Contains(got.Error, want) {
			t.Errorf("got verdict %q and error %q, want none and %q", got.Verdict, got.Error, want)
		}
	}
	f(twoRuns(), errors.New("third run hung"), "third run hung")
	f(append(twoRuns(), map[string]figure{"b": {}}), nil, "no figure for a")
}

func TestReport_TableAndFile(t *testing.T) {
	r := &report{Commit: "0123456789abcdef", Dirty: true, Machine: machine{CPU: "some CPU", Cores: 2, LoadBefore: 3}}
	g := &group{rows: []row{{name: "a", unit: rate, first: 500, goal: 1000}, {name: "b", unit: "ms", less: true}}}
	r.add(g, twoRuns(), nil)
	table := r.table()
	for _, want := range []string{"a ", "550", "(400..600)", "500", "1,000", "pass", "late 3", "failed", "no figure for b"} {
		if !strings.Contains(table, want) {
			t.Errorf("got a table without %q:\n%s", want, table)
		}
	}
	if !strings.Contains(r.heading(), "012345678-dirty") || !strings.Contains(r.heading(), "others are at work") {
		t.Errorf("got the heading %q, want the commit and a warning", r.heading())
	}
	file := filepath.Join(t.TempDir(), "sub", "r.json")
	if err := r.write(file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var back report
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if len(back.Rows) != 2 || back.Rows[0].Median != 550 || back.Commit != r.Commit {
		t.Errorf("got back %+v", back)
	}
}

func TestField(t *testing.T) {
	text := []byte("processor\t: 0\nmodel name\t: AMD EPYC\nMemTotal:       24626128 kB\n")
	if got, ok := field(text, "model name"); !ok || got != "AMD EPYC" {
		t.Errorf("model name: got %q, %v", got, ok)
	}
	if got, _ := field(text, "MemTotal"); kibibytes(got) != 24626128 {
		t.Errorf("MemTotal: got %q", got)
	}
	if _, ok := field(text, "Mem"); ok {
		t.Error("Mem: got a field that is not there")
	}
}

func TestStatSeconds(t *testing.T) {
	f := func(line string, want float64) {
		t.Helper()
		if got := statSeconds(line); got != want {
			t.Errorf("%q: got %g s, want %g", line, got, want)
		}
	}
	f("42 (a name) R 1 42 42 0 -1 4194304 161 0 0 0 1234 66 0 0 20 0 1 0 772987 3932160 517", 13)
	f("42 (load) R 1", 0)
	f("", 0)
}
