package registry_test

import (
	"slices"
	"strings"
	"testing"

	"jouleline/schema/registry"
)

func TestDiff(t *testing.T) {
	base := world()
	base["meters.csv"] = []byte("id,building,carrier,kind,unit,register_max,valid_to\nE1,B1,electricity,register,kWh,999,\nE2,B1,electricity,register,kWh,999,\nW1,B2,water,register,m3,,\n")
	f := func(file, old, new string, want registry.Changes) {
		t.Helper()
		changed := base.Merge(nil)
		changed[file] = []byte(strings.Replace(string(base[file]), old, new, 1))
		if string(changed[file]) == string(base[file]) {
			t.Fatalf("%s: %q is not in it", file, old)
		}
		got := registry.Diff(mustBuild(t, base), mustBuild(t, changed))
		if !slices.Equal(got.Added, want.Added) || !slices.Equal(got.Removed, want.Removed) || !slices.Equal(got.Judged, want.Judged) ||
			!slices.Equal(got.Moved, want.Moved) || got.Institutions != want.Institutions {
			t.Errorf("%s: %q to %q:\n got %+v\nwant %+v", file, old, new, got, want)
		}
		if got.None() != (len(want.Added)+len(want.Removed)+len(want.Judged)+len(want.Moved) == 0 && !want.Institutions) {
			t.Errorf("%s: None gives %v", file, got.None())
		}
	}
	e1, e2, w1 := []string{"E1"}, []string{"E2"}, []string{"W1"}
	f("meters.csv", "E2,B1,electricity,register,kWh,999,\n", "E2,B1,electricity,register,kWh,9999,\n", registry.Changes{Judged: e2})
	f("meters.csv", "E2,B1,electricity,register,kWh", "E2,B1,electricity,register,MWh", registry.Changes{Judged: e2})
	f("meters.csv", "E2,B1,electricity,register", "E2,B1,electricity,delta", registry.Changes{Judged: e2})
	f("meters.csv", "E2,B1", "E2,B2", registry.Changes{Moved: e2})
	f("meters.csv", "W1,B2,water,register,m3,,", "W1,B2,water,register,m3,,2024-01-01", registry.Changes{Judged: w1, Moved: w1})
	f("meters.csv", "W1,", "W2,", registry.Changes{Added: []string{"W2"}, Removed: w1})
	f("meter_events.csv", "120.5", "120.6", registry.Changes{Judged: e1})
	f("meter_events.csv", "E1,", "E2,", registry.Changes{Judged: []string{"E1", "E2"}})
	f("shares.csv", "0.6", "0.5", registry.Changes{Moved: e1})
	f("buildings.csv", "B2,S2", "B2,S1", registry.Changes{Moved: w1})
	f("buildings.csv", "id,institution,station\nB1,S1,54823\nB2,S2,\n", "id,institution,time_zone\nB1,S1,\nB2,S2,Asia/Urumqi\n", registry.Changes{Judged: w1})
	f("institutions.csv", "S2,第二中学,education,370102,edu\n", "S2,第二中学,education,370102,edu\nS3,c,sport,370102,\n", registry.Changes{Institutions: true})
	f("institutions.csv", "S2,第二中学,education,370102", "S2,第二中学,health,370100", registry.Changes{})
	f("floor_area.csv", "10000", "12000", registry.Changes{})
	f("declared.csv", "1000", "2000", registry.Changes{})
}
