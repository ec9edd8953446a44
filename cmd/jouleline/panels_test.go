package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
)

// panelWorld is two cities with an institution each, declared figures of the
// plan's base year and of 2023, and meters of three carriers.
var panelWorld = map[string]string{
	"regions.csv":      "code,name,parent\n370000,山东省,\n370100,济南市,370000\n370102,历下区,370100\n370200,青岛市,370000\n",
	"institutions.csv": "id,name,class,region\nO1,机关,state_organ,370102\nH1,医院,health,370200\n",
	"buildings.csv":    "id,institution,name\nO1-B1,O1,a\nO1-B2,O1,b\nH1-B1,H1,c\n",
	"floor_area.csv":   "building,valid_from,area_m2\nO1-B1,2020-01-01,8000\nO1-B2,2020-01-01,3000\nH1-B1,2020-01-01,20000\n",
	"headcount.csv":    "institution,valid_from,people\nO1,2020-01-01,400\nH1,2020-01-01,900\n",
	"meters.csv": "id,building,carrier,kind,unit,interval,gap_limit\n" +
		"E1,O1-B1,electricity,register,kWh,PT15M,PT1H\nE2,O1-B1,electricity,register,kWh,PT1H,PT3H\nE3,O1-B2,electricity,register,kWh,PT1H,PT3H\n" +
		"G1,O1-B2,natural_gas,register,m3,PT1H,PT3H\nW1,O1-B1,water,register,m3,PT1H,PT3H\nE4,H1-B1,electricity,register,kWh,PT15M,PT1H\n",
	"declared.csv": "scope,id,year,quantity,unit,value,source\n" +
		"institution,O1,2020,electricity,kWh,600000,NY301\ninstitution,O1,2020,water,m3,9000,NY301\n" +
		"institution,O1,2023,electricity,kWh,571234,NY301\ninstitution,O1,2023,water,m3,8765,NY301\n" +
		"institution,H1,2020,electricity,kWh,2600000,NY301\ninstitution,H1,2023,electricity,kWh,2543210,NY301\n",
}

// servePanels serves it to anybody.
func servePanels(t *testing.T, folder string) *testServer { return servePanelsAs(t, folder, "") }

// servePanelsAs serves it, brought in with a token, with the readings of four days around the turn of a
// month, each amount drawn; E2 is silent for half a day.
func servePanelsAs(t *testing.T, folder, token string) *testServer {
	t.Helper()
	random := chance.Random(t)
	s := mustServe(t, folder)
	s.Token = token
	tables := t.TempDir()
	for name, text := range panelWorld {
		writeFile(t, filepath.Join(tables, name), text)
	}
	s.importFolder(tables)
	var readings []string
	first := time.Date(2023, time.May, 29, 16, 0, 0, 0, time.UTC) // a local midnight
	for meter, step := range map[string]time.Duration{"E1": 15 * time.Minute, "E2": time.Hour, "E3": time.Hour, "G1": time.Hour, "W1": time.Hour, "E4": 15 * time.Minute} {
		total := random.IntN(100_000_000)
		for at := first; !at.After(first.AddDate(0, 0, 4)); at = at.Add(step) {
			total += random.IntN(9_000)
			if hour := int(at.Sub(first).Hours()); meter == "E2" && hour > 30 && hour < 42 {
				continue
			}
			readings = append(readings, fmt.Sprintf(`{"meter":%q,"time":%q,"value":%d.%03d}`, meter, at.Format(time.RFC3339), total/1000, total%1000))
		}
	}
	if v := s.push("application/json", []byte("["+strings.Join(readings, ",")+"]")); v.Accepted != len(readings) {
		t.Fatalf("got %+v, want %d readings accepted", v, len(readings))
	}
	s.settle()
	return s
}

// promVector asks for an expression at a moment: the values by one label.
func (s *testServer) promVector(expression string, at time.Time, by string) map[string]float64 {
	s.t.Helper()
	body, err := s.get(s.t.Context(), "/prometheus/api/v1/query", url.Values{"query": {expression}, "time": {at.Format(time.RFC3339Nano)}}, "application/json")
	if err != nil {
		s.t.Fatalf("%s: %v", expression, err)
	}
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  [2]any
			}
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		s.t.Fatalf("%s: %v in %s", expression, err, body)
	}
	found := map[string]float64{}
	for _, r := range answer.Data.Result {
		text, _ := r.Value[1].(string)
		v, err := strconv.ParseFloat(text, 64)
		if _, twice := found[r.Metric[by]]; err != nil || twice {
			s.t.Fatalf("%s: got %s, want one number for each %s", expression, body, by)
		}
		found[r.Metric[by]] = v
	}
	return found
}

// agrees compares what a panel shows with what the API says; nil is nothing.
func (s *testServer) agrees(expression string, at time.Time, want *float64) {
	s.t.Helper()
	got := s.promVector(expression, at, "__name__")
	for _, v := range got {
		if want == nil || v != *want {
			s.t.Errorf("%s at %s: got %v, want %s", expression, at.Format(time.RFC3339), v, number(want, -1))
		}
	}
	if want != nil && len(got) != 1 {
		s.t.Errorf("%s at %s: got %d values, want %v", expression, at.Format(time.RFC3339), len(got), *want)
	}
}

// asFloat reads a number of the API.
func asFloat(t testing.TB, n *json.Number) *float64 {
	t.Helper()
	if n == nil {
		return nil
	}
	v, err := n.Float64()
	if err != nil {
		t.Fatal(err)
	}
	return &v
}

const panelDays = "from=2023-05-30T00:00:00%2B08:00&to=2023-06-03T00:00:00%2B08:00"

// What panels show of consumption is what the API says, number by number, at odd
// moments of each period.
func TestPanels_ConsumptionIsThatOfTheAPI(t *testing.T) {
	s := servePanels(t, t.TempDir())
	f := func(about, expression, stretch, step string, pick func(i int, c *consumption) *json.Number) {
		t.Helper()
		var c consumption
		s.ask("/api/v1/consumption", about+"&"+stretch+"&step="+step, &c)
		known := 0
		for i, p := range c.Points {
			start, err := time.Parse(time.RFC3339, p.Start)
			if err != nil {
				t.Fatal(err)
			}
			want := asFloat(t, pick(i, &c))
			if want != nil {
				known++
			}
			s.agrees(expression, start.Add(7*time.Minute+13*time.Second), want)
		}
		if known == 0 {
			t.Errorf("%s: nothing is known", expression)
		}
	}
	quantity := func(i int, c *consumption) *json.Number { return c.Points[i].Quantity }
	const twelve = "from=2023-05-31T00:00:00%2B08:00&to=2023-05-31T12:00:00%2B08:00" // E2 falls silent in it
	f("meter=E1", `jouleline_meter_consumption_hour_kwh{meter="E1"}`, twelve, "PT1H", quantity)
	f("meter=E2", `jouleline_meter_consumption_hour_kwh{meter="E2"}`, twelve, "PT1H", quantity)
	f("building=O1-B1&carrier=electricity", `jouleline_building_consumption_hour_kwh{building="O1-B1"}`, twelve, "PT1H", quantity)
	f("meter=W1", `jouleline_meter_consumption_day_m3{meter="W1"}`, panelDays, "P1D", quantity)
	f("building=O1-B1&carrier=electricity", `jouleline_building_consumption_day_kwh{building="O1-B1"}`, panelDays, "P1D", quantity)
	const months = "from=2023-05-01T00:00:00%2B08:00&to=2023-07-01T00:00:00%2B08:00"
	f("meter=E2", `jouleline_meter_consumption_month_kwh{meter="E2"}`, months, "P1M", quantity)
	f("building=O1-B2&carrier=natural_gas", `jouleline_building_consumption_month_m3{building="O1-B2"}`, months, "P1M", quantity)
	energy := func(i int, c *consumption) *json.Number { return c.Points[i].Energy }
	carbon := func(i int, c *consumption) *json.Number { return c.Points[i].Carbon }
	for _, about := range []string{"institution=O1", "region=370100", "region=370200"} {
		place := `{institution="O1",carrier="electricity"}`
		if about == "region=370200" {
			place = `{city="370200",carrier="electricity"}`
		}
		f(about+"&carrier=electricity", "jouleline_institution_consumption_month_kwh"+place, months, "P1M", quantity)
		f(about+"&carrier=electricity", "jouleline_institution_energy_month_kgce"+place, months, "P1M", energy)
		f(about+"&carrier=electricity", "jouleline_institution_carbon_month_kg"+place, months, "P1M", carbon)
	}
	coverage := func(i int, c *consumption) *json.Number {
		n := json.Number(strconv.FormatFloat(c.Points[i].Coverage, 'g', -1, 64))
		return &n
	}
	const year = "from=2023-01-01T00:00:00%2B08:00&to=2024-01-01T00:00:00%2B08:00"
	f("institution=O1&carrier=electricity", `jouleline_institution_coverage_year_ratio{institution="O1",carrier="electricity"}`, year, "P1Y", coverage)
	f("institution=O1&carrier=electricity", `jouleline_institution_coverage_month_ratio{institution="O1",carrier="electricity"}`, months, "P1M", coverage)
	f("region=370200&carrier=electricity", `jouleline_institution_coverage_year_ratio{institution="H1",carrier="electricity"}`, year, "P1Y", coverage)
	f("region=370000&carrier=electricity", `sum (jouleline_institution_carbon_month_kg{carrier="electricity"})`, months, "P1M", carbon)
	f("region=370000&carrier=electricity", `sum (jouleline_institution_consumption_month_kwh)`, months, "P1M", quantity)
}

// A counter is the sum of the quarters since the first reading.
func TestPanels_CounterIsTheSumOfQuarters(t *testing.T) {
	s := servePanels(t, t.TempDir())
	for about, expression := range map[string]string{
		"meter=E1":                           `jouleline_meter_consumption_kwh_total{meter="E1"}`,
		"building=O1-B1&carrier=electricity": `jouleline_building_consumption_kwh_total{building="O1-B1"}`,
	} {
		var c consumption
		s.ask("/api/v1/consumption", about+"&"+panelDays+"&step=PT15M", &c)
		total := new(big.Rat)
		for i, p := range c.Points {
			if p.Quantity == nil {
				continue
			}
			amount, ok := new(big.Rat).SetString(p.Quantity.String())
			if !ok {
				t.Fatalf("got %s, want a number", p.Quantity)
			}
			total.Add(total, amount)
			if i%29 != 0 { // a look at every seventh hour and a quarter is enough
				continue
			}
			end, err := time.Parse(time.RFC3339, p.End)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := total.Float64()
			s.agrees(expression, end, &want)
		}
		if total.Sign() <= 0 {
			t.Errorf("%s: nothing was used", about)
		}
	}
}

// Indicators, progress and quotas are those of the API.
func TestPanels_PlansAreThoseOfTheAPI(t *testing.T) {
	s := servePanels(t, t.TempDir())
	summer := time.Date(2023, time.June, 20, 3, 7, 13, 0, time.UTC)
	compared := 0
	f := func(expression string, at time.Time, want *float64) {
		t.Helper()
		if want != nil {
			compared++
		}
		s.agrees(expression, at, want)
	}
	for about, selector := range map[string][2]string{
		"institution=O1": {"institution", `institution="O1"`}, "region=370000": {"region", `region="370000"`}, "region=370200": {"region", `region="370200"`},
		"class=health": {"class", `class="health"`},
	} {
		for step, word := range map[string]string{"P1M": "month", "P1Y": "year"} {
			var course struct {
				Points []struct {
					Start          time.Time
					Indicator      string
					Value          *float64
					Coverage       *float64
					EstimatedShare *float64 `json:"estimated_share"`
				}
			}
			s.ask("/api/v1/indicators", about+"&from=2023-01-01T00:00:00%2B08:00&to=2024-01-01T00:00:00%2B08:00&step="+step, &course)
			for _, p := range course.Points {
				if step == "P1M" && p.Start.Month() != time.May && p.Start.Month() != time.June {
					continue
				}
				if p.Value == nil { // what nothing is known of has no sample of how well it is known
					p.Coverage, p.EstimatedShare = nil, nil
				}
				for name, want := range map[string]*float64{word: p.Value, "coverage_" + word + "_ratio": p.Coverage, "estimated_" + word + "_ratio": p.EstimatedShare} {
					f(fmt.Sprintf(`jouleline_%s_indicator_%s{%s,indicator=%q}`, selector[0], name, selector[1], p.Indicator), p.Start.Add(26*time.Hour), want)
				}
			}
		}
		var progress struct {
			Indicators []struct {
				Indicator  string
				Reduction  *float64 `json:"reduction_pct"`
				Completion *float64 `json:"completion_pct"`
				Pace       *float64 `json:"pace_pct"`
				Target     *float64 `json:"target_pct"`
			}
		}
		s.ask("/api/v1/progress", about+"&year=2023", &progress)
		for _, x := range progress.Indicators {
			for family, want := range map[string]*float64{"reduction": x.Reduction, "completion": x.Completion, "pace": x.Pace, "target": x.Target} {
				f(fmt.Sprintf(`jouleline_%s_%s_percent{%s,indicator=%q}`, selector[0], family, selector[1], x.Indicator), summer, want)
			}
		}
	}
	var standing struct {
		Quotas []struct {
			ID, Metric, Verdict            string
			Constraint, Base, Guide, Value *float64
		}
	}
	s.ask("/api/v1/benchmark", "institution=O1&year=2023", &standing)
	if len(standing.Quotas) == 0 {
		t.Error("no standard is meant for the office")
	}
	bands := map[string]float64{"guide": 0, "base": 1, "constraint": 2, "over": 3}
	for _, q := range standing.Quotas {
		labels := fmt.Sprintf(`{institution="O1",quota=%q,metric=%q`, q.ID, q.Metric)
		f("jouleline_institution_quota_value"+labels+"}", summer, q.Value)
		if band, ok := bands[q.Verdict]; ok {
			f("jouleline_institution_quota_band"+labels+"}", summer, &band)
		}
		for bound, want := range map[string]*float64{"constraint": q.Constraint, "base": q.Base, "guide": q.Guide} {
			f("jouleline_institution_quota"+labels+fmt.Sprintf(",bound=%q}", bound), summer, want)
		}
	}
	if compared < 50 {
		t.Errorf("only %d figures were compared", compared)
	}
}
