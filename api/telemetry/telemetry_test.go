package telemetry_test

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"jouleline/api"
	"jouleline/api/telemetry"
	"jouleline/schema"
)

var _ api.Watch = (*telemetry.Telemetry)(nil)

// busy makes instruments in which everything has been counted.
func busy(t *testing.T) *prometheus.Registry {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	m, err := telemetry.New(registry)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Size(func() (file, wal int64) { return 1000, 20 }); err != nil {
		t.Fatal(err)
	}
	if err := m.Free(func() (int64, bool) { return 5000, true }); err != nil {
		t.Fatal(err)
	}
	m.Batch(telemetry.Batch{
		Readings: 10, Quick: 5, Repeats: 2, Late: 1, Parked: 4, Rejected: map[schema.Code]int{schema.BadTime: 3},
		Entries: 6, Codes: 2, PostSeconds: 0.02, BookSeconds: 0.002, FreshnessSeconds: 0.6,
	})
	m.Batch(telemetry.Batch{FreshnessSeconds: -1})
	m.Lag(3, 70)
	m.Lag(3, 7)
	m.Gap(3, 12)
	m.Readings("readings", schema.Accepted, 8)
	m.Readings("write", schema.UnknownUnit, 1)
	m.Unmapped("write", 2)
	m.Refused("readings", 413)
	m.Request("GET /api/v1/progress", 200, 0.01)
	m.Request("", 404, 0.0001)
	bridge, err := m.MQTT()
	if err != nil {
		t.Fatal(err)
	}
	bridge.Taken(11)
	bridge.Dropped()
	bridge.Connected(false)
	bridge.Connected(true)
	m.Influx().Sent(5000)
	m.Influx().Refused(3)
	m.Influx().Erased(1)
	m.Influx().Trouble("busy")
	m.Influx().Lag("indicators", 90)
	return registry
}

func TestTelemetry_Counts(t *testing.T) {
	text := scrape(t)
	f := func(line string) {
		t.Helper()
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("got no line %s in\n%s", line, text)
		}
	}
	f(`jouleline_store_free_bytes 5000`)
	f(`jouleline_pipeline_readings_total{way="quick"} 5`)
	f(`jouleline_pipeline_readings_total{way="repeat"} 2`)
	f(`jouleline_pipeline_readings_total{way="late"} 1`)
	f(`jouleline_pipeline_readings_total{way="pending"} 2`)
	f(`jouleline_pipeline_readings_total{way="parked"} 4`)
	f(`jouleline_pipeline_rejected_total{code="bad_time"} 3`)
	f(`jouleline_mqtt_connected 1`)
	f(`jouleline_mqtt_messages_total 11`)
	f(`jouleline_mqtt_dropped_messages_total 1`)
	f(`jouleline_influx_points_total 5000`)
	f(`jouleline_influx_refused_points_total 3`)
	f(`jouleline_influx_retries_total{kind="busy"} 1`)
	f(`jouleline_influx_lag_seconds{stream="indicators"} 90`)
	f(`jouleline_pipeline_entries_total 6`)
	f(`jouleline_pipeline_verdicts_total 2`)
	f(`jouleline_pipeline_lag_records{partition="3"} 7`)
	f(`jouleline_pipeline_gap_records_total{partition="3"} 12`)
	f(`jouleline_pipeline_batch_readings_sum 10`)
	f(`jouleline_pipeline_book_seconds_sum 0.002`)
	f(`jouleline_store_post_seconds_bucket{le="0.025"} 2`)
	f(`jouleline_store_post_seconds_bucket{le="0.01"} 1`)
	f(`jouleline_store_file_bytes 1000`)
	f(`jouleline_store_wal_bytes 20`)
	f(`jouleline_gateway_readings_total{source="readings",verdict="accepted"} 8`)
	f(`jouleline_gateway_readings_total{source="write",verdict="unknown_unit"} 1`)
	f(`jouleline_gateway_unmapped_fields_total{source="write"} 2`)
	f(`jouleline_gateway_refused_requests_total{source="readings",status="413"} 1`)
	f(`jouleline_api_requests_total{route="GET /api/v1/progress",status="200"} 1`)
	f(`jouleline_api_requests_total{route="none",status="404"} 1`)
	f(`jouleline_api_request_seconds_count{route="GET /api/v1/progress"} 1`)
}

// A batch whose readings did not say when they were received has no age.
func TestTelemetry_FreshnessOnlyWhereKnown(t *testing.T) {
	text := scrape(t)
	if !strings.Contains(text, "jouleline_pipeline_freshness_seconds_count 1\n") || !strings.Contains(text, "jouleline_pipeline_batch_readings_count 2\n") {
		t.Errorf("got %s, want one age of two batches", text)
	}
}

var nameShape = regexp.MustCompile(`^jouleline_(pipeline|gateway|store|api|influx|mqtt)_[a-z_]*(seconds|bytes|records|readings|connected|rejected_total|requests_total|readings_total|records_total|fields_total|messages_total|entries_total|verdicts_total|points_total|deletions_total|retries_total)$`)

// Names keep to the pattern, labels to closed sets, and none is a meter.
func TestTelemetry_Names(t *testing.T) {
	families, err := busy(t).Gather()
	if err != nil {
		t.Fatal(err)
	}
	if len(families) < 15 {
		t.Errorf("got %d instruments, want all of them", len(families))
	}
	allowed := map[string]bool{"way": true, "code": true, "partition": true, "source": true, "verdict": true, "status": true, "route": true, "stream": true, "kind": true}
	for _, family := range families {
		if !nameShape.MatchString(family.GetName()) || family.GetHelp() == "" {
			t.Errorf("%s (%q): want jouleline_<package>_<thing>_<unit>[_total] and a help text", family.GetName(), family.GetHelp())
		}
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				if !allowed[label.GetName()] {
					t.Errorf("%s: label %s is not among those with few values", family.GetName(), label.GetName())
				}
			}
		}
	}
	problems, err := promlint.NewWithMetricFamilies(families).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestTelemetry_TwoServersDoNotMeet(t *testing.T) {
	busy(t)
	registry := busy(t)
	if _, err := telemetry.New(registry); err == nil {
		t.Error("the same names were registered twice")
	}
}

func scrape(t *testing.T) string {
	t.Helper()
	w := httptest.NewRecorder()
	telemetry.Handler(busy(t)).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("got status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}
