package api_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	"jouleline/analytics/progress"
	"jouleline/api"
	"jouleline/schema/registry"
)

// correctedSchool is the school whose electricity of 2020 was 20,000 kWh too low,
// and which was closed for a while.
func correctedSchool(t *testing.T) api.Config {
	t.Helper()
	text := maps.Clone(school)
	text["baselines.csv"] = "version,date,author,cause,reason,scope,id,year,quantity,unit,amount\n" +
		"r1,2023-02-01,LI,error,a bill was missing,institution,S1,2020,electricity,kWh,20000\n"
	text["adjustments.csv"] = "adjustment,date,author,reason,scope,id,valid_from,valid_to,quantity,unit,amount\n" +
		"covid,2021-03-01,WANG,closed in spring,institution,S1,2020-02-01,2020-05-01,electricity,kWh,30000\n"
	reg := build(t, text)
	config := newConfig(t)
	config.World = &fakeWorld{
		RegistryFunc: func(context.Context) (*registry.Registry, error) { return reg, nil },
		NumberFunc:   func(meter string) (int32, bool) { return 0, meter == "E1" },
	}
	return config
}

// 500,000 kWh were 6.145 kgce/m2; 520,000 are 6.3908, 550,000 are 6.7595.
func TestProgress_BaselineAndAdjustments(t *testing.T) {
	h := serve(t, correctedSchool(t))
	f := func(query string, baseline float64, version string) {
		t.Helper()
		a := decode[progress.Answer](t, get(t, h, "/api/v1/progress?region=370000&year=2023"+query))
		if got := *a.Indicators[0].Baseline; got != baseline || a.Corrections == nil || a.Corrections.Baseline != version || len(a.Corrections.Others) != 3 {
			t.Errorf("%q: got %v of %+v, want %v of %s and three other choices", query, got, a.Corrections, baseline, version)
		}
	}
	f("", 6.3908, "r1")
	f("&baseline=first", 6.145, "first")
	f("&baseline=r1&adjustments=with", 6.7595, "r1")
	f("&baseline=2020&adjustments=with", 6.7595, "r1")
	refused(t, get(t, h, "/api/v1/progress?region=370000&year=2023&baseline=r7"), 404, "r7", "[r1]")
	refused(t, get(t, h, "/api/v1/progress?region=370000&year=2023&baseline=1066"), 422, "1066")
}

// What was put to a figure is a part of it when the figure is opened.
func TestExplain_ShowsCorrections(t *testing.T) {
	h := serve(t, correctedSchool(t))
	w := get(t, h, "/api/v1/explain?institution=S1&figure=reduction&indicator=energy_per_area&year=2023&adjustments=with")
	for _, want := range []string{"baseline r1: electricity", "adjustment covid: electricity", "a bill was missing", "closed in spring"} {
		if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("got status %d: %s, want %q", w.Code, w.Body, want)
		}
	}
}
