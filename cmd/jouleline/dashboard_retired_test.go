package main

import (
	"strings"
	"testing"
	"time"

	"jouleline/schema/registry"
)

// Nobody is told of a meter that was taken out of service: its gateway is not silent,
// and no panel counts it among the late.
func TestDashboards_RetiredMetersAreNotLate(t *testing.T) {
	s := mustServe(t, t.TempDir())
	const meter = ",B1,electricity,building,register,kWh,99999999.99,1000,PT1H,PT3H,"
	s.importTables(registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,山东省,\n370100,济南市,370000\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nS1,第一中学,education,370100\n"),
		registry.BuildingsFile:    []byte("id,institution,name\nB1,S1,教学楼\n"),
		registry.MetersFile: []byte("id,building,carrier,use,kind,unit,register_max,max_rate,interval,gap_limit,gateway,valid_from,valid_to\n" +
			"retired" + meter + "old,2024-01-01,2024-05-10\n" + "silent" + meter + "new,2024-01-01,\n"),
	})
	var readings []string
	for _, id := range []string{"retired", "silent"} {
		readings = append(readings, `{"meter":"`+id+`","time":"2024-05-01T08:00:00+08:00","value":1}`, `{"meter":"`+id+`","time":"2024-05-01T09:00:00+08:00","value":2}`)
	}
	s.push("application/json", []byte(`{"readings":[`+strings.Join(readings, ",")+`]}`))
	s.settle()
	all := map[string]string{"region": ".*", "institution": ".*", "carrier": ".*"}
	f := func(query, label, want string) {
		t.Helper()
		for _, at := range []time.Time{
			time.Date(2024, 5, 31, 16, 0, 1, 0, time.UTC), // just after midnight: a day of which nothing is expected yet
			time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC),
		} {
			var got []string
			for value := range s.promVector(query, at, label) {
				got = append(got, value)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s: got %q at %s, want %q", query, got, at, want)
			}
		}
	}
	f(alertsIn(t, deployFolder+"prometheus/rules/books.yaml")["JoulelineGatewaySilent"], "gateway", "new")
	for _, ref := range []string{"A", "B"} {
		if got := s.promVector(panelQuery(t, "quality.json", 1, ref, all), time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC), ""); got[""] != 1 {
			t.Errorf("meters late %s: got %v, want 1", ref, got)
		}
	}
	f(panelQuery(t, "quality.json", 6, "A", all), "gateway", "new")
	f(panelQuery(t, "quality.json", 7, "A", all), "meter", "silent")
}
