package indicator_test

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// daily is a source that books ten units of electricity on each day of a
// stretch, two of them estimated.
type daily struct{ from, to schema.Day }

func (d daily) Usage(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	days := int64(min(q.To, d.to) - max(q.From, d.from))
	if days <= 0 {
		return nil, nil
	}
	return []indicator.Usage{{
		Carrier: schema.Electricity, Use: schema.ForBuilding, Known: days * 24 * schema.Hour,
		Quantity: schema.Quantity(days * 10 * schema.Micro), Estimated: schema.Quantity(days * 2 * schema.Micro),
	}}, nil
}

func day(text string) schema.Day {
	d, err := schema.ParseDay(text)
	if err != nil {
		panic(err)
	}
	return d
}

func course(t *testing.T, change func(*indicator.SeriesQuery)) string {
	t.Helper()
	w := build(map[string]string{
		"regions.csv":      "code,name\n370000,p\n",
		"institutions.csv": "id,class,region\nA,education,370000\n",
		"buildings.csv":    "id,institution\nA1,A\n",
		"floor_area.csv":   "building,area_m2\nA1,100\n",
		"meters.csv":       "id,building,carrier,kind\nM,A1,electricity,register\n",
		"declared.csv":     "scope,id,year,quantity,value\ninstitution,A,2022,electricity,1000\ninstitution,A,2023,water,12\nregion,370000,2021,energy_per_area,7\n",
	})
	set, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	q := indicator.SeriesQuery{
		Scope: indicator.Scope{Level: indicator.ByRegion, ID: "370000"}, From: day("2023-01-01"), To: day("2023-04-01"), Step: calendar.MonthStep,
		Measures: []indicator.Measure{indicator.EnergyPerArea}, Factors: set, MinCoverage: big.NewRat(19, 20),
	}
	change(&q)
	points, _, err := w.Series(context.Background(), daily{day("2023-01-01"), day("2023-03-11")}, q)
	if err != nil {
		return err.Error()
	}
	var text strings.Builder
	number := func(v *float64) string {
		if v == nil {
			return "null"
		}
		return fmt.Sprintf("%.6g", *v)
	}
	for _, p := range points {
		fmt.Fprintf(&text, "%s..%s %s %s %s, coverage %s, estimated %s\n", p.Start.Format("2006-01-02T15:04Z07:00"), p.End.Format("01-02"),
			p.Indicator, number(p.Value), p.Unit, number(p.Coverage), number(p.EstimatedShare))
	}
	return text.String()
}

func TestSeries(t *testing.T) {
	f := func(want string, change func(*indicator.SeriesQuery)) {
		t.Helper()
		if got := course(t, change); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	}
	// 31, 28 and 10 days of 1.229 kgce over 100 m2, per month.
	f(`2023-01-01T00:00+08:00..02-01 energy_per_area 0.38099 kgce/m2, coverage 1, estimated 0.2
2023-02-01T00:00+08:00..03-01 energy_per_area 0.34412 kgce/m2, coverage 1, estimated 0.2
2023-03-01T00:00+08:00..04-01 energy_per_area 0.1229 kgce/m2, coverage 0.322581, estimated 0.2
`, func(q *indicator.SeriesQuery) {})
	// The month that runs is known up to today, and labelled as a month.
	f(`2023-03-01T00:00+08:00..04-01 energy 12.29 kgce, coverage 1, estimated 0.2
`, func(q *indicator.SeriesQuery) {
		q.From, q.To, q.Today = day("2023-03-01"), day("2023-06-01"), day("2023-03-11")
		q.Measures = []indicator.Measure{indicator.Energy}
	})
	// A month without anything is no zero.
	f(`2023-05-01T00:00+08:00..06-01 energy_per_area null kgce/m2, coverage 0, estimated null
`, func(q *indicator.SeriesQuery) { q.From, q.To = day("2023-05-01"), day("2023-06-01") })
	// Declared figures serve for whole years, not for months or parts of years.
	f(`2021-01-01T00:00+08:00..01-01 energy_per_area 7 kgce/m2, coverage null, estimated null
2022-01-01T00:00+08:00..01-01 energy_per_area 1.229 kgce/m2, coverage null, estimated null
`, func(q *indicator.SeriesQuery) {
		q.From, q.To, q.Step = day("2021-01-01"), day("2023-01-01"), calendar.YearStep
	})
	f("step: got \"P1D\", want P1M or P1Y", func(q *indicator.SeriesQuery) { q.Step = calendar.DayStep })
	f("from and to: got 2023-04-01..2023-04-01, want from before to", func(q *indicator.SeriesQuery) { q.From = q.To })
	f("region \"x\": not in the registry", func(q *indicator.SeriesQuery) { q.Scope.ID = "x" })
	f("step P1M from 1900-01-01 to 2023-04-01: more than 600 points", func(q *indicator.SeriesQuery) { q.From = day("1900-01-01") })
	f("", func(q *indicator.SeriesQuery) { q.Today = q.From })
}

func TestSeries_AllMeasuresByDefault(t *testing.T) {
	got := course(t, func(q *indicator.SeriesQuery) { q.Measures, q.To = nil, day("2023-02-01") })
	if n := strings.Count(got, "\n"); n != 7 {
		t.Errorf("got %d points, want 7:\n%s", n, got)
	}
	if want := "water null m3, coverage null"; !strings.Contains(got, want) {
		t.Errorf("got\n%swant %q: annual values give no monthly points", got, want)
	}
}
