package main

import (
	"testing"
	"time"

	"jouleline/schema/registry"
)

// Buildings tell how far their clocks are ahead of UTC, before and after a change.
func TestPanels_LocalTimeIsTheBuildings(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importTables(registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,山东省,\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nO1,机关,state_organ,370000\n"),
		registry.BuildingsFile:    []byte("id,institution,name,time_zone\nhome,O1,a,\nberlin,O1,b,Europe/Berlin\n"),
	})
	f := func(moment string, home, berlin float64) {
		t.Helper()
		at, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		got := s.promVector("jouleline_building_utc_offset_seconds", at, "building")
		if len(got) != 2 || got["home"] != home || got["berlin"] != berlin {
			t.Errorf("at %s: got %v, want %v and %v", moment, got, home, berlin)
		}
	}
	f("2023-12-31T23:30:00+01:00", 28800, 3600)
	f("2024-03-31T00:59:59Z", 28800, 3600)
	f("2024-03-31T01:00:00Z", 28800, 7200)
	f("2024-10-27T00:59:59Z", 28800, 7200)
	f("2024-10-27T01:00:00Z", 28800, 3600)
}
