package main

import (
	"fmt"
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
