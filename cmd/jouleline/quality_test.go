package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A gateway all of whose meters are late is silent, one with a fresh meter is
// not; a register that fell without an event is an open fall.
func TestQuality_TellsWhatIsSilent(t *testing.T) {
	s := mustServe(t, t.TempDir())
	folder := t.TempDir()
	writeFile(t, folder+"/regions.csv", "code,name,parent\n370000,x,\n")
	writeFile(t, folder+"/institutions.csv", "id,name,class,region\nI1,a,education,370000\n")
	writeFile(t, folder+"/buildings.csv", "id,institution,name\nB1,I1,b\n")
	writeFile(t, folder+"/meters.csv", "id,building,carrier,kind,unit,interval,gateway,max_rate,valid_to\n"+
		"A1,B1,electricity,register,kWh,PT1H,GA,100,\nA2,B1,electricity,register,kWh,PT1H,GA,100,\n"+
		"B1,B1,electricity,register,kWh,PT1H,GB,100,\nB2,B1,electricity,register,kWh,PT1H,GB,100,\nOLD,B1,electricity,register,kWh,PT1H,GC,100,2020-01-01\n")
	s.importFolder(folder)
	now := time.Now().Add(-time.Hour).Truncate(time.Second)
	var lines []string
	read := func(meter string, hoursAgo int, value string) {
		lines = append(lines, fmt.Sprintf(`{"meter":"%s","time":"%s","value":%s}`, meter, now.Add(-time.Duration(hoursAgo)*time.Hour).Format(time.RFC3339), value))
	}
	read("A1", 48, "5")
	for i, value := range []string{"1000", "1010", "500", "505", "510", "515"} {
		read("B1", 5-i, value)
	}
	s.push("application/x-ndjson", []byte(strings.Join(lines, "\n")))
	s.settle()
	stretch := "&from=" + strings.ReplaceAll(now.Add(-72*time.Hour).Format(time.RFC3339), "+", "%2B") + "&to=" + strings.ReplaceAll(now.Add(time.Hour).Format(time.RFC3339), "+", "%2B")
	type answer struct {
		Freshness struct {
			Meters, Late, Never int
			Gateways            []struct {
				Gateway string `json:"gateway"`
				Meters  int    `json:"meters"`
			} `json:"silent_gateways"`
			Late2 []struct {
				Meter string `json:"meter"`
				Age   *int64 `json:"age_s"`
			} `json:"late_meters"`
		} `json:"freshness"`
		Readings []struct {
			Code     string `json:"code"`
			Readings int    `json:"readings"`
			Meters   int    `json:"meters"`
		} `json:"readings"`
	}
	var a answer
	s.ask("/api/v1/quality", "institution=I1"+stretch, &a)
	f := a.Freshness
	if f.Meters != 4 || f.Late != 3 || f.Never != 2 || len(f.Gateways) != 1 || f.Gateways[0].Gateway != "GA" || f.Gateways[0].Meters != 2 {
		t.Errorf("got %+v, want GA silent with two of four meters", f)
	}
	var late []string
	for _, m := range f.Late2 {
		late = append(late, m.Meter)
	}
	if got := strings.Join(late, " "); got != "A2 B2 A1" || f.Late2[0].Age != nil || *f.Late2[2].Age < 48*3600 {
		t.Errorf("got late meters %s, want those that never reported, then the longest silent", got)
	}
	falls := 0
	for _, r := range a.Readings {
		if r.Code == "unexplained_fall" {
			falls = r.Readings
		}
	}
	if falls != 1 {
		t.Errorf("got %+v, want one open unexplained fall", a.Readings)
	}
	// An event explains it.
	body := fmt.Sprintf(`[{"meter":"B1","time":"%s","event":"swap","final":1012,"initial":490}]`, now.Add(-210*time.Minute).Format(time.RFC3339))
	if _, err := s.send(t.Context(), "POST", "/api/v1/events", "application/json", strings.NewReader(body)); err != nil {
		t.Fatal(err)
	}
	a = answer{}
	s.ask("/api/v1/quality", "meter=B1"+stretch, &a)
	for _, r := range a.Readings {
		if r.Code == "unexplained_fall" {
			t.Errorf("after the swap was told: got %+v, want no open fall", a.Readings)
		}
	}
	from, to := now.Add(-72*time.Hour).Format(time.RFC3339), now.Add(time.Hour).Format(time.RFC3339)
	if code, out := runCommand(s, "quality", "--institution", "I1", "--from", from, "--to", to); code != exitOK || !strings.Contains(out, "silent_gateway") || !strings.Contains(out, "late_meter") {
		t.Errorf("command: got code %d:\n%s", code, out)
	}
}
