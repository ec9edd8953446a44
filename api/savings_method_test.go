package api_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"jouleline/analytics/savings"
	"jouleline/api"
	"jouleline/api/planner"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// hourlySchool has hourly readings of two years, the second with a tenth less, and
// temperatures every six hours.
func hourlySchool(t *testing.T) api.Config {
	t.Helper()
	const seed = 20240501
	r := rand.New(rand.NewPCG(seed, 1))
	zone := mustZone(t)
	first := time.Date(2022, 1, 1, 0, 0, 0, 0, zone)
	degrees := func(h int) float64 {
		return 14 - 14*math.Cos(2*math.Pi*float64(h-15*24)/8760) - 4*math.Cos(2*math.Pi*float64(h%24-3)/24)
	}
	var weather strings.Builder
	weather.WriteString("station,time,temperature_c\n")
	const hours, hour = 2 * 8760, schema.Instant(schema.Hour)
	for h := 0; h <= hours; h += 6 {
		fmt.Fprintf(&weather, "W,%s,%.2f\n", first.Add(time.Duration(h)*time.Hour).Format(time.RFC3339), degrees(h))
	}
	points := make([]posting.Reading, hours)
	for h := range hours {
		load := 20 + 30*math.Max(0, math.Sin(math.Pi*float64(h%24-6)/14)) + 2*math.Max(0, 12-degrees(h)) + r.NormFloat64()
		if h >= 8760 {
			load *= .9
		}
		at := schema.InstantOf(first.Add(time.Duration(h) * time.Hour))
		points[h] = posting.Reading{Meter: 0, Recorded: at + 2*hour, Point: books.Point{
			Time: at + hour, Start: at, Received: at + 2*hour, Value: schema.Quantity(math.Round(load * 1e6)), Unit: schema.KilowattHour, Kind: schema.Delta,
		}}
	}
	reg := build(t, map[string]string{
		"regions.csv": "code,name,parent\n370000,山东省,\n", "institutions.csv": "id,name,class,region\nS1,S1,education,370000\n",
		"stations.csv": "id,name,latitude,longitude\nW,W,36.6,117\n", "buildings.csv": "id,institution,name,station\nB,S1,B,W\n",
		"meters.csv": "id,building,carrier,kind,unit,interval\nE1,B,electricity,delta,kWh,PT1H\n", "weather.csv": weather.String(),
	})
	config := newConfig(t)
	config.World = &fakeWorld{
		RegistryFunc: func(context.Context) (*registry.Registry, error) { return reg, nil },
		NumberFunc:   func(meter string) (int32, bool) { return 0, meter == "E1" },
	}
	config.Books = &fakeBooks{PointsFunc: func(_ context.Context, stretches []posting.Stretch, _ schema.Instant) (found []posting.Reading, err error) {
		for _, p := range points {
			if stretches[0].From <= p.Time && p.Time <= stretches[0].To {
				found = append(found, p)
			}
		}
		return found, nil
	}}
	return config
}

func TestSavings_ByTimeOfWeek(t *testing.T) {
	h := serve(t, hourlySchool(t))
	a := decode[planner.SavingsAnswer](t, get(t, h, savingsQuestion+"&method=towt"))
	e := a.Estimate
	if e.Method != savings.TOWT || e.SavingsFraction == nil || math.Abs(*e.SavingsFraction-.1) > .01 || e.BandFSU == nil || e.Compared < 8700 {
		t.Errorf("got %+v, want a tenth saved over the hours of a year", e)
	}
}

func TestSavings_ByMonths(t *testing.T) {
	h := serve(t, plannersConfig(t, planned(t)))
	a := decode[planner.SavingsAnswer](t, get(t, h, savingsQuestion+"&method=caltrack-billing"))
	e := a.Estimate
	if e.Method != savings.CaltrackBilling || e.N != 12 || e.Compared != 12 || e.SavingsFraction == nil || math.Abs(*e.SavingsFraction-.1) > .02 {
		t.Errorf("seed %d: got %+v, want a tenth saved over twelve months by twelve", weatherSeed, e)
	}
	// A baseline that begins within a month has eleven whole months.
	b := decode[planner.SavingsAnswer](t, get(t, h, savingsQuestion+"&method=caltrack-billing&baseline_start=2022-01-15T00:00:00%2B08:00"))
	if b.Estimate.N != 11 || b.Estimate.Verdict == savings.Usable || len(b.Estimate.Warnings) == 0 {
		t.Errorf("from the middle of a month: got %d months, %s: %v", b.Estimate.N, b.Estimate.Verdict, b.Estimate.Warnings)
	}
}

// Savings in a year of normal weather stand beside the avoided use, as JSON and as
// a table; what is no normal year is refused.
func TestSavings_Normalised(t *testing.T) {
	tables := planned(t)
	h := serve(t, plannersConfig(t, tables))
	question := func(years string) string {
		return savingsQuestion + "&" + years
	}
	ask := func(years string) *savings.Normalised {
		t.Helper()
		return decode[planner.SavingsAnswer](t, get(t, h, question(years))).Estimate.Normalised
	}
	both, first, second := ask("normal_years=2022-2023"), ask("normal_years=2022"), ask("normal_years=2023")
	for _, n := range []*savings.Normalised{both, first, second} {
		if n == nil || n.State != savings.NormalOK || math.Abs(*n.SavingsFraction-.1) > .01 || *n.Band <= 0 || *n.Band >= *n.Savings {
			t.Fatalf("seed %d: got %+v, want a tenth of a normal year", weatherSeed, n)
		}
	}
	if got, want := *both.Savings, (*first.Savings+*second.Savings)/2; math.Abs(got-want) > 1e-9*want || both.Years != 2 {
		t.Errorf("got %v in the mean of %d years, want %v", got, both.Years, want)
	}
	if n := ask(""); n != nil {
		t.Errorf("got %+v, want nothing that was not asked for", n)
	}
	table := get(t, h, question("normal_years=2022"), "Accept", "text/csv").Body.String()
	if !strings.Contains(table, "normalised_savings") || !strings.Contains(table, fmt.Sprint(*first.Savings)) {
		t.Errorf("got\n%s\nwant savings of %v in it", table, *first.Savings)
	}
	short := decode[planner.SavingsAnswer](t, get(t, h, strings.Replace(question("normal_years=2022"), "reporting_end=2024-01-01", "reporting_end=2023-01-20", 1))).Estimate
	if short.Normalised.State != savings.NormalRefused || short.Normalised.Savings != nil || !strings.Contains(short.Normalised.Reason, "at least 30") || short.Observed <= 0 {
		t.Errorf("19 days of reporting: got %+v, want a refusal with its reason, beside the avoided use", short.Normalised)
	}
	refused(t, get(t, h, question("normal_years=2021")), 422, "no temperatures of 2021")
	refused(t, get(t, h, question("normal_years=2021-2022")), 422, "from 2022-01-01", "2021-2022")
	refused(t, get(t, h, question("normal_years=2023-2022")), 422, "normal_years")
	refused(t, get(t, h, question("normal_years=1970-2199")), 422, "at most 50")
	refused(t, get(t, h, question("normal_years=warm")), 422, "pattern")
	refused(t, get(t, h, question("normal_years=2022&method=changepoint")), 422, "caltrack-daily or caltrack-billing")
}
