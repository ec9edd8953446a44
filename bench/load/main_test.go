package main

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	f := func(want string, args ...string) {
		t.Helper()
		var stderr bytes.Buffer
		_, err := parse(args, &stderr)
		if got := ""; err != nil {
			if got = err.Error(); want == "" || !strings.Contains(got, want) {
				t.Errorf("%v: got %q, want %q", args, got, want)
			}
		} else if want != "" {
			t.Errorf("%v: got no error, want %q", args, want)
		}
	}
	f("")
	f("", "--only", "visible_p99", "--readings", "300000", "--runs", "1")
	f("", "--only", "visible", "--cpuprofile", "x")
	f(`no row "speed"`, "--only", "speed")
	f("runs: got 0", "--runs", "0")
	f("readings: got 5", "--readings", "5")
	f("loaded-days: got 3", "--loaded-days", "3")
	f("", "--crowd-meters", "0")
	f("crowd-meters: got -1", "--crowd-meters", "-1")
	f("want --only", "--cpuprofile", "x")
	f("want both or none", "--measure", "visible")
	f("want flags only", "visible")
	f("not defined", "--speed")
}

// The process that a run is has the sizes of the one that starts it: else it would
// measure a world of another size, and say nothing of it.
func TestArguments_CarrySizes(t *testing.T) {
	want := sizes{}
	fields := reflect.ValueOf(&want).Elem()
	for i := range fields.NumField() {
		fields.Field(i).SetInt(int64(10_001 + i))
	}
	want.LoadedDays = 99
	r := newRunner(&options{sizes: want}, io.Discard)
	got, err := parse(r.arguments(&groups[0], t.TempDir(), false), io.Discard)
	if err != nil || got.sizes != want {
		t.Errorf("got %+v, %v, want %+v", got.sizes, err, want)
	}
}

func TestRun_ExitCodes(t *testing.T) {
	f := func(want int, args ...string) {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if got := run(t.Context(), args, &stdout, &stderr); got != want {
			t.Errorf("%v: got exit code %d, want %d: %s", args, got, want, stderr.String())
		}
	}
	f(exitGood, "--help")
	f(exitUsage, "--runs", "many")
	f(exitUsage, "--only", "speed")
	f(exitWrong, "--measure", "speed", "--dir", t.TempDir())
}

// Every row belongs to one group, says what it is, and has bars in order.
func TestGroups(t *testing.T) {
	seen := map[string]bool{}
	for i := range groups {
		g := &groups[i]
		if g.measure == nil || len(g.rows) == 0 || g.limit(&defaultSizes) < time.Minute {
			t.Errorf("group %s: want a measurement, rows and a limit of a minute or more", g.name)
		}
		for _, r := range g.rows {
			if seen[r.name] || r.what == "" || r.unit == "" {
				t.Errorf("row %s: want one of its name, with a text and a unit", r.name)
			}
			seen[r.name] = true
			if r.first != 0 && r.less != (r.goal < r.first) {
				t.Errorf("row %s: the goal %g is easier than the first bar %g", r.name, r.goal, r.first)
			}
			if found, err := findGroup(r.name); err != nil || found != g {
				t.Errorf("row %s: got %v, %v, want its group", r.name, found, err)
			}
		}
	}
	all, err := choose("")
	if err != nil || len(all) != len(groups) {
		t.Errorf("got %d groups, %v, want all", len(all), err)
	}
}

// Every group measures a small world to its end, gives a figure for each of its
// rows, and finds the books right. How fast that was is not looked at.
func TestMeasure_SmallWorlds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	small := sizes{Readings: 40_000, Meters: 500, ManyMeters: 2_000, Institutions: 200, LoadedMeters: 100, CrowdMeters: 200, LoadedDays: 32}
	for i := range groups {
		g := &groups[i]
		t.Run(g.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			args := []string{
				"--measure", g.name, "--dir", t.TempDir(), "--readings", strconv.Itoa(small.Readings), "--meters", strconv.Itoa(small.Meters),
				"--many-meters", strconv.Itoa(small.ManyMeters), "--institutions", strconv.Itoa(small.Institutions),
				"--loaded-meters", strconv.Itoa(small.LoadedMeters), "--crowd-meters", strconv.Itoa(small.CrowdMeters), "--loaded-days", strconv.Itoa(small.LoadedDays),
			}
			if code := run(t.Context(), args, &stdout, &stderr); code != exitGood {
				t.Fatalf("got exit code %d: %s", code, stderr.String())
			}
			var figures map[string]figure
			if err := json.Unmarshal(stdout.Bytes(), &figures); err != nil {
				t.Fatal(err)
			}
			for _, r := range g.rows {
				if f, ok := figures[r.name]; !ok || !(f.Value > 0) {
					t.Errorf("row %s: got %+v, want a figure above 0", r.name, figures)
				}
			}
		})
	}
}
