package main

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"
)

// building gives what a query of the building's dashboard asks for the school.
func (w *panelStand) building(t *testing.T, panel int, ref string) string {
	t.Helper()
	return panelQuery(t, "building.json", panel, ref, map[string]string{"building": "school-B1", "carrier": "electricity"})
}

// panelQuery gives what a query of a dashboard asks, of two weeks.
func panelQuery(t *testing.T, name string, panel int, ref string, values map[string]string) string {
	t.Helper()
	for _, p := range dashboards(t)[name].Panels {
		for _, q := range p.Targets {
			if p.ID == panel && q.RefID == ref {
				return substitute(q.Expr, values, 14*24*time.Hour)
			}
		}
	}
	t.Fatalf("%s has no query %s in panel %d", name, ref, panel)
	return ""
}

// Against last year stands what is known of both years: bills that have not come
// yet are no saving.
func TestDashboards_LastYearIsComparedWhereBothAreKnown(t *testing.T) {
	w := newPanelStand(t)
	organ := w.views["institution.json"][0]["institution"]
	days := func(from, to string) (used []*json.Number) {
		t.Helper()
		var c consumption
		w.testServer.ask("/api/v1/consumption", "carrier=electricity&step=P1D&institution="+organ+"&from="+from+"T00:00:00%2B08:00&to="+to+"T00:00:00%2B08:00", &c)
		for _, p := range c.Points {
			used = append(used, p.Quantity)
		}
		return used
	}
	this, last := days("2024-05-21", "2024-06-20"), days("2023-05-22", "2023-06-21") // 365 days before: a leap day lies between
	var now, before, both float64
	for i := range this {
		if this[i] != nil && last[i] != nil {
			now, before, both = now+*asFloat(t, this[i]), before+*asFloat(t, last[i]), both+1
		}
	}
	if len(this) != 30 || len(last) != 30 || both == 0 || both == 30 {
		t.Fatalf("got %v of %d and %d days known in both years, want some", both, len(this), len(last))
	}
	want := 100 * (now/before - 1)
	got := w.promVector(panelQuery(t, "institution.json", 5, "A", map[string]string{"institution": organ}), w.now, "")
	if len(got) != 1 || math.Abs(got[""]-want) > 1e-9 {
		t.Errorf("got %v %%, want %v over %v days", got, want, both)
	}
}

// The column of a day in the heat map holds the hours of that day, each in its row.
func TestDashboards_HeatMapHoldsTheHoursOfItsDay(t *testing.T) {
	w := newPanelStand(t)
	midnight := time.Date(2024, 6, 18, 0, 0, 0, 0, w.now.Location())
	got := w.promVector(w.building(t, 4, "A"), midnight, "h")
	if len(got) != 24 {
		t.Errorf("got %d rows, want 24: %v", len(got), got)
	}
	for hour := range 24 {
		h := fmt.Sprintf("%02d", hour)
		at := midnight.Add(time.Duration(hour)*time.Hour + 7*time.Minute)
		for _, want := range w.promVector(`sum(jouleline_building_consumption_hour_kwh{building="school-B1",carrier="electricity"})`, at, "") {
			if got[h] != want {
				t.Errorf("hour %s: got %v, want %v", h, got[h], want)
			}
		}
	}
}

// The curve of the load is the mean power of each quarter of an hour, as it is in the
// books, at the quarter's end and until the next.
func TestDashboards_LoadIsThatOfTheQuarters(t *testing.T) {
	w := newPanelStand(t)
	var c consumption
	w.testServer.ask("/api/v1/consumption", "building=school-B1&carrier=electricity&step=PT15M&from=2024-06-18T00:00:00%2B08:00&to=2024-06-19T00:00:00%2B08:00", &c)
	if len(c.Points) != 96 {
		t.Fatalf("got %d quarters, want 96", len(c.Points))
	}
	for _, p := range c.Points {
		end, err := time.Parse(time.RFC3339, p.End)
		if err != nil {
			t.Fatal(err)
		}
		want := 4 * *asFloat(t, p.Quantity)
		for _, at := range []time.Time{end, end.Add(7 * time.Minute)} {
			if got := w.promVector(w.building(t, 1, "A"), at, ""); len(got) != 1 || math.Abs(got[""]-want) > 1e-6*want {
				t.Errorf("at %s: got %v kW, want %v", at.Format(time.RFC3339), got, want)
			}
		}
	}
}

// Nights and weekends are those of the building's clock.
func TestDashboards_BaseLoadIsOfLocalNightsAndWeekends(t *testing.T) {
	w := newPanelStand(t)
	var c consumption
	w.testServer.ask("/api/v1/consumption", "building=school-B1&carrier=electricity&step=PT1H&from=2024-06-13T11:00:00%2B08:00&to=2024-06-20T10:00:00%2B08:00", &c)
	var night, weekend, nights, weekends float64
	for _, p := range c.Points {
		start, err := time.Parse(time.RFC3339, p.Start)
		if err != nil {
			t.Fatal(err)
		}
		used := *asFloat(t, p.Quantity)
		if start.Hour() < 5 {
			night, nights = night+used, nights+1
		}
		if day := start.Weekday(); day == time.Saturday || day == time.Sunday {
			weekend, weekends = weekend+used, weekends+1
		}
	}
	if nights != 35 || weekends != 48 {
		t.Fatalf("got %v hours of nights and %v of the weekend, want 35 and 48", nights, weekends)
	}
	for ref, want := range map[string]float64{"A": night / nights, "B": weekend / weekends} {
		if got := w.promVector(w.building(t, 5, ref), w.now, ""); len(got) != 1 || math.Abs(got[""]-want) > 1e-9*want {
			t.Errorf("%s: got %v kWh, want %v", ref, got, want)
		}
	}
}

var (
	// unmetered are the families that nothing in the world of the test speaks of: fuel
	// comes by bills, which have no hours.
	unmetered = regexp.MustCompile(`_consumption_\w*(kg|kgce)(_total)?$|_consumption_(hour_litres|litres_total)$`)
	// slow are the families that have a sample a year, or now and then.
	slow = regexp.MustCompile(`_year|_percent$|_on_pace$|_progress_|_probability_|_quota|_info$|_place$|_event$|_gap_limit_|_utc_offset_|_correct`)
)

// Every family of the table has samples in a world of meters, bills, plans, quotas
// and weather, but those of units that nothing is metered in.
func TestDashboards_EveryFamilyHasSamples(t *testing.T) {
	w := newPanelStand(t)
	var told struct{ Data map[string]any }
	w.testServer.ask("/prometheus/api/v1/metadata", "", &told)
	if len(told.Data) < 100 {
		t.Errorf("got %d families, want more than a hundred", len(told.Data))
	}
	for name := range told.Data {
		stretch, about := "2d", ""
		switch {
		case strings.Contains(name, "_quota_"):
			stretch, about = "2500d", fmt.Sprintf("{institution=%q}", w.views["institution.json"][0]["institution"])
		case slow.MatchString(name):
			stretch = "2500d"
		case strings.Contains(name, "_month"):
			stretch = "60d"
		case strings.Contains(name, "_day_"):
			stretch = "30d"
		}
		at := w.now
		if strings.Contains(name, "_correct") {
			at = time.Now().Add(time.Second) // they are booked by the clock
		}
		n := w.run(t, "jouleline", "last_over_time("+name+about+"["+stretch+"])", at, at, 0)
		if (n > 0) == unmetered.MatchString(name) {
			t.Errorf("%s: got %d series", name, n)
		}
	}
}
