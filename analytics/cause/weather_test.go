package cause_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"jouleline/analytics/cause"
	"jouleline/bench/chance"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// place is an institution whose daily use follows its station.
type place struct {
	region, class, station string
	base, slope            float64            // kWh a day, and per degree below 15 C
	level                  func(int) float64  // of a year
	noise                  float64            // of a month, as a share
	silent                 func(int) bool     // tells whether nothing is metered in a year
	declared               map[int]float64    // kWh of years
	months                 map[string]float64 // noise drawn so far
}

// climateOf gives the mean of a day at a station: colder by a degree each year at
// S1, warmer at S2.
func climateOf(station string, day time.Time) float64 {
	drift := float64(day.Year() - 2020)
	if station == "S2" {
		drift = -drift
	}
	return 13 - 14*math.Cos(2*math.Pi*float64(day.YearDay()-15)/365) - drift
}

// weathered is a province of places: its world, and the books of its meters.
type weathered struct {
	places []*place
	r      *rand.Rand
}

func (w *weathered) world(t testing.TB, temperatures bool) *indicator.World {
	t.Helper()
	var institutions, buildings, areas, heads, meters, weather, declared strings.Builder
	institutions.WriteString("id,name,class,region\n")
	buildings.WriteString("id,institution,name,station\n")
	areas.WriteString("building,valid_from,area_m2\n")
	heads.WriteString("institution,valid_from,people\n")
	meters.WriteString("id,building,carrier,kind,unit,interval,valid_from\n")
	weather.WriteString("station,time,temperature_c\n")
	declared.WriteString("scope,id,year,quantity,unit,value,source\n")
	for i, p := range w.places {
		fmt.Fprintf(&institutions, "I%03d,I%d,%s,%s\n", i, i, p.class, p.region)
		fmt.Fprintf(&buildings, "B%03d,I%03d,B,%s\n", i, i, p.station)
		fmt.Fprintf(&areas, "B%03d,2020-01-01,%d\nB%03d,2022-01-01,%d\n", i, 1000+10*i, i, 1000+11*i)
		fmt.Fprintf(&heads, "I%03d,2020-01-01,%d\n", i, 50+i)
		if p.declared == nil {
			fmt.Fprintf(&meters, "M%03d,B%03d,electricity,delta,kWh,P1D,2020-01-01\n", i, i)
		}
		for year, amount := range p.declared {
			fmt.Fprintf(&declared, "institution,I%03d,%d,electricity,kWh,%.0f,f\n", i, year, amount)
		}
	}
	if temperatures {
		for _, station := range []string{"S1", "S2"} {
			for day := time.Date(2020, 1, 1, 12, 0, 0, 0, time.UTC); day.Year() < 2024; day = day.AddDate(0, 0, 1) {
				fmt.Fprintf(&weather, "%s,%s,%.4f\n", station, day.Format("2006-01-02T15:04:05")+"+08:00", climateOf(station, day))
			}
		}
	}
	reg, err := registry.Build(registry.Tables{
		"regions.csv":      []byte("code,name,parent\n370000,省,\n370100,甲,370000\n370200,乙,370000\n"),
		"institutions.csv": []byte(institutions.String()), "buildings.csv": []byte(buildings.String()), "floor_area.csv": []byte(areas.String()),
		"headcount.csv": []byte(heads.String()), "meters.csv": []byte(meters.String()), "declared.csv": []byte(declared.String()),
		"stations.csv": []byte("id,name\nS1,A\nS2,B\n"), "weather.csv": []byte(weather.String()),
	}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out, err := indicator.NewWorld(reg)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Usage sums the days of every metered place.
func (w *weathered) Usage(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	var out []indicator.Usage
	for i, p := range w.places {
		if p.declared != nil {
			continue
		}
		u := indicator.Usage{Institution: int32(i), Carrier: schema.Electricity, Use: schema.ForBuilding}
		for d := q.From; d < q.To; d++ {
			year, month, day := d.Date()
			if p.silent != nil && p.silent(year) {
				continue
			}
			at := time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
			station := p.station
			if station == "" {
				station = "S1"
			}
			use := p.level(year) * (p.base + p.slope*max(15-climateOf(station, at), 0)) * (1 + w.noiseOf(p, at))
			u.Quantity += schema.Quantity(math.Round(1e6 * use))
			u.Known += 24 * schema.Hour
		}
		if u.Known > 0 {
			out = append(out, u)
		}
	}
	return out, nil
}

// noiseOf draws one share for each month, once.
func (w *weathered) noiseOf(p *place, at time.Time) float64 {
	if p.noise == 0 {
		return 0
	}
	key := at.Format("2006-01")
	if _, ok := p.months[key]; !ok {
		if p.months == nil {
			p.months = map[string]float64{}
		}
		p.months[key] = p.noise * w.r.NormFloat64()
	}
	return p.months[key]
}

func constant(int) float64 { return 1 }

func effect(t testing.TB, list []cause.Effect, factor string) *cause.Effect {
	t.Helper()
	for i := range list {
		if list[i].Factor == factor {
			return &list[i]
		}
	}
	t.Fatalf("got %+v, want an effect of %s", list, factor)
	return nil
}

// Where nothing but the weather changed, everything is the weather's: colder
// winters at one station, milder ones at the other.
func TestWeather_Alone(t *testing.T) {
	for _, station := range []string{"S1", "S2"} {
		books := &weathered{places: []*place{
			{region: "370100", class: "education", station: station, base: 100, slope: 20, level: constant},
			{region: "370200", class: "health", station: station, base: 300, slope: 5, level: constant},
		}}
		q := query(t)
		q.Activity = cause.People // heads do not change; areas do
		q.From = 2021             // 2020 has a day more, which is no weather
		a, err := cause.Decompose(t.Context(), books.world(t, true), books, q)
		if err != nil {
			t.Fatal(err)
		}
		if a.State != cause.OK || a.Weather == nil || a.Weather.Institutions != 2 || a.Weather.ShareFrom < 1-1e-9 || len(a.Weather.NormalYears) != 3 {
			t.Fatalf("%s: got %s with %+v, want all of it modelled", station, a.State, a.Weather)
		}
		if colder := *a.Change > 0; colder != (station == "S1") {
			t.Fatalf("%s: got a change of %v", station, *a.Change)
		}
		got := effect(t, a.Effects, "weather")
		// 15 C is 59 F, a balance point of the grid; bills know its days by their
		// own temperatures, so the model is exact.
		if math.Abs(got.Additive-*a.Change) > 1e-3*math.Abs(*a.Change) {
			t.Errorf("%s: got a weather effect of %v of %v", station, got.Additive, *a.Change)
		}
		for _, w := range a.Warnings {
			if w.Code == cause.CodeWeather {
				t.Errorf("%s: got %+v where all of it is modelled", station, w)
			}
		}
	}
}

// random places of both stations or none, with noise, savings, declared years and
// silent ones.
func randomPlaces(r *rand.Rand, n int) *weathered {
	w := &weathered{r: r}
	for range n {
		fall := .05 * r.Float64()
		p := &place{
			region: []string{"370100", "370200"}[r.IntN(2)], class: string(schema.Classes[r.IntN(3)]), station: []string{"S1", "S2", ""}[r.IntN(3)],
			base: 50 + 100*r.Float64(), slope: 30 * r.Float64(), noise: .05 * r.Float64(),
			level: func(year int) float64 { return math.Pow(1-fall, float64(year-2020)) },
		}
		if r.IntN(6) == 0 {
			p.declared = map[int]float64{}
			for year := 2020; year < 2024; year++ {
				p.declared[year] = float64(10000 + r.IntN(90000))
			}
		}
		w.places = append(w.places, p)
	}
	return w
}

// In random provinces weather is taken out of intensity and out of nothing else;
// effects still add up and multiply to the change, of the whole, of parts and of
// chains, and what is said to be covered is between nothing and all.
func TestWeather_IsTakenOutOfIntensityAlone(t *testing.T) {
	r := chance.Random(t)
	separated := 0
	for range 12 {
		books := randomPlaces(r, 4+r.IntN(16))
		q := query(t)
		q.By = []indicator.Level{indicator.ByClass, indicator.ByRegion, indicator.ByInstitution}[r.IntN(3)]
		q.Chained = true
		switch r.IntN(3) {
		case 0:
			q.Of = cause.Carbon
		case 1:
			q.Activity = cause.People
		}
		with, err := cause.Decompose(t.Context(), books.world(t, true), books, q)
		if err != nil {
			t.Fatal(err)
		}
		without, err := cause.Decompose(t.Context(), books.world(t, false), books, q)
		if err != nil {
			t.Fatal(err)
		}
		if with.State != cause.OK || without.Weather != nil {
			t.Fatalf("got %s: %s, and %+v without temperatures", with.State, with.Reason, without.Weather)
		}
		tolerance := 1e-9 * (*with.V0 + *with.VT)
		adds(t, with, tolerance)
		left := q
		left.NoWeather = true
		asked, err := cause.Decompose(t.Context(), books.world(t, true), books, left)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(asked.Effects, without.Effects) || !reflect.DeepEqual(asked.Chained, without.Chained) || asked.Weather != nil {
			t.Errorf("weather left in intensity: got %+v, want what there is without temperatures, %+v", asked.Effects, without.Effects)
		}
		if with.Weather == nil {
			continue
		}
		separated++
		if s := with.Weather; s.ShareFrom <= 0 || s.ShareFrom > 1 || s.ShareTo <= 0 || s.ShareTo > 1 {
			t.Errorf("got %+v, want shares above 0 up to 1", s)
		}
		for _, e := range without.Effects {
			got := effect(t, with.Effects, e.Factor).Additive
			if e.Factor == "intensity" {
				got += effect(t, with.Effects, "weather").Additive
			}
			if math.Abs(got-e.Additive) > tolerance {
				t.Errorf("%s by %s: %s: got %v, want %v as without weather", q.Of, q.By, e.Factor, got, e.Additive)
			}
		}
	}
	if separated == 0 {
		t.Fatal("no province had a model: the test shows nothing")
	}
}

// adds checks that an answer adds up.
func adds(t *testing.T, a *cause.Answer, tolerance float64) {
	t.Helper()
	sum, product := 0., 1.
	for k, e := range a.Effects {
		sum, product = sum+e.Additive, product**e.Multiplicative
		parts := 0.
		for _, p := range a.Parts {
			parts += p.Effects[k].Additive
		}
		if math.Abs(parts-e.Additive) > tolerance {
			t.Errorf("%s: parts add up to %v, want %v", e.Factor, parts, e.Additive)
		}
	}
	if math.Abs(sum-*a.Change) > tolerance || math.Abs(product - *a.VT / *a.V0) > 1e-9 {
		t.Errorf("effects add up to %v and multiply to %v, want %v and %v", sum, product, *a.Change, *a.VT / *a.V0)
	}
	if a.Chained == nil {
		t.Fatalf("got no chain: %+v", a.Warnings)
	}
	chained := a.Chained.PanelChange
	for _, e := range a.Chained.Effects {
		chained += e.Additive
	}
	if len(a.Chained.Effects) != len(a.Effects) || math.Abs(chained-*a.Change) > tolerance {
		t.Errorf("the chain adds up to %v by %d factors, want %v by %d", chained, len(a.Chained.Effects), *a.Change, len(a.Effects))
	}
}

// What has no station, no months or no dependence on weather is counted by its
// reason, keeps its weather in intensity, and the warning says how much that is.
func TestWeather_WhatIsNotCovered(t *testing.T) {
	r := chance.Random(t)
	books := &weathered{r: r, places: []*place{
		{region: "370100", class: "education", station: "S1", base: 100, slope: 20, level: constant},
		{region: "370100", class: "education", station: "", base: 100, slope: 20, level: constant},
		{region: "370200", class: "health", station: "S2", base: 100, slope: 20, level: constant, declared: map[int]float64{2020: 40000, 2023: 41000}},
		{region: "370200", class: "science", station: "S2", base: 100, level: constant},
	}}
	a, err := cause.Decompose(t.Context(), books.world(t, true), books, query(t))
	if err != nil {
		t.Fatal(err)
	}
	w := a.Weather
	if w == nil || w.Institutions != 1 || w.NoStation != 1 || w.NoMonths != 1 || w.NoFit != 1 || w.NoClimate != 0 || w.BeyondLimit != 0 {
		t.Fatalf("got %+v, want one of each", w)
	}
	said := false
	for _, warning := range a.Warnings {
		if warning.Code == cause.CodeWeather {
			said = warning.Got == min(w.ShareFrom, w.ShareTo) && warning.Want == 1 && strings.Contains(warning.Detail, "%")
		}
	}
	if !said || w.ShareFrom > .5 {
		t.Errorf("got %+v with a share of %v, want a warning that tells it", a.Warnings, w.ShareFrom)
	}
	// One year's temperatures are not enough for two.
	half := books.world(t, true)
	reg := *half.Registry()
	for i := range reg.Weather {
		if reg.Weather[i].Time < schema.DayOf(2021, 1, 1).Start(reg.TimeZone) {
			continue
		}
		reg.Weather = append(reg.Weather[:0:0], reg.Weather[:i]...)
		break
	}
	short, err := indicator.NewWorld(&reg)
	if err != nil {
		t.Fatal(err)
	}
	b, err := cause.Decompose(t.Context(), short, books, query(t))
	if err != nil || b.Weather != nil {
		t.Errorf("2020 alone: got %+v, %v, want no weather", b.Weather, err)
	}
}
