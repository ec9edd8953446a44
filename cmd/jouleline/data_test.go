package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"jouleline/schema"
)

// sharedData is where inputs lie that nobody on the project wrote.
const sharedData = "../../../shared/data"

// row is one amount of a file: its period and its text.
type row struct {
	start, end time.Time
	value      string
}

// readRows reads a file of the shared data; the files have no zone: UTC.
func readRows(t *testing.T, name string, parse func(fields []string) (row, bool)) []row {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedData, name))
	if os.IsNotExist(err) {
		t.Skipf("the shared data do not lie beside the checkout: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for _, fields := range lines[1:] {
		if r, ok := parse(fields); ok {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		t.Fatalf("%s holds no rows", name)
	}
	return rows
}

// labelled reads "time,value" rows labelled by their start; NA is missing.
func labelled(t *testing.T, layout string, length time.Duration) func([]string) (row, bool) {
	return func(fields []string) (row, bool) {
		at, err := time.Parse(layout, fields[0])
		if err != nil {
			t.Fatal(err)
		}
		return row{at, at.Add(length), fields[1]}, fields[1] != "NA"
	}
}

// bounded reads "value,start,end" rows.
func bounded(t *testing.T) func([]string) (row, bool) {
	return func(fields []string) (row, bool) {
		start, err1 := time.Parse(time.DateTime, fields[1])
		end, err2 := time.Parse(time.DateTime, fields[2])
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		return row{start, end, fields[0]}, true
	}
}

// dataServer is a server with one delta meter D1 in UTC.
func dataServer(t *testing.T, interval string) *testServer {
	s := mustServe(t, t.TempDir())
	folder := t.TempDir()
	writeFile(t, folder+"/regions.csv", "code,name,parent\n370000,x,\n")
	writeFile(t, folder+"/institutions.csv", "id,name,class,region\nI1,x,education,370000\n")
	writeFile(t, folder+"/buildings.csv", "id,institution,name,time_zone\nB1,I1,x,UTC\n")
	writeFile(t, folder+"/meters.csv", "id,building,carrier,kind,unit,interval\nD1,B1,electricity,delta,kWh,"+interval+"\n")
	s.importFolder(folder)
	return s
}

// pushRows pushes rows as CSV, and the same once more: a repetition does no harm.
func pushRows(t *testing.T, s *testServer, rows []row) {
	t.Helper()
	for range 2 {
		for from := 0; from < len(rows); from += 5000 {
			body := []byte("meter,start,time,value\n")
			some := rows[from:min(from+5000, len(rows))]
			for _, r := range some {
				body = fmt.Appendf(body, "D1,%s,%s,%s\n", r.start.Format(time.RFC3339), r.end.Format(time.RFC3339), r.value)
			}
			if v := s.push("text/csv", body); v.Accepted != len(some) || len(v.Rejected) > 0 {
				t.Fatalf("got %d accepted, %+v, want %d", v.Accepted, v.Rejected, len(some))
			}
		}
	}
	s.settle()
}

// quantities asks for the consumption of D1 in steps.
func quantities(t *testing.T, s *testServer, from, to time.Time, step string) (list []*schema.Quantity, coverage []float64) {
	t.Helper()
	var c consumption
	query := url.Values{"meter": {"D1"}, "from": {from.Format(time.RFC3339)}, "to": {to.Format(time.RFC3339)}, "step": {step}}
	s.ask("/api/v1/consumption", query.Encode(), &c)
	for _, p := range c.Points {
		list = append(list, parseQuantity(t, p.Quantity))
		coverage = append(coverage, p.Coverage)
	}
	return list, coverage
}

func parseQuantity(t *testing.T, n *json.Number) *schema.Quantity {
	t.Helper()
	if n == nil {
		return nil
	}
	q, _, err := schema.ParseQuantity(n.String())
	if err != nil {
		t.Fatal(err)
	}
	return &q
}

// rounded sums the values rounded to micro-units.
func rounded(t *testing.T, rows []row) (sum schema.Quantity) {
	t.Helper()
	for _, r := range rows {
		q, _, err := schema.ParseQuantity(r.value)
		if err != nil {
			t.Fatal(err)
		}
		sum += q
	}
	return sum
}

// checkTotal compares all years' sum with the file's.
func checkTotal(t *testing.T, s *testServer, rows []row) {
	t.Helper()
	var got schema.Quantity
	years, _ := quantities(t, s, rows[0].start, rows[len(rows)-1].end, "P1Y")
	for _, q := range years {
		if q != nil {
			got += *q
		}
	}
	if want := rounded(t, rows); got != want {
		t.Errorf("total: got %s, want %s", got, want)
	}
}

func TestData_SchoolOf2018(t *testing.T) {
	rows := readRows(t, "nmecr/school_eload.csv", labelled(t, "2006-01-02T15:04:05", time.Hour))
	s := dataServer(t, "PT1H")
	pushRows(t, s, rows)
	checkTotal(t, s, rows)
	hours, coverage := quantities(t, s, rows[0].start, rows[len(rows)-1].end, "PT1H")
	missing := 0
	for i := range hours {
		if hours[i] == nil {
			missing++
			if coverage[i] != 0 {
				t.Errorf("hour %d is missing, with coverage %v", i, coverage[i])
			}
		}
	}
	if missing != 13 {
		t.Errorf("got %d missing hours, want the file's 13 NA", missing)
	}
}

func TestData_BuildingOfThreeYears(t *testing.T) {
	rows := readRows(t, "nmecr/eload.csv", labelled(t, "2006-01-02T15:04:05", 24*time.Hour))
	// The days of the file are local ones with daylight saving, written without
	// a zone: labels jump by 25 and by 23 hours. A day lasts to the next label.
	for i := range rows[1:] {
		rows[i].end = rows[i+1].start
	}
	s := dataServer(t, "P1D")
	pushRows(t, s, rows)
	checkTotal(t, s, rows)
}

func TestData_QuarterHoursAndTheirDailyTotals(t *testing.T) {
	rows := readRows(t, "oed/readings_ri_15_days_75.csv", bounded(t))
	days := readRows(t, "oed/expected_daily_bars.csv", bounded(t))
	s := dataServer(t, "PT15M")
	pushRows(t, s, rows)
	checkTotal(t, s, rows)
	got, _ := quantities(t, s, days[0].start, days[len(days)-1].end, "P1D")
	if len(got) != len(days) {
		t.Fatalf("got %d days, want %d", len(got), len(days))
	}
	bound := big.NewRat(96, 2_000_000) // 96 values, each rounded by at most half a micro-unit
	for i, day := range days {
		want, ok := new(big.Rat).SetString(day.value)
		if !ok || got[i] == nil {
			t.Fatalf("day %s: got %v, want %s", day.start, got[i], day.value)
		}
		off := new(big.Rat).Sub(big.NewRat(int64(*got[i]), schema.Micro), want)
		if off.Abs(off).Cmp(bound) > 0 {
			t.Errorf("day %s: got %s, want %s within 96 x 0.5e-6", day.start.Format(time.DateOnly), got[i], day.value)
		}
	}
}

func TestData_QuarterHoursWithHoles(t *testing.T) {
	rows := readRows(t, "oed/readings_ri_15_days_75_holes.csv", bounded(t))
	s := dataServer(t, "PT15M")
	pushRows(t, s, rows)
	checkTotal(t, s, rows)
	_, coverage := quantities(t, s, rows[0].start, rows[len(rows)-1].end, "P1D")
	holes := false
	for _, c := range coverage {
		holes = holes || c < 1
	}
	if !holes {
		t.Error("the holes do not show in the coverage")
	}
}
