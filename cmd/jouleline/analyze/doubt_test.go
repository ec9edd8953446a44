package analyze

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// doubt is an input that is wrong or too thin, and what analyses make of it: a
// refusal that says the texts of refused, or an answer with the warning of labelled.
// Neither would be a number that a reader takes for good.
type doubt struct {
	name     string
	args     []string
	labelled string
	refused  []string
}

// A wrong or thin input never yields a number without its warning. Every case
// that planners met stands here once for each analysis that could be asked with it.
func TestAnalyze_WrongOrThinInput(t *testing.T) {
	var cases []doubt
	add := func(name, labelled string, args ...string) {
		cases = append(cases, doubt{name: name, args: args, labelled: labelled})
	}
	refuse := func(name string, texts []string, args ...string) {
		cases = append(cases, doubt{name: name, args: args, refused: texts})
	}
	days := func(change func(int, float64, float64) (string, string), method string, more ...string) []string {
		return savingsArgs(t, twoYears(change), method, more...)
	}
	hours := func(change func(int, float64, float64) (string, string)) []string {
		b := building{step: time.Hour, start: time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC), steps: 730 * 24, saves: .1, change: change}
		return savingsArgs(t, b, "towt")
	}
	asChangepoint := func(savings []string) []string {
		return []string{"changepoint", "--usage", savings[2], "--temperature", savings[4]}
	}
	asDegreeDays := func(savings []string) []string { return []string{"degree-days", "--temperature", savings[4]} }
	text := func(use, temp float64) (string, string) { return fmt.Sprint(use), fmt.Sprint(temp) }

	// Six bills of two months: two slopes would fit them almost exactly.
	add("bimonthly bills", "few_bills", bimonthly(t, 13, 6)...)
	refuse("three bimonthly bills", []string{"got 3 usable bills", "at least 4"}, bimonthly(t, 7, 3)...)

	weak := func(i int, _, temp float64) (string, string) {
		r := rand.New(rand.NewPCG(simulatedSeed, uint64(i)))
		return text(40+.05*max(14-temp, 0)+2*r.NormFloat64(), temp)
	}
	flat := days(weak, "caltrack-daily")
	add("adjusted R2 near zero", "no_weather_signal", flat...)
	add("adjusted R2 near zero", "no_weather_signal", days(weak, "changepoint")...)
	add("adjusted R2 near zero", "no_weather_signal", asChangepoint(flat)...)
	add("adjusted R2 near zero", "no_weather_signal", hours(weak)...)
	add("use that is always zero", "no_weather_signal", days(func(_ int, _, temp float64) (string, string) { return text(0, temp) }, "caltrack-daily")...)

	three := yearly(t, "3", "2.5", "2.4")
	add("three annual points", "few_degrees_of_freedom", "trend", "--input", three, "--method", "ols")
	refuse("three annual points", []string{"known values", "at least 4"}, "trend", "--input", three, "--method", "theil-sen")
	refuse("three annual points", []string{"known values", "at least 4"}, "trend", "--input", three, "--method", "mann-kendall")
	refuse("three annual points", []string{"at least 9"}, "trend", "--input", three, "--method", "holt")
	refuse("three annual points", []string{"two cycles"}, "stl", "--input", three, "--period", "2")

	exporting := func(i int, use, temp float64) (string, string) {
		if i%50 == 0 {
			use = -use
		}
		return text(use, temp)
	}
	negative := days(exporting, "caltrack-daily")
	add("negative use", "negative_use", negative...)
	add("negative use", "negative_use", days(exporting, "changepoint")...)
	add("negative use", "negative_use", asChangepoint(negative)...)
	add("negative use", "negative_load", hours(exporting)...)
	empty := func(i int, use, temp float64) (string, string) {
		if i%5 == 0 {
			use = 0
		}
		return text(use, temp)
	}
	for _, method := range []string{"caltrack-daily", "changepoint"} {
		add("zeros that are gaps", "too_many_missing_days", days(empty, method, "--zero-is-missing")...)
	}
	refuse("a negative factor", []string{"line 5", "split import from export"}, "decompose", "--input", inputFile(t, "table.csv", strings.Replace(lmdiTable, "5,6,4", "5,-6,4", 1)))
	add("a total of zero", "total_of_zero", "decompose", "--input", inputFile(t, "table.csv", "sector,period,x,y\na,1,0,2\na,2,3,2\n"))
	add("nothing but zeros", "values_do_not_vary", "trend", "--input", yearly(t, "0", "0", "0", "0", "0"), "--method", "ols")

	refuse("unsorted use", []string{"line 3", "times in order"}, "savings", "--baseline-end", "2023-01-01T00:00:00Z", "--reporting-start", "2023-01-01T00:00:00Z",
		"--usage", inputFile(t, "u.csv", "time,value\n2022-01-02T00:00:00Z,1\n2022-01-01T00:00:00Z,1\n"), "--temperature", flat[4])
	refuse("unsorted temperatures", []string{"line 3", "times in order"}, "degree-days", "--temperature", inputFile(t, "t.csv", "time,value\n2022-01-02T00:00:00Z,1\n2022-01-01T00:00:00Z,1\n"))
	refuse("unsorted years", []string{"line 4", "times in order"}, "trend", "--input", inputFile(t, "s.csv", "time,value\n2015,1\n2017,2\n2016,3\n"), "--method", "ols")
	refuse("a time twice", []string{"line 3", "each time once"}, "stl", "--input", inputFile(t, "s.csv", "time,value\n2015,1\n2015,2\n"), "--period", "2")

	blind := func(i int, use, temp float64) (string, string) {
		if i%5 == 0 {
			return fmt.Sprint(use), "NA"
		}
		return text(use, temp)
	}
	missing := days(blind, "caltrack-daily")
	add("missing temperatures", "too_many_missing_days", missing...)
	add("missing temperatures", "too_many_missing_days", days(blind, "changepoint")...)
	add("missing temperatures", "too_many_missing_days", asChangepoint(missing)...)
	add("missing temperatures", "days_without_temperature", asDegreeDays(missing)...)
	never := days(func(_ int, use, _ float64) (string, string) { return fmt.Sprint(use), "" }, "caltrack-daily")
	refuse("no temperatures", []string{"got 0 days with use and temperature"}, never...)

	refuse("an hour that clocks skip", []string{"line 3", "skip"}, "degree-days", "--time-zone", "America/Chicago",
		"--temperature", inputFile(t, "t.csv", "time,value\n2024-03-10 01:00,1\n2024-03-10 02:30,2\n"))
	refuse("an hour that comes three times", []string{"line 4"}, "degree-days", "--time-zone", "America/Chicago",
		"--temperature", inputFile(t, "t.csv", "time,value\n2024-11-03 01:00,1\n2024-11-03 01:00,2\n2024-11-03 01:00,3\n"))
	refuse("local times without a zone", []string{"line 2", "--time-zone"}, "degree-days", "--temperature", inputFile(t, "t.csv", "time,value\n2024-03-10 01:00,1\n"))

	hot := func(_ int, use, temp float64) (string, string) { return text(use, temp*9/5+32) }
	fahrenheit := days(hot, "caltrack-daily")
	add("Fahrenheit taken for Celsius", "suspect_temperature_scale", fahrenheit...)
	add("Fahrenheit taken for Celsius", "suspect_temperature_scale", days(hot, "changepoint")...)
	add("Fahrenheit taken for Celsius", "suspect_temperature_scale", asChangepoint(fahrenheit)...)
	add("Fahrenheit taken for Celsius", "suspect_temperature_scale", asDegreeDays(fahrenheit)...)
	add("Fahrenheit taken for Celsius", "suspect_temperature_scale", hours(hot)...)
	add("Celsius taken for Fahrenheit", "suspect_temperature_scale", append(flat, "--unit", "F")...)

	for _, c := range cases {
		if c.refused != nil {
			refusedAnalysis(t, c.args, c.refused...)
			continue
		}
		a, code, complaint := analyze(t, c.args...)
		switch verdict, judged := a["verdict"]; {
		case code != codeOK:
			t.Errorf("%s, %s: got a refusal, %s, want %s", c.name, c.args[0], complaint, c.labelled)
		case !warned(a, c.labelled):
			t.Errorf("%s, %v: got %v, want %s", c.name, c.args, a["warnings"], c.labelled)
		case judged && verdict == "usable":
			t.Errorf("%s, %v: got a usable number, want it doubted", c.name, c.args)
		case a["model"] == "cdd_hdd" && c.labelled == "few_bills":
			t.Errorf("%s: got two slopes through six bills", c.name)
		}
	}
}

// bimonthly asks for the savings by bills of two months each: as many reads, of
// which the first bills are the baseline.
func bimonthly(t testing.TB, reads, baseline int) []string {
	t.Helper()
	first := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	temperature := func(day int) float64 { return 14 - 14*math.Cos(2*math.Pi*float64(day)/365.25) }
	var bills, temps strings.Builder
	bills.WriteString("time,value\n")
	temps.WriteString("time,value\n")
	for i := range reads {
		from, to := first.AddDate(0, 2*i, 0), first.AddDate(0, 2*i+2, 0)
		var use float64
		for at := from; at.Before(to); at = at.AddDate(0, 0, 1) {
			temp := temperature(int(at.Sub(first).Hours() / 24))
			use += 40 + 3*max(14-temp, 0) + 4*max(temp-24, 0)
			fmt.Fprintf(&temps, "%s,%.3f\n", at.Format(time.RFC3339), temp)
		}
		fmt.Fprintf(&bills, "%s,%.3f\n", from.Format(time.RFC3339), use)
	}
	middle := first.AddDate(0, 2*baseline, 0).Format(time.RFC3339)
	return []string{"savings", "--usage", inputFile(t, "bills.csv", bills.String()), "--temperature", inputFile(t, "temps.csv", temps.String()),
		"--method", "caltrack-billing", "--baseline-end", middle, "--reporting-start", middle}
}
