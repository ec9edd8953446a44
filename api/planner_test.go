package api_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jouleline/analytics/cause"
	"jouleline/analytics/outlook"
	"jouleline/analytics/standing"
	"jouleline/api"
	"jouleline/api/access"
	"jouleline/api/planner"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// planned is a province of twelve schools, five offices and a hospital, with
// declared figures of every year since 2020, each of which uses less than the
// year before, and two years of weather and metered days at one school.
func planned(tb testing.TB) map[string]string {
	tb.Helper()
	var institutions, buildings, areas, heads, declared, weather strings.Builder
	institutions.WriteString("id,name,class,region\n")
	buildings.WriteString("id,institution,name,station\n")
	areas.WriteString("building,valid_from,area_m2\n")
	heads.WriteString("institution,valid_from,people\n")
	declared.WriteString("scope,id,year,quantity,unit,value,source\n")
	add := func(id, name, class, region string, area, people int, perArea float64) {
		fmt.Fprintf(&institutions, "%s,%s,%s,%s\n", id, name, class, region)
		fmt.Fprintf(&buildings, "%s-B1,%s,主楼,54823\n", id, id)
		fmt.Fprintf(&areas, "%s-B1,2020-01-01,%d\n%s-B1,2022-01-01,%d\n", id, area, id, area+100)
		fmt.Fprintf(&heads, "%s,2020-01-01,%d\n", id, people)
		for year := 2020; year <= 2024; year++ {
			wobble := 1 + .004*float64((year*7+len(id)*3+area)%5-2)
			use := perArea * float64(area) * math.Pow(.985, float64(year-2020)) * wobble
			for _, q := range []struct {
				name, unit string
				value      float64
			}{{"electricity", "kWh", use}, {"natural_gas", "m3", use * .02}, {"heat", "GJ", use * .004}, {"water", "m3", 9 * float64(people) * wobble * math.Pow(.98, float64(year-2020))}, {"gasoline:vehicle", "L", 500 * wobble}} {
				fmt.Fprintf(&declared, "institution,%s,%d,%s,%s,%.0f,NY301\n", id, year, q.name, q.unit, q.value)
			}
		}
	}
	for i := 1; i <= 12; i++ {
		add(fmt.Sprintf("S%02d", i), fmt.Sprintf("第%d中学", i), "education", []string{"370102", "370202"}[i%2], 8000+500*i, 900+30*i, 28+2*float64(i))
	}
	for i := 1; i <= 5; i++ {
		add(fmt.Sprintf("O%02d", i), fmt.Sprintf("第%d机关", i), "state_organ", []string{"370102", "370202"}[i%2], 5000+900*i, 200+20*i, 60+9*float64(i))
	}
	add("H01", "人民医院", "health", "370102", 40000, 2500, 95)
	weather.WriteString("station,time,temperature_c\n")
	for d := range 730 {
		day := schema.DayOf(2022, time.January, 1) + schema.Day(d)
		fmt.Fprintf(&weather, "54823,%s,%.2f\n", day.Start(mustZone(tb)).Format(mustZone(tb)), temperatureOn(d))
	}
	return map[string]string{
		"regions.csv":      "code,name,parent\n370000,山东省,\n370100,济南市,370000\n370102,历下区,370100\n370200,青岛市,370000\n370202,市南区,370200\n",
		"institutions.csv": institutions.String(), "buildings.csv": buildings.String(), "floor_area.csv": areas.String(), "headcount.csv": heads.String(),
		"declared.csv": declared.String(), "weather.csv": weather.String(), "stations.csv": "id,name,latitude,longitude\n54823,济南,36.6,117.0\n99,空站,36,117\n",
		"meters.csv": "id,building,carrier,kind,unit,interval,valid_from\nE1,S01-B1,electricity,delta,kWh,P1D,2022-01-01\n",
	}
}

func mustZone(tb testing.TB) *time.Location {
	tb.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		tb.Fatal(err)
	}
	return zone
}

// weatherSeed makes the days of the planners' school.
const weatherSeed = 54823

func temperatureOn(d int) float64 {
	r := rand.New(rand.NewPCG(weatherSeed, uint64(d)))
	return math.Round(100*(14-14*math.Cos(2*math.Pi*float64(d)/365)+2*r.NormFloat64())) / 100
}

// useOn is the school's use of a day: heated below 12 C, cooled above 24 C, a
// tenth less from the second year on.
func useOn(d int) schema.Quantity {
	r := rand.New(rand.NewPCG(weatherSeed+1, uint64(d)))
	t := temperatureOn(d)
	use := 700 + 40*max(12-t, 0) + 60*max(t-24, 0) + 30*r.NormFloat64()
	if d >= 365 {
		use *= .9
	}
	return schema.Quantity(math.Round(use * 1e6))
}

// plannersConfig is a server for the province.
func plannersConfig(tb testing.TB, tables map[string]string) api.Config {
	tb.Helper()
	reg := build(tb, tables)
	config := newConfig(tb)
	config.World = &fakeWorld{
		RegistryFunc: func(context.Context) (*registry.Registry, error) { return reg, nil },
		NumberFunc:   func(meter string) (int32, bool) { return 0, meter == "E1" },
	}
	first := schema.DayOf(2022, time.January, 1)
	config.Books = &fakeBooks{BookedFunc: func(_ context.Context, _ []int32, days schema.Validity, _ schema.Instant) (found []posting.Entry, err error) {
		for d := range 730 {
			if day := first + schema.Day(d); days.Contains(day) {
				found = append(found, posting.Entry{Entry: books.Entry{Day: day, Quantity: useOn(d), Known: 24 * schema.Hour}})
			}
		}
		return found, nil
	}}
	return config
}

// plannerQuestions are the documented examples of the planners' questions.
var plannerQuestions = map[string]string{
	"forecast":      "/api/v1/forecast?region=370000&indicator=energy_per_area&totals=true",
	"decomposition": "/api/v1/decomposition?region=370000&from_year=2020&to_year=2023&by=class&of=carbon",
	"benchmark":     "/api/v1/benchmark?institution=O01&within=370000&year=2023",
	"savings":       savingsQuestion + "&normal_years=2022-2023",
}

// savingsQuestion asks for the avoided use alone.
const savingsQuestion = "/api/v1/savings?meter=E1&baseline_end=2023-01-01T00:00:00%2B08:00&reporting_start=2023-01-01T00:00:00%2B08:00" +
	"&reporting_end=2024-01-01T00:00:00%2B08:00"

func TestExamples_OfPlannersAreWhatIsAnswered(t *testing.T) {
	h := serve(t, plannersConfig(t, planned(t)))
	for id, question := range plannerQuestions {
		w := get(t, h, question)
		if w.Code != 200 {
			t.Errorf("%s: got status %d: %s", id, w.Code, w.Body)
			continue
		}
		isDocumented(t, id, w.Body.Bytes())
		csv := get(t, h, question, "Accept", "text/csv")
		lines := strings.Split(strings.TrimSpace(csv.Body.String()), "\n")
		if csv.Code != 200 || len(lines) < 2 || strings.Contains(csv.Body.String(), "NaN") {
			t.Errorf("%s as CSV: got status %d: %s", id, csv.Code, csv.Body)
		}
	}
}

func TestForecast(t *testing.T) {
	h := serve(t, plannersConfig(t, planned(t)))
	a := decode[outlook.Answer](t, get(t, h, "/api/v1/forecast?region=370000"))
	if len(a.Indicators) != 4 || a.BaseYear != 2020 || a.LastYear != 2025 {
		t.Fatalf("got %d indicators from %d to %d, want 4 from 2020 to 2025", len(a.Indicators), a.BaseYear, a.LastYear)
	}
	for _, in := range a.Indicators {
		if len(in.Forecast) != 1 || in.Forecast[0].Year != 2025 || in.Method == "" || in.Probability == nil || in.Probability.DF < 1 {
			t.Errorf("%s: got %s (%s), %+v, want a forecast of 2025 with a probability and its degrees of freedom", in.Indicator, in.State, in.Reason, in.Forecast)
			continue
		}
		p := in.Forecast[0]
		if !(p.Low <= p.Index && p.Index <= p.High) || p.Value == nil || in.Probability.P < .01 || in.Probability.P > .99 {
			t.Errorf("%s: got %+v with %+v, want bounds around the index, a value, and a probability of 1 to 99 %%", in.Indicator, p, in.Probability)
		}
		used := 0
		for _, y := range in.Years {
			if y.Used {
				used++
			}
		}
		if used != 5 || in.Years[5].Used || in.Years[5].State != "not_enough_data" {
			t.Errorf("%s: got %d years, 2025 as %+v; want 2020 to 2024, and 2025 not known", in.Indicator, used, in.Years[5])
		}
	}
	// What falls by more than promised is met with a high probability, what does
	// not fall with a low one.
	if p := a.Indicators[0].Probability.P; p < .9 {
		t.Errorf("energy per area fell by 1.5 %% a year: got %v, want a probability above .9 for -5 %%", p)
	}
	// Three years without the middle ones are not enough, and no number stands there.
	thin := planned(t)
	var kept []string
	for _, row := range strings.Split(thin["declared.csv"], "\n") {
		if !strings.Contains(row, ",2021,") && !strings.Contains(row, ",2022,") && !strings.Contains(row, ",2024,") {
			kept = append(kept, row)
		}
	}
	thin["declared.csv"] = strings.Join(kept, "\n")
	w := get(t, serve(t, plannersConfig(t, thin)), "/api/v1/forecast?region=370000")
	for _, in := range decode[outlook.Answer](t, w).Indicators {
		if in.State != outlook.NotEnoughData || in.Probability != nil || len(in.Forecast) != 0 || in.Reason == "" {
			t.Errorf("%s: got %s with %v, want not_enough_data without a number", in.Indicator, in.State, in.Probability)
		}
	}
	months := decode[outlook.Answer](t, get(t, h, "/api/v1/forecast?region=370000&basis=months"))
	if m := months.Indicators[0].Monthly; m == nil || m.State != outlook.NotEnoughData || m.Probability != nil {
		t.Errorf("annual figures only: got %+v, want no outlook from months", m)
	}
	refused(t, get(t, h, "/api/v1/forecast?region=370000&baseline=2025"), 422, "2025")
	refused(t, get(t, h, "/api/v1/forecast?region=379999"), 404)
	refused(t, get(t, h, "/api/v1/forecast?region=370000&indicator=energy"), 422, "indicator")
}

func TestDecomposition_AddsUp(t *testing.T) {
	h := serve(t, plannersConfig(t, planned(t)))
	f := func(query string, factors ...string) {
		t.Helper()
		a := decode[cause.Answer](t, get(t, h, "/api/v1/decomposition?region=370000&from_year=2020&to_year=2023&chained=true&"+query))
		if a.State != cause.OK {
			t.Fatalf("%s: got %s: %s", query, a.State, a.Reason)
		}
		sum, product := 0., 1.
		var names []string
		for _, e := range a.Effects {
			sum += e.Additive
			product *= *e.Multiplicative
			names = append(names, e.Factor)
		}
		if !slices.Equal(names, factors) {
			t.Errorf("%s: got %v, want %v", query, names, factors)
		}
		if math.Abs(sum-*a.Change) > 1e-9**a.V0 || math.Abs(product - *a.VT / *a.V0) > 1e-9 {
			t.Errorf("%s: effects add up to %v and %v, want %v and %v", query, sum, product, *a.Change, *a.VT / *a.V0)
		}
		var parts float64
		for _, p := range a.Parts {
			parts += p.VT - p.V0
			of := 0.
			for _, e := range p.Effects {
				of += e.Additive
			}
			if math.Abs(of-(p.VT-p.V0)) > 1e-9**a.V0 {
				t.Errorf("%s: %s: effects add up to %v, want %v", query, p.Scope.Name, of, p.VT-p.V0)
			}
		}
		if math.Abs(parts-*a.Change) > 1e-9**a.V0 {
			t.Errorf("%s: parts change by %v, want %v", query, parts, *a.Change)
		}
		if a.Chained == nil || len(a.Chained.Steps) != 3 {
			t.Fatalf("%s: got %+v, want three steps", query, a.Chained)
		}
		chained := a.Chained.PanelChange
		for _, e := range a.Chained.Effects {
			chained += e.Additive
		}
		if math.Abs(chained-*a.Change) > 1e-9**a.V0 {
			t.Errorf("%s: the chain adds up to %v, want %v", query, chained, *a.Change)
		}
	}
	energy := []string{"activity", "structure", "intensity"}
	f("by=class", energy...)
	f("by=region", energy...)
	f("by=institution&activity=people", energy...)
	f("by=class&of=carbon", "activity", "structure", "intensity", "fuel_mix", "emission_factor")
	f("by=region&of=carbon&factor_mode=fixed", "activity", "structure", "intensity", "fuel_mix", "emission_factor")

	// The sums are those of the indicators.
	a := decode[cause.Answer](t, get(t, h, "/api/v1/decomposition?region=370000&from_year=2020&to_year=2023&by=class&activity=people"))
	energyTotal := decode[planner.IndicatorsAnswer](t, get(t, h, "/api/v1/indicators?region=370000&indicator=energy&from=2023-01-01T00:00:00%2B08:00&to=2024-01-01T00:00:00%2B08:00&step=P1Y"))
	if got, want := *a.VT, *energyTotal.Points[0].Value; math.Abs(got-want) > 1e-9*want {
		t.Errorf("got %v kgce in 2023, want %v", got, want)
	}

	thin := decode[cause.Answer](t, get(t, h, "/api/v1/decomposition?region=370000&from_year=2020&to_year=2025&by=class"))
	if thin.State != cause.NotEnoughData || thin.Change != nil || len(thin.Effects) != 0 || thin.Reason == "" {
		t.Errorf("2025: got %s with %v, want not_enough_data without a number", thin.State, thin.Effects)
	}
	refused(t, get(t, h, "/api/v1/decomposition?region=370000&from_year=2023&to_year=2020&by=class"), 422, "first before")
	refused(t, get(t, h, "/api/v1/decomposition?region=370000&from_year=2020&to_year=2026&by=class"), 422, "not over")
	refused(t, get(t, h, "/api/v1/decomposition?region=370000&from_year=2020&to_year=2023&by=class&of=carbon&activity=people"), 422, "want area")
}

func TestBenchmark(t *testing.T) {
	h := serve(t, plannersConfig(t, planned(t)))
	schools := decode[standing.Answer](t, get(t, h, "/api/v1/benchmark?class=education&within=370000&year=2023"))
	if schools.State != standing.OK || len(schools.Ranking) != 12 || schools.Peers.N != 12 || schools.Place != nil {
		t.Fatalf("got %s: %s, %d rows, want twelve", schools.State, schools.Reason, len(schools.Ranking))
	}
	for i, r := range schools.Ranking {
		if r.Rank != i+1 || r.RankLow == nil || *r.RankLow > float64(r.Rank) || *r.RankHigh < float64(r.Rank) {
			t.Errorf("row %d: got %+v, want rank %d within its interval", i, r, i+1)
		}
	}
	if schools.Ranking[0].Institution != "S01" || schools.Ranking[11].Institution != "S12" {
		t.Errorf("got %s to %s, want S01 to S12", schools.Ranking[0].Institution, schools.Ranking[11].Institution)
	}
	has := func(a standing.Answer, code string) bool {
		for _, w := range a.Warnings {
			if string(w.Code) == code {
				return true
			}
		}
		return false
	}
	office := decode[standing.Answer](t, get(t, h, "/api/v1/benchmark?institution=O01&year=2023&quota=gb51161-2016-cold-a"))
	if office.Place == nil || office.Place.Better != 0 || office.Place.Worse != 4 || len(office.Ranking) != 0 || len(office.LeftOut) != 0 {
		t.Errorf("got %+v with %d rows, want the first of five and nobody's name else", office.Place, len(office.Ranking))
	}
	if !has(office, "fewer_than_ten_peers") || !has(office, "quota_from_memory") {
		t.Errorf("got %v, want fewer_than_ten_peers and quota_from_memory", office.Warnings)
	}
	// O01 stands in Qingdao: climate zone A.
	found := map[string]bool{}
	for _, q := range office.Quotas {
		found[q.ID] = true
		if q.Value == nil || q.Verdict == "no_standard" || q.Source == "" {
			t.Errorf("%s %s: got %v, %s, want a value, a verdict and a source", q.ID, q.Metric, q.Value, q.Verdict)
		}
		if q.Metric == "electricity_per_area" && math.Abs(*q.Value-66) > 5 {
			t.Errorf("electricity: got %v kWh/m2, want about 66", *q.Value)
		}
	}
	if !found["db37-2672-2019-a"] || found["db37-2672-2019-b"] || !found["gb51161-2016-cold-a"] || !found["db37-4452-2021-office"] {
		t.Errorf("got %v, want the standards of zone A and the one asked for", found)
	}
	alone := decode[standing.Answer](t, get(t, h, "/api/v1/benchmark?institution=H01&year=2023"))
	if alone.State != standing.NotEnoughData || alone.Place != nil || alone.Reason == "" {
		t.Errorf("one hospital: got %s with %+v, want not_enough_data without a number", alone.State, alone.Place)
	}
	unknown := decode[standing.Answer](t, get(t, h, "/api/v1/benchmark?class=education&year=2025"))
	if unknown.State != standing.NotEnoughData || len(unknown.LeftOut) != 12 {
		t.Errorf("2025: got %s with %d left out, want not_enough_data with twelve", unknown.State, len(unknown.LeftOut))
	}
	refused(t, get(t, h, "/api/v1/benchmark?institution=X&year=2023"), 404)
	refused(t, get(t, h, "/api/v1/benchmark?year=2023"), 422, "exactly one")
	refused(t, get(t, h, "/api/v1/benchmark?class=education&year=2026"), 422, "not over")
	refused(t, get(t, h, "/api/v1/benchmark?class=education&year=2023&quota=nothing"), 422, "want one of")
	refused(t, get(t, h, "/api/v1/benchmark?class=education&year=2023&within=37"), 404)
}

func TestSavings(t *testing.T) {
	h := serve(t, plannersConfig(t, planned(t)))
	for _, method := range []string{"caltrack-daily", "changepoint"} {
		a := decode[planner.SavingsAnswer](t, get(t, h, savingsQuestion+"&method="+method))
		e := a.Estimate
		if e.SavingsFraction == nil || math.Abs(*e.SavingsFraction-.1) > .01 || e.BandFSU == nil || e.BandOLS == nil || a.Station != "54823" || a.Unit != schema.KilowattHour {
			t.Errorf("%s, seed %d: got %+v, want a tenth saved in kWh, with both bands", method, weatherSeed, e)
		}
	}
	same := decode[planner.SavingsAnswer](t, get(t, h, strings.Replace(savingsQuestion, "meter=E1", "institution=S01&carrier=electricity", 1)))
	one := decode[planner.SavingsAnswer](t, get(t, h, savingsQuestion))
	if same.Estimate.Savings != one.Estimate.Savings {
		t.Errorf("the institution of one meter: got %v, want %v", same.Estimate.Savings, one.Estimate.Savings)
	}
	f := func(swap, by string, status int, texts ...string) {
		t.Helper()
		refused(t, get(t, h, strings.Replace(savingsQuestion, swap, by, 1)), status, texts...)
	}
	f("meter=E1", "meter=E9", 404)
	f("meter=E1", "institution=S01", 422, "carrier")
	f("meter=E1", "meter=E1&station=99", 422, "temperatures")
	f("meter=E1", "meter=E1&station=1", 404)
	f("meter=E1", "meter=E1&baseline_start=2022-12-20T00:00:00%2B08:00", 422, "days with use and temperature")
	f("reporting_start=2023", "reporting_start=2022", 422, "reporting start")
	f("meter=E1", "region=370000", 422)
}

// A caller who is limited to a region gets what lies in it, and nothing else.
func TestPlanners_LimitedCallers(t *testing.T) {
	config := plannersConfig(t, planned(t))
	config.Access = granted{grant: access.Grant{Scope: access.Read, Region: "370200"}} // where S01 and O01 stand
	h := serve(t, config)
	for target, want := range map[string]int{
		"/api/v1/forecast?region=370200":                                           200,
		"/api/v1/forecast?region=370100":                                           403,
		"/api/v1/forecast?class=education":                                         403,
		"/api/v1/decomposition?region=370200&from_year=2020&to_year=2023&by=class": 200,
		"/api/v1/decomposition?region=370000&from_year=2020&to_year=2023&by=class": 403,
		"/api/v1/benchmark?class=education&year=2023&within=370200":                200,
		"/api/v1/benchmark?class=education&year=2023":                              403,
		"/api/v1/benchmark?institution=O01&year=2023":                              200,
		"/api/v1/benchmark?institution=O02&year=2023":                              403,
		savingsQuestion: 200,
		strings.Replace(savingsQuestion, "meter=E1", "institution=S02&carrier=heat", 1): 403,
	} {
		if got := get(t, h, target).Code; got != want {
			t.Errorf("%s: got status %d, want %d", target, got, want)
		}
	}
}
