package main

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// A token sees the series of what it may read, by whichever path it asks, and
// whoever may read nothing is told so in Prometheus' envelope.
func TestPanels_TokensReachWhatTheyMay(t *testing.T) {
	folder := t.TempDir()
	admin := makeToken(t, folder, "--scope", "admin")
	office := makeToken(t, folder, "--scope", "read", "--institution", "O1")
	city := makeToken(t, folder, "--scope", "read", "--region", "370200")
	push := makeToken(t, folder, "--scope", "push", "--gateway", "G1")
	s := servePanelsAs(t, folder, admin)
	ask := func(token, path string, values url.Values) (status int, body string) {
		t.Helper()
		request, err := s.request(t.Context(), http.MethodGet, "/prometheus/api/v1/"+path, values, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(text)
	}
	f := func(token, expression, want string) {
		t.Helper()
		s.Token = token
		got := s.promVector(expression, time.Date(2023, time.June, 1, 3, 7, 13, 0, time.UTC), "institution")
		if found := strings.Join(slices.Sorted(maps.Keys(got)), " "); found != want {
			t.Errorf("%s: got series of %q, want of %q", expression, found, want)
		}
	}
	for _, expression := range []string{
		"sum by (institution) (jouleline_institution_carbon_month_kg)", "sum by (institution) (jouleline_meter_consumption_day_kwh)",
		"sum by (institution) (jouleline_building_consumption_kwh_total)", "sum by (institution) (jouleline_meter_info)",
		"sum by (institution) (jouleline_institution_indicator_year)", "sum by (institution) (jouleline_meter_last_reading_timestamp_seconds @ 1700000000)",
		`sum by (institution) (jouleline_institution_consumption_month_kwh{institution=~"O1|H1"})`,
	} {
		f(admin, expression, "H1 O1")
		f(office, expression, "O1")
		f(city, expression, "H1")
	}
	f(office, "jouleline_region_indicator_year", "")
	f(office, `jouleline_meter_info{institution="H1"} or jouleline_class_info`, "")
	for _, path := range []string{"label/institution/values", "series"} {
		for token, want := range map[string]string{office: "O1", city: "H1"} {
			status, body := ask(token, path, url.Values{"match[]": {`{__name__=~"jouleline_.*_info",institution!=""}`}})
			other := map[string]string{"O1": "H1", "H1": "O1"}[want]
			if status != http.StatusOK || !strings.Contains(body, `"`+want+`"`) || strings.Contains(body, other) {
				t.Errorf("%s: got status %d, %s; want %s and nothing of %s", path, status, body, want, other)
			}
		}
	}
	for token, want := range map[string]int{push: 403, "jl_00_x": 401} {
		status, body := ask(token, "query", url.Values{"query": {"1"}})
		var e struct{ Status, ErrorType, Error string }
		if err := json.Unmarshal([]byte(body), &e); err != nil || status != want || e.Status != "error" || e.ErrorType == "" || e.Error == "" {
			t.Errorf("got status %d, %s, want %d in Prometheus' envelope", status, body, want)
		}
	}
}
