package api_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"jouleline/analytics/outlook"
	"jouleline/analytics/savings"
	"jouleline/api/planner"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// weatherRows gives the planners' weather with every temperature changed, or left
// out where change says so.
func weatherRows(change func(day int, celsius float64) (float64, bool)) string {
	var text strings.Builder
	text.WriteString("station,time,temperature_c\n")
	for d := range 730 {
		if v, ok := change(d, temperatureOn(d)); ok {
			fmt.Fprintf(&text, "54823,%s,%.2f\n", time.Date(2022, 1, 1+d, 0, 0, 0, 0, time.FixedZone("", 8*3600)).Format(time.RFC3339), v)
		}
	}
	return text.String()
}

// A wrong or thin input never gets a number from the server without its warning.
func TestPlanners_WrongOrThinInput(t *testing.T) {
	savingsOf := func(name, code string, verdict savings.Verdict, weather string, use func(day int) schema.Quantity, more string) {
		t.Helper()
		tables := planned(t)
		if weather != "" {
			tables["weather.csv"] = weather
		}
		config := plannersConfig(t, tables)
		if use != nil {
			first := schema.DayOf(2022, time.January, 1)
			config.Books = &fakeBooks{BookedFunc: func(_ context.Context, _ []int32, days schema.Validity, _ schema.Instant) (found []posting.Entry, err error) {
				for d := range 730 {
					if day := first + schema.Day(d); days.Contains(day) {
						found = append(found, posting.Entry{Entry: books.Entry{Day: day, Quantity: use(d), Known: 24 * schema.Hour}})
					}
				}
				return found, nil
			}}
		}
		e := decode[planner.SavingsAnswer](t, get(t, serve(t, config), savingsQuestion+more)).Estimate
		for _, w := range e.Warnings {
			if string(w.Code) == code && e.Verdict == verdict {
				return
			}
		}
		t.Errorf("%s: got %s with %v, want %s with %s", name, e.Verdict, e.Warnings, verdict, code)
	}
	fahrenheit := planned(t)
	fahrenheit["weather.csv"] = weatherRows(func(_ int, c float64) (float64, bool) { return c*9/5 + 32, true })
	if _, err := registry.Build(tablesOf(fahrenheit), registry.Options{}); err == nil || !strings.Contains(err.Error(), "temperature_c") {
		t.Errorf("Fahrenheit in the registry: got %v, want it refused", err)
	}
	gaps := weatherRows(func(d int, c float64) (float64, bool) { return c, d%5 != 0 })
	flat := func(d int) schema.Quantity { return schema.Quantity(700e6 + int64(d*7919%13)*1e6) }
	for _, method := range []string{"&method=caltrack-daily", "&method=changepoint"} {
		savingsOf("days without temperatures", "too_many_missing_days", savings.Doubtful, gaps, nil, method)
		savingsOf("use that no weather explains", "no_weather_signal", savings.Doubtful, "", flat, method)
		savingsOf("days of no electricity", "too_many_missing_days", savings.Doubtful, "", func(d int) schema.Quantity {
			if d%5 == 0 {
				return 0
			}
			return useOn(d)
		}, method)
		savingsOf("days of export", "negative_use", savings.Doubtful, "", func(d int) schema.Quantity {
			if d%40 == 0 {
				return -useOn(d)
			}
			return useOn(d)
		}, method)
	}
	savingsOf("eight months of a year", "few_bills", savings.Doubtful, "", nil, "&method=caltrack-billing&baseline_start=2022-05-01T00:00:00%2B08:00")

	// Three annual points have one degree of freedom, and say so.
	thin := planned(t)
	var kept []string
	for _, row := range strings.Split(thin["declared.csv"], "\n") {
		if cells := strings.Split(row, ","); len(cells) > 2 {
			if year, err := strconv.Atoi(cells[2]); err == nil && year > 2022 {
				continue
			}
		}
		kept = append(kept, row)
	}
	thin["declared.csv"] = strings.Join(kept, "\n")
	for _, in := range decode[outlook.Answer](t, get(t, serve(t, plannersConfig(t, thin)), "/api/v1/forecast?region=370000")).Indicators {
		labelled := false
		for _, w := range in.Warnings {
			labelled = labelled || w.Code == outlook.CodeFewYears
		}
		if !labelled || in.Probability == nil || in.Probability.DF > 1 {
			t.Errorf("%s from three years: got %v with %+v, want few_years and one degree of freedom", in.Indicator, in.Warnings, in.Probability)
		}
	}
	// A base year of nothing has no reduction, and no forecast.
	zero := planned(t)
	var rows []string
	for _, row := range strings.Split(zero["declared.csv"], "\n") {
		if cells := strings.Split(row, ","); len(cells) > 5 && cells[2] == "2020" {
			cells[5] = "0"
			row = strings.Join(cells, ",")
		}
		rows = append(rows, row)
	}
	zero["declared.csv"] = strings.Join(rows, "\n")
	for _, in := range decode[outlook.Answer](t, get(t, serve(t, plannersConfig(t, zero)), "/api/v1/forecast?region=370000")).Indicators {
		if in.State != outlook.NotEnoughData || in.Probability != nil || len(in.Forecast) != 0 || in.Reason == "" {
			t.Errorf("%s from a base year of zero: got %s (%s) with %v, want not_enough_data without a number", in.Indicator, in.State, in.Reason, in.Forecast)
		}
	}
}
