package api_test

import (
	"context"
	"strings"
	"testing"

	"jouleline/api/ledger"
	"jouleline/api/monitor"
	"jouleline/api/planner"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

const may = "from=2023-05-01T00:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00"

func TestConsumption_Groups(t *testing.T) {
	h := serve(t, countyConfig(t))
	f := func(about, name string, quantity, coverage, estimated float64) {
		t.Helper()
		a := decode[ledger.ConsumptionAnswer](t, get(t, h, "/api/v1/consumption?carrier=electricity&step=P1D&"+may+"&"+about))
		if len(a.Points) != 2 || a.Scope.Name != name || a.TimeZone != "Asia/Shanghai" || a.Unit != schema.KilowattHour {
			t.Fatalf("%s: got %+v, want two days of %q", about, a, name)
		}
		p := a.Points[0]
		if p.Quantity.Float64() != quantity || *p.Coverage != coverage || *p.EstimatedShare != estimated || *p.CarbonKG != quantity*0.641 {
			t.Errorf("%s: got %s, coverage %v, estimated %v, %v kg; want %v, %v, %v", about, p.Quantity, *p.Coverage, *p.EstimatedShare, *p.CarbonKG, quantity, coverage, estimated)
		}
		if *a.Factors.GridRegion != "370000" {
			t.Errorf("%s: got grid %s, want 370000", about, *a.Factors.GridRegion)
		}
	}
	// B has two meters that should report, and the hours of one.
	f("region=370000", "省", 48, 48.0/72, 6.0/48)
	f("region=370100", "甲市", 24, 1, 0)
	f("region=370200", "乙市", 24, 0.5, 0.25)
	f("department=edu", "教育", 24, 1, 0)
	f("class=health", "", 24, 0.5, 0.25)
	water := decode[ledger.ConsumptionAnswer](t, get(t, h, "/api/v1/consumption?carrier=water&step=P1M&region=370200&"+may))
	if p := water.Points[0]; p.Quantity != nil || p.EnergyKGCE != nil || *p.Coverage != 0 || water.Factors.GridRegion != nil {
		t.Errorf("water: got %+v, want nothing known of what is expected, and no grid", p)
	}
}

// By year, the grid of each point's own year counts, and none is named where
// points differ.
func TestConsumption_GridByYear(t *testing.T) {
	h := serve(t, countyConfig(t))
	a := decode[ledger.ConsumptionAnswer](t, get(t, h, "/api/v1/consumption?carrier=electricity&step=P1Y&region=370100&factor_mode=by_year&from=2022-12-31T00:00:00%2B08:00&to=2023-01-02T00:00:00%2B08:00"))
	if *a.Points[0].CarbonKG != 24*0.641 || *a.Points[1].CarbonKG != 24*0.6191 || a.Factors.GridYear != nil || a.Factors.Mode != "by_year" {
		t.Errorf("got %v, %v kg and %+v; want 2022 and 2023 by their own grid", *a.Points[0].CarbonKG, *a.Points[1].CarbonKG, a.Factors)
	}
}

// An institution whose buildings keep different calendars is asked in the
// deployment's; each of its meters is expected by its own.
func TestConsumption_SeveralCalendars(t *testing.T) {
	config := countyConfig(t)
	config.Books = &fakeBooks{BookedFunc: func(_ context.Context, meters []int32, days schema.Validity, _ schema.Instant) ([]posting.Entry, error) {
		var list []posting.Entry
		for _, m := range meters {
			e := posting.Entry{Meter: m}
			e.Day, e.Quantity, e.Known = days.From, schema.Micro, 12*schema.Hour
			list = append(list, e)
		}
		return list, nil
	}}
	h := serve(t, config)
	a := decode[ledger.ConsumptionAnswer](t, get(t, h, "/api/v1/consumption?carrier=electricity&step=P1D&institution=B&"+may))
	if a.TimeZone != "Asia/Shanghai" || a.Points[0].Quantity.String() != "2" || *a.Points[0].Coverage != 0.5 {
		t.Errorf("got %s, %s, %v; want 2 of both meters, half of the day, in the deployment's calendar", a.TimeZone, a.Points[0].Quantity, *a.Points[0].Coverage)
	}
	b2 := decode[ledger.ConsumptionAnswer](t, get(t, h, "/api/v1/consumption?carrier=electricity&step=P1D&building=B2&from=2023-05-01T00:00:00%2B06:00&to=2023-05-02T00:00:00%2B06:00"))
	if b2.TimeZone != "Asia/Urumqi" || *b2.Points[0].Coverage != 0.5 || b2.Points[0].Start.Format("15:04-07:00") != "00:00+06:00" {
		t.Errorf("got %+v, want a day of the building's own calendar", b2.Points)
	}
}

func TestConsumption_TooFine(t *testing.T) {
	config := countyConfig(t)
	config.Limits.Fine = 100
	h := serve(t, config)
	refused(t, get(t, h, "/api/v1/consumption?carrier=electricity&step=PT15M&institution=B&"+may), 422, "got 192 points of 2 meters", "at most 100")
}

func TestQuality_OfAGroup(t *testing.T) {
	config := countyConfig(t)
	config.Rejects = &fakeRejects{
		CountsFunc: func(context.Context) (map[schema.Code]int64, error) {
			return map[schema.Code]int64{schema.UnknownUnit: 3, schema.BadTime: 1}, nil
		},
		ParkedFunc: func(context.Context) (map[string]int64, error) { return map[string]int64{"x": 5, "y": 7}, nil },
	}
	h := serve(t, config)
	a := decode[monitor.QualityAnswer](t, get(t, h, "/api/v1/quality?region=370000&"+may))
	if len(a.Carriers) != 2 {
		t.Fatalf("got %+v, want electricity and water", a.Carriers)
	}
	e, w := a.Carriers[0], a.Carriers[1]
	if e.Expected != 2 || e.Silent != 0 || *e.Coverage != 48.0/72 || *e.EstimatedShare != 6.0/48 || e.Quantity.String() != "96" {
		t.Errorf("electricity: got %+v", e)
	}
	if w.Expected != 1 || w.Silent != 1 || *w.Coverage != 0 || w.Quantity != nil || w.EstimatedShare != nil {
		t.Errorf("water: got %+v", w)
	}
	var order []string
	for _, p := range a.Worst {
		order = append(order, p.Institution+":"+p.Carrier.String())
	}
	if got := strings.Join(order, " "); got != "B:water B:electricity A:electricity" {
		t.Errorf("got %s, want the least known first", got)
	}
	if a.Parked.Meters != 2 || a.Parked.Readings != 12 || len(a.Rejected) != 2 || a.Rejected[0].Code != schema.BadTime || a.Rejected[1].Readings != 3 {
		t.Errorf("got parked %+v and rejected %+v", a.Parked, a.Rejected)
	}
	if a := decode[monitor.QualityAnswer](t, get(t, h, "/api/v1/quality?region=370000&limit=1&carrier=electricity&"+may)); len(a.Worst) != 1 || len(a.Carriers) != 1 {
		t.Errorf("got %d rows of %d carriers, want one of one", len(a.Worst), len(a.Carriers))
	}
}

// An institution that shares a meter is known as well as its share is.
func TestQuality_OfASharedMeter(t *testing.T) {
	config := countyConfig(t)
	shared := map[string]string{"shares.csv": "meter,target,share,valid_from\nb,A,0.25,2020-01-01\nb,B,0.75,2020-01-01\n"}
	for name, content := range county {
		shared[name] = content
	}
	reg := build(t, shared)
	config.World.(*fakeWorld).RegistryFunc = func(context.Context) (*registry.Registry, error) { return reg, nil }
	a := decode[monitor.QualityAnswer](t, get(t, serve(t, config), "/api/v1/quality?institution=A&carrier=electricity&"+may))
	if len(a.Worst) != 1 || a.Worst[0].Institution != "A" || *a.Worst[0].Coverage != 0.5 || a.Worst[0].Quantity.String() != "48" {
		t.Errorf("got %+v, want A with its own meter and a part of another", a.Worst)
	}
}

// A group asks the books once, however many carriers there are.
func TestQuality_AsksOnce(t *testing.T) {
	config := countyConfig(t)
	asked := 0
	config.Books.(*fakeBooks).UsageFunc = func(context.Context, indicator.UsageQuery) ([]indicator.Usage, error) {
		asked++
		return nil, nil
	}
	if decode[monitor.QualityAnswer](t, get(t, serve(t, config), "/api/v1/quality?region=370000&"+may)); asked != 1 {
		t.Errorf("got %d questions, want 1", asked)
	}
}

func TestIndicators_EndToday(t *testing.T) {
	h := serve(t, newConfig(t)) // it is 2026-01-02
	a := decode[planner.IndicatorsAnswer](t, get(t, h, "/api/v1/indicators?institution=S1&indicator=energy&step=P1M&from=2025-11-01T00:00:00%2B08:00&to=2026-06-01T00:00:00%2B08:00"))
	if len(a.Points) != 3 || a.Points[2].Start.Format("2006-01") != "2026-01" {
		t.Errorf("got %d points, want November, December and the one day of January", len(a.Points))
	}
	a = decode[planner.IndicatorsAnswer](t, get(t, h, "/api/v1/indicators?institution=S1&step=P1M&from=2026-02-01T00:00:00%2B08:00&to=2026-06-01T00:00:00%2B08:00"))
	if a.Points == nil || len(a.Points) != 0 {
		t.Errorf("got %v, want an empty list: nothing of it has begun", a.Points)
	}
}
