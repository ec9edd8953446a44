package main

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jouleline/schema"
)

// oedCase is one of the pipeline cases of the Open Energy Dashboard (OED), with
// the way in which Jouleline is told what OED is told by the options of an upload.
type oedCase struct {
	pipe  string   // number in PIPES.md
	files []string // without .csv, pushed one after the other
	kind  schema.Kind
	// descending pushes the rows from the last to the first.
	descending bool
	// event is a row of meter_events.csv after the meter's id.
	event string
	// want is the file of OED's outcome, without .csv; or own, where the policies
	// differ, with the reason.
	want, own, because string
}

var oedCases = []oedCase{
	{pipe: "1", files: []string{"pipe1Input"}, kind: schema.Delta, want: "pipe1Expected"},
	{pipe: "2", files: []string{"pipe1Input"}, kind: schema.Delta, descending: true, want: "pipe1Expected"},
	{pipe: "3", files: []string{"pipe3Input"}, kind: schema.Register, want: "pipe3Expected"},
	{pipe: "4", files: []string{"pipe3Input"}, kind: schema.Register, descending: true, want: "pipe3Expected"},
	// OED is told by an option that a register may fall at midnight (5, 6) or at
	// any time (10, 12), and takes every fall there for a reset to zero. Jouleline
	// wants to be told of the reset itself: a fall at midnight may as well be a bad
	// reading, and taking it for a reset would invent energy.
	{pipe: "5", files: []string{"pipe5Input"}, kind: schema.Register, event: "2021-06-04T00:00:00Z,reset,144,,,", want: "pipe5Expected"},
	{pipe: "10", files: []string{"pipe10Input"}, kind: schema.Register, event: "2021-06-04T12:00:00Z,reset,144,,,", want: "pipe10Expected"},
	{
		pipe: "9", files: []string{"pipe5Input"}, kind: schema.Register,
		own: "48 2021-06-02\n72 2021-06-03\n36 2021-06-04\n36 2021-06-05\n",
		because: "OED rejects the file since the register falls and no reset was allowed. " +
			"Jouleline keeps what it can prove: 24, 72, 144 and 216 follow each other; 96 is set aside as register_fall, its two days share the 72 between its neighbours",
	},
	{
		pipe: "11", files: []string{"pipe10Input"}, kind: schema.Register,
		own:     "24 2021-06-02\n60 2021-06-03\n54 2021-06-04\n36 2021-06-05\n18 2021-06-06\n",
		because: "as 9, with readings at noon, cut at midnight",
	},
	{pipe: "21", files: []string{"pipe21Input"}, kind: schema.Register, want: "pipe21Expected"},
	// OED replaces only where the upload says update=true (50); without (51) it
	// keeps the first value. In Jouleline what was received later corrects, always:
	// a gateway that sends another value for the same time means it.
	{pipe: "50", files: []string{"pipe50AInput", "pipe50BInput"}, kind: schema.Delta, want: "pipe50Expected"},
}

// The cases of the Open Energy Dashboard come out as they should, or, where the
// policies differ on purpose, as the case says.
func TestData_OpenEnergyDashboard(t *testing.T) {
	s := mustServe(t, t.TempDir())
	folder := t.TempDir()
	meters, events := "id,building,carrier,kind,unit,interval\n", "meter,time,event,final,initial,multiplier,note\n"
	for _, c := range oedCases {
		meters += fmt.Sprintf("P%s,B1,electricity,%s,kWh,P1D\n", c.pipe, c.kind)
		if c.event != "" {
			events += fmt.Sprintf("P%s,%s\n", c.pipe, c.event)
		}
	}
	writeFile(t, folder+"/regions.csv", "code,name,parent\n370000,x,\n")
	writeFile(t, folder+"/institutions.csv", "id,name,class,region\nI1,x,education,370000\n")
	writeFile(t, folder+"/buildings.csv", "id,institution,name,time_zone\nB1,I1,x,UTC\n")
	writeFile(t, folder+"/meters.csv", meters)
	writeFile(t, folder+"/meter_events.csv", events)
	s.importFolder(folder)
	for _, c := range oedCases {
		for _, file := range c.files {
			rows := oedRows(t, file)
			if c.descending {
				slices.Reverse(rows)
			}
			for _, r := range rows { // one by one: the order is part of the case
				body := fmt.Sprintf("meter,start,time,value\nP%s,%s,%s,%s\n", c.pipe, r.start.Format(time.RFC3339), r.end.Format(time.RFC3339), r.value)
				if c.kind == schema.Register {
					body = fmt.Sprintf("meter,time,value\nP%s,%s,%s\n", c.pipe, r.end.Format(time.RFC3339), r.value)
				}
				if v := s.push("text/csv", []byte(body)); v.Accepted != 1 {
					t.Fatalf("pipe %s: got %+v, want the reading accepted", c.pipe, v)
				}
			}
			s.settle() // a second file is an upload of its own
		}
	}
	for _, c := range oedCases {
		if c.own != "" {
			if got := oedDays(t, s, c.pipe); got != c.own {
				t.Errorf("pipe %s: got\n%swant\n%s(%s)", c.pipe, got, c.own, c.because)
			}
			continue
		}
		total := schema.Quantity(0)
		for _, r := range oedRows(t, c.want) {
			got := oedSum(t, s, c.pipe, r.start, r.end)
			want, _, err := schema.ParseQuantity(r.value)
			if err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Errorf("pipe %s: %s to %s: got %s, want %s", c.pipe, r.start, r.end, got, r.value)
			}
			total += want
		}
		if got := oedSum(t, s, c.pipe, time.Date(2021, 5, 1, 0, 0, 0, 0, time.UTC), time.Date(2021, 7, 1, 0, 0, 0, 0, time.UTC)); got != total {
			t.Errorf("pipe %s: got %s in all, want %s: nothing beside what OED has", c.pipe, got, total)
		}
	}
}

// oedRows reads "value,start,end" rows; the files have no header.
func oedRows(t *testing.T, name string) (rows []row) {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedData, "oed", name+".csv"))
	if os.IsNotExist(err) {
		t.Skipf("the shared data do not lie beside the checkout: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil || len(lines) == 0 {
		t.Fatalf("%s: %d lines, %v", name, len(lines), err)
	}
	parse := bounded(t)
	for _, fields := range lines {
		r, _ := parse(fields)
		rows = append(rows, r)
	}
	return rows
}

func oedAsk(t *testing.T, s *testServer, pipe string, from, to time.Time) *consumption {
	t.Helper()
	var c consumption
	query := url.Values{"meter": {"P" + pipe}, "from": {from.Format(time.RFC3339)}, "to": {to.Format(time.RFC3339)}, "step": {"P1D"}}
	s.ask("/api/v1/consumption", query.Encode(), &c)
	return &c
}

func oedSum(t *testing.T, s *testServer, pipe string, from, to time.Time) (sum schema.Quantity) {
	t.Helper()
	for _, p := range oedAsk(t, s, pipe, from, to).Points {
		if q := parseQuantity(t, p.Quantity); q != nil {
			sum += *q
		}
	}
	return sum
}

// oedDays lists the days of which something is known.
func oedDays(t *testing.T, s *testServer, pipe string) string {
	t.Helper()
	var text strings.Builder
	for _, p := range oedAsk(t, s, pipe, time.Date(2021, 6, 1, 0, 0, 0, 0, time.UTC), time.Date(2021, 6, 8, 0, 0, 0, 0, time.UTC)).Points {
		if p.Quantity != nil {
			fmt.Fprintf(&text, "%s %s\n", p.Quantity, p.Start[:10])
		}
	}
	return text.String()
}
