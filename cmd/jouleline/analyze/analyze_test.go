package analyze

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func inputFile(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// analyze runs an analysis as a user would and gives its JSON.
func analyze(t testing.TB, args ...string) (answer map[string]any, code int, complaint string) {
	t.Helper()
	var out, complaints bytes.Buffer
	args = append([]string{"analyze"}, args...)
	code = runAnalysis(append(args, "--format", "json"), &out, &complaints)
	if code == codeOK {
		if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
			t.Fatalf("%v: %v: %s", args, err, &out)
		}
	}
	return answer, code, complaints.String()
}

func mustAnalyze(t testing.TB, args ...string) map[string]any {
	t.Helper()
	answer, code, complaint := analyze(t, args...)
	if code != codeOK {
		t.Fatalf("%v: got exit code %d: %s", args, code, complaint)
	}
	return answer
}

// refusedAnalysis expects a failure that says all the texts.
func refusedAnalysis(t testing.TB, args []string, texts ...string) {
	t.Helper()
	answer, code, complaint := analyze(t, args...)
	if code == codeOK {
		t.Errorf("%v: got %v, want a refusal with %q", args, answer, texts)
		return
	}
	for _, text := range texts {
		if !strings.Contains(complaint, text) {
			t.Errorf("%v: got %q, want %q in it", args, complaint, text)
		}
	}
}

func warned(answer map[string]any, code string) bool {
	list, _ := answer["warnings"].([]any)
	for _, w := range list {
		if w.(map[string]any)["code"] == code {
			return true
		}
	}
	return false
}

// building is a simulated one: use per day with heating below 14 C and cooling
// above 24 C, after the measure a tenth less.
type building struct {
	step  time.Duration
	start time.Time
	steps int
	// use changes a step's use and temperature; nil leaves them.
	change func(i int, use, temp float64) (string, string)
	saves  float64
}

const simulatedSeed = 20240501

// files writes use and temperature of a building. Days and hours are UTC.
func (b building) files(t testing.TB) (usage, temperature string) {
	t.Helper()
	r := rand.New(rand.NewPCG(simulatedSeed, 1))
	var use, temps strings.Builder
	use.WriteString("time,value\n")
	temps.WriteString("time,value\n")
	perDay := float64(24*time.Hour) / float64(b.step)
	for i := range b.steps {
		at := b.start.Add(time.Duration(i) * b.step)
		days := at.Sub(b.start).Hours() / 24
		temp := 14 - 14*math.Cos(2*math.Pi*days/365.25) + 2*r.NormFloat64()
		u := (40 + 3*max(14-temp, 0) + 4*max(temp-24, 0) + 2*r.NormFloat64()) / perDay
		if i >= b.steps/2 {
			u *= 1 - b.saves
		}
		useText, tempText := fmt.Sprintf("%.6f", u), fmt.Sprintf("%.3f", temp)
		if b.change != nil {
			useText, tempText = b.change(i, u, temp)
		}
		fmt.Fprintf(&use, "%s,%s\n", at.Format(time.RFC3339), useText)
		fmt.Fprintf(&temps, "%s,%s\n", at.Format(time.RFC3339), tempText)
	}
	return inputFile(t, "usage.csv", use.String()), inputFile(t, "temperature.csv", temps.String())
}

// twoYears of days, the second one after the measure.
func twoYears(change func(int, float64, float64) (string, string)) building {
	return building{step: 24 * time.Hour, start: time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC), steps: 730, saves: .1, change: change}
}

func savingsArgs(t testing.TB, b building, method string, more ...string) []string {
	t.Helper()
	usage, temperature := b.files(t)
	return append([]string{"savings", "--usage", usage, "--temperature", temperature, "--method", method,
		"--baseline-end", "2023-01-01T00:00:00Z", "--reporting-start", "2023-01-01T00:00:00Z"}, more...)
}

func TestAnalyzeSavings_Methods(t *testing.T) {
	hours := building{step: time.Hour, start: time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC), steps: 730 * 24, saves: .1}
	for _, c := range []struct {
		method, model string
		b             building
	}{
		{"caltrack-daily", "cdd_hdd", twoYears(nil)}, {"caltrack-daily", "cdd_hdd", hours},
		{"changepoint", "5P", twoYears(nil)}, {"towt", "towt_unweighted", hours},
	} {
		a := mustAnalyze(t, savingsArgs(t, c.b, c.method)...)
		if a["model"] != c.model || math.Abs(a["savings_fraction"].(float64)-.1) > .01 {
			t.Errorf("%s, seed %d: got %v saving %v, want %s saving a tenth", c.method, simulatedSeed, a["model"], a["savings_fraction"], c.model)
		}
		for _, name := range []string{
			"heating_balance_point", "cooling_balance_point", "intercept", "beta_hdd", "beta_cdd", "r_squared_adj", "cvrmse", "cvrmse_definition",
			"savings", "counterfactual", "band_fsu", "band_ols", "n", "warnings",
		} {
			if value, ok := a[name]; !ok || value == nil && c.method != "towt" {
				t.Errorf("%s: %s: got %v, want a figure", c.method, name, value)
			}
		}
	}
}

// Half-hours, local midnights and the scale of temperatures change no answer.
func TestAnalyzeSavings_Fahrenheit(t *testing.T) {
	celsius := mustAnalyze(t, savingsArgs(t, twoYears(nil), "caltrack-daily")...)
	fahrenheit := mustAnalyze(t, savingsArgs(t, twoYears(func(_ int, use, temp float64) (string, string) {
		return fmt.Sprintf("%.6f", use), fmt.Sprint(math.Round(temp*1000)/1000*9/5 + 32)
	}), "caltrack-daily", "--unit", "F")...)
	close9(t, fahrenheit, "savings", celsius["savings"].(float64))
	close9(t, fahrenheit, "heating_balance_point", celsius["heating_balance_point"].(float64)*9/5+32)
	close9(t, fahrenheit, "beta_hdd", celsius["beta_hdd"].(float64)/1.8)
}

// A wrong or thin input never yields a number without its warning.
func TestAnalyzeSavings_LabelsWhatIsDoubtful(t *testing.T) {
	plain := func(use, temp float64) (string, string) { return fmt.Sprint(use), fmt.Sprint(temp) }
	f := func(name, method, code, verdict string, change func(int, float64, float64) (string, string), more ...string) {
		t.Helper()
		a := mustAnalyze(t, savingsArgs(t, twoYears(change), method, more...)...)
		if !warned(a, code) || a["verdict"] != verdict {
			t.Errorf("%s (%s): got %v, %v, want %s, %s", name, method, a["verdict"], a["warnings"], verdict, code)
		}
	}
	for _, method := range []string{"caltrack-daily", "changepoint"} {
		f("Fahrenheit taken for Celsius", method, "suspect_temperature_scale", "unusable", func(_ int, use, temp float64) (string, string) {
			return plain(use, temp*9/5+32)
		})
		f("missing temperatures", method, "too_many_missing_days", "doubtful", func(i int, use, temp float64) (string, string) {
			if i%5 == 0 {
				return fmt.Sprint(use), "NA"
			}
			return plain(use, temp)
		})
		f("no weather signal", method, "no_weather_signal", "doubtful", func(i int, _, temp float64) (string, string) {
			return plain(40+float64(i*7919%13), temp)
		})
		f("a hotter year than any before", method, "extrapolation", "doubtful", func(i int, use, temp float64) (string, string) {
			if i > 400 {
				temp += 15
			}
			return plain(use, temp)
		})
		f("a short report", method, "reporting_shorter_than_a_month", "doubtful", nil, "--reporting-end", "2023-01-08T00:00:00Z")
		f("a short baseline", method, "not_365_days", "doubtful", nil, "--baseline-start", "2022-09-01T00:00:00Z")
		f("gaps after the measure", method, "reporting_periods_left_out", "doubtful", func(i int, use, temp float64) (string, string) {
			if i > 700 {
				return "", fmt.Sprint(temp)
			}
			return plain(use, temp)
		})
	}
	f("negative use", "caltrack-daily", "negative_use", "doubtful", func(i int, use, temp float64) (string, string) {
		if i%50 == 0 {
			use = -use
		}
		return plain(use, temp)
	})
	f("zero use of electricity", "caltrack-daily", "too_many_missing_days", "doubtful", func(i int, use, temp float64) (string, string) {
		if i%5 == 0 {
			use = 0
		}
		return plain(use, temp)
	}, "--zero-is-missing")
}

// yearFile is daily temperatures of so many days of the simulated climate.
func yearFile(t testing.TB, days int) string {
	t.Helper()
	var rows strings.Builder
	rows.WriteString("time,value\n")
	for d := range days {
		at := time.Date(2001, 1, 1+d, 0, 0, 0, 0, time.UTC)
		fmt.Fprintf(&rows, "%s,%.3f\n", at.Format(time.RFC3339), 14-14*math.Cos(2*math.Pi*float64(d)/365))
	}
	return inputFile(t, "normal.csv", rows.String())
}

// A year of given weather is answered beside the avoided use, with what makes it
// doubtful; a file that is no year is refused.
func TestAnalyzeSavings_NormalYear(t *testing.T) {
	plain := mustAnalyze(t, savingsArgs(t, twoYears(nil), "caltrack-daily")...)
	if _, ok := plain["normalised"]; ok {
		t.Errorf("got %v, want nothing that was not asked for", plain["normalised"])
	}
	a := mustAnalyze(t, savingsArgs(t, twoYears(nil), "caltrack-daily", "--normal-year", yearFile(t, 365))...)
	n := a["normalised"].(map[string]any)
	if n["state"] != "ok" || n["verdict"] != "usable" || math.Abs(n["savings_fraction"].(float64)-.1) > .01 || n["band"].(float64) <= 0 || a["savings"] != plain["savings"] {
		t.Errorf("seed %d: got %v, want a tenth of a normal year", simulatedSeed, n)
	}
	n = mustAnalyze(t, savingsArgs(t, twoYears(nil), "caltrack-daily", "--normal-year", yearFile(t, 365), "--reporting-end", "2023-05-01T00:00:00Z")...)["normalised"].(map[string]any)
	if n["verdict"] != "doubtful" || !warned(n, "not_365_days") || !warned(n, "extrapolation") {
		t.Errorf("four months after the measure: got %v, want not_365_days and extrapolation", n)
	}
	n = mustAnalyze(t, savingsArgs(t, twoYears(nil), "caltrack-daily", "--normal-year", yearFile(t, 365), "--reporting-end", "2023-01-20T00:00:00Z")...)["normalised"].(map[string]any)
	if n["state"] != "refused" || n["savings"] != nil || n["reason"] == "" {
		t.Errorf("19 days after the measure: got %v, want a refusal with its reason", n)
	}
	refusedAnalysis(t, savingsArgs(t, twoYears(nil), "caltrack-daily", "--normal-year", yearFile(t, 200)), "normal year", "200 days", "whole years")
	refusedAnalysis(t, savingsArgs(t, twoYears(nil), "changepoint", "--normal-year", yearFile(t, 365)), "caltrack-daily or caltrack-billing")
	var out, complaints bytes.Buffer
	args := append([]string{"analyze"}, savingsArgs(t, twoYears(nil), "caltrack-daily", "--normal-year", yearFile(t, 365))...)
	if code := runAnalysis(args, &out, &complaints); code != codeOK || !strings.Contains(out.String(), "normalised.savings ") || strings.Contains(out.String(), "NaN") {
		t.Errorf("as a table: got exit code %d: %s\n%s", code, &complaints, &out)
	}
}

func TestAnalyzeSavings_Refuses(t *testing.T) {
	good := savingsArgs(t, twoYears(nil), "caltrack-daily")
	usage, temperature := good[2], good[4]
	f := func(file string, swap string, texts ...string) {
		t.Helper()
		args := []string{"savings", "--baseline-end", "2023-01-01T00:00:00Z", "--reporting-start", "2023-01-01T00:00:00Z", "--usage", file, "--temperature", temperature}
		if swap != "" {
			args = append(args, strings.Fields(swap)...)
		}
		refusedAnalysis(t, args, texts...)
	}
	row := func(rows ...string) string {
		return inputFile(t, "u.csv", "time,value\n"+strings.Join(rows, "\n")+"\n")
	}
	f(row("2022-01-02T00:00:00Z,1", "2022-01-01T00:00:00Z,1"), "", "line 3", "times in order")
	f(row("2022-01-01T00:00:00Z,1", "2022-01-01T00:00:00Z,1"), "", "line 3", "each time once")
	f(row("2022-01-01T00:00:00Z,1", "2022-01-02T00:00:00Z,1"), "", "days with use and temperature", "at least 30")
	f(row("2022-01-01 00:00,1"), "", "line 2", "--time-zone")
	f(row("2022-01-01T00:00:00Z,x"), "", "line 2", `"x"`)
	f(row("2022-01-01T00:00:00Z,Inf"), "", "line 2", "want a number")
	f(row("2022-01-01T00:00:00Z"), "", "wrong number of fields")
	f(inputFile(t, "u.csv", "a,b\n"), "", "want time and value")
	f(inputFile(t, "u.csv", ""), "", "empty file")
	f(usage, "--method towt", "an hour or more")
	f(usage, "--method caltrack-billing", "want bills")
	f(usage, "--reporting-start 2022-01-01T00:00:00Z", "reporting start")
	f(usage, "--level 1.5", "confidence")
	f(usage, "--time-zone Mars/Olympus", "IANA")
	f(usage, "--baseline-end yesterday", "--baseline-end")
	// All temperatures are missing.
	nothing, none := twoYears(func(_ int, use, _ float64) (string, string) { return fmt.Sprint(use), "" }).files(t)
	refusedAnalysis(t, []string{"savings", "--usage", nothing, "--temperature", none, "--baseline-end", "2023-01-01T00:00:00Z", "--reporting-start", "2023-01-01T00:00:00Z"},
		"got 0 days with use and temperature")
}

// Local times of days on which clocks change: the hour that comes twice is two
// hours, the one that is skipped is refused.
func TestSeriesReader_DaysOfDaylightSaving(t *testing.T) {
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	r := seriesReader{loc: chicago, named: true}
	autumn, err := r.read(strings.NewReader("time,value\n2024-11-03 00:00,1\n2024-11-03 01:00,2\n2024-11-03 01:00,3\n2024-11-03 02:00,4\n"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(autumn.Times); i++ {
		if got := autumn.Times[i] - autumn.Times[i-1]; got != 3600 {
			t.Errorf("row %d: got %d s after the row above, want 3600", i, got)
		}
	}
	if _, err := r.read(strings.NewReader("time,value\n2024-03-10 01:00,1\n2024-03-10 02:30,2\n")); err == nil || !strings.Contains(err.Error(), "skip") {
		t.Errorf("got %v, want a refusal of the hour that is skipped", err)
	}
	if _, err := r.read(strings.NewReader("time,value\n2024-11-03 01:00,1\n2024-11-03 01:00,2\n2024-11-03 01:00,3\n")); err == nil {
		t.Error("an hour three times: got no error")
	}
}

// Hours in a zone with daylight saving give the same days as the sums of them,
// 23 and 25 hours included: a constant load has no weather signal and no savings.
func TestAnalyzeSavings_HoursOverDaylightSaving(t *testing.T) {
	usage, temperature := building{
		step: time.Hour, start: time.Date(2022, 1, 1, 6, 0, 0, 0, time.UTC), steps: 730 * 24,
		change: func(_ int, _, temp float64) (string, string) { return "2", fmt.Sprint(temp) },
	}.files(t)
	a := mustAnalyze(t, "savings", "--usage", usage, "--temperature", temperature, "--time-zone", "America/Chicago",
		"--baseline-end", "2023-01-01", "--reporting-start", "2023-01-01", "--reporting-end", "2023-12-31")
	if got, want := a["observed"].(float64), 364*48.; math.Abs(got-want) > 2 { // one summer hour is not back yet
		t.Errorf("got %v observed, want %v but for the hour of daylight saving", got, want)
	}
	if !warned(a, "no_weather_signal") {
		t.Errorf("got %v, want no_weather_signal", a["warnings"])
	}
}

func TestAnalyze_Table(t *testing.T) {
	var out, complaints bytes.Buffer
	args := append([]string{"analyze"}, savingsArgs(t, twoYears(nil), "caltrack-daily")...)
	if code := runAnalysis(args, &out, &complaints); code != codeOK {
		t.Fatalf("got exit code %d: %s", code, &complaints)
	}
	for _, text := range []string{"heating_balance_point", "band_fsu", "baseline.start", "2022-01-01", "cdd_hdd"} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("got\n%s\nwant %q in it", &out, text)
		}
	}
}

func TestAnalyzeDegreeDays(t *testing.T) {
	file := inputFile(t, "t.csv", "time,value\n2024-01-30,8\n2024-01-31,NA\n2024-02-01,30\n2024-02-02,20\n")
	a := mustAnalyze(t, "degree-days", "--temperature", file, "--time-zone", "Asia/Shanghai")
	total := a["total"].(map[string]any)
	if total["heating_degree_days"] != 10. || total["cooling_degree_days"] != 4. || total["days"] != 3. || total["missing_days"] != 1. {
		t.Errorf("got %v, want 10 and 4 over 3 days, 1 missing", total)
	}
	if months := a["months"].([]any); len(months) != 2 || months[0].(map[string]any)["month"] != "2024-01" {
		t.Errorf("got %v, want January and February", months)
	}
	if !warned(a, "days_without_temperature") {
		t.Errorf("got %v, want days_without_temperature", a["warnings"])
	}
	hot := inputFile(t, "t.csv", "time,value\n2024-01-30,88\n2024-01-31,90\n")
	if a := mustAnalyze(t, "degree-days", "--temperature", hot, "--time-zone", "Asia/Shanghai"); !warned(a, "suspect_temperature_scale") {
		t.Errorf("90 C: got %v, want suspect_temperature_scale", a["warnings"])
	}
}

func TestAnalyzeChangepoint(t *testing.T) {
	usage, temperature := twoYears(nil).files(t)
	a := mustAnalyze(t, "changepoint", "--usage", usage, "--temperature", temperature)
	points := a["change_points"].([]any)
	if a["model"] != "5P" || len(points) != 2 || math.Abs(points[0].(float64)-14) > 1 || math.Abs(points[1].(float64)-24) > 1.5 {
		t.Errorf("seed %d: got %v with %v, want 5P with about 14 and 24", simulatedSeed, a["model"], points)
	}
	if _, ok := a["sse"].(float64); !ok {
		t.Errorf("got sse %v, want a number", a["sse"])
	}
	one := mustAnalyze(t, "changepoint", "--usage", usage, "--temperature", temperature, "--form", "2P")
	if one["model"] != "2P" || one["sse"].(float64) <= a["sse"].(float64) || one["slope"] == nil {
		t.Errorf("got %v with SSE %v, want 2P with more than %v", one["model"], one["sse"], a["sse"])
	}
}

// The reader takes any bytes without panicking, and what it takes is in order.
func FuzzSeriesReader(f *testing.F) {
	f.Add("time,value\n2024-01-01T00:00:00Z,1\n2024-01-01T01:00:00Z,NA\n")
	f.Add("\ufefftime,value\n2024-11-03 01:00,1\n2024-11-03 01:00,\n")
	f.Add("value,time\n1e3,2024\n,2025-01\n")
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := seriesReader{loc: chicago, named: true, dates: true}.read(strings.NewReader(text))
		if err != nil {
			return
		}
		if len(s.Times) != len(s.Values) {
			t.Fatalf("got %d times and %d values", len(s.Times), len(s.Values))
		}
		for i := range s.Times {
			if math.IsInf(s.Values[i], 0) || i > 0 && s.Times[i] <= s.Times[i-1] {
				t.Fatalf("row %d: got %d, %v after %v", i, s.Times[i], s.Values[i], s.Times[:i])
			}
		}
	})
}
