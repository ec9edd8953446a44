package api_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"jouleline/analytics/cause"
	"jouleline/api"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// metered leaves of the planners' province the school that has a meter, without its
// declared figures.
func metered(t *testing.T) map[string]string {
	t.Helper()
	tables := planned(t)
	delete(tables, "declared.csv")
	for name, content := range tables {
		var kept []string
		for i, row := range strings.Split(content, "\n") {
			if i == 0 || !strings.HasPrefix(row, "S") && !strings.HasPrefix(row, "O") && !strings.HasPrefix(row, "H") || strings.HasPrefix(row, "S01") {
				kept = append(kept, row)
			}
		}
		tables[name] = strings.Join(kept, "\n")
	}
	return tables
}

// meteredConfig is a server for that school and the days of its two years.
func meteredConfig(t *testing.T, tables map[string]string) api.Config {
	t.Helper()
	config := plannersConfig(t, tables)
	first := schema.DayOf(2022, time.January, 1)
	config.Books.(*fakeBooks).UsageFunc = func(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
		u := indicator.Usage{Carrier: schema.Electricity, Use: schema.ForBuilding}
		for d := range 730 {
			if day := first + schema.Day(d); q.From <= day && day < q.To {
				u.Quantity += useOn(d)
				u.Known += 24 * schema.Hour
			}
		}
		return []indicator.Usage{u}, nil
	}
	return config
}

// Weather is served as a factor of its own where months and temperatures tell it,
// as JSON and as a table; where they do not, the warning says why.
func TestDecomposition_Weather(t *testing.T) {
	const question = "/api/v1/decomposition?institution=S01&from_year=2022&to_year=2023&by=class"
	ask := func(tables map[string]string, more string) (cause.Answer, string) {
		t.Helper()
		h := serve(t, meteredConfig(t, tables))
		return decode[cause.Answer](t, get(t, h, question+more)), get(t, h, question+more, "Accept", "text/csv").Body.String()
	}
	tables := metered(t)
	a, table := ask(tables, "")
	if a.State != cause.OK || a.Weather == nil || a.Weather.Models != 2 || a.Weather.Institutions != 1 || a.Weather.ShareTo < .999 {
		t.Fatalf("got %s (%s) with %+v, %v, want all of it modelled", a.State, a.Reason, a.Weather, a.Warnings)
	}
	if !strings.Contains(table, ",weather,") || strings.Contains(table, string(cause.CodeWeather)) {
		t.Errorf("got\n%s\nwant a factor weather without a warning of it", table)
	}
	if a, table = ask(tables, "&weather=in_intensity"); a.State != cause.OK || a.Weather != nil || len(a.Warnings) == 0 ||
		!strings.Contains(a.Warnings[0].Detail, "as was asked for") || strings.Contains(table, ",weather,") {
		t.Errorf("weather left in intensity: got %+v, %v and\n%s\nwant no factor weather, and why", a.Weather, a.Warnings, table)
	}
	tables["weather.csv"] = "station,time,temperature_c\n" + strings.Join(strings.Split(tables["weather.csv"], "\n")[1:600], "\n") + "\n"
	a, table = ask(tables, "")
	if a.State != cause.OK || a.Weather != nil || !strings.Contains(table, string(cause.CodeWeather)) || strings.Contains(table, ",weather,") {
		t.Errorf("half a year without temperatures: got %+v and\n%s\nwant no factor weather, and a warning", a.Weather, table)
	}
	for _, w := range a.Warnings {
		if w.Code == cause.CodeWeather && !strings.Contains(w.Detail, "1 whose station lacks temperatures") {
			t.Errorf("got %q, want the reason in it", w.Detail)
		}
	}
}
