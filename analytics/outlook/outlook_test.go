package outlook_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"jouleline/analytics/outlook"
	"jouleline/analytics/progress"
	"jouleline/analytics/trend"
	"jouleline/bench/chance"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
	"jouleline/schema/registry"
)

// office is one institution with one electricity meter.
var office = map[string]string{
	"regions.csv":      "code,name,parent\n370000,省,\n",
	"institutions.csv": "id,name,class,region\nO1,机关,state_organ,370000\n",
	"buildings.csv":    "id,institution,name\nO1-B1,O1,主楼\n",
	"floor_area.csv":   "building,valid_from,area_m2\nO1-B1,2020-01-01,1000\n",
	"headcount.csv":    "institution,valid_from,people\nO1,2020-01-01,100\n",
	"meters.csv":       "id,building,carrier,kind,unit,interval,valid_from\nE1,O1-B1,electricity,delta,kWh,P1D,2020-01-01\n",
}

// metered gives use from a rate of kWh a day, by year and month.
type metered struct {
	perDay func(year int, month time.Month) float64
	until  schema.Day // nothing is known from then on
	asked  int
	err    error
}

func (m *metered) Usage(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	m.asked++
	if m.err != nil {
		return nil, m.err
	}
	u := indicator.Usage{Carrier: schema.Electricity, Use: schema.ForBuilding}
	for d := q.From; d < min(q.To, m.until); d++ {
		year, month, _ := d.Date()
		u.Quantity += schema.Quantity(math.Round(1e6 * m.perDay(year, month)))
		u.Known += 24 * schema.Hour
	}
	if u.Known == 0 {
		return nil, nil
	}
	return []indicator.Usage{u}, nil
}

func world(t testing.TB, tables map[string]string) *indicator.World {
	t.Helper()
	files := registry.Tables{}
	for name, content := range tables {
		files[name] = []byte(content)
	}
	reg, err := registry.Build(files, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := indicator.NewWorld(reg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func query(t testing.TB, now string) outlook.Query {
	t.Helper()
	p, err := plan.Load("14fyp")
	if err != nil {
		t.Fatal(err)
	}
	set, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	at, err := schema.ParseInstant(now)
	if err != nil {
		t.Fatal(err)
	}
	return outlook.Query{
		Query:      progress.Query{Scope: indicator.Scope{Level: indicator.ByInstitution, ID: "O1"}, Plan: p, Factors: set, Mode: set.Mode, Now: at},
		Indicators: []indicator.Measure{indicator.EnergyPerArea}, Seed: 7,
	}
}

func look(t testing.TB, source indicator.Source, q outlook.Query) outlook.Indicator {
	t.Helper()
	a, err := outlook.Look(t.Context(), world(t, office), source, q)
	if err != nil {
		t.Fatal(err)
	}
	return a.Indicators[0]
}

// seasonal falls by a share a year, with twice the use in winter.
func seasonal(fall float64) func(int, time.Month) float64 {
	return func(year int, month time.Month) float64 {
		shape := 1.
		if month <= time.March || month >= time.November {
			shape = 2
		}
		return 100 * shape * math.Pow(1-fall, float64(year-2020))
	}
}

func never() schema.Day { return schema.DayOf(2100, time.January, 1) }

func TestLook_AnnualAndMonthly(t *testing.T) {
	q := query(t, "2024-03-15T00:00:00+08:00")
	q.Months = true
	in := look(t, &metered{perDay: seasonal(.02), until: never()}, q)
	if in.State != outlook.Met && in.State != outlook.OK || len(in.Forecast) != 2 || in.Forecast[1].Year != 2025 {
		t.Fatalf("got %s (%s) with %+v, want forecasts of 2024 and 2025", in.State, in.Reason, in.Forecast)
	}
	truth := 100 * math.Pow(.98, 5)
	if got := in.Forecast[1].Index; math.Abs(got-truth) > 1 {
		t.Errorf("2025: got index %.2f, want about %.2f", got, truth)
	}
	if in.Probability == nil || in.Probability.P < .95 {
		t.Errorf("got %+v, want it nearly certain that -9.6 %% meets -5 %%", in.Probability)
	}
	m := in.Monthly
	if m.State != outlook.OK || m.Months != 50 || len(m.Years) != 2 || m.Years[0].Known != 2 {
		t.Fatalf("got %+v, want 50 months, two of them of 2024", m)
	}
	if got := m.Years[1].Index; math.Abs(got-truth) > 2 || m.Probability == nil || m.Probability.P < .95 {
		t.Errorf("from months: got index %.2f with %+v, want about %.2f, nearly certain", got, m.Probability, truth)
	}
	again := look(t, &metered{perDay: seasonal(.02), until: never()}, q)
	if *again.Monthly.Probability != *m.Probability || again.Monthly.Years[1] != m.Years[1] {
		t.Errorf("the same seed: got %+v, want %+v", again.Monthly.Years[1], m.Years[1])
	}
}

func TestLook_States(t *testing.T) {
	rising := look(t, &metered{perDay: seasonal(-.02), until: never()}, query(t, "2024-03-15T00:00:00+08:00"))
	if rising.State != outlook.OK || rising.Probability.P > .05 || rising.Required.Urgency != nil || *rising.Required.RatePct < 5 {
		t.Errorf("rising use: got %s, %+v, %+v; want a small probability, a steep way, and no urgency of a fall that is none", rising.State, rising.Probability, rising.Required)
	}
	two := look(t, &metered{perDay: seasonal(.02), until: never()}, query(t, "2022-03-15T00:00:00+08:00"))
	if two.State != outlook.NotEnoughData || two.Probability != nil || len(two.Forecast) != 0 || two.Required == nil {
		t.Errorf("two years: got %s with %+v, want not_enough_data, but the required fall", two.State, two.Probability)
	}
	over := look(t, &metered{perDay: seasonal(.02), until: never()}, query(t, "2026-03-15T00:00:00+08:00"))
	if over.State != outlook.Reached || over.Probability != nil {
		t.Errorf("2026: got %s, want reached", over.State)
	}
	late := look(t, &metered{perDay: seasonal(0), until: never()}, query(t, "2026-03-15T00:00:00+08:00"))
	if late.State != outlook.Missed {
		t.Errorf("2026 without a fall: got %s, want missed", late.State)
	}
	then := query(t, "2026-03-15T00:00:00+08:00")
	then.LastYear = 2023
	if back := look(t, &metered{perDay: seasonal(.02), until: never()}, then); len(back.Years) != 4 || back.Forecast[len(back.Forecast)-1].Year != 2025 {
		t.Errorf("as of 2023: got %d years, %+v, want four and a forecast to 2025", len(back.Years), back.Forecast)
	}
	gap := look(t, &metered{perDay: seasonal(.02), until: schema.DayOf(2023, time.June, 1)}, query(t, "2024-03-15T00:00:00+08:00"))
	if gap.State != outlook.OK || gap.Years[3].Used || gap.Years[3].Index != nil {
		t.Errorf("half of 2023: got %s with %+v, want it left out", gap.State, gap.Years[3])
	}
	broken := errors.New("no books")
	if _, err := outlook.Look(t.Context(), world(t, office), &metered{err: broken}, query(t, "2024-03-15T00:00:00+08:00")); !errors.Is(err, broken) {
		t.Errorf("got %v, want the source's error", err)
	}
	early := query(t, "2020-03-15T00:00:00+08:00")
	if _, err := outlook.Look(t.Context(), world(t, office), &metered{}, early); !errors.Is(err, outlook.ErrQuery) {
		t.Errorf("within the base year: got %v, want a refusal", err)
	}
}

// Back-test: of many courses with a random fall and noise, as many meet the target
// as the probabilities said at the end of 2024. The Brier score is reported.
func TestLook_ProbabilitiesAreCalibrated(t *testing.T) {
	r := chance.Random(t)
	var stated []float64
	var came []bool
	w := world(t, office)
	q := query(t, "2026-03-15T00:00:00+08:00")
	q.LastYear = 2024
	for range 150 {
		level := map[int]float64{2020: 100}
		fall := .02 * r.Float64()
		for year := 2021; year <= 2025; year++ {
			level[year] = 100 * (1 - fall*float64(year-2020)) * (1 + .008*r.NormFloat64())
		}
		source := &metered{until: never(), perDay: func(year int, _ time.Month) float64 { return level[year] }}
		a, err := outlook.Look(t.Context(), w, source, q)
		if err != nil {
			t.Fatal(err)
		}
		stated = append(stated, a.Indicators[0].Probability.P)
		came = append(came, level[2025] <= 95)
	}
	v, err := trend.Brier(stated, came)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("Brier score %.3f of %d, skill %.2f", v.Brier, v.N, v.Skill)
	if v.Brier > .2 {
		t.Errorf("got a Brier score of %.3f, want below .2 (.25 is what a coin scores)", v.Brier)
	}
}
