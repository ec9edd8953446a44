package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"jouleline/api"
	"jouleline/api/ledger"
	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// courseWorld has what bends a course: a register that turns over, one that is
// swapped, a building whose clocks change, a gap and a correction.
var courseWorld = map[string]string{
	"regions.csv":      "code,name,parent\n370000,省,\n370100,甲市,370000\n370200,乙市,370000\n",
	"institutions.csv": "id,name,class,region\nS1,学,education,370100\nS2,校,health,370200\n",
	"buildings.csv":    "id,institution,name,time_zone\nS1-B1,S1,a,\nS2-B1,S2,b,Europe/Berlin\n",
	"meters.csv": "id,building,carrier,use,kind,unit,register_max,interval,gap_limit\n" +
		"E1,S1-B1,electricity,building,register,kWh,9999.99,PT15M,PT1H\nE2,S1-B1,electricity,building,register,kWh,,PT1H,PT3H\n" +
		"E3,S2-B1,electricity,building,register,kWh,,PT1H,PT3H\nG1,S2-B1,natural_gas,building,register,m3,,PT1H,PT3H\nE4,S2-B1,electricity,vehicle,register,kWh,,PT15M,PT1H\n",
	"meter_events.csv": "meter,time,event,final,initial\nE2,2023-03-24T10:00:00+08:00,swap,182,5\n",
}

var courseMeters = []string{"E1", "E2", "E3", "G1", "E4"}

// courseDays are the days of the readings; Berlin's clocks change on the seventh.
const courseFirst, courseDays = "2023-03-20T00:00:00+00:00", 12

// courseConfig is a server for it, with increments by chance.
func courseConfig(t *testing.T, random *rand.Rand) api.Config {
	t.Helper()
	reg := build(t, courseWorld)
	first := at(t, courseFirst)
	swap := at(t, "2023-03-24T10:00:00+08:00")
	var readings []posting.Reading
	add := func(meter int, moment schema.Instant, value schema.Quantity, revision int32) {
		readings = append(readings, posting.Reading{Meter: int32(meter), Recorded: moment + 1000, Point: books.Point{
			Time: moment, Received: moment + 1000, Value: value, Revision: revision, Kind: schema.Register,
			Unit: reg.MeterVersions(courseMeters[meter])[0].Carrier.Unit(),
		}})
	}
	for meter, id := range courseMeters {
		step := schema.Instant(reg.MeterVersions(id)[0].Interval)
		total := schema.Quantity(9_990_000_000) // E1 turns over in the first days
		n := 0
		for moment := first; moment <= first+schema.Instant(courseDays*24*schema.Hour); moment += step {
			value := total
			switch hours := schema.Quantity((moment - first) / schema.Instant(schema.Hour)); {
			case id == "E1":
				value = total % (10_000 * schema.Micro)
			case id == "E2" && moment <= swap:
				value = (80 + hours) * schema.Micro
			case id == "E2":
				value = (5 + hours - 102) * schema.Micro
			case id == "E3" && hours >= 150 && hours < 170: // a gap
				total += schema.Quantity(random.IntN(300)) * 10_000
				continue
			}
			add(meter, moment, value, 0)
			if n++; n%50 == 0 && id != "E2" { // was read wrong, and is corrected
				readings[len(readings)-1].Value += 3000
				add(meter, moment, value, 1)
			}
			total += schema.Quantity(random.IntN(300)) * 10_000
		}
	}
	config := newConfig(t)
	config.World = &fakeWorld{
		RegistryFunc: func(context.Context) (*registry.Registry, error) { return reg, nil },
		NumberFunc:   func(meter string) (int32, bool) { n := slices.Index(courseMeters, meter); return int32(n), n >= 0 },
	}
	found := booksOf(reg, courseMeters, readings)
	config.Books, config.Panels = found, panelsOf{books: found}
	config.Now = func() time.Time { return time.Date(2023, 3, 31, 20, 4, 5, 0, time.UTC) }
	return config
}

// asked gives an answer's values by time and labels.
func asked(t *testing.T, h http.Handler, path string, form url.Values) map[string]map[string]float64 {
	t.Helper()
	var a promAnswer
	w := get(t, h, "/prometheus/api/v1/"+path+"?"+form.Encode())
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
		t.Fatalf("%s: got status %d, %v: %.300s", form.Encode(), w.Code, err, w.Body)
	}
	found := map[string]map[string]float64{}
	for _, r := range a.Data.Result {
		if a.Data.ResultType == "vector" {
			r.Values = append(r.Values, r.Value)
		}
		for _, p := range r.Values {
			v, err := strconv.ParseFloat(p[1].(string), 64)
			if err != nil {
				t.Fatal(err)
			}
			moment := fmt.Sprintf("%.3f", p[0])
			if found[moment] == nil {
				found[moment] = map[string]float64{}
			}
			found[moment][fmt.Sprint(r.Metric)] = v // maps are printed in order
		}
	}
	return found
}

// alike tells whether the same series have the same values, to the last bits.
func alike(a, b map[string]float64) bool {
	return maps.EqualFunc(a, b, func(x, y float64) bool { return math.Abs(x-y) <= 1e-12*math.Abs(y) })
}

// courseSelectors are asked for by chance: slow gauges, counters and what always
// holds.
var courseSelectors = []string{
	"jouleline_meter_consumption_kwh_total", `jouleline_building_consumption_kwh_total{use!~"v.*"}`, `jouleline_meter_consumption_hour_kwh{meter=~"E[34]"}`,
	"jouleline_building_consumption_hour_m3", "jouleline_meter_consumption_day_kwh", `jouleline_building_coverage_day_ratio{city="370200"}`,
	"jouleline_meter_consumption_month_kwh", `jouleline_institution_carbon_month_kg{department=""}`, "jouleline_institution_energy_year_kgce",
	`jouleline_institution_consumption_year_kwh{institution!=""}`, "jouleline_meter_info", "jouleline_building_utc_offset_seconds", "jouleline_region_target_percent",
}

// What is shown at a step is what is there at that moment: at whatever step, from a
// second to a year.
func TestPrometheus_AnyStepShowsTheSame(t *testing.T) {
	random := chance.Random(t)
	h := serve(t, courseConfig(t, random))
	steps := []int64{1, 17, 60, 900, 3600, 3607, 86_400, 7 * 86_400, 31 * 86_400, 365 * 86_400, 366 * 86_400}
	edges := []string{courseFirst, "2023-03-21T00:00:00+08:00", "2023-03-26T01:00:00Z", "2023-03-26T00:00:00+01:00", "2023-03-24T10:00:00+08:00", "2023-04-01T00:00:00+08:00", "2023-01-01T00:00:00+08:00"}
	filled := 0
	for range 120 {
		query := courseSelectors[random.IntN(len(courseSelectors))] + []string{"", "", " offset 1d", " offset -1h", " @ 1679800000"}[random.IntN(5)]
		if random.IntN(4) == 0 {
			query = "last_over_time(" + query + ")"
			query = []string{"max_over_time(", "count_over_time("}[random.IntN(2)] + query[len("last_over_time("):len(query)-1] + "[2h:13m])"
		}
		step := steps[random.IntN(len(steps))]
		start := float64(at(t, edges[random.IntN(len(edges))]))/1000 - float64(step*random.Int64N(4)) + []float64{0, 0, -0.001, 0.5}[random.IntN(4)]
		shown := asked(t, h, "query_range", url.Values{
			"query": {query}, "start": {fmt.Sprintf("%.3f", start)}, "end": {fmt.Sprintf("%.3f", start+float64(5*step))}, "step": {strconv.FormatInt(step, 10)},
		})
		for n := range int64(6) {
			moment := fmt.Sprintf("%.3f", start+float64(n*step))
			there := asked(t, h, "query", url.Values{"query": {query}, "time": {moment}})
			filled += len(there)
			if !maps.Equal(shown[moment], there[moment]) {
				t.Errorf("%s by steps of %d s from %.3f: at %s got %v, want %v", query, step, start, moment, shown[moment], there[moment])
			}
		}
	}
	if filled < 200 {
		t.Errorf("got something at %d moments only", filled)
	}
}

// A sum that is made where the figures are is that of the series.
func TestPrometheus_SumsAreThoseOfTheSeries(t *testing.T) {
	random := chance.Random(t)
	h := serve(t, courseConfig(t, random))
	labels := []string{"province", "city", "county", "region", "department", "class", "institution", "carrier", "use", "building", "nothing"}
	matchers := []string{"", `{city="370100"}`, `{city!="370100"}`, `{city=~"3701.*|x"}`, `{county=""}`, `{county!=""}`, `{carrier!~"elec.*",class!=""}`, `{nothing=""}`, `{use=~".+"}`}
	families := []string{"consumption_month_kwh", "consumption_year_m3", "energy_month_kgce", "energy_year_kgce", "carbon_month_kg", "carbon_year_kg"}
	filled := 0
	for range 150 {
		random.Shuffle(len(labels), func(i, k int) { labels[i], labels[k] = labels[k], labels[i] })
		by := ""
		for i := range random.IntN(4) {
			by += labels[i] + ","
		}
		kind := []string{"sum by", "sum by", "sum without", "avg by", "count by"}[random.IntN(5)]
		selector := "jouleline_institution_" + families[random.IntN(len(families))] + matchers[random.IntN(len(matchers))] + []string{"", "", " offset 30d", " @ 1679800000"}[random.IntN(4)]
		moment := []string{"1679800000", "1680278399.999", "1680278400", "1703980799"}[random.IntN(4)]
		sum := asked(t, h, "query", url.Values{"query": {fmt.Sprintf("%s (%s) (%s)", kind, by, selector)}, "time": {moment}})
		each := asked(t, h, "query", url.Values{"query": {fmt.Sprintf("%s (%s) (%s + 0)", kind, by, selector)}, "time": {moment}})
		filled += len(each)
		if !maps.EqualFunc(sum, each, alike) {
			t.Errorf("%s (%s) (%s) at %s: got %v, want %v", kind, by, selector, moment, sum, each)
		}
	}
	if filled < 50 {
		t.Errorf("got something for %d sums only", filled)
	}
}

// A counter never falls, whatever happens to its meter, and what it grows by in a
// day is the day's gauge, where the clocks change too.
func TestPrometheus_CountersGrowByTheDays(t *testing.T) {
	h := serve(t, courseConfig(t, chance.Random(t)))
	known := 0
	for i, id := range courseMeters {
		unit, zone := "kwh", "Asia/Shanghai"
		if id == "G1" {
			unit = "m3"
		}
		if i >= 2 {
			zone = "Europe/Berlin"
		}
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		total := fmt.Sprintf("jouleline_meter_consumption_%s_total{meter=%q}", unit, id)
		for query, want := range map[string]float64{"resets(" + total + "[12d])": 0, "min_over_time(increase(" + total + "[1h])[12d:15m]) >= bool 0": 1} {
			if got, _ := ask(t, h, query, "2023-03-31T20:00:00Z"); len(got) != 1 || got[0] != want {
				t.Errorf("%s: got %v, want %v", query, got, want)
			}
		}
		for day := 21; day < 31; day++ {
			from, to := time.Date(2023, 3, day, 0, 0, 0, 0, place), time.Date(2023, 3, day+1, 0, 0, 0, 0, place)
			middle := from.Add(to.Sub(from) / 2).Format(time.RFC3339)
			gauge, _ := ask(t, h, fmt.Sprintf("jouleline_meter_consumption_day_%s{meter=%q} and on (meter) jouleline_meter_coverage_day_ratio == 1", unit, id), middle)
			grown, _ := ask(t, h, fmt.Sprintf("%s - %s @ %d", total, total, from.Unix()), to.Format(time.RFC3339))
			increase, _ := ask(t, h, fmt.Sprintf("increase(%s[%dms])", total, to.Sub(from).Milliseconds()+1), to.Format(time.RFC3339))
			if len(gauge) == 0 {
				continue // in the gap
			}
			known++
			if len(grown) != 1 || math.Abs(grown[0]-gauge[0]) > 1e-9 || len(increase) != 1 || math.Abs(increase[0]-gauge[0]) > 1e-6*gauge[0] {
				t.Errorf("%s on day %d: the counter grew by %v, increase is %v, want %v", id, day, grown, increase, gauge)
			}
		}
	}
	if known < 40 {
		t.Errorf("got %d known days only", known)
	}
}

// Hours are those of REST where the clocks change: one of the day is missing.
func TestPrometheus_HoursWhereClocksChange(t *testing.T) {
	h := serve(t, courseConfig(t, chance.Random(t)))
	a := decode[ledger.ConsumptionAnswer](t, get(t, h, "/api/v1/consumption?meter=G1&step=PT1H&from=2023-03-25T00:00:00%2B01:00&to=2023-03-28T00:00:00%2B02:00"))
	if len(a.Points) != 71 {
		t.Fatalf("got %d hours of three days, want 71", len(a.Points))
	}
	for _, p := range a.Points {
		want, err := strconv.ParseFloat(p.Quantity.String(), 64)
		if err != nil {
			t.Fatal(err)
		}
		for _, moment := range []time.Time{p.Start, p.End.Add(-time.Millisecond)} {
			if got, _ := ask(t, h, `jouleline_meter_consumption_hour_m3{meter="G1"}`, moment.Format(time.RFC3339Nano)); len(got) != 1 || got[0] != want {
				t.Errorf("at %s: got %v, want %v", moment, got, want)
			}
		}
	}
}
