package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jouleline/api/promql"
	"jouleline/bench/sim"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store/influx/influxtest"
)

// newPanelStand serves a small simulated province up to a day of June 2024, with a
// school that is metered by the quarter of an hour and has its troubles.
func newPanelStand(t *testing.T) *panelStand {
	t.Helper()
	province, err := sim.NewProvince(sim.DefaultSeed, 64)
	if err != nil {
		t.Fatal(err)
	}
	home := time.FixedZone("", 8*3600)
	flags := embedded(t.TempDir())
	flags.InfluxFlags = influxFlags(t, influxtest.New(t))
	flags.InfluxEvery, flags.InfluxIndicatorsEvery = time.Hour, time.Hour // once, at its start: then it tells how far it is
	w := &panelStand{testServer: mustServeWith(t, flags, io.Discard), now: time.Date(2024, 6, 20, 10, 37, 0, 0, home)}
	tables := registry.Tables{}
	for name, text := range province.Tables {
		tables[name] = slices.Clone(text)
	}
	add := func(name, rows string) { tables[name] = append(tables[name], rows...) }
	add(registry.InstitutionsFile, "school,第一中学,education,370102,,,\n")
	// The province's buildings name no weather station.
	tables[registry.BuildingsFile] = []byte(strings.ReplaceAll(string(tables[registry.BuildingsFile]), "\n", ",\n"))
	tables[registry.BuildingsFile] = bytes.Replace(tables[registry.BuildingsFile], []byte("id,institution,name,"), []byte("id,institution,name,station"), 1)
	add(registry.BuildingsFile, "school-B1,school,教学楼,tower\n")
	add(registry.FloorAreaFile, "school-B1,2020-01-01,10000\n")
	add(registry.HeadcountFile, "school,2020-01-01,1000\n")
	add(registry.MetersFile, "school-E,school-B1,electricity,building,register,kWh,999999.99,500,PT15M,school-G,2024-01-01\n"+
		"school-W,school-B1,water,building,delta,m3,,,PT1H,school-G,2024-01-01\n"+
		"school-F,school-B1,heat,building,register,GJ,999999.99,500,PT1H,school-G2,2024-01-01\n")
	add(registry.StationsFile, "id,name,latitude,longitude\ntower,Tower,36.65,117.12\n")
	add(registry.WeatherFile, "station,time,temperature_c\n")
	add(registry.EventsFile, "meter,time,event,final,initial\nschool-F,2024-06-10T00:00:00+08:00,swap,960,0\n")
	begin := w.now.Truncate(24*time.Hour).AddDate(0, 0, -61).Add(-8 * time.Hour)
	var body bytes.Buffer
	for i := 0; ; i++ {
		at := begin.Add(time.Duration(i) * 15 * time.Minute)
		if at.After(w.now) {
			break
		}
		stamp := at.In(home).Format(time.RFC3339)
		fmt.Fprintf(&body, "{\"meter\":\"school-E\",\"time\":%q,\"value\":%.2f}\n", stamp, (5+1e-4*float64(i))*float64(i)+math.Sin(float64(i)*math.Pi/48)*40) // each day a little more
		if i%4 != 0 {
			continue
		}
		add(registry.WeatherFile, fmt.Sprintf("tower,%s,%.1f\n", stamp, 20+5*math.Sin(float64(i)*math.Pi/48)))
		fmt.Fprintf(&body, "{\"meter\":\"school-W\",\"time\":%q,\"value\":%.1f}\n", stamp, 1+math.Sin(float64(i)*math.Pi/48))
		if hours := at.Sub(time.Date(2024, 5, 1, 0, 0, 0, 0, home)).Hours(); hours >= 0 {
			// Swapped on 10 June, and fallen without a reason on the 19th.
			shown := hours
			if swapped := hours - 960; swapped >= 0 {
				shown = swapped
			}
			if hours >= 960+9*24+6 {
				shown -= 100
			}
			fmt.Fprintf(&body, "{\"meter\":\"school-F\",\"time\":%q,\"value\":%.0f}\n", stamp, shown)
		}
	}
	packed, err := zipTables(tables)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.send(t.Context(), http.MethodPut, "/api/v1/registry", "application/zip", bytes.NewReader(packed)); err != nil {
		t.Fatal(err)
	}
	if v := w.push("application/x-ndjson", body.Bytes()); len(v.Rejected) > 0 {
		t.Fatalf("got %+v", v.Rejected[0])
	}
	past := func(yield func(schema.Reading) bool) {
		for r := range province.Readings {
			if !r.Time.Time().After(w.now) && !yield(r) {
				return
			}
		}
	}
	if err := pushAll(t.Context(), w.Remote, streams{io.Discard, io.Discard}, "simulated Shandong", province.Len(), past); err != nil {
		t.Fatal(err)
	}
	// One that is refused, and a push that is none, so that the engine's panels have
	// them to show; and one of a day that is over is corrected.
	w.push("application/json", []byte(`{"readings":[{"meter":"school-W","time":"2024-06-20T00:00:00+08:00","value":1,"unit":"furlong"}]}`))
	if _, err := w.send(t.Context(), http.MethodPost, "/api/v1/readings", "application/json", strings.NewReader("{")); err == nil {
		t.Fatal("a push that is no JSON was taken")
	}
	w.settle()
	w.push("application/json", []byte(`{"readings":[{"meter":"school-W","time":"2024-06-12T09:00:00+08:00","value":1.25,"revision":1}]}`))
	w.settle()
	until(t, "the publisher has told how far it is", func() bool {
		text, err := w.get(t.Context(), "/metrics", nil, "text/plain")
		return err == nil && bytes.Contains(text, []byte("jouleline_influx_lag_seconds{"))
	})
	w.metrics = w.scraped(t)
	organ := ""
	for _, line := range strings.Split(string(province.Tables[registry.InstitutionsFile]), "\n") {
		if strings.Contains(line, ",state_organ,3701") {
			organ, _, _ = strings.Cut(line, ",")
		}
	}
	w.views = map[string][]map[string]string{
		"institution.json": {{"institution": organ}, {"institution": "school"}}, // metered by the month since 2020, and by the quarter of an hour
		"building.json":    {{"institution": "school", "building": "school-B1"}},
		"region.json":      {{"region": "370000", "plan": "14fyp"}},
	}
	return w
}

// fetch asks the data source of a uid.
func (w *panelStand) fetch(t testing.TB, source, path string, query url.Values) ([]byte, error) {
	t.Helper()
	switch source {
	case "jouleline":
		return w.get(t.Context(), "/prometheus/api/v1/"+path, query, "application/json")
	case "jouleline-metrics":
		answer := httptest.NewRecorder()
		w.metrics.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/"+path+"?"+query.Encode(), nil))
		return answer.Body.Bytes(), nil
	}
	return nil, fmt.Errorf("data source %q: not in this test", source)
}

// scrapedMetrics are the server's own metrics as a Prometheus would have them after
// some scrapes.
type scrapedMetrics struct {
	families []promql.Family
	values   map[string]map[string]float64 // by name, then by labels as text
	now      schema.Instant
}

// scraped reads /metrics once, and makes as if it had grown steadily.
func (w *panelStand) scraped(t testing.TB) http.Handler {
	t.Helper()
	text, err := w.get(t.Context(), "/metrics", nil, "text/plain")
	if err != nil {
		t.Fatal(err)
	}
	m := &scrapedMetrics{values: map[string]map[string]float64{}, now: schema.InstantOf(w.now)}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		at := strings.LastIndexByte(line, ' ')
		if at < 0 || line[0] == '#' {
			continue
		}
		value, err := strconv.ParseFloat(line[at+1:], 64)
		if err != nil {
			t.Fatalf("metric %q: %v", line, err)
		}
		name, labels, _ := strings.Cut(strings.TrimSuffix(line[:at], "}"), "{")
		if m.values[name] == nil {
			m.values[name] = map[string]float64{}
			m.families = append(m.families, promql.Family{Name: name, Type: promql.Gauge})
		}
		m.values[name][labels] = value
	}
	h, err := promql.New(promql.Config{Source: m, Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	routes := http.NewServeMux()
	routes.HandleFunc("/query", h.Query)
	routes.HandleFunc("/query_range", h.QueryRange)
	return routes
}

func (m *scrapedMetrics) Families() []promql.Family { return m.families }

func (m *scrapedMetrics) Series(_ context.Context, q promql.Listing, yield func(promql.Labels) bool) error {
	for text := range m.values[q.Family.Name] {
		if l := scrapedLabels(text); q.Matches(l) && !yield(l) {
			break
		}
	}
	return nil
}

func (m *scrapedMetrics) Select(_ context.Context, s promql.Selection) (list []promql.Series, err error) {
	const scrape, hold = schema.Instant(15 * schema.Second), schema.Instant(5 * schema.Minute)
	for text, value := range m.values[s.Family.Name] {
		labels := scrapedLabels(text)
		if !s.Matches(labels) {
			continue
		}
		var c promql.Course
		for i := schema.Instant(40); i >= 0; i-- {
			c.Hold(m.now-i*scrape, m.now-i*scrape+hold, value*float64(41-i)/41)
		}
		list = append(list, c.Series(labels))
	}
	return list, nil
}

// scrapedLabels reads name="value",...; a comma within a value does not occur.
func scrapedLabels(text string) promql.Labels {
	pairs := []string{"instance", "jouleline:8080", "job", "jouleline"}
	for one := range strings.SplitSeq(text, `",`) {
		if name, value, ok := strings.Cut(one, `="`); ok {
			pairs = append(pairs, name, strings.TrimSuffix(value, `"`))
		}
	}
	return promql.LabelsOf(pairs...)
}
