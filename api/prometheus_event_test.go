package api_test

import (
	"context"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
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

// A virtual meter that runs backwards for an hour does not make its counter fall:
// PromQL would take that for a meter that began anew, and count all of it again.
func TestPrometheus_CountersOfFormulasDoNotFall(t *testing.T) {
	config := panelConfig(t)
	text := maps.Clone(school)
	text["meters.csv"] = "id,building,carrier,use,kind,unit,interval,formula\nE1,S1-B1,electricity,building,register,kWh,PT1H,\n" +
		"E2,S1-B1,electricity,building,register,kWh,PT1H,\nV,S1-B1,electricity,building,delta,kWh,PT1H,E1 - E2\n"
	reg := build(t, text)
	ids := []string{"E1", "E2", "V"}
	config.World = &fakeWorld{
		RegistryFunc: func(context.Context) (*registry.Registry, error) { return reg, nil },
		NumberFunc:   func(meter string) (int32, bool) { n := slices.Index(ids, meter); return int32(n), n >= 0 },
	}
	var readings []posting.Reading
	for hour, values := range [][2]schema.Quantity{{100, 10}, {110, 11}, {111, 15}, {116, 15}, {116, 15}} { // V: 9, -3, 5, 0
		for meter, value := range values {
			moment := at(t, "2023-05-01T22:00:00+08:00") + schema.Instant(hour)*schema.Instant(schema.Hour)
			readings = append(readings, posting.Reading{Meter: int32(meter), Recorded: moment + 1000, Point: books.Point{
				Time: moment, Received: moment + 1000, Value: value * schema.Micro, Unit: schema.KilowattHour, Kind: schema.Register,
			}})
		}
	}
	found := booksOf(reg, ids, readings)
	config.Books, config.Panels = found, panelsOf{books: found}
	h := serve(t, config)
	f := func(query, moment string, want float64) {
		t.Helper()
		if got, _ := ask(t, h, query, moment); len(got) != 1 || math.Abs(got[0]-want) > 1e-5 { // a range is a millisecond longer than its samples
			t.Errorf("%s at %s: got %v, want %v", query, moment, got, want)
		}
	}
	const total = `jouleline_meter_consumption_kwh_total{meter="V"}`
	f(total, "2023-05-01T23:00:00+08:00", 9)
	f("jouleline_meter_consumption_hour_kwh{meter=\"V\"}", "2023-05-01T23:30:00+08:00", -3)
	f("resets("+total+"[5h])", "2023-05-02T02:00:00+08:00", 0)
	f("increase("+total+"[1h1ms])", "2023-05-02T00:00:00+08:00", 0)
	f("increase("+total+"[1h1ms])", "2023-05-02T01:00:00+08:00", 5)
	f("increase("+total+"[4h1ms])", "2023-05-02T02:00:00+08:00", 14)
	f("max_over_time(increase("+total+"[1h1ms])[4h:15m])", "2023-05-02T02:00:00+08:00", 9)
}

// Alerts are evaluated at full minutes of another machine's clock: what holds now
// is there for who is a little ahead.
func TestPrometheus_AskedAheadOfTheClock(t *testing.T) {
	config := panelConfig(t)
	config.Now = func() time.Time { return time.Date(2023, 5, 2, 3, 59, 59, 950_000_000, time.UTC) }
	h := serve(t, config)
	f := func(query, moment string, want ...float64) {
		t.Helper()
		if got, _ := ask(t, h, query, moment); !slices.Equal(got, want) {
			t.Errorf("%s at %s: got %v, want %v", query, moment, got, want)
		}
	}
	const seen, age = "jouleline_meter_last_reading_timestamp_seconds", "jouleline_meter_freshness_seconds"
	last := float64(at(t, "2023-05-02T02:00:00+08:00")) / 1000
	for _, moment := range []string{"2023-05-02T03:59:59.9Z", "2023-05-02T04:00:00Z", "2023-05-02T04:03:59.999Z"} {
		f(seen, moment, last)
		f(age, moment, 35_940) // the latest full minute
	}
	for _, moment := range []string{"2023-05-02T03:59:59.9Z", "2023-05-02T04:00:00Z", "2023-05-02T15:59:59.999Z"} { // the day runs
		f("jouleline_meter_consumption_day_kwh", moment, 7.5)
		f("jouleline_building_silent_day_meters", moment, 0)
		f("jouleline_institution_consumption_year_kwh", moment, 13)
		f("count(jouleline_institution_coverage_month_ratio)", moment, 1)
	}
	f("jouleline_meter_consumption_day_kwh", "2023-05-02T16:00:00Z")
	f(age, "2023-05-02T03:58:59.999Z", 35_880)
	f("count_over_time("+age+"[5m])", "2023-05-02T04:00:00Z", 4)
	f(seen, "2023-05-02T04:05:00Z")
	f(age, "2023-05-02T04:05:00Z")
}
