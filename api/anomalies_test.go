package api_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"jouleline/api"
	"jouleline/api/monitor"
	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// leaky is a school with a water meter that is read every hour, and a gas meter
// that is read every month.
var leaky = map[string]string{
	"regions.csv":      "code,name,parent\n370000,山东省,\n",
	"institutions.csv": "id,name,class,region\nS1,第一中学,education,370000\nS2,第二中学,education,370000\n",
	"buildings.csv":    "id,institution,name\nS1-B1,S1,教学楼\nS2-B1,S2,教学楼\n",
	"floor_area.csv":   "building,valid_from,area_m2\nS1-B1,2020-01-01,10000\n",
	"headcount.csv":    "institution,valid_from,people\nS1,2020-01-01,1000\n",
	"meters.csv": "id,building,carrier,kind,unit,interval,formula,valid_to\nW1,S1-B1,water,delta,m3,PT1H,,\nG1,S1-B1,natural_gas,delta,m3,P31D,,\n" +
		"F1,S1-B1,water,delta,m3,PT1H,W1,\nW0,S1-B1,water,delta,m3,PT1H,,2023-01-01\n",
}

// leakHours is ten weeks of hours: flow by day on workdays, none at night, until a
// pipe breaks on 9 May: from then on 0.4 m3 an hour run off.
func leakHours(tb testing.TB) []posting.Reading {
	start := at(tb, "2023-03-06T00:00:00+08:00") // a Monday
	var list []posting.Reading
	for h := range 70 * 24 {
		var flow schema.Quantity
		if day, hour := h/24, h%24; day%7 < 5 && hour >= 7 && hour < 19 {
			flow = schema.Micro + schema.Quantity((h*7919)%31)*schema.Micro/100
		}
		if h >= 64*24 {
			flow += 4 * schema.Micro / 10
		}
		from := start + schema.Instant(int64(h)*schema.Hour)
		list = append(list, posting.Reading{Recorded: from, Point: books.Point{
			Start: from, Time: from + schema.Instant(schema.Hour), Received: from, Value: flow, Unit: schema.CubicMetre, Kind: schema.Delta,
		}})
	}
	return list
}

func leakyConfig(tb testing.TB) api.Config {
	tb.Helper()
	config := newConfig(tb)
	reg, stored := build(tb, leaky), leakHours(tb)
	numbers := map[string]int32{"W1": 0, "G1": 1, "F1": 2, "W0": 3}
	config.World = &fakeWorld{
		RegistryFunc: func(context.Context) (*registry.Registry, error) { return reg, nil },
		NumberFunc:   func(meter string) (int32, bool) { n, ok := numbers[meter]; return n, ok },
	}
	config.Books = &fakeBooks{PointsFunc: func(_ context.Context, stretches []posting.Stretch, _ schema.Instant) (found []posting.Reading, err error) {
		for _, s := range stretches {
			for _, r := range stored {
				if s.Meter == r.Meter && s.From <= r.Time && r.Time <= s.To {
					found = append(found, r)
				}
			}
		}
		return found, nil
	}, BookedFunc: func(_ context.Context, meters []int32, days schema.Validity, _ schema.Instant) (found []posting.Entry, err error) {
		zone := calendar.NewZone(reg.TimeZone)
		for i := range stored {
			r := &stored[i]
			if day := zone.DayOf(r.Start); days.Contains(day) && slices.Contains(meters, r.Meter) {
				found = append(found, posting.Entry{Meter: r.Meter, Entry: books.Entry{Day: day, Quantity: r.Value, Known: schema.Hour}})
			}
		}
		return found, nil
	}}
	return config
}

const leakStretch = "&from=2023-03-06T00:00:00%2B08:00&to=2023-05-15T00:00:00%2B08:00"

// The documented answer is what is answered about the leak.
func TestAnomalies_Leak(t *testing.T) {
	w := get(t, serve(t, leakyConfig(t)), "/api/v1/anomalies?institution=S1"+leakStretch)
	answer := bytes.Clone(w.Body.Bytes())
	a := decode[monitor.AnomaliesAnswer](t, w)
	if a.Searched != 1 || len(a.Findings) != 1 || a.More || a.Scope.Name != "第一中学" {
		t.Fatalf("got %+v, want one finding of one meter", a)
	}
	f := a.Findings[0]
	if f.Cause != "leak" || f.Meter != "W1" || f.Building != "S1-B1" || f.Institution != "S1" || f.Unit != schema.CubicMetre || len(f.Evidence) == 0 || f.Message == "" {
		t.Errorf("got %+v, want the leak", f)
	}
	broke := time.Date(2023, 5, 9, 0, 0, 0, 0, f.From.Location())
	if d := f.From.Sub(broke).Abs(); d > 24*time.Hour || f.From.Format("Z07:00") != "+08:00" {
		t.Errorf("got %s, want about %s in local time", f.From, broke)
	}
	if f.PerHour == nil || *f.PerHour < .39 || *f.PerHour > .41 || f.Total == nil || *f.Total < .4*24*5 || *f.Total > .4*24*7 {
		t.Errorf("got %v m3/h and %v m3, want 0.4 and six days of it", *f.PerHour, *f.Total)
	}
	if len(a.Skipped) != 1 || a.Skipped[0].Meter != "G1" || a.Skipped[0].Reason != "read every 31 days, want at least every hour" {
		t.Errorf("got %+v, want the gas meter: it is read every month", a.Skipped)
	}
	isDocumented(t, "anomalies", answer)
}

func TestAnomalies_Questions(t *testing.T) {
	h := serve(t, leakyConfig(t))
	ask := func(query string) monitor.AnomaliesAnswer {
		t.Helper()
		return decode[monitor.AnomaliesAnswer](t, get(t, h, "/api/v1/anomalies?"+query))
	}
	for _, about := range []string{"meter=W1", "building=S1-B1", "region=370000", "class=education"} {
		if a := ask(about + leakStretch); len(a.Findings) != 1 || a.Findings[0].Meter != "W1" {
			t.Errorf("%s: got %+v, want the leak", about, a.Findings)
		}
	}
	for _, about := range []string{"institution=S2", "institution=S1&carrier=natural_gas", "region=370000&severity=alarm&carrier=electricity"} {
		if a := ask(about + leakStretch); len(a.Findings) != 0 || a.Findings == nil || a.Searched != 0 {
			t.Errorf("%s: got %+v, want an empty list", about, a)
		}
	}
	if a := ask("meter=W1&from=2023-03-06T00:00:00%2B08:00&to=2023-03-10T00:00:00%2B08:00"); a.Searched != 0 || len(a.Skipped) != 1 || !strings.Contains(a.Skipped[0].Reason, "14 days") && !strings.Contains(a.Skipped[0].Reason, "at least") {
		t.Errorf("got %+v, want the meter skipped: four days are too few", a)
	}
	refused(t, get(t, h, "/api/v1/anomalies?meter=nothing"+leakStretch), 404, "nothing")
	refused(t, get(t, h, "/api/v1/anomalies?building=nothing"+leakStretch), 404, "nothing")
	refused(t, get(t, h, "/api/v1/anomalies?region=nothing"+leakStretch), 404, "nothing")
	refused(t, get(t, h, "/api/v1/anomalies?meter=W1&severity=loud"+leakStretch), 422, "severity")

	config := leakyConfig(t)
	config.Limits.Search = 100
	refused(t, get(t, serve(t, config), "/api/v1/anomalies?meter=W1"+leakStretch), 422, "1680 hours of 1 meters", "at most 100")
}

// A silent meter shows against the end of the question, not its last reading.
func TestAnomalies_Silent(t *testing.T) {
	h := serve(t, leakyConfig(t))
	a := decode[monitor.AnomaliesAnswer](t, get(t, h, "/api/v1/anomalies?meter=W1&severity=alarm&from=2023-03-06T00:00:00%2B08:00&to=2023-05-20T00:00:00%2B08:00"))
	if len(a.Findings) != 2 || a.Findings[0].Cause != "silent" || a.Findings[0].Total != nil || a.Findings[0].From.Format(time.RFC3339) != "2023-05-15T00:00:00+08:00" {
		t.Errorf("got %+v, want silence from 15 May first, of an amount that is not known", a.Findings)
	}
}

func TestAnomalies_CSV(t *testing.T) {
	w := get(t, serve(t, leakyConfig(t)), "/api/v1/anomalies?institution=S1"+leakStretch, "Accept", "text/csv")
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != "W1" || rows[1][5] != "leak" || rows[1][11] != "" || rows[1][4] != "m3" {
		t.Errorf("got %v, %v, want a header and the leak", rows, err)
	}
}
