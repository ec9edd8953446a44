package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jouleline/metrics/verify"
	"jouleline/schema"
	"jouleline/schema/codec"
	"jouleline/schema/registry"
)

// Six weeks of a school that uses 4 kWh an hour from 8 to 20 h of workdays, 2 of
// weekends, and 1 else. A day without readings, 60 kWh between two registers, is
// spread evenly at first: 2.5 kWh an hour. By the profile that is learned from the
// weeks before, its nights have 1 kWh an hour and its days 4. A gap of 12 hours in May
// stays as it was: the profile holds after the weeks that it was learned from.
func TestLearn_ProfileFillsAGap(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importTables(registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,x,\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nI1,a,education,370000\n"),
		registry.BuildingsFile:    []byte("id,institution,name\nB1,I1,b\n"),
		registry.MetersFile: []byte("id,building,carrier,kind,unit,register_max,max_rate,interval,gap_limit\n" +
			"M1,B1,electricity,register,kWh,99999.99,60,PT1H,PT3H\nM2,B1,electricity,register,kWh,99999.99,60,PT1H,PT3H\nM3,B1,electricity,delta,kWh,,60,PT1H,PT3H\n"),
	})
	monday := time.Date(2023, 5, 1, 0, 0, 0, 0, time.FixedZone("", 8*3600))
	habit := func(hour int) int {
		switch day, of := hour/24, hour%24; {
		case of < 8 || of >= 20:
			return 1
		case day%7 >= 5:
			return 2
		}
		return 4
	}
	const may, june = 9 * 24, 44 * 24 // Wednesdays: 10 May, 14 June
	var body []byte
	shown := 0
	for hour := range 46*24 + 1 {
		if !(hour > may+2 && hour < may+14 || hour > june && hour < june+24) {
			body = codec.AppendJSON(body, &schema.Reading{Meter: "M1", Time: schema.InstantOf(monday.Add(time.Duration(hour) * time.Hour)), Value: schema.Quantity(shown) * schema.Micro})
		}
		shown += habit(hour)
	}
	s.push("application/x-ndjson", body)
	s.settle()

	hours := func(from, n int) string {
		t.Helper()
		var c consumption
		at := func(hour int) string {
			return strings.ReplaceAll(monday.Add(time.Duration(hour)*time.Hour).Format(time.RFC3339), "+", "%2B")
		}
		s.ask("/api/v1/consumption", "meter=M1&step=PT1H&from="+at(from)+"&to="+at(from+n), &c)
		text := ""
		for _, p := range c.Points {
			text += fmt.Sprintf("%s/%v ", *p.Quantity, *p.Share)
		}
		return text
	}
	same := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", what, got, want)
		}
	}
	learn := func(more ...string) string {
		t.Helper()
		code, text := runCommand(s, append([]string{"learn", "--profiles", "--from", "2023-05-01", "--to", "2023-06-12", "--author", "wang", "--reason", "weeks before the holidays", "--format", "csv"}, more...)...)
		if code != exitOK {
			t.Fatalf("learn: got code %d, %s", code, text)
		}
		return text
	}
	const evenly = "2.5/1 "
	before := everything(t, s.store, 3)
	same("before", hours(june, 24), strings.Repeat(evenly, 24))
	// By a line, of two workdays 30 % of the energy comes into a wrong hour, of Friday and
	// Saturday 25 %, of a weekend 17 %; the two pairs with 10 May are not whole: 26.8 %.
	const verdicts = "meter,weeks,hours,coverage,error_pct,error_linear_pct,verdict\nM1,6,996,0.988,0.0,26.8,learned\nM2,0,0,0.000,,,\"refused: learn a profile: got 0 weeks with measured hours, want at least 6\"\n"
	same("dry run", learn("--dry-run"), verdicts)
	if got := everything(t, s.store, 3); got != before {
		t.Fatalf("a dry run changed\n%s", unlike(got, before))
	}
	same("learned", learn(), verdicts)
	s.settle()
	same("the gap in June", hours(june, 24), strings.Repeat("1/1 ", 8)+strings.Repeat("4/1 ", 12)+strings.Repeat("1/1 ", 4))
	same("the gap in May", hours(may+2, 12), strings.Repeat(evenly, 12))
	if text := learn("M1", "M3"); !strings.Contains(text, "kept: version 1 holds from 2023-06-12 already") || !strings.Contains(text, "M3,0,0,0.000,,,\"refused: no version from 2023-06-12 on has registers, and only their gaps are filled\"") {
		t.Errorf("a second run: got %s", text)
	}
	table, err := s.get(t.Context(), "/api/v1/registry/profiles", nil, "text/csv")
	if err != nil || !strings.Contains(string(table), "weeks before the holidays (learned from 996 measured hours of 2023-05-01 to 2023-06-12; known gaps have 0.0 % of their energy in a wrong hour, by a line 26.8 %)") {
		t.Errorf("got no basis, %v, in\n%s", err, table)
	}
	if report := mustVerify(t, s.store, verify.Options{}); len(report.Differences) != 0 {
		t.Errorf("got %+v, want sound books", report.Differences)
	}
	for _, wrong := range [][]string{{"--valid-from", "2023-06-11"}, {"--to", "2023-06-11"}, {"M9"}} {
		args := append([]string{"learn", "--profiles", "--from", "2023-05-01", "--to", "2023-06-12", "--author", "wang", "--reason", "x"}, wrong...)
		if code, text := runCommand(s, args...); code != exitUsage {
			t.Errorf("%v: got code %d, %s, want %d", wrong, code, text, exitUsage)
		}
	}
}
