package main

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
)

// billedYears are a school's bills: 12 of each of two years.
func billedYears() string {
	text := "meter,start,time,value\n"
	for _, year := range []int{2020, 2023} {
		for month := range 12 {
			next := fmt.Sprintf("%d-%02d-01T00:00:00+08:00", year+(month+1)/12, (month+1)%12+1)
			text += fmt.Sprintf("W1,%d-%02d-01T00:00:00+08:00,%s,%d\n", year, month+1, next, 5_000-(year-2020)*100)
			text += fmt.Sprintf("L1,%d-%02d-01T00:00:00+08:00,%s,%d\n", year, month+1, next, 60_000-(year-2020)*1000)
		}
	}
	return text
}

func billedSchool(t *testing.T, area string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"regions.csv":      "code,name,parent\n370000,山东省,\n370100,济南市,370000\n370200,青岛市,370000\n",
		"institutions.csv": "id,name,class,region\nS1,第一中学,education,370100\nS2,第二中学,education,370200\n",
		"buildings.csv":    "id,institution,name\nB1,S1,楼\nB2,S2,楼\n",
		"floor_area.csv":   "building,valid_from,area_m2\nB1,2020-01-01,10000\nB2,2020-01-01,8000\n" + area,
		"headcount.csv":    "institution,valid_from,people\nS1,2020-01-01,1000\nS2,2020-01-01,1000\n",
		"meters.csv":       "id,building,carrier,kind,unit,valid_from\nL1,B1,electricity,bill,kWh,2020-01-01\nW1,B1,water,bill,m3,2020-01-01\n",
		"declared.csv":     "scope,id,year,quantity,value,source\ninstitution,S2,2020,electricity,300000,NY301\ninstitution,S2,2023,electricity,290000,NY301\n",
	} {
		writeFile(t, folder+"/"+name, text)
	}
	return folder
}

type diffAnswer struct {
	Same    bool
	Figures []struct {
		Scope     struct{ Institution, Region string }
		Indicator string
		Before    struct{ Baseline, Current, Reduction_pct *float64 }
		Now       struct{ Baseline, Current, Reduction_pct *float64 }
		Effects   []struct {
			Cause                            string
			Baseline, Current, Reduction_pct *float64
		}
	}
	Causes []struct{ Cause, Text string }
	Meters []struct {
		Meter, Institution, Carrier string
		Year                        int
		Quantity                    float64
		Readings, Revised, Deleted  int
		Because                     []string
	}
	Sums []struct {
		Carrier            string
		Year, Meters       int
		Quantity, Unlisted float64
	}
}

// A report is frozen; late, corrected and deleted bills, another floor area and a
// restart leave it as it is, and are what the difference names, down to the
// meters with their quantities.
func TestReport_EndToEnd(t *testing.T) {
	folder := t.TempDir()
	s := mustServe(t, folder)
	s.importFolder(billedSchool(t, ""))
	s.push("text/csv", []byte(billedYears()))
	s.settle()
	if code, text := runCommand(s, "report", "freeze", "--region", "370000", "--year", "2023", "--by", "institution", "--name", "中期"); code != exitOK || !strings.Contains(text, "report 1 中期") || !strings.Contains(text, "S1 第一中学") {
		t.Fatalf("freeze: got code %d, %s", code, text)
	}
	report := func() string {
		t.Helper()
		body, err := s.get(t.Context(), "/api/v1/reports/1", nil, "application/json")
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	frozen := report()
	diff := func() (d diffAnswer) {
		t.Helper()
		s.ask("/api/v1/reports/1/diff", "", &d)
		return d
	}
	if d := diff(); !d.Same || len(d.Causes)+len(d.Meters)+len(d.Sums) != 0 {
		t.Fatalf("nothing happened: got %+v", d)
	}

	// A corrected bill of 2023, a deleted water bill of 2020, and more area.
	s.push("application/x-ndjson", []byte(
		`{"meter":"L1","start":"2023-10-01T00:00:00+08:00","time":"2023-11-01T00:00:00+08:00","value":55000.25,"revision":1}`+"\n"+
			`{"meter":"W1","start":"2020-02-01T00:00:00+08:00","time":"2020-03-01T00:00:00+08:00","value":0,"revision":1,"deleted":true}`+"\n"))
	s.settle()
	s.importFolder(billedSchool(t, "B1,2023-07-01,12000\n"))
	s.stop()
	s = mustServe(t, folder)
	if _, err := s.get(t.Context(), "/api/v1/reports/1", nil, "application/json"); err != nil {
		t.Fatal(err)
	}
	if got := report(); got != frozen {
		t.Errorf("the report changed: got\n%s\nwant\n%s", got, frozen)
	}
	d := diff()
	if d.Same || len(d.Figures) == 0 {
		t.Fatalf("got %+v, want figures that differ", d)
	}
	met := map[string]string{}
	for _, f := range d.Figures {
		causes := ""
		var sum float64
		for _, e := range f.Effects {
			causes += e.Cause + " "
			if e.Current != nil {
				sum += *e.Current
			}
		}
		met[f.Scope.Institution+f.Scope.Region+" "+f.Indicator] = causes
		if f.Now.Current != nil && f.Before.Current != nil && math.Abs(*f.Now.Current-*f.Before.Current-sum) > 1e-9 {
			t.Errorf("%s %s: the effects add up to %v, want %v", f.Scope.Institution, f.Indicator, sum, *f.Now.Current-*f.Before.Current)
		}
	}
	for key, want := range map[string]string{
		"S1 energy_per_area": "registry books ", "S1 energy_per_capita": "books ", "S1 water_per_capita": "books ",
		"370000 energy_per_area": "registry books ", "370000 carbon_per_area": "registry books ",
	} {
		if met[key] != want {
			t.Errorf("%s: got steps %q, want %q", key, met[key], want)
		}
	}
	if _, ok := met["S2 energy_per_area"]; ok {
		t.Errorf("S2 differs: got %v, want it as it was", met)
	}
	if len(d.Causes) != 1 || d.Causes[0].Text != "floor_area.csv: 0 rows taken out, 1 put in" {
		t.Errorf("got causes %+v, want the row of the floor area", d.Causes)
	}
	lines := ""
	for _, m := range d.Meters {
		lines += fmt.Sprint(m.Meter, " ", m.Institution, " ", m.Carrier, " ", m.Year, " ", m.Quantity, " ", m.Readings, " ", m.Revised, " ", m.Deleted, " ", m.Because, "\n")
	}
	if want := "W1 S1 water 2020 -5000 1 1 1 [readings]\nL1 S1 electricity 2023 -1999.75 1 1 0 [readings]\n"; lines != want {
		t.Errorf("got meters\n%swant\n%s", lines, want)
	}
	if len(d.Sums) != 2 || d.Sums[0].Quantity != -5000 || d.Sums[1].Quantity != -1999.75 {
		t.Errorf("got sums %+v, want those of both meters", d.Sums)
	}
	code, text := runCommand(s, "report", "diff", "1")
	for _, want := range []string{"by books", "by registry", "B1,2023-07-01,12000", "meter L1 of S1", "-1999.75 kWh", "readings: 1 readings, 1 revised, 0 deleted"} {
		if code != exitOK || !strings.Contains(text, want) {
			t.Errorf("diff: got code %d,\n%s\nwant %q in it", code, text, want)
		}
	}
	for _, f := range []struct{ args, want string }{
		{"report list", "中期"}, {"report show 1", "energy_per_area"}, {"report show 1 --format csv", "part,institution,S1"}, {"report diff 1 --format csv", "meter,meter,L1,S1"},
	} {
		if code, text := runCommand(s, strings.Fields(f.args)...); code != exitOK || !strings.Contains(text, f.want) {
			t.Errorf("%s: got code %d,\n%s\nwant %q in it", f.args, code, text, f.want)
		}
	}
	if code, text := runCommand(s, "report", "show", "2"); code != exitFailed || !strings.Contains(text, "report 2") {
		t.Errorf("unknown report: got code %d, %s", code, text)
	}
	if code, text := runCommand(s, "verify"); code != exitOK {
		t.Errorf("verify: got code %d, %s", code, text)
	}
}

// The same question as of the report's moment gives the report's figures, though
// the answer comes another way: by the ledger of then.
func TestReport_IsWhatWasKnownThen(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder(billedSchool(t, ""))
	s.push("text/csv", []byte(billedYears()))
	s.settle()
	var now progressAnswer
	s.ask("/api/v1/progress", "institution=S1&year=2023", &now)
	body, err := s.freeze(`{"question":{"institution":"S1","year":2023}}`)
	if err != nil {
		t.Fatal(err)
	}
	s.push("application/x-ndjson", []byte(`{"meter":"L1","start":"2023-10-01T00:00:00+08:00","time":"2023-11-01T00:00:00+08:00","value":1,"revision":1}`))
	s.settle()
	var later, then progressAnswer
	s.ask("/api/v1/progress", "institution=S1&year=2023", &later)
	s.ask("/api/v1/progress", "institution=S1&year=2023&known_at="+strings.ReplaceAll(body.KnownAt, "+", "%2B"), &then)
	for i := range now.Indicators {
		was, is := now.Indicators[i], then.Indicators[i]
		if fmt.Sprint(number(was.Current, -1), was.State) != fmt.Sprint(number(is.Current, -1), is.State) || number(body.Progress.Indicators[i].Current, -1) != number(was.Current, -1) {
			t.Errorf("%s: frozen %s, asked before %s, as of then %s, want one value", was.Indicator, number(body.Progress.Indicators[i].Current, -1), number(was.Current, -1), number(is.Current, -1))
		}
	}
	if number(now.Indicators[0].Current, -1) == number(later.Indicators[0].Current, -1) {
		t.Error("the correction changed nothing")
	}
}

// freeze freezes a report.
func (s *testServer) freeze(question string) (a reportAnswer, err error) {
	body, err := s.Remote.ask(s.t.Context(), http.MethodPost, "/api/v1/reports", []byte(question), "application/json")
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(body, &a)
}

// An event that is entered later is named as what changed a meter's books, though
// its readings are what they were.
func TestReport_NamesEvents(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder(exampleRegistry)
	for _, reading := range exampleReadings {
		s.push("application/json", []byte(reading))
	}
	s.settle()
	if _, err := s.freeze(`{"question":{"region":"370000","year":2023}}`); err != nil {
		t.Fatal(err)
	}
	event := `[{"meter":"E1","time":"2023-05-02T00:00:00+08:00","event":"multiplier","final":105.5,"multiplier":2}]`
	if _, err := s.send(t.Context(), http.MethodPost, "/api/v1/events", "application/json", strings.NewReader(event)); err != nil {
		t.Fatal(err)
	}
	var d diffAnswer
	s.ask("/api/v1/reports/1/diff", "", &d)
	if len(d.Meters) != 1 || d.Meters[0].Quantity != 7.5 || d.Meters[0].Readings != 0 || fmt.Sprint(d.Meters[0].Because) != "[events]" {
		t.Errorf("got %+v, want 7.5 kWh more by an event", d.Meters)
	}
	if len(d.Causes) != 1 || !strings.HasPrefix(d.Causes[0].Text, "meter_events.csv: 0 rows taken out, 1 put in") {
		t.Errorf("got %+v, want the row of the event", d.Causes)
	}
	if code, text := runCommand(s, "explain", "--meter", "E1", "--from", "2023-05-01T00:00:00+08:00", "--to", "2023-05-03T00:00:00+08:00"); code != exitOK ||
		!strings.Contains(text, "event: multiplier at 2023-05-02T00:00:00+08:00, final 105.5, multiplier 2") || !strings.Contains(text, "2023-05-02: 15 kWh") || !strings.Contains(text, "x multiplier 2") {
		t.Errorf("explain: got code %d,\n%s\nwant the event and 15 kWh", code, text)
	}
}
