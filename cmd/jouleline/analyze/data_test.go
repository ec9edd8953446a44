package analyze

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sampleCSV writes a CalTRACK sample as time,value, with as many of its last rows
// left out as are asked for, and gives the file's name.
func sampleCSV(t *testing.T, name string, leftOut int) string {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedFolder, "eemeter-caltrack2", "samples", name+".csv.gz"))
	if err != nil {
		t.Skip("the CalTRACK samples do not lie beside the checkout; TestAnalyzeSavings_Methods uses a simulated building")
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	text.WriteString("time,value\n")
	for _, row := range rows[1 : len(rows)-leftOut] {
		fmt.Fprintf(&text, "%s,%s\n", row[0], row[1])
	}
	return inputFile(t, name+".csv", text.String())
}

func close9(t *testing.T, answer map[string]any, name string, want float64) {
	t.Helper()
	if got, ok := answer[name].(float64); !ok || math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
		t.Errorf("%s: got %v, want %.12g", name, answer[name], want)
	}
}

// The row that eemeter 3.2.0 publishes for its sample meter. The daily samples are
// stamped 00:00-06:00, but eemeter lays UTC days of temperature under them.
func TestData_AnalyzeSavingsCalTRACKRow(t *testing.T) {
	a := mustAnalyze(t, "savings", "--usage", sampleCSV(t, "il-electricity-cdd-hdd-daily", 1), "--temperature", sampleCSV(t, "il-tempF", 0),
		"--unit", "F", "--method", "caltrack-daily", "--baseline-end", "2016-12-26T00:00:00Z",
		"--reporting-start", "2017-01-04T00:00:00Z", "--reporting-end", "2018-01-04T00:00:00Z")
	if a["model"] != "cdd_hdd" || a["n"] != 365. || a["verdict"] != "doubtful" || !warned(a, "extreme_values") || !warned(a, "extrapolation") {
		t.Errorf("got model %v of %v days, %v; want cdd_hdd of 365 with an extreme value and colder days than ever before: %v", a["model"], a["n"], a["verdict"], a["warnings"])
	}
	close9(t, a, "heating_balance_point", 53)
	close9(t, a, "cooling_balance_point", 68)
	close9(t, a, "intercept", 13.472385591795213)
	close9(t, a, "beta_hdd", 1.1122947857443488)
	close9(t, a, "beta_cdd", 2.516255026490125)
	close9(t, a, "r_squared_adj", 0.7684732992831353)
	close9(t, a, "cvrmse", 0.25431292806236583)
	close9(t, a, "savings", 793.9084964725346)
	close9(t, a, "counterfactual", 9876.148496472535)
}

// The same meter's bills: eemeter 3.2.0.
func TestData_AnalyzeSavingsCalTRACKBills(t *testing.T) {
	// The sample's last row ends the bill before it; its own use is none.
	a := mustAnalyze(t, "savings", "--usage", sampleCSV(t, "il-electricity-cdd-hdd-billing_monthly", 0), "--temperature", sampleCSV(t, "il-tempF", 0),
		"--unit", "F", "--time-zone", "Etc/GMT+6", "--method", "caltrack-billing",
		"--baseline-start", "2016-01-22", "--baseline-end", "2016-12-20", "--reporting-start", "2017-01-20", "--reporting-end", "2018-01-10")
	if a["model"] != "cdd_hdd" {
		t.Errorf("got %v, want cdd_hdd", a["model"])
	}
	close9(t, a, "heating_balance_point", 54)
	close9(t, a, "cooling_balance_point", 67)
	close9(t, a, "intercept", 13.42009362945286)
	close9(t, a, "beta_hdd", 1.047934763871703)
	close9(t, a, "beta_cdd", 2.25786866541241)
	close9(t, a, "savings", 795.6761207311779)

	few := mustAnalyze(t, "savings", "--usage", sampleCSV(t, "il-electricity-cdd-hdd-billing_bimonthly", 0), "--temperature", sampleCSV(t, "il-tempF", 0),
		"--unit", "F", "--time-zone", "Etc/GMT+6", "--method", "caltrack-billing",
		"--baseline-start", "2016-01-21", "--baseline-end", "2016-12-20", "--reporting-start", "2017-01-20", "--reporting-end", "2018-01-10")
	if few["model"] == "cdd_hdd" || few["verdict"] == "usable" || !warned(few, "few_bills") {
		t.Errorf("bimonthly bills: got %v, %v, want one slope at most and few_bills: %v", few["model"], few["verdict"], few["warnings"])
	}
}

// lbnlCSV writes years of the LBNL building as two files, use and temperature.
// Its labels are the ends of hours.
func lbnlCSV(t *testing.T, names ...string) (usage, temperature string) {
	t.Helper()
	var use, temps strings.Builder
	use.WriteString("time,value\n")
	temps.WriteString("time,value\n")
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(sharedFolder, "rmv2-lbnl", name))
		if err != nil {
			t.Skip("the LBNL building does not lie beside the checkout; TestAnalyzeSavings_Methods uses a simulated one")
		}
		rows, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			if row[0] == "NA" { // the hour that a zone with daylight saving skips
				continue
			}
			at, err := time.Parse("01/02/06 15:04", row[0])
			if err != nil {
				t.Fatal(err)
			}
			at = at.Add(-time.Hour)
			fmt.Fprintf(&use, "%s,%s\n", at.Format(time.RFC3339), row[1])
			fmt.Fprintf(&temps, "%s,%s\n", at.Format(time.RFC3339), row[2])
		}
	}
	return inputFile(t, "usage.csv", use.String()), inputFile(t, "temperature.csv", temps.String())
}

// post_1 is the same building under other weather (a placebo), post_2 one that
// saves about 11 % (LBNL RMV2.0 example data).
func TestData_AnalyzeSavingsPlaceboAndMeasure(t *testing.T) {
	for name, want := range map[string]float64{"Data_post_1.csv": 0, "Data_post_2.csv": .11} {
		usage, temperature := lbnlCSV(t, "Data_pre_1.csv", name)
		a := mustAnalyze(t, "savings", "--usage", usage, "--temperature", temperature, "--method", "towt",
			"--baseline-end", "2007-01-01T00:00:00Z", "--reporting-start", "2017-01-01T00:00:00Z")
		if got := a["savings_fraction"].(float64); math.Abs(got-want) > .006 {
			t.Errorf("%s: got savings of %.4f, want %.2f within .006", name, got, want)
		}
		if a["r_squared_adj"].(float64) < .8 {
			t.Errorf("%s: got adjusted R2 %v, want above .8", name, a["r_squared_adj"])
		}
	}
}
