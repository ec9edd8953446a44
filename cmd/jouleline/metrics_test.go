package main

import (
	"strings"
	"testing"
)

// The server's own metrics tell what was pushed and booked, and name no meter.
func TestMetrics_TellWhatWasBooked(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder(exampleRegistry)
	for _, r := range exampleReadings {
		s.push("application/json", []byte(r))
	}
	s.push("application/json", []byte(`{"readings":[{"meter":"E1","time":"2023-05-03T00:00:00+08:00","value":120,"unit":"furlong"},{"meter":"X9","time":"2023-05-03T00:00:00+08:00","value":1}]}`))
	s.settle()
	body, err := s.get(t.Context(), "/metrics", nil, "text/plain")
	if err != nil {
		t.Fatal(err)
	}
	text := string(body)
	for _, want := range []string{
		`jouleline_gateway_readings_total{source="readings",verdict="accepted"} 7`,
		`jouleline_gateway_readings_total{source="readings",verdict="unknown_unit"} 1`,
		`jouleline_pipeline_readings_total{way="parked"} 1`,
		`jouleline_pipeline_lag_records{partition="0"} 0`,
		`jouleline_store_post_seconds_count`, `jouleline_pipeline_freshness_seconds_count`, `jouleline_store_wal_bytes`, `go_goroutines`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if strings.Contains(text, "E1") || strings.Contains(text, "X9") {
		t.Error("a meter is named in the metrics")
	}
}
