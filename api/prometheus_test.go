package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jouleline/analytics/progress"
	"jouleline/api"
	"jouleline/api/access"
	"jouleline/api/ledger"
	"jouleline/api/peer"
	"jouleline/api/problem"
	"jouleline/api/promql"
	"jouleline/metrics/consumption"
	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// panelsOf answers the panels' questions from books, by their plain questions.
type panelsOf struct {
	books    *fakeBooks
	seen     []posting.Known
	rebooked []posting.Rebooked
}

func (p panelsOf) UsageByMonth(ctx context.Context, r *registry.Registry, from, to schema.Month, visit func(schema.Month, *indicator.Usage)) error {
	for m := from; m < to; m++ {
		usage, err := p.books.Usage(ctx, indicator.UsageQuery{Registry: r, From: m.First(), To: (m + 1).First()})
		if err != nil {
			return err
		}
		for i := range usage {
			visit(m, &usage[i])
		}
	}
	return nil
}

func (p panelsOf) SumByMonth(ctx context.Context, r *registry.Registry, from, to schema.Month, slots int, slot func(*indicator.Usage) int) ([]exact.Sum, []bool, error) {
	sums, known := make([]exact.Sum, int(to-from)*slots), make([]bool, int(to-from)*slots)
	err := p.UsageByMonth(ctx, r, from, to, func(month schema.Month, u *indicator.Usage) {
		if k := slot(u); k >= 0 && u.Known != 0 {
			sums[int(month-from)*slots+k].Add(int64(u.Quantity))
			known[int(month-from)*slots+k] = true
		}
	})
	return sums, known, err
}

func (p panelsOf) BookedBefore(ctx context.Context, meters []int32, day schema.Day) (map[int32]schema.Quantity, error) {
	sums := map[int32]schema.Quantity{}
	entries, err := p.books.Booked(ctx, meters, schema.Validity{From: schema.Always, To: day}, 0)
	for i := range entries {
		sums[entries[i].Meter] += entries[i].Quantity
	}
	return sums, err
}

func (p panelsOf) Rebooked(_ context.Context, q posting.RebookedQuery) (list []posting.Rebooked, err error) {
	for _, r := range p.rebooked {
		if slices.Contains(q.Meters, r.Meter) && r.Recorded >= q.From && r.Recorded < q.To && q.Days.Contains(r.Day) && len(list) <= q.Limit {
			list = append(list, r)
		}
	}
	return list, nil
}

func (p panelsOf) Seen(context.Context) ([]posting.Known, error) { return p.seen, nil }

// panelConfig is a server for the school, with panels.
func panelConfig(tb testing.TB) api.Config {
	config := newConfig(tb)
	config.Panels = panelsOf{
		books: config.Books.(*fakeBooks),
		seen:  []posting.Known{{Meter: 0, First: at(tb, "2023-05-01T22:00:00+08:00"), Seen: at(tb, "2023-05-02T02:00:00+08:00")}},
		rebooked: []posting.Rebooked{ // of the first, one that the day had not ended before, and one that it had; both days at once
			{Meter: 0, Day: schema.DayOf(2023, 5, 1), Recorded: at(tb, "2023-05-01T23:59:59+08:00")},
			{Meter: 0, Day: schema.DayOf(2023, 5, 1), Recorded: at(tb, "2023-05-02T10:00:00+08:00")},
			{Meter: 0, Day: schema.DayOf(2023, 5, 1), Recorded: at(tb, "2023-05-04T10:00:00+08:00")},
			{Meter: 0, Day: schema.DayOf(2023, 5, 2), Recorded: at(tb, "2023-05-04T10:00:00+08:00")},
		},
	}
	return config
}

// promAnswer is Prometheus' envelope with a vector or a matrix.
type promAnswer struct {
	Status, ErrorType, Error string
	Data                     struct {
		ResultType string
		Result     []struct {
			Metric map[string]string
			Value  [2]any
			Values [][2]any
		}
	}
	Warnings []string
}

// ask asks for an expression at a moment and gives "label=value" of what is found.
func ask(tb testing.TB, h http.Handler, query, moment string) (values []float64, metrics []map[string]string) {
	tb.Helper()
	w := get(tb, h, "/prometheus/api/v1/query?"+url.Values{"query": {query}, "time": {moment}}.Encode())
	var a promAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
		tb.Fatalf("%s: got status %d, %v: %s", query, w.Code, err, w.Body)
	}
	for _, r := range a.Data.Result {
		v, err := strconv.ParseFloat(r.Value[1].(string), 64)
		if err != nil {
			tb.Fatal(err)
		}
		values, metrics = append(values, v), append(metrics, r.Metric)
	}
	return values, metrics
}

func TestPrometheus_ConsumptionIsThatOfREST(t *testing.T) {
	h := serve(t, panelConfig(t))
	f := func(step, query, about string) {
		t.Helper()
		a := decode[ledger.ConsumptionAnswer](t, get(t, h, "/api/v1/consumption?from=2023-05-01T00:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00&step="+step+"&"+about))
		known := 0
		for _, p := range a.Points {
			moment := p.Start.Add(p.End.Sub(p.Start) / 2).Format(time.RFC3339)
			values, _ := ask(t, h, query, moment)
			if p.Quantity == nil {
				if len(values) > 0 {
					t.Errorf("%s at %s: got %v, want nothing", query, moment, values)
				}
				continue
			}
			known++
			want, err := strconv.ParseFloat(p.Quantity.String(), 64)
			if err != nil {
				t.Fatal(err)
			}
			if len(values) != 1 || values[0] != want {
				t.Errorf("%s at %s: got %v, want %v", query, moment, values, want)
			}
		}
		if known == 0 {
			t.Errorf("%s: nothing is known", query)
		}
	}
	f("PT1H", `jouleline_meter_consumption_hour_kwh{meter="E1"}`, "meter=E1")
	f("PT1H", `jouleline_building_consumption_hour_kwh{building="S1-B1"}`, "building=S1-B1&carrier=electricity")
	f("P1D", `jouleline_meter_consumption_day_kwh{meter="E1"}`, "meter=E1")
	f("P1D", `jouleline_building_consumption_day_kwh`, "building=S1-B1&carrier=electricity")
	whole := func(path, query, moment string, pick func(*ledger.ConsumptionPoint) *float64) {
		t.Helper()
		p := decode[ledger.ConsumptionAnswer](t, get(t, h, path)).Points[0]
		values, _ := ask(t, h, query, moment)
		if want := pick(&p); len(values) != 1 || want == nil || values[0] != *want {
			t.Errorf("%s: got %v, want %v", query, values, want)
		}
	}
	const may = "&carrier=electricity&from=2023-05-01T00:00:00%2B08:00&to=2023-06-01T00:00:00%2B08:00&step=P1M"
	for _, about := range []string{"institution=S1", "region=370100"} {
		whole("/api/v1/consumption?"+about+may, `sum by (city) (jouleline_institution_carbon_month_kg)`, "2023-05-20T00:00:01Z", func(p *ledger.ConsumptionPoint) *float64 { return p.CarbonKG })
		whole("/api/v1/consumption?"+about+may, `jouleline_institution_energy_month_kgce{institution="S1"}`, "2023-05-20T00:00:01Z", func(p *ledger.ConsumptionPoint) *float64 { return p.EnergyKGCE })
		whole("/api/v1/consumption?"+about+may, `jouleline_institution_coverage_month_ratio`, "2023-05-20T00:00:01Z", func(p *ledger.ConsumptionPoint) *float64 { return p.Coverage })
	}
}

func TestPrometheus_GaugesHoldAndEnd(t *testing.T) {
	h := serve(t, panelConfig(t))
	f := func(query, moment string, want ...float64) {
		t.Helper()
		if got, _ := ask(t, h, query, moment); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s at %s: got %v, want %v", query, moment, got, want)
		}
	}
	const day = "jouleline_meter_consumption_day_kwh"
	f(day, "2023-04-30T23:59:59+08:00")
	f(day, "2023-05-01T00:00:00+08:00", 5.5)
	f(day, "2023-05-01T23:59:59+08:00", 5.5)
	f(day, "2023-05-02T00:00:00+08:00", 7.5)
	f(day, "2023-05-02T23:59:59+08:00", 7.5)
	f(day, "2023-05-03T00:00:00+08:00")
	f("sum_over_time("+day+"[2d])", "2023-05-02T23:59:59+08:00", 13)
	f(day+" offset 1d", "2023-05-02T12:00:00+08:00", 5.5)
	f(day+" @ 1682910000", "2026-01-01T00:00:00Z", 5.5)
	f("max_over_time("+day+"[3d:1h])", "2023-05-03T23:59:59+08:00", 7.5)
	f("jouleline_institution_consumption_year_kwh", "2023-12-31T23:59:59+08:00", 13)
	f("jouleline_institution_consumption_year_kwh", "2024-01-01T00:00:00+08:00")
	const total = "jouleline_meter_consumption_kwh_total"
	f(total, "2023-05-01T21:59:59+08:00")
	f(total, "2023-05-01T22:00:00+08:00", 0)
	f(total, "2023-05-02T02:00:00+08:00", 13)
	f(total, "2023-05-02T02:59:59+08:00", 13)
	f(total, "2023-05-02T03:00:00+08:00")
	f("increase("+total+"[4h1s])", "2023-05-02T02:00:00+08:00", 13) // not beyond the counter's zero
	f("rate("+total+"[30m1s]) * 3600", "2023-05-02T01:00:00+08:00", 3.5)
	f("jouleline_meter_last_reading_timestamp_seconds", "2024-01-01T00:00:00Z", 1682964000)
	f("jouleline_meter_freshness_seconds", "2023-05-02T03:00:30+08:00", 3600)
	f("jouleline_building_silent_day_meters", "2023-05-01T12:00:00+08:00", 0)
	f("jouleline_building_silent_day_meters", "2023-05-05T12:00:00+08:00", 1)
	const days, corrected = "jouleline_meter_correction_days", "jouleline_meter_corrected_day_timestamp_seconds"
	f(days, "2023-05-02T09:59:59+08:00")
	f(days, "2023-05-02T10:00:00+08:00", 1)
	f(days, "2023-05-02T23:59:59+08:00", 1)
	f(days, "2023-05-03T00:00:00+08:00")
	f(days, "2023-05-04T12:00:00+08:00", 2)
	f("sum_over_time("+days+"[10d])", "2023-05-09T12:00:00+08:00", 3)
	f(corrected, "2023-04-30T23:59:59+08:00")
	f(corrected, "2023-05-01T00:00:00+08:00", float64(at(t, "2023-05-04T10:00:00+08:00"))/1000)
	f(corrected, "2023-05-02T23:59:59+08:00", float64(at(t, "2023-05-04T10:00:00+08:00"))/1000)
	f(corrected, "2023-05-03T00:00:00+08:00")
	f("count_over_time("+corrected+"[10d])", "2023-05-09T12:00:00+08:00", 2)
	f("jouleline_building_utc_offset_seconds", "2023-05-03T00:00:00+08:00", 28800)
	f("jouleline_region_target_percent{region=\"370000\",indicator=\"energy_per_area\"}", "2025-07-01T00:00:00Z", 5)
	f("jouleline_region_pace_percent{region=\"370000\",indicator=\"energy_per_area\"}", "2023-07-01T00:00:00Z", 3)
}

func TestPrometheus_ProgressIsThatOfREST(t *testing.T) {
	h := serve(t, panelConfig(t))
	for scope, level := range map[string]string{"region=370000": "region", "region=370102": "region", "institution=S1": "institution", "class=education": "class"} {
		a := decode[progress.Answer](t, get(t, h, "/api/v1/progress?year=2023&"+scope))
		name, id, _ := strings.Cut(scope, "=")
		for i := range a.Indicators {
			x := &a.Indicators[i]
			for family, want := range map[string]*float64{"reduction_percent": x.ReductionPct, "completion_percent": x.CompletionPct, "pace_percent": x.PacePct, "target_percent": x.TargetPct} {
				query := fmt.Sprintf(`jouleline_%s_%s{%s=%q,indicator=%q}`, level, family, name, id, x.Indicator)
				if got, _ := ask(t, h, query, "2023-06-01T00:00:00Z"); len(got) != 1 || want == nil || got[0] != *want {
					t.Errorf("%s: got %v, want %v", query, got, want)
				}
			}
		}
	}
	if got, _ := ask(t, h, "count(jouleline_region_reduction_percent)", "2023-06-01T00:00:00Z"); fmt.Sprint(got) != "[12]" {
		t.Errorf("got %v, want four indicators of three regions", got)
	}
}

// Every family answers, and its series have the labels of the table.
func TestPrometheus_EveryFamilyAnswers(t *testing.T) {
	h := serve(t, panelConfig(t))
	var told struct {
		Data map[string][]map[string]string
	}
	w := get(t, h, "/prometheus/api/v1/metadata")
	if err := json.Unmarshal(w.Body.Bytes(), &told); err != nil || len(told.Data) < 90 {
		t.Fatalf("got %d families, %v", len(told.Data), err)
	}
	with := 0
	for name := range told.Data {
		w := get(t, h, "/prometheus/api/v1/query_range?start=2023-04-30T00:00:00Z&end=2023-05-03T00:00:00Z&step=3607&query="+name)
		var a promAnswer
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
			t.Errorf("%s: got status %d, %v: %s", name, w.Code, err, w.Body)
		}
		if len(a.Data.Result) > 0 {
			with++
		}
	}
	if with < 25 {
		t.Errorf("only %d families have samples", with)
	}
}

// What Grafana's data source asks, and how it must be answered.
func TestPrometheus_WhatGrafanaAsks(t *testing.T) {
	h := serve(t, panelConfig(t))
	f := func(w *responseRecorder, status int, parts ...string) {
		t.Helper()
		if w.Code != status || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("got status %d, %s: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
		}
		for _, part := range parts {
			if !strings.Contains(w.Body.String(), part) {
				t.Errorf("got %s, want %s in it", w.Body, part)
			}
		}
	}
	post := func(path string, form url.Values) *responseRecorder {
		return call(t, h, http.MethodPost, "/prometheus/api/v1/"+path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
	}
	f(get(t, h, "/prometheus/api/v1/query?query=1%2B1&time=4"), 200, `{"status":"success","data":{"resultType":"scalar","result":[4,"2"]}}`)
	f(post("query", url.Values{"query": {"1+1"}, "time": {"4.25"}}), 200, `{"resultType":"scalar","result":[4.250,"2"]}`)
	f(post("query", url.Values{"query": {"vector(1e-7)"}, "time": {"4"}}), 200, `"resultType":"vector","result":[{"metric":{},"value":[4,"1e-07"]}]`)
	f(get(t, h, "/prometheus/api/v1/status/buildinfo"), 200, `"version":"3.16.0"`)
	f(get(t, h, "/prometheus/api/v1/metadata"), 200, `"jouleline_meter_consumption_kwh_total":[{"type":"counter","help":"`)
	f(get(t, h, "/prometheus/api/v1/metadata?metric=jouleline_region_info&limit=1"), 200, `{"jouleline_region_info":[{"type":"gauge","help":"Names of regions; 1","unit":""}]}`)
	f(get(t, h, "/prometheus/api/v1/labels?match[]=jouleline_class_info&match[]=jouleline_region_info"), 200, `["__name__","city","county","name","province","region"]`)
	f(post("labels", url.Values{"match[]": {"jouleline_department_info"}}), 200, `"data":[]`)
	f(get(t, h, "/prometheus/api/v1/label/region/values?match[]=jouleline_region_info&start=1&end=2"), 200, `["370000","370100","370102"]`)
	f(get(t, h, "/prometheus/api/v1/label/__name__/values?match[]={carrier=%22electricity%22,__name__=~%22jouleline_meter_.*total%22}"), 200, `["jouleline_meter_consumption_kwh_total"]`)
	f(get(t, h, "/prometheus/api/v1/series?match[]=jouleline_institution_info"), 200,
		`[{"__name__":"jouleline_institution_info","city":"370100","class":"education","county":"370102","institution":"S1","name":"第一中学","province":"370000","region":"370102"}]`)
	f(post("query_range", url.Values{"query": {`jouleline_meter_consumption_day_kwh{meter="E1"}`}, "start": {"1682899200"}, "end": {"1682985600"}, "step": {"43200"}}), 200,
		`"resultType":"matrix","result":[{"metric":{"__name__":"jouleline_meter_consumption_day_kwh",`, `"values":[[1682899200,"5.5"],[1682942400,"5.5"],[1682985600,"7.5"]]}]`)
	f(post("query", url.Values{"query": {`jouleline_institution_energy_year_kgce * on (institution) group_left (name) jouleline_institution_info`}, "time": {"1690000000"}}), 200, `"name":"第一中学"`)
	// Errors keep the envelope.
	f(get(t, h, "/prometheus/api/v1/query?query=sum("), 400, `{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": `)
	f(get(t, h, "/prometheus/api/v1/query_range?query=1&start=0&end=86400&step=1"), 400, "exceeded maximum resolution of 11000 points")
	f(get(t, h, "/prometheus/api/v1/query_range?query=1&start=5&end=4&step=1"), 400, `invalid parameter \"end\"`)
	f(get(t, h, "/prometheus/api/v1/query_range?query=1&start=5&end=6&step=0"), 400, "zero or negative")
	f(get(t, h, "/prometheus/api/v1/query?query=1&time=NaN"), 400, `invalid parameter \"time\"`)
	f(get(t, h, "/prometheus/api/v1/query?query=1&timeout=-1s"), 400, `invalid parameter \"timeout\"`)
	f(get(t, h, "/prometheus/api/v1/series"), 400, "no match[] parameter provided")
	f(get(t, h, "/prometheus/api/v1/series?match[]={}"), 400, `invalid parameter \"match[]\": match[] must contain at least one non-empty matcher`)
	f(get(t, h, "/prometheus/api/v1/labels?match[]={city!=%221%22}"), 400, "non-empty matcher")
	f(post("series", url.Values{"match[]": {"jouleline_region_info", `{city=~".*"}`}}), 400, "non-empty matcher")
	f(get(t, h, "/prometheus/api/v1/label/city/values?match[]={city=%22%22}"), 400, "non-empty matcher")
	f(get(t, h, "/prometheus/api/v1/labels?match[]={class!=%22%22}&limit=1"), 200, `{"status":"success","data":["__name__"],"warnings":["results truncated due to limit"]}`)
	f(get(t, h, "/prometheus/api/v1/label/a%FFb/values"), 400, "invalid label name")
	f(get(t, h, "/prometheus/api/v1/query_exemplars?query=1"), 404, `"status":"error"`)
	f(post("query", url.Values{"query": {strings.Repeat("1+", 40_000) + "1"}}), 413, `"errorType":"bad_data"`)
	f(get(t, serve(t, newConfig(t)), "/prometheus/api/v1/query?query=1"), 503, `"errorType":"unavailable"`)
}

// A token sees the series of its part, whatever it asks.
func TestPrometheus_TokensReach(t *testing.T) {
	f := func(grant access.Grant, query, want string) {
		t.Helper()
		config := countyConfig(t)
		config.Panels = panelsOf{books: config.Books.(*fakeBooks), rebooked: []posting.Rebooked{
			{Meter: 0, Day: schema.DayOf(2023, 5, 20), Recorded: at(t, "2023-05-22T00:00:00Z")}, {Meter: 1, Day: schema.DayOf(2023, 5, 20), Recorded: at(t, "2023-05-22T00:00:00Z")},
		}}
		grant.Scope = access.Read
		config.Access = granted{grant: grant}
		_, metrics := ask(t, serve(t, config), query, "2023-05-20T00:00:01Z")
		var got []string
		for _, m := range metrics {
			got = append(got, m["institution"]+m["city"])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%+v: %s: got %v, want %s", grant, query, got, want)
		}
	}
	all, city, one := access.Grant{}, access.Grant{Region: "370200"}, access.Grant{Institution: "A"}
	const carbon = "jouleline_institution_carbon_month_kg"
	f(all, "sum by (institution) ("+carbon+")", "A B")
	f(city, "sum by (institution) ("+carbon+")", "B")
	f(one, "sum by (institution) ("+carbon+")", "A")
	f(access.Grant{Region: "370200", Institution: "A"}, "sum by (institution) ("+carbon+")", "")
	f(all, "sum by (city) ("+carbon+")", "370100 370200")
	f(city, "sum by (city) ("+carbon+")", "370200")
	f(city, "sum by (city) (jouleline_region_info)", "370200")
	f(one, "sum by (city) (jouleline_region_info)", "")
	f(city, "jouleline_class_info or jouleline_department_info", "")
	f(one, "sum by (institution) (jouleline_meter_info)", "A")
	f(city, `sum by (institution) ({__name__=~"jouleline_(building|meter|institution)_info"})`, "B")
	f(city, "sum by (city) (jouleline_region_indicator_year)", "370200")
	for grant, want := range map[access.Grant]string{all: "A B", city: "B", one: "A"} {
		f(grant, "sum by (institution) (jouleline_meter_corrected_day_timestamp_seconds)", want)
		f(grant, "sum by (institution) (jouleline_meter_correction_days @ 1684713661)", want)
		f(grant, "sum by (institution) (jouleline_building_utc_offset_seconds)", want)
		f(grant, "sum by (institution) (jouleline_institution_coverage_year_ratio)", want)
	}
	config := countyConfig(t)
	config.Panels = panelsOf{books: config.Books.(*fakeBooks)}
	config.Access = granted{grant: access.Grant{Scope: access.Read, Region: "370200"}}
	h := serve(t, config)
	for _, path := range []string{"label/institution/values", "label/meter/values", "label/city/values", "series?match[]={institution!=%22%22}"} {
		if text := get(t, h, "/prometheus/api/v1/"+path).Body.String(); strings.Contains(text, `"A"`) || strings.Contains(text, `"a"`) || strings.Contains(text, "370100") || !strings.Contains(text, "success") {
			t.Errorf("%s: a limited caller got %s", path, text)
		}
	}
}

// The documented examples are what is answered.
func TestPrometheus_Examples(t *testing.T) {
	h := serve(t, panelConfig(t))
	for id, question := range map[string]string{
		"promQuery":    "query?query=sum+by+(city)+(jouleline_institution_carbon_month_kg)&time=1682964000",
		"promRange":    "query_range?query=jouleline_meter_consumption_day_kwh&start=1682899200&end=1682985600&step=43200",
		"promSeries":   "series?match[]=jouleline_institution_info",
		"promLabels":   "labels?match[]=jouleline_region_info",
		"promValues":   "label/city/values",
		"promMetadata": "metadata?metric=jouleline_institution_carbon_month_kg",
	} {
		w := get(t, h, "/prometheus/api/v1/"+question)
		if w.Code != 200 {
			t.Errorf("%s: got status %d: %s", id, w.Code, w.Body)
			continue
		}
		holdExample(t, "prometheus_"+id+".json", w.Body.Bytes())
	}
}

func TestPrometheus_Limits(t *testing.T) {
	f := func(limits promql.Limits, query string, status int, part string) {
		t.Helper()
		config := panelConfig(t)
		config.Series = limits
		w := get(t, serve(t, config), "/prometheus/api/v1/query_range?start=2023-04-30T00:00:00Z&end=2023-05-03T00:00:00Z&step=60&query="+url.QueryEscape(query))
		if w.Code != status || !strings.Contains(w.Body.String(), part) {
			t.Errorf("%+v: %s: got status %d, want %d with %q: %s", limits, query, w.Code, status, part, w.Body)
		}
	}
	f(promql.Limits{Series: 2}, "jouleline_region_info", 422, "asks for too much: got 3 series, want at most 2")
	f(promql.Limits{Samples: 10}, "jouleline_meter_consumption_kwh_total", 422, "asks for too much")
	f(promql.Limits{Samples: 1000}, "sum(jouleline_region_info) + time()", 422, "too many samples")
	f(promql.Limits{Points: 100}, "1", 400, "exceeded maximum resolution of 100 points")
	f(promql.Limits{Timeout: time.Nanosecond}, "jouleline_meter_consumption_day_kwh", 503, `"errorType":"timeout"`)
	f(promql.Limits{Lookback: time.Minute}, "count(jouleline_meter_consumption_day_kwh)", 200, `"values":[[1682870400,"1"],[1682956800,"1"]]`) // the steps within the lookback
	config := panelConfig(t)
	config.Limits.Cuts = 10
	if w := get(t, serve(t, config), "/prometheus/api/v1/query?query=jouleline_meter_consumption_kwh_total&time=1682964000"); w.Code != 422 || !strings.Contains(w.Body.String(), "asks for too much") {
		t.Errorf("got status %d: %s", w.Code, w.Body)
	}
}

// Who leaves ends his query.
func TestPrometheus_Canceled(t *testing.T) {
	config := panelConfig(t)
	asked := make(chan struct{})
	books := config.Books.(*fakeBooks)
	books.BookedFunc = func(ctx context.Context, _ []int32, _ schema.Validity, _ schema.Instant) ([]posting.Entry, error) {
		close(asked)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	h := serve(t, config)
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-asked; cancel() }()
	r := newRequest(ctx, "/prometheus/api/v1/query?query=jouleline_meter_consumption_day_kwh&time=1682964000")
	w := record(h, r)
	if w.Code != 499 || !strings.Contains(w.Body.String(), `"errorType":"canceled"`) {
		t.Errorf("got status %d: %s", w.Code, w.Body)
	}
}

// What is ours to mend is no fault of the query: its caller is told so, and no more.
func TestPrometheus_FaultsOfTheBooks(t *testing.T) {
	f := func(fault error, status int, parts ...string) {
		t.Helper()
		config := panelConfig(t)
		var log strings.Builder
		config.Logger = slog.New(slog.NewTextHandler(&log, nil))
		books := config.Books.(*fakeBooks)
		books.BookedFunc = func(context.Context, []int32, schema.Validity, schema.Instant) ([]posting.Entry, error) {
			return nil, fault
		}
		w := get(t, serve(t, config), "/prometheus/api/v1/query?query=jouleline_meter_consumption_day_kwh&time=1682964000")
		for _, part := range parts {
			if w.Code != status || !strings.Contains(w.Body.String(), part) {
				t.Errorf("%v: got status %d, want %d with %s: %s", fault, w.Code, status, part, w.Body)
			}
		}
		if strings.Contains(w.Body.String(), "table") || status == 500 != strings.Contains(log.String(), "table") {
			t.Errorf("%v: got %s, log %q", fault, w.Body, log.String())
		}
	}
	f(errors.New("no such table"), 500, `"errorType":"internal"`, "the log says why")
	f(&peer.MissingError{Partitions: []int{2}}, 503, `"errorType":"unavailable"`, "2")
	f(fmt.Errorf("%w: the folder is full", problem.ErrUnavailable), 503, `"errorType":"unavailable"`, "the folder is full")
	f(consumption.ErrPartialDay, 422, `"errorType":"execution"`, "day")
	config := panelConfig(t)
	config.World.(*fakeWorld).RegistryFunc = func(context.Context) (*registry.Registry, error) { return nil, errors.New("no such table") }
	h := serve(t, config)
	for _, path := range []string{"labels", "label/city/values", "series?match[]=jouleline_region_info"} {
		if w := get(t, h, "/prometheus/api/v1/"+path); w.Code != 500 || strings.Contains(w.Body.String(), "table") {
			t.Errorf("%s: got status %d: %s", path, w.Code, w.Body)
		}
	}
}
