package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jouleline/api"
	"jouleline/api/promql"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// No family makes more samples than it may, over all time there is, only to have
// them refused: the refusal comes first.
func TestPrometheus_NoFamilyMakesTooMuch(t *testing.T) {
	config := panelConfig(t)
	server, err := api.New(config)
	if err != nil {
		t.Fatal(err)
	}
	source := api.SeriesOf(server)
	families := source.Families()
	refused := 0
	for i := range families {
		const most = 250 // the years there are, and a few
		list, err := source.Select(t.Context(), promql.Selection{
			Family: &families[i], Matches: func(promql.Labels, ...string) bool { return true }, From: schema.MinInstant, To: schema.MaxInstant, MaxSeries: 1000, MaxSamples: most,
		})
		if errors.Is(err, promql.ErrTooMany) {
			refused++
			continue
		}
		got := 0
		for k := range list {
			got += list[k].Samples() - 1 // without the stale marker at its end
		}
		if err != nil || got > most {
			t.Errorf("%s: got %d samples, %v, want at most %d", families[i].Name, got, err, most)
		}
	}
	if refused < 20 {
		t.Errorf("got %d families that refuse, want 20", refused)
	}
}

// Before anything was metered there is nothing, and that is no error.
func TestPrometheus_LongAgo(t *testing.T) {
	h := serve(t, panelConfig(t))
	for _, query := range []string{"jouleline_region_info", "jouleline_meter_consumption_day_kwh", "jouleline_meter_consumption_kwh_total", "jouleline_institution_carbon_month_kg"} {
		for _, moment := range []string{"-8589934592", "4", "1970-01-01T12:00:00+08:00", "2199-12-31T23:00:00Z", "34359738368"} {
			if got, _ := ask(t, h, query, moment); len(got) > 0 {
				t.Errorf("%s at %s: got %v, want nothing", query, moment, got)
			}
		}
	}
	const ever = "count_over_time(jouleline_meter_consumption_day_kwh[100y])"
	if got, _ := ask(t, h, ever, "2024-01-01T00:00:00Z"); len(got) != 1 || got[0] != 2 {
		t.Errorf("%s: got %v, want 2 days", ever, got)
	}
}

// Too many forecasts are refused before the first of them is made.
func TestPrometheus_ForecastsAreCountedFirst(t *testing.T) {
	institutions := strings.Builder{}
	institutions.WriteString("id,name,class,region\n")
	for i := range 201 {
		fmt.Fprintf(&institutions, "I%d,n,education,370102\n", i)
	}
	reg := build(t, map[string]string{"regions.csv": school["regions.csv"], "institutions.csv": institutions.String()})
	config := newConfig(t)
	config.World = &fakeWorld{RegistryFunc: func(context.Context) (*registry.Registry, error) { return reg, nil }}
	asked := 0
	found := &fakeBooks{UsageFunc: func(context.Context, indicator.UsageQuery) ([]indicator.Usage, error) { asked++; return nil, nil }}
	config.Books, config.Panels = found, panelsOf{books: found}
	h := serve(t, config)
	w := get(t, h, "/prometheus/api/v1/query?query=jouleline_institution_forecast_reduction_percent&time=1709222400")
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "got 201 groups to forecast, want at most 200") || asked > 0 {
		t.Errorf("got status %d after %d questions to the books: %s", w.Code, asked, w.Body)
	}
	ask(t, h, `jouleline_institution_forecast_reduction_percent{institution=~"I1.?"}`, "2024-02-29T16:00:00Z")
	if asked == 0 {
		t.Error("the books were not asked for a forecast")
	}
}
