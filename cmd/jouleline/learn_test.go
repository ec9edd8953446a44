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

// A register of unknown rating rolls over in the first hour of 21 May. The fall
// stays unexplained until the meter's rate is learned; then the hour is booked,
// and its explanation names the rate. Learning twice changes nothing.
// M5 shows the same in MWh where hours begin half an hour off: at most 27.5 kWh.
func TestLearn_ExplainsARollover(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importTables(registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,x,\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nI1,a,education,370000\n"),
		registry.BuildingsFile:    []byte("id,institution,name,time_zone\nB1,I1,b,\nB2,I1,b,Asia/Kolkata\n"),
		registry.MetersFile: []byte("id,building,carrier,kind,unit,register_max,max_rate,interval\n" +
			"M1,B1,electricity,register,kWh,99999.99,,PT1H\nM2,B1,electricity,register,kWh,99999.99,60,PT1H\n" +
			"M3,B1,water,register,m3,9999,,P1D\nM4,B1,water,register,m3,9999,,PT1H\nM5,B2,electricity,register,MWh,99.99999,,PT1H\n"),
	})
	begin := schema.InstantOf(time.Date(2023, 4, 30, 16, 0, 0, 0, time.UTC)) // 05-01 in Shanghai
	const untilFall, days = 20 * 24, 25
	shown := func(hour int) (kwh int) { // 5 to 28 kWh an hour, 396 a day
		for h := range hour {
			kwh += 5 + h%24
		}
		return kwh
	}
	var body []byte
	for hour := range days*24 + 1 {
		kwh := (100_000 - shown(untilFall) - 3 + shown(hour)) % 100_000
		reading := schema.Reading{Meter: "M1", Time: begin + schema.Instant(int64(hour)*schema.Hour), Value: schema.Quantity(kwh) * schema.Micro}
		body = codec.AppendJSON(body, &reading)
		reading.Meter, reading.Value = "M5", reading.Value/1000
		body = codec.AppendJSON(body, &reading)
	}
	s.push("application/x-ndjson", body)
	s.settle()

	hour := func() string {
		t.Helper()
		var used consumption
		s.ask("/api/v1/consumption", "meter=M1&step=PT1H&from=2023-05-21T00:00:00%2B08:00&to=2023-05-21T01:00:00%2B08:00", &used)
		if used.Points[0].Quantity == nil {
			return "unknown"
		}
		return used.Points[0].Quantity.String()
	}
	falls := func() (n int) {
		t.Helper()
		var a struct {
			Readings []struct {
				Code string `json:"code"`
			} `json:"readings"`
		}
		s.ask("/api/v1/readings", "meter=M1&from=2023-05-21T00:00:00%2B08:00&to=2023-05-22T00:00:00%2B08:00", &a)
		for _, r := range a.Readings {
			if r.Code == "unexplained_fall" {
				n++
			}
		}
		return n
	}
	table := func() string {
		t.Helper()
		text, err := s.get(t.Context(), "/api/v1/registry/learned", nil, "text/csv")
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	learn := func(validFrom string, more ...string) string {
		t.Helper()
		args := []string{"learn", "--from", "2023-05-01", "--to", "2023-05-20", "--valid-from", validFrom, "--author", "wang", "--reason", "no nameplate", "--format", "csv"}
		code, text := runCommand(s, append(args, more...)...)
		if code != exitOK {
			t.Fatalf("learn: got code %d, %s", code, text)
		}
		return text
	}
	want := func(what, text string, parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%s: got\n%s\nwant %q in it", what, text, part)
			}
		}
	}

	if got, n := hour(), falls(); got != "unknown" || n != 1 {
		t.Fatalf("before: got hour %s and %d unexplained falls, want it unknown and 1", got, n)
	}
	empty := table()
	text := learn("2023-05-01", "--dry-run")
	want("dry run", text, "M1,19,1.000,56,kWh,learned\n", "M5,19,1.000,0.055,MWh,learned\n",
		"M3,0,0.000,,m3,refused: it is read more rarely than hourly\n", "M4,0,0.000,,m3,\"refused: learn a rate: got 0 days plainly measured, want at least 14\"\n")
	if strings.Contains(text, "M2") || table() != empty || hour() != "unknown" {
		t.Fatalf("a dry run learned of a rated meter, or changed something:\n%s%s", text, table())
	}

	learn("2023-05-01")
	want("learned.csv", table(), "M1,2023-05-01,56,2023-05-01,2023-05-20,1,wang,", "no nameplate (2 x 28 kWh/h, the rate that 99 % of 456 measured hours or parts keep to)", "M5,2023-05-01,0.055,")
	if got, n := hour(), falls(); got != "5" || n != 0 {
		t.Errorf("after: got hour %s and %d unexplained falls, want 5 and none", got, n)
	}
	code, text := runCommand(s, "explain", "--meter", "M1", "--from", "2023-05-21T00:00:00+08:00", "--to", "2023-05-22T00:00:00+08:00", "--depth", "4")
	if code != exitOK {
		t.Fatalf("explain: got code %d, %s", code, text)
	}
	want("explain", text, "a rollover by the learned rate of 56 kWh/h, from 2023-05-01, version 1, by wang: no nameplate")

	books, facts := everything(t, s.store, 5), table()
	want("a second run", learn("2023-05-01", "M1", "M2"), "M1,0,0.000,56,kWh,kept: version 1 holds from 2023-05-01 already\n", "M2,0,0.000,,,refused: no version")
	if got := everything(t, s.store, 5); got != books || table() != facts {
		t.Errorf("a second run changed\n%s%s", unlike(got, books), table())
	}
	learn("2023-06-01", "M1", "--margin", "3")
	want("a later rate", table(), "M1,2023-05-01,56,2023-05-01,2023-05-20,1,wang,", "M1,2023-06-01,84,2023-05-01,2023-05-20,2,wang,", "M5,2023-05-01,0.055,")
	if report := mustVerify(t, s.store, verify.Options{}); len(report.Differences) != 0 {
		t.Errorf("got %+v, want sound books", report.Differences)
	}

	for _, wrong := range [][]string{
		{"--from", "May"}, {"--to", "2023-05-02"}, {"--to", "2033-05-02"}, {"--margin", "0.5"}, {"--reason", " "}, {"M9"},
	} {
		args := append([]string{"learn", "--from", "2023-05-01", "--to", "2023-05-20", "--valid-from", "2023-05-01", "--author", "wang", "--reason", "x"}, wrong...)
		if code, text := runCommand(s, args...); code != exitUsage {
			t.Errorf("%v: got code %d, %s, want %d", wrong, code, text, exitUsage)
		}
	}
	if code, text := runCommand(s, "learn", "--help"); code != exitOK || !strings.Contains(text, "99 % of the plainly measured hours") {
		t.Errorf("help: got %d, %s", code, fmt.Sprintf("%.200s", text))
	}
}
