package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// Readings of days that are over are corrected, taken back, and come late: panels
// tell of which meters, of which days, and since when; of others nothing.
func TestPanels_CorrectionsAreTold(t *testing.T) {
	s := servePanels(t, t.TempDir())
	home := time.FixedZone("", 8*3600)
	noon := func(day int) time.Time { return time.Date(2023, time.May, day, 12, 7, 13, 0, home) }
	told := func(expression string, at time.Time) string {
		t.Helper()
		var list []string
		values := s.promVector(expression, at, "meter")
		for _, meter := range slices.Sorted(maps.Keys(values)) {
			list = append(list, fmt.Sprintf("%s=%v", meter, values[meter]))
		}
		return strings.Join(list, " ")
	}
	const days, moments = "jouleline_meter_corrected_day_timestamp_seconds", "jouleline_meter_correction_days"
	if got := told("count_over_time("+days+"[10d]) or "+moments, time.Now()) + told("count_over_time("+days+"[30d])", noon(31)); got != "" {
		t.Errorf("before any correction: got %s", got)
	}
	before := time.Now().Truncate(time.Millisecond)
	corrections := []string{
		// Below what follows, by less than it grew.
		`{"meter":"E1","time":"2023-05-31T10:15:00+08:00","value":%s,"revision":1}`,
		`{"meter":"E3","time":"2023-05-30T05:00:00+08:00","value":0,"revision":1,"deleted":true}`,
		`{"meter":"E4","time":"2023-05-30T23:52:30+08:00","value":%s}`, // within the span that ends the day
	}
	corrections[0] = fmt.Sprintf(corrections[0], s.valueAt("E1", "2023-05-31T10:00:00+08:00"))
	corrections[2] = fmt.Sprintf(corrections[2], s.valueAt("E4", "2023-05-30T23:45:00+08:00"))
	if v := s.push("application/json", []byte("["+strings.Join(corrections, ",")+"]")); v.Accepted != len(corrections) {
		t.Fatalf("got %+v, want %d readings accepted", v, len(corrections))
	}
	s.settle()
	after := time.Now()
	for day, want := range map[int]string{29: "", 30: "E3 E4", 31: "E1"} {
		values := s.promVector(days, noon(day), "meter")
		if got := strings.Join(slices.Sorted(maps.Keys(values)), " "); got != want {
			t.Errorf("on %d May: got the meters %q, want %q", day, got, want)
		}
		for meter, v := range values {
			if at := time.UnixMilli(int64(v * 1000)); at.Before(before) || at.After(after) {
				t.Errorf("%s: got corrected at %s, want from %s to %s", meter, at, before, after)
			}
		}
	}
	for meter, want := range map[string]string{"E1": "E1=1", "E3": "E3=1", "E4": "E4=1", "W1": ""} {
		if got := told(fmt.Sprintf("last_over_time(%s{meter=%q}[1h])", moments, meter), after); got != want {
			t.Errorf("%s: got %q, want %q", meter, got, want)
		}
	}
	if got := told("changes("+days+`{building="O1-B1"}[30d])`, noon(31)); got != "E1=0" {
		t.Errorf("of the building: got %q, want that of E1", got)
	}
}

// valueAt gives the stored value of a meter's reading.
func (s *testServer) valueAt(meter, moment string) string {
	s.t.Helper()
	at, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		s.t.Fatal(err)
	}
	var a struct {
		Readings []struct{ Value json.Number }
	}
	s.ask("/api/v1/readings", url.Values{"meter": {meter}, "from": {moment}, "to": {at.Add(time.Second).Format(time.RFC3339)}}.Encode(), &a)
	if len(a.Readings) != 1 {
		s.t.Fatalf("%s at %s: got %v, want one reading", meter, moment, a.Readings)
	}
	return a.Readings[0].Value.String()
}
