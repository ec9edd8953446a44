//go:build integration && linux

package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jouleline/api"
	"jouleline/api/promql"
)

// The names of the families that are compared.
const (
	meterTotal    = "jouleline_meter_consumption_kwh_total"
	buildingTotal = "jouleline_building_consumption_kwh_total"
	meterHour     = "jouleline_meter_consumption_hour_kwh"
	meterDay      = "jouleline_meter_consumption_day_kwh"
	buildingDay   = "jouleline_building_consumption_day_kwh"
	carbonMonth   = "jouleline_institution_carbon_month_kg"
	monthKWh      = "jouleline_institution_consumption_month_kwh"
	institutions  = "jouleline_institution_info"
	corrections   = "jouleline_meter_correction_days"
	correctedDay  = "jouleline_meter_corrected_day_timestamp_seconds"
)

// oracleQueries are asked of both. Inner ranges of subqueries have an odd second
// besides, since a subquery's steps lie on the samples' grid and ranges are
// left-open since Prometheus 3.0, left-closed before.
var oracleQueries = []string{
	// Gauges and counters as they are, and selectors.
	meterTotal,
	meterHour,
	meterDay + `{meter=~"E[12]"}`,
	meterDay + `{meter!~"E[12]|",building!=""}`,
	buildingTotal + `{building="H1-B1"}`,
	carbonMonth,
	`jouleline_meter_consumption_day_m3{carrier!="water"}`,
	`jouleline_institution_indicator_year{indicator="energy_per_area"}`,
	`jouleline_building_coverage_day_ratio < 1`,
	`jouleline_meter_freshness_seconds`,
	`jouleline_building_utc_offset_seconds`,
	`jouleline_institution_coverage_year_ratio`,
	`jouleline_region_indicator_coverage_month_ratio`,
	// Samples that lie anywhere and end soon.
	corrections,
	`count_over_time(` + corrections + `[5d])`,
	correctedDay + ` - time()`,
	`max by (building) (last_over_time(` + correctedDay + `[20d]))`,
	`changes(` + correctedDay + `[30d])`,
	// Range vectors over counters.
	`increase(` + meterTotal + `[1d])`,
	`increase(` + buildingTotal + `[6h])`,
	`rate(` + meterTotal + `[2h]) * 3600`,
	`irate(` + meterTotal + `[3h])`,
	`delta(` + meterTotal + `[1d])`,
	`resets(` + meterTotal + `[10d])`,
	`changes(` + meterTotal + `[1d])`,
	`deriv(` + meterTotal + `[12h])`,
	`predict_linear(` + meterTotal + `[12h], 3600)`,
	// Range vectors over gauges.
	`sum_over_time(` + meterDay + `[10d])`,
	`avg_over_time(` + meterHour + `[1d])`,
	`max_over_time(` + meterHour + `[1d])`,
	`min_over_time(` + meterHour + `[1d])`,
	`count_over_time(` + meterHour + `[5d])`,
	`stddev_over_time(` + meterHour + `[2d])`,
	`quantile_over_time(0.9, ` + meterHour + `[2d])`,
	`last_over_time(` + meterHour + `[7h])`,
	`present_over_time(` + meterHour + `[3h])`,
	`absent_over_time(` + meterHour + `{meter="E2"}[3h])`,
	// Aggregation.
	`sum(` + monthKWh + `)`,
	`sum by (city) (` + carbonMonth + `)`,
	`sum without (institution, region, county, class) (` + carbonMonth + `)`,
	`sum by (institution, use) (` + monthKWh + `)`,
	`avg by (class) (` + meterDay + `)`,
	`min(` + meterHour + `)`,
	`max by (building) (` + meterHour + `)`,
	`count by (city) (` + meterHour + `)`,
	`group by (institution) (` + meterDay + `)`,
	`stddev(` + meterDay + `)`,
	`quantile(0.25, ` + meterDay + `)`,
	`topk(2, ` + meterDay + `)`,
	`bottomk(1, ` + meterDay + `) by (class)`,
	`count_values("v", ` + institutions + `)`,
	`sum by (city) (increase(` + buildingTotal + `[1d]))`,
	`topk(1, sum by (institution) (` + monthKWh + `))`,
	// Offsets and the moment.
	meterDay + ` offset 1d`,
	meterHour + ` offset -6h`,
	`increase(` + meterTotal + `[1d] offset 1w)`,
	meterDay + ` - ` + meterDay + ` offset 1w`,
	meterDay + ` @ 1681000033`,
	`rate(` + meterTotal + `[1d] @ 1681000033)`,
	`sum(` + monthKWh + ` @ end())`,
	// Subqueries.
	`max_over_time(rate(` + meterTotal + `[1h1s])[6h:7m])`,
	`avg_over_time(sum by (building) (` + meterHour + `)[2d:1h])`,
	`sum_over_time((` + meterDay + ` > 100)[20d:1d])`,
	`max_over_time(sum(` + monthKWh + `)[40d:5d] offset 1d)`,
	`min_over_time(increase(` + buildingTotal + `[3h1s])[1d:30m])`,
	// Joins.
	carbonMonth + ` * on (institution) group_left (name) ` + institutions,
	`sum by (institution) (` + monthKWh + `) / on (institution) group_left sum by (institution) (jouleline_institution_known_month_seconds{carrier="electricity"})`,
	meterDay + ` / on (building) group_left sum by (building) (` + meterDay + `)`,
	meterDay + ` / ignoring (meter) group_left sum without (meter) (` + meterDay + `)`,
	meterHour + ` and on (meter) (` + meterDay + ` > 100)`,
	meterDay + ` unless on (meter) (` + meterHour + ` > 4)`,
	meterHour + ` or ` + meterDay,
	`sum by (building) (` + meterDay + `) > bool 100`,
	// Functions, labels and scalars.
	`label_replace(` + meterDay + `, "short", "$1", "building", "(.*)-B.*")`,
	`label_join(` + buildingDay + `, "where", "/", "city", "building")`,
	`clamp(` + meterHour + `, 2, 5)`,
	`round(` + meterHour + `, 0.5)`,
	`absent(` + meterHour + `{meter="E6"})`,
	`scalar(sum(` + meterDay + `)) + vector(1)`,
	`hour(jouleline_meter_last_reading_timestamp_seconds)`,
	`timestamp(` + meterDay + `)`,
	`sort_desc(` + meterDay + `)`,
	`(` + meterTotal + ` - ` + meterTotal + ` offset 1d) >= 0`,
}

// The moments lie off the samples' grid: on a common day, while E2 and E4 are
// silent, while E6 is, on the first of a month, and after the last reading.
var oracleMoments = []string{"2023-04-08T13:07:13Z", "2023-04-10T05:07:13Z", "2023-04-13T01:52:13Z", "2023-05-01T00:22:13Z", "2023-05-20T11:37:13Z"}

// Prometheus' own answers equal ours, over the same samples. What it is fed by
// remote read are all samples and stale markers of the families in four months;
// what ours reads for a query is up to the query.
func TestIntegration_PrometheusAnswersAlike(t *testing.T) {
	config := oracleConfig(t)
	server, err := api.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ours := server.Handler()
	feed, address := serveRemote(t, api.SeriesOf(server), at(t, "2023-03-15T00:00:00+08:00"), at(t, "2023-06-15T00:00:00+08:00"))
	theirs := startOracle(t, address, promql.Limits{}.Filled().Lookback)
	t.Logf("Prometheus %s", theirs.version)
	compared, filled := 0, 0
	f := func(path string, values url.Values) {
		t.Helper()
		request := newRequest(t.Context(), "/prometheus/api/v1/"+path+"?"+values.Encode())
		got, _ := answerOf(t, record(ours, request).Body.Bytes())
		want, warnings := answerOf(t, theirs.get(path, values))
		if len(warnings) > 0 {
			t.Errorf("Prometheus could not read the feed: %v", warnings)
		}
		compared++
		if len(want.points) > 0 {
			filled++
		}
		if why := got.differs(want); why != "" {
			t.Errorf("%s %s at %s%s: %s", path, values.Get("query"), values.Get("time"), values.Get("start"), why)
		}
	}
	for _, query := range oracleQueries {
		before := filled
		for _, moment := range oracleMoments {
			f("query", url.Values{"query": {query}, "time": {moment}})
		}
		f("query_range", url.Values{"query": {query}, "start": {"2023-04-09T20:07:13Z"}, "end": {"2023-04-11T20:07:13Z"}, "step": {"10m"}})
		f("query_range", url.Values{"query": {query}, "start": {"2023-04-07T01:07:13Z"}, "end": {"2023-05-25T01:07:13Z"}, "step": {"7h"}})
		if filled == before {
			t.Errorf("%s: nothing to compare", query)
		}
	}
	if len(oracleQueries) < 40 || feed.asked < len(oracleQueries) {
		t.Errorf("got %d queries and %d questions to the feed, want at least 40 and one a query", len(oracleQueries), feed.asked)
	}
	t.Logf("%d queries, %d answers compared, %d of them not empty", len(oracleQueries), compared, filled)
}

// told is an answer: each series' values by its moments.
type told struct {
	kind   string
	points map[string]string // labels and time -> value
}

func answerOf(t testing.TB, body []byte) (found told, warnings []string) {
	t.Helper()
	var a promAnswer
	if err := json.Unmarshal(body, &a); err != nil || a.Status != "success" {
		t.Fatalf("got %v: %.300s", err, body)
	}
	found = told{kind: a.Data.ResultType, points: map[string]string{}}
	for _, r := range a.Data.Result {
		var text strings.Builder
		for _, name := range slices.Sorted(maps.Keys(r.Metric)) {
			fmt.Fprintf(&text, "%s=%q ", name, r.Metric[name])
		}
		if a.Data.ResultType == "vector" {
			r.Values = append(r.Values, r.Value)
		}
		for _, p := range r.Values {
			found.points[fmt.Sprintf("%sat %v", text.String(), p[0])] = p[1].(string)
		}
	}
	return found, a.Warnings
}

// differs tells how an answer differs from what is wanted: values are equal to
// 1e-12 of their size, since later releases add up with less rounding.
func (a told) differs(want told) string {
	if a.kind != want.kind {
		return fmt.Sprintf("got a %s, want a %s", a.kind, want.kind)
	}
	for _, key := range slices.Sorted(maps.Keys(want.points)) {
		v, ok := a.points[key]
		if !ok {
			return fmt.Sprintf("got %d values, want %d: nothing for %s, want %s", len(a.points), len(want.points), key, want.points[key])
		}
		x, err := strconv.ParseFloat(v, 64)
		y, wrong := strconv.ParseFloat(want.points[key], 64)
		if err != nil || wrong != nil || v != want.points[key] && !(math.Abs(x-y) <= 1e-12*math.Abs(y)) {
			return fmt.Sprintf("got %s, want %s for %s", v, want.points[key], key)
		}
	}
	for key, v := range a.points {
		if _, ok := want.points[key]; !ok {
			return fmt.Sprintf("got %s for %s, want nothing", v, key)
		}
	}
	return ""
}

func bodyOf(t testing.TB, request *http.Request) []byte {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
