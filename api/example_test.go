package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"jouleline/analytics/progress"
	"jouleline/api/ledger"
)

var update = flag.Bool("update", false, "rewrite the documented examples with what is answered")

// questions are asked of the worked example; their answers are the documented
// ones, so that the document cannot promise what is not given.
var questions = map[string]string{
	"consumption":  "/api/v1/consumption?meter=E1&from=2023-05-01T22:00:00%2B08:00&to=2023-05-02T02:00:00%2B08:00&step=PT1H",
	"readings":     "/api/v1/readings?meter=E1&from=2023-05-01T00:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00",
	"rules":        "/api/v1/rules",
	"plans":        "/api/v1/plans",
	"allocation":   "/api/v1/allocation?region=370000&by=region",
	"progress":     "/api/v1/progress?region=370000&plan=14fyp&year=2023",
	"form_ny301":   "/api/v1/forms/ny301?institution=S1&year=2023",
	"form_summary": "/api/v1/forms/summary?region=370000&year=2023",
	"midterm":      "/api/v1/reports/midterm?region=370000&year=2023&lang=zh",
	"breakdown":    "/api/v1/progress/breakdown?region=370000&by=region&year=2023",
	"indicators":   "/api/v1/indicators?institution=S1&indicator=energy_per_area,energy&from=2022-01-01T00:00:00%2B08:00&to=2024-01-01T00:00:00%2B08:00&step=P1Y",
	"quality":      "/api/v1/quality?institution=S1&from=2023-05-01T00:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00",
	"explain":      "/api/v1/explain?meter=E1&from=2023-05-01T22:00:00%2B08:00&to=2023-05-02T02:00:00%2B08:00",
	"registry":     "/api/v1/registry/meters",
}

// holdExample holds what was answered against the documented example, or puts it
// in its place.
func holdExample(t *testing.T, file string, got []byte) {
	t.Helper()
	file = "examples/" + file
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant (go test -update rewrites)\n%s", file, got, want)
	}
}

// isDocumented holds an answer in JSON against the documented one.
func isDocumented(t *testing.T, id string, answer []byte) {
	t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, answer, "", "  "); err != nil {
		t.Fatal(err)
	}
	holdExample(t, id+".json", pretty.Bytes())
}

func TestExamples_AreWhatIsAnswered(t *testing.T) {
	h := serve(t, newConfig(t))
	for id, question := range questions {
		w := get(t, h, question)
		if w.Code != 200 {
			t.Errorf("%s: got status %d: %s", id, w.Code, w.Body)
			continue
		}
		isDocumented(t, id, w.Body.Bytes())
	}
}

// The worked example, by hand: to the digit, as text.
func TestExample_Consumption(t *testing.T) {
	h := serve(t, newConfig(t))
	const want = `{"scope":{"meter":"E1"},"carrier":"electricity","unit":"kWh","step":"PT1H","time_zone":"Asia/Shanghai",` +
		`"factors":{"set":"gbt2589-2020","version":"1","mode":"fixed","grid_region":"370000","grid_year":2022,"grid_value":0.641},` +
		`"points":[` +
		`{"start":"2023-05-01T22:00:00+08:00","end":"2023-05-01T23:00:00+08:00","quantity":3,"energy_kgce":0.3687,"carbon_kg":1.923,"coverage":1,"estimated_share":0},` +
		`{"start":"2023-05-01T23:00:00+08:00","end":"2023-05-02T00:00:00+08:00","quantity":2.5,"energy_kgce":0.30725,"carbon_kg":1.6025,"coverage":1,"estimated_share":0},` +
		`{"start":"2023-05-02T00:00:00+08:00","end":"2023-05-02T01:00:00+08:00","quantity":3.5,"energy_kgce":0.43015,"carbon_kg":2.2435,"coverage":1,"estimated_share":0},` +
		`{"start":"2023-05-02T01:00:00+08:00","end":"2023-05-02T02:00:00+08:00","quantity":4,"energy_kgce":0.4916,"carbon_kg":2.564,"coverage":1,"estimated_share":0}]}` + "\n"
	if got := get(t, h, questions["consumption"]).Body.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	days := func(query string) (quantities []string) {
		a := decode[ledger.ConsumptionAnswer](t, get(t, h, "/api/v1/consumption?from=2023-05-01T00:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00&step=P1D&"+query))
		for _, p := range a.Points {
			quantities = append(quantities, p.Quantity.String())
			if *p.Coverage != 7200.0/86400 {
				t.Errorf("%s: got coverage %v, want 7200/86400", query, *p.Coverage)
			}
		}
		return quantities
	}
	for _, query := range []string{
		"meter=E1", "building=S1-B1&carrier=electricity", "institution=S1&carrier=electricity", "region=370000&carrier=electricity", "class=education&carrier=electricity",
	} {
		if got := strings.Join(days(query), " "); got != "5.5 7.5" {
			t.Errorf("%s: got %s, want 5.5 7.5", query, got)
		}
	}
	then := get(t, h, "/api/v1/consumption?meter=E1&from=2023-05-01T00:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00&step=P1D&known_at=2023-05-02T03:00:03%2B08:00")
	if a := decode[ledger.ConsumptionAnswer](t, then); a.Points[0].Quantity.String() != "6" || a.Points[1].Quantity.String() != "6.5" {
		t.Errorf("as known before the late reading: got %s and %s, want 6 and 6.5", a.Points[0].Quantity, a.Points[1].Quantity)
	}
}

func TestExample_Progress(t *testing.T) {
	h := serve(t, newConfig(t))
	f := func(query string) {
		t.Helper()
		a := decode[progress.Answer](t, get(t, h, "/api/v1/progress?year=2023&"+query))
		for i, want := range []struct {
			name, reduction, completion, state string
			onPace                             bool
		}{
			{"energy_per_area", "5.53", "110.50", "met", true},
			{"energy_per_capita", "6.35", "105.75", "met", true},
			{"water_per_capita", "8.33", "138.89", "met", true},
			{"carbon_per_area", "5.53", "78.93", "ok", true},
		} {
			x := a.Indicators[i]
			if x.Indicator != want.name || *x.Reduction != want.reduction || *x.Completion != want.completion || string(x.State) != want.state || *x.OnPace != want.onPace {
				t.Errorf("%s: got %s: %s, %s, %s, %v; want %+v", query, x.Indicator, *x.Reduction, *x.Completion, x.State, *x.OnPace, want)
			}
		}
	}
	f("region=370000")
	f("institution=S1&plan=14fyp&factor_set=gbt2589-2020&factor_mode=fixed&panel=all&boundary=as_is&baseline=2020")
	f("class=education")
}

func TestExample_Readings(t *testing.T) {
	h := serve(t, newConfig(t))
	codes := func(target string) string {
		a := decode[ledger.ReadingsAnswer](t, get(t, h, target))
		var list []string
		for _, r := range a.Readings {
			list = append(list, r.Value.String()+":"+string(r.Code))
		}
		return strings.Join(list, " ")
	}
	if got, want := codes(questions["readings"]), "100: 103: 105.5: 109: 109:duplicate 112.5:superseded 113:"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := codes(questions["readings"]+"&known_at=2023-05-02T03:00:05%2B08:00"), "100: 103: 105.5: 109: 109:duplicate 112.5:"; got != want {
		t.Errorf("as known before the correction: got %s, want %s", got, want)
	}
	// Pages hold whole times, and the next one begins where this one ended.
	var all []string
	target := questions["readings"] + "&limit=4"
	for pages := 0; target != "" && pages < 5; pages++ {
		all = append(all, codes(target))
		a := decode[ledger.ReadingsAnswer](t, get(t, h, target))
		target = ""
		if a.Next != nil {
			target = "/api/v1/readings?meter=E1&limit=4&to=2023-05-03T00:00:00%2B08:00&from=" + strings.ReplaceAll(a.Next.Format("2006-01-02T15:04:05Z07:00"), "+", "%2B")
		}
	}
	if got, want := strings.Join(all, " | "), "100: 103: 105.5: 109: 109:duplicate | 112.5:superseded 113:"; got != want {
		t.Errorf("by pages: got %s, want %s", got, want)
	}
}

func TestExample_CSV(t *testing.T) {
	h := serve(t, newConfig(t))
	rows := func(id string) (header string, lines []string) {
		t.Helper()
		w := get(t, h, questions[id], "Accept", "text/csv")
		if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") || w.Header().Get("Vary") != "Accept" {
			t.Fatalf("%s: got status %d, %s: %s", id, w.Code, w.Header(), w.Body)
		}
		header, rest, _ := strings.Cut(w.Body.String(), "\n")
		return header, strings.Split(strings.TrimSpace(rest), "\n")
	}
	f := func(id string, n int, first string) {
		t.Helper()
		header, lines := rows(id)
		if len(lines) != n || lines[0] != first || strings.Count(header, ",") != strings.Count(first, ",") {
			t.Errorf("%s: got %d rows, %s\n%s\nwant %d\n%s", id, len(lines), header, lines[0], n, first)
		}
	}
	f("consumption", 4, "meter,E1,,electricity,kWh,2023-05-01T22:00:00+08:00,2023-05-01T23:00:00+08:00,3,0.3687,1.923,1,0")
	f("readings", 7, "E1,2023-05-01T22:00:00+08:00,,100,kWh,register,,0,false,2023-05-02T03:00:00+08:00,2023-05-02T03:00:00+08:00,")
	f("progress", 4, "whole,region,370000,山东省,2023,2020,energy_per_area,kgce/m2,6.145,5.805480338476854,met,the target is reached,5.525136884021902,5.53,5,110.50273768043803,110.50,3,true,,,declared,declared,1,1")
	f("breakdown", 8, "whole,region,370000,山东省,2023,2020,energy_per_area,kgce/m2,6.145,5.805480338476854,met,the target is reached,5.525136884021902,5.53,5,110.50273768043803,110.50,3,true,,,declared,declared,1,1")
	f("indicators", 4, "institution,S1,第一中学,2022-01-01T00:00:00+08:00,2023-01-01T00:00:00+08:00,energy_per_area,kgce/m2,,0,")
	f("quality", 4, "whole,institution,S1,electricity,kWh,13,0.08333333333333333,0,1,0,,,,")
	f("registry", 1, "E1,S1-B1,electricity,building,register,kWh,1,99999.99,60,PT1H,PT3H,,mean,,,,,")
}
