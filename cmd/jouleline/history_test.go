package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jouleline/api/ledger"
	"jouleline/api/proof"
	"jouleline/schema"
)

// Each script in testdata/history is a life of a few meters, told in commands
// with their outcomes, and run through the whole program.
func TestHistory(t *testing.T) {
	scripts, err := filepath.Glob("testdata/history/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("got scripts %v, %v, want at least one", scripts, err)
	}
	for _, script := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(script), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(script)
			if err != nil {
				t.Fatal(err)
			}
			h := &historian{t: t, data: t.TempDir(), tables: t.TempDir(), moments: map[string]string{}}
			h.serve()
			for _, b := range parseBlocks(string(text)) {
				if got := h.run(b); got != b.want {
					t.Fatalf("%s:%d: %s\ngot\n%swant\n%s", script, b.line, strings.Join(b.command, " "), got, b.want)
				}
			}
		})
	}
}

// block is one command of a script.
type block struct {
	line        int
	command     []string
	input, want string
}

// parseBlocks reads a script: blocks are parted by blank lines, "#" begins a
// comment, and "----" stands between what goes in and what comes out; a command
// without it says nothing.
func parseBlocks(text string) (blocks []block) {
	var b *block
	out := false
	for i, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "#"):
		case line == "":
			b, out = nil, false
		case b == nil:
			blocks = append(blocks, block{line: i + 1, command: strings.Fields(line)})
			b = &blocks[len(blocks)-1]
		case line == "----":
			out = true
		case out:
			b.want += line + "\n"
		default:
			b.input += line + "\n"
		}
	}
	return blocks
}

// historian runs the commands of a script.
type historian struct {
	t            *testing.T
	data, tables string
	server       *testServer
	moments      map[string]string
}

func (h *historian) serve() { h.server = mustServe(h.t, h.data) }

func (h *historian) run(b block) string {
	h.t.Helper()
	args := b.command[1:]
	switch b.command[0] {
	case "registry":
		writeFile(h.t, filepath.Join(h.tables, args[0]), b.input)
		return "ok\n"
	case "import":
		h.server.importFolder(h.tables)
		meters := 0
		if text, err := os.ReadFile(filepath.Join(h.tables, "meters.csv")); err == nil {
			meters = bytes.Count(text, []byte("\n")) - 1
		}
		return fmt.Sprintf("meters %d\n", meters)
	case "push":
		return h.push(b.input)
	case "daily":
		return h.daily(args)
	case "event":
		return h.event(b.input)
	case "remember":
		h.moments[args[0]] = h.server.store.Recorded().String()
		return ""
	case "restart":
		h.server.stop()
		h.serve()
		return ""
	case "consumption":
		return h.consumption(args)
	case "indicators":
		return h.indicators(args)
	case "readings":
		return h.readings(args)
	case "flags":
		return h.flags(args)
	case "explain":
		return h.explain(args)
	case "recompute":
		return h.recompute()
	case "verify":
		code, text := runCommand(h.server, "verify")
		if code != 0 {
			return text
		}
		return "sound\n"
	}
	h.t.Fatalf("line %d: unknown command %s", b.line, b.command[0])
	return ""
}

// query reads "name=value" arguments; a day stands for its midnight in Shandong.
func (h *historian) query(args []string) url.Values {
	h.t.Helper()
	query := url.Values{}
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok {
			h.t.Fatalf("argument: got %q, want name=value", arg)
		}
		if moment, ok := h.moments[strings.Trim(value, "{}")]; ok {
			value = moment
		} else if (name == "from" || name == "to") && len(value) == len(time.DateOnly) {
			value += "T00:00:00+08:00"
		}
		query.Set(name, value)
	}
	return query
}

func (h *historian) push(csv string) string {
	h.t.Helper()
	v := h.server.push("text/csv", []byte(csv))
	h.server.settle()
	text := fmt.Sprintf("accepted %d\n", v.Accepted)
	for _, r := range v.Rejected {
		text += fmt.Sprintf("rejected %+v\n", r)
	}
	return text
}

// daily pushes one reading of a register a day: meter, first day, last day,
// first register, rise a day.
func (h *historian) daily(args []string) string {
	h.t.Helper()
	first, err1 := schema.ParseDay(args[1])
	last, err2 := schema.ParseDay(args[2])
	value, err3 := strconv.Atoi(args[3])
	rise, err4 := strconv.Atoi(args[4])
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			h.t.Fatal(err)
		}
	}
	csv := "meter,time,value\n"
	for day := first; day <= last; day++ {
		csv += fmt.Sprintf("%s,%sT00:00:00+08:00,%d\n", args[0], day, value)
		value += rise
	}
	return h.push(csv)
}

func (h *historian) event(line string) string {
	h.t.Helper()
	answer, err := h.server.send(h.t.Context(), http.MethodPost, "/api/v1/events", "application/json", strings.NewReader("["+line+"]"))
	if err != nil {
		h.t.Fatal(err)
	}
	var done struct{ Rebooked int }
	if err := json.Unmarshal(answer, &done); err != nil {
		h.t.Fatal(err)
	}
	return fmt.Sprintf("rebooked %d\n", done.Rebooked)
}

func (h *historian) recompute() string {
	h.t.Helper()
	answer, err := h.server.send(h.t.Context(), http.MethodPost, "/api/v1/recompute", "application/json", strings.NewReader(`{"all":true,"dry_run":true}`))
	if err != nil {
		h.t.Fatal(err)
	}
	var done struct{ Changed int }
	if err := json.Unmarshal(answer, &done); err != nil {
		h.t.Fatal(err)
	}
	return fmt.Sprintf("changed %d\n", done.Changed)
}

// label shortens a bucket's start to the digits that its step needs.
func label(start, step string) string {
	digits := map[string]int{"P1Y": 4, "P1M": 7, "P1D": 10}[step]
	if digits == 0 {
		digits = len("2023-01-01T00:00")
	}
	return start[:digits]
}

func (h *historian) consumption(args []string) string {
	h.t.Helper()
	query := h.query(args)
	var c consumption
	h.server.ask("/api/v1/consumption", query.Encode(), &c)
	text := ""
	for _, p := range c.Points {
		what := "missing"
		if p.Quantity != nil {
			what = p.Quantity.String() + " " + c.Unit
		}
		text += fmt.Sprintf("%s %s coverage %s", label(p.Start, query.Get("step")), what, fourDigits(p.Coverage))
		if p.Share != nil {
			text += " estimated " + fourDigits(*p.Share)
		}
		text += "\n"
	}
	return text
}

// fourDigits writes a share with at most four decimals.
func fourDigits(share float64) string {
	text := strconv.FormatFloat(share, 'f', 4, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func (h *historian) indicators(args []string) string {
	h.t.Helper()
	query := h.query(args)
	var answer struct {
		Points []struct {
			Start, Indicator, Unit string
			Value                  *json.Number
		}
	}
	h.server.ask("/api/v1/indicators", query.Encode(), &answer)
	var lines []string
	for _, p := range answer.Points {
		if strings.HasPrefix(p.Indicator, "energy_per_") && p.Value != nil {
			lines = append(lines, fmt.Sprintf("%s %s %s %s\n", label(p.Start, query.Get("step")), p.Indicator, *p.Value, p.Unit))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func (h *historian) readings(args []string) string {
	h.t.Helper()
	var answer ledger.ReadingsAnswer
	h.server.ask("/api/v1/readings", h.query(args).Encode(), &answer)
	text := ""
	for _, r := range answer.Readings {
		line := fmt.Sprintf("%s %s %s", r.Time.Format("2006-01-02T15:04"), r.Value.Quantity, r.Code)
		text += strings.TrimSpace(line) + "\n"
	}
	return text
}

func (h *historian) flags(args []string) string {
	h.t.Helper()
	var answer ledger.ReadingsAnswer
	h.server.ask("/api/v1/readings", h.query(args).Encode(), &answer)
	text := ""
	for _, f := range answer.Flags {
		text += fmt.Sprintf("%s %s to %s: %s\n", f.Rule, f.From.Format("2006-01-02"), f.To.Format("2006-01-02"), f.Detail)
	}
	return text
}

// explain prints the figure, and for a single span how it came about; "adds up"
// tells that every sum of the tree is that of its parts.
func (h *historian) explain(args []string) string {
	h.t.Helper()
	query := h.query(args)
	query.Set("depth", "4")
	var answer proof.ExplainAnswer
	h.server.ask("/api/v1/explain", query.Encode(), &answer)
	spans := 0
	var last *proof.Explained
	visit(&answer.Tree, func(e *proof.Explained) {
		if len(e.Readings) > 0 {
			spans++
			last = e
		}
	})
	text := fmt.Sprintf("%s %s", answer.Tree.Value, answer.Tree.Unit)
	if spans == 1 {
		text += fmt.Sprintf(" = %s %v", last.How, last.Rules)
	}
	sumsUp(h.t, &answer.Tree)
	if h.t.Failed() {
		return text + "\n"
	}
	return text + "\nadds up\n"
}
