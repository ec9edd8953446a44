package api_test

import (
	"context"
	"maps"
	"testing"

	"jouleline/schema/registry"
)

func TestPrometheus_EventsHoldOverTheirDay(t *testing.T) {
	config := panelConfig(t)
	text := maps.Clone(school)
	text["meter_events.csv"] = "meter,time,event,final,initial\nE1,2023-05-01T20:00:00+08:00,swap,90,0\nE1,2023-05-03T10:00:00+08:00,reset,8,0\nE1,2023-05-03T11:00:00+08:00,swap,9,0\n"
	reg := build(t, text)
	config.World.(*fakeWorld).RegistryFunc = func(context.Context) (*registry.Registry, error) { return reg, nil }
	h := serve(t, config)
	f := func(query, moment string, want ...string) {
		t.Helper()
		_, metrics := ask(t, h, query, moment)
		var got []string
		for _, m := range metrics {
			got = append(got, m["event"])
		}
		if len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
			t.Errorf("%s at %s: got %q, want %q", query, moment, got, want)
		}
	}
	const event = `jouleline_meter_event{meter="E1"}`
	f(event, "2023-05-01T19:59:59+08:00")
	f(event, "2023-05-01T20:00:00+08:00", "swap")
	f(event, "2023-05-01T23:59:59+08:00", "swap")
	f(event, "2023-05-02T00:00:00+08:00")
	f(event, "2023-05-03T12:00:00+08:00", "swap", "reset")
	f(`jouleline_meter_event{event="reset"}`, "2023-05-03T12:00:00+08:00", "reset")
	f("count_over_time("+event+"[3d]) > 1", "2023-05-03T23:59:59+08:00", "swap")
	if got, _ := ask(t, h, "jouleline_meter_gap_limit_seconds", "2023-05-03T12:00:00+08:00"); len(got) != 1 || got[0] != 3*3600 {
		t.Errorf("gap limit: got %v, want [10800]", got)
	}
}
