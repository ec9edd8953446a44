package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// building gives what a query of the building's dashboard asks for the school.
func (w *panelStand) building(t *testing.T, panel int, ref string) string {
	t.Helper()
	for _, p := range dashboards(t)["building.json"].Panels {
		for _, q := range p.Targets {
			if p.ID == panel && q.RefID == ref {
				return substitute(q.Expr, map[string]string{"building": "school-B1", "carrier": "electricity"}, 14*24*time.Hour)
			}
		}
	}
	t.Fatalf("building.json has no query %s in panel %d", ref, panel)
	return ""
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
