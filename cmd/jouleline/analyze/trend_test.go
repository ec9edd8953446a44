package analyze

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const lmdiTable = `sector,period,activity,structure,intensity
a,2020,1,10,2
b,2020,4,5,3
a,2023,4,5,3
b,2023,5,6,4
`

// The values are those of LMDIR for this table, to nine digits after the point.
func TestAnalyzeDecompose(t *testing.T) {
	a := mustAnalyze(t, "decompose", "--input", inputFile(t, "table.csv", lmdiTable))
	if a["v0"] != 80. || a["vt"] != 180. || a["change"] != 100. {
		t.Errorf("got %v to %v, want 80 to 180", a["v0"], a["vt"])
	}
	for form, want := range map[string]map[string]float64{
		"additive":       {"activity": 69.790065979, "structure": -9.455125793, "intensity": 39.665059814},
		"multiplicative": {"activity": 1.761117821, "structure": .926191306, "intensity": 1.379410116},
	} {
		got := a[form].(map[string]any)
		for factor, v := range want {
			if math.Abs(got[factor].(float64)-v) > 1e-9 {
				t.Errorf("%s of %s: got %.12f, want %.9f", form, factor, got[factor], v)
			}
		}
	}
	// A year between them is chained; both ways add up to the same change.
	chained := mustAnalyze(t, "decompose", "--input", inputFile(t, "table.csv", strings.Replace(lmdiTable, "a,2023", "a,2021,2,8,2\nb,2021,4,5,3\na,2023", 1)))
	var sum float64
	for _, v := range chained["chained"].(map[string]any)["additive"].(map[string]any) {
		sum += v.(float64)
	}
	if math.Abs(sum-100) > 1e-9 {
		t.Errorf("chained: got a sum of %v, want 100", sum)
	}
	f := func(table string, texts ...string) {
		t.Helper()
		refusedAnalysis(t, []string{"decompose", "--input", inputFile(t, "table.csv", table)}, texts...)
	}
	f(strings.Replace(lmdiTable, "b,2023,5,6,4\n", "", 1), `"b"`, "no row")
	f(strings.Replace(lmdiTable, "5,6,4", "5,-6,4", 1), "line 5", "split import from export")
	f(strings.Replace(lmdiTable, "b,2023", "a,2023", 1), "stands above already")
	f(strings.Replace(lmdiTable, "period", "year", 1), "want sector, period")
	f("sector,period,x\na,2020,1\n", "periods")
	f(strings.Replace(lmdiTable, "5,6,4", "5,NA,4", 1), "NaN")
	zero := mustAnalyze(t, "decompose", "--input", inputFile(t, "table.csv", "sector,period,x,y\na,1,0,2\na,2,3,2\n"))
	if zero["multiplicative"] != nil || !warned(zero, "total_of_zero") || zero["additive"].(map[string]any)["x"] != 6. {
		t.Errorf("from zero: got %v, want 6 by x, no multiplicative form, and total_of_zero", zero)
	}
}

func FuzzReadFactors(f *testing.F) {
	f.Add(lmdiTable)
	f.Add("sector,period,x\n,,\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := readFactors(strings.NewReader(text))
		if err != nil {
			return
		}
		for key, row := range table.rows {
			if len(row) != len(table.factors) {
				t.Fatalf("%v: got %d values of %d factors", key, len(row), len(table.factors))
			}
		}
		if a, err := table.decompose(); err == nil && math.IsNaN(a.Change) {
			t.Fatalf("got a change of NaN from %q", text)
		}
	})
}

// yearly writes a series of years from 2015 on.
func yearly(t *testing.T, values ...string) string {
	t.Helper()
	text := "time,value\n"
	for i, v := range values {
		text += fmt.Sprintf("%d,%s\n", 2015+i, v)
	}
	return inputFile(t, "series.csv", text)
}

func TestAnalyzeTrend_Methods(t *testing.T) {
	file := yearly(t, "20", "19.1", "18.2", "16.8", "16.1", "14.9", "14.2", "13", "11.9", "11.1")
	for _, method := range []string{"ols", "theil-sen", "mann-kendall", "holt"} {
		a := mustAnalyze(t, "trend", "--input", file, "--method", method)
		if a["step"] != "year" || a["n"] != 10. {
			t.Errorf("%s: got %v values a %v, want 10 a year", method, a["n"], a["step"])
		}
		if slope, ok := a["slope"].(float64); (method != "holt") && (!ok || math.Abs(slope+1) > .05) {
			t.Errorf("%s: got slope %v, want about -1", method, a["slope"])
		}
		if p, ok := a["p_value"].(float64); method != "holt" && (!ok || p > .001) {
			t.Errorf("%s: got p %v, want below .001", method, a["p_value"])
		}
		forecast := a["forecast"].([]any)
		if method == "mann-kendall" {
			if len(forecast) != 0 {
				t.Errorf("mann-kendall: got a forecast, want a test only")
			}
			continue
		}
		next := forecast[0].(map[string]any)
		if mean := next["mean"].(float64); math.Abs(mean-10) > .3 || next["low"].(float64) >= mean || next["time"] != "2025-01-01T00:00:00Z" {
			t.Errorf("%s: got %v, want about 10 in 2025, within bounds", method, next)
		}
	}
	var text strings.Builder
	text.WriteString("time,value\n")
	for m := range 60 {
		fmt.Fprintf(&text, "%d-%02d,%.3f\n", 2019+m/12, m%12+1, 100-.2*float64(m)+10*math.Sin(2*math.Pi*float64(m)/12)+float64(m*7919%11)/10)
	}
	months := inputFile(t, "months.csv", text.String())
	a := mustAnalyze(t, "trend", "--input", months, "--method", "ets", "--period", "12")
	if forecast := a["forecast"].([]any); len(forecast) != 12 || a["step"] != "month" {
		t.Errorf("ets: got %d steps of a %v, want 12 months", len(forecast), a["step"])
	}
	if a := mustAnalyze(t, "trend", "--input", months, "--method", "mann-kendall", "--period", "12"); a["p_value"].(float64) > .001 {
		t.Errorf("seasonal: got p %v, want below .001", a["p_value"])
	}
	parts := mustAnalyze(t, "stl", "--input", months, "--period", "12")
	for i, p := range parts["points"].([]any) {
		p := p.(map[string]any)
		if sum := p["seasonal"].(float64) + p["trend"].(float64) + p["remainder"].(float64); math.Abs(sum-p["value"].(float64)) > 1e-9 {
			t.Errorf("point %d: parts add up to %v, want %v", i, sum, p["value"])
		}
	}
	if parts["seasonal_strength"].(float64) < .9 {
		t.Errorf("got a seasonal strength of %v, want above .9", parts["seasonal_strength"])
	}
}

// A thin or odd series never gives a forecast without its label.
func TestAnalyzeTrend_LabelsAndRefuses(t *testing.T) {
	label := func(file, method, code string) {
		t.Helper()
		if a := mustAnalyze(t, "trend", "--input", file, "--method", method); !warned(a, code) {
			t.Errorf("%s: got %v, want %s", method, a["warnings"], code)
		}
	}
	label(yearly(t, "3", "2.5", "2.4"), "ols", "few_degrees_of_freedom")
	label(yearly(t, "3", "2.5", "2.4", "2.1", "2.2"), "theil-sen", "few_degrees_of_freedom")
	label(yearly(t, "3", "2.5", "NA", "2.1", "2.2", "1.9"), "theil-sen", "missing_values")
	label(yearly(t, "9", "8", "7", "6", "5", "4.5"), "theil-sen", "bounds_of_no_width")
	label(yearly(t, "0", "0", "0", "0", "0"), "ols", "values_do_not_vary")
	// A season that shrinks with the values: the damped trend hangs on the last error.
	var shrinking strings.Builder
	shrinking.WriteString("time,value\n")
	for m := range 48 {
		shape := []float64{3.75, 2.74, 1.5, .57, .6, .75, .7, .64, .72, .57, 1.45, 3.4}[m%12]
		fmt.Fprintf(&shrinking, "%d-%02d,%.3f\n", 2020+m/12, m%12+1, shape*(1-.019*float64(m/12)))
	}
	if a := mustAnalyze(t, "trend", "--input", inputFile(t, "s.csv", shrinking.String()), "--method", "ets", "--period", "12"); !warned(a, "smoothing_at_edge") {
		t.Errorf("a shrinking season: got %v with %v, want smoothing_at_edge", a["warnings"], a["parameters"])
	}
	refuse := func(file, method string, texts ...string) {
		t.Helper()
		refusedAnalysis(t, []string{"trend", "--input", file, "--method", method}, texts...)
	}
	refuse(yearly(t, "3", "2.5"), "ols", "got 2 values")
	refuse(yearly(t, "3", "2.5", "2.4"), "mann-kendall", "known values", "at least 4")
	refuse(yearly(t, "3", "2.5", "2.4", "2.1", "2"), "holt", "at least 9")
	refuse(yearly(t, "3", "NA", "2.4", "2.1", "2"), "ols", "takes no gaps")
	refuse(yearly(t, "3", "2.5", "2.4", "2.1", "2"), "ets", "--period")
	refuse(inputFile(t, "s.csv", "time,value\n2015,1\n2017,2\n2016,3\n"), "ols", "line 4", "times in order")
	refuse(inputFile(t, "s.csv", "time,value\n2015-01-01T00:00:00Z,1\n2015-01-01T01:00:00Z,2\n2015-01-01T02:20:00Z,3\n2015-01-01T03:20:00Z,3\n"), "ols", "equal steps")
	refusedAnalysis(t, []string{"stl", "--input", yearly(t, "3", "NA", "2.4", "1")}, "have no value")
	refusedAnalysis(t, []string{"stl", "--input", yearly(t, "3", "2", "2.4"), "--period", "2"}, "two cycles")
}

// The CO2 series of the authors' STL program: the published season swings by
// about six parts per million and the trend rises.
func TestData_AnalyzeSTL(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(sharedFolder, "stl", "stl_co2.csv"))
	if err != nil {
		t.Skip("the series of the STL program does not lie beside the checkout; TestAnalyzeTrend_Methods splits a simulated one")
	}
	var text strings.Builder
	text.WriteString("time,value\n")
	values := strings.Fields(string(content))
	for i, v := range values {
		fmt.Fprintf(&text, "%d-%02d,%s\n", 1959+i/12, i%12+1, v)
	}
	a := mustAnalyze(t, "stl", "--input", inputFile(t, "co2.csv", text.String()), "--period", "12", "--robust")
	points := a["points"].([]any)
	if len(points) != len(values) || a["step"] != "month" {
		t.Fatalf("got %d points a %v, want %d a month", len(points), a["step"], len(values))
	}
	low, high := math.Inf(1), math.Inf(-1)
	for i, p := range points[:12] {
		p, later := p.(map[string]any), points[len(points)-12+i].(map[string]any)
		low, high = min(low, p["seasonal"].(float64)), max(high, p["seasonal"].(float64))
		if rise := later["trend"].(float64) - p["trend"].(float64); rise < 30 || rise > 40 {
			t.Errorf("month %d: got a rise of %v over 28 years, want 30 to 40 ppm", i+1, rise)
		}
	}
	if high-low < 5 || high-low > 8 || a["seasonal_strength"].(float64) < .9 {
		t.Errorf("got a swing of %v and a strength of %v, want about 6 ppm, plain to see", high-low, a["seasonal_strength"])
	}
}
