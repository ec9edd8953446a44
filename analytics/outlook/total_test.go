package outlook_test

import (
	"math"
	"math/big"
	"testing"
	"time"

	"jouleline/analytics/outlook"
	"jouleline/schema"
	"jouleline/schema/plan"
)

// capped gives the office's plan a cap of energy in tce.
func capped(q outlook.Query, tce int64) outlook.Query {
	p := *q.Plan
	p.Caps = []plan.Cap{{Total: "energy", Unit: "tce", Value: big.NewRat(tce, 10), Place: plan.Place{Level: "institution", ID: "O1"}}}
	q.Plan = &p
	return q
}

func totalsOf(t *testing.T, source *metered, q outlook.Query) []outlook.Total {
	t.Helper()
	q.Totals = true
	a, err := outlook.Look(t.Context(), world(t, office), source, q)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Totals) != 3 || a.Totals[0].Total != "energy" {
		t.Fatalf("got %+v, want energy, water and carbon", a.Totals)
	}
	return a.Totals
}

func TestTotals(t *testing.T) {
	// 100 kWh a day fall by 2 % a year: 0.1229 x 365 x 0.98^5 is 4.055 tce in 2025.
	falling := func() *metered {
		return &metered{perDay: func(year int, _ time.Month) float64 { return 100 * math.Pow(.98, float64(year-2020)) }, until: never()}
	}
	f := func(now string, capTenths int64, state outlook.State, least, most float64) {
		t.Helper()
		energy := totalsOf(t, falling(), capped(query(t, now), capTenths))[0]
		if energy.State != state {
			t.Errorf("cap %d, %s: got %s (%s), want %s", capTenths, now, energy.State, energy.Reason, state)
			return
		}
		if state != outlook.OK {
			return
		}
		p := energy.Forecast[len(energy.Forecast)-1]
		if p.Year != 2025 || math.Abs(p.Value-4.055) > .05 || !(p.Low <= p.Value && p.Value <= p.High) {
			t.Errorf("got %+v, want about 4.055 tce within bounds", p)
		}
		if energy.Probability == nil || energy.Probability.P < least || energy.Probability.P > most || energy.DF == nil {
			t.Errorf("cap %d: got probability %+v, want from %v to %v", capTenths, energy.Probability, least, most)
		}
	}
	f("2024-03-15T00:00:00+08:00", 48, outlook.OK, .9, .99)
	f("2024-03-15T00:00:00+08:00", 30, outlook.OK, .01, .1) // known to be over it today
	f("2022-03-15T00:00:00+08:00", 48, outlook.NotEnoughData, 0, 0)
	f("2026-03-15T00:00:00+08:00", 48, outlook.Kept, 0, 0)
	f("2026-03-15T00:00:00+08:00", 40, outlook.Exceeded, 0, 0)

	totals := totalsOf(t, falling(), capped(query(t, "2024-03-15T00:00:00+08:00"), 48))
	if carbon := totals[2]; carbon.State != outlook.NoCap || carbon.Probability != nil || len(carbon.Forecast) != 2 || carbon.Unit != "tCO2" {
		t.Errorf("carbon without a cap: got %+v, want a forecast without a probability", carbon)
	}
	if water := totals[1]; water.State != outlook.NotEnoughData || len(water.Forecast) != 0 || water.Reason == "" {
		t.Errorf("water of nobody: got %+v, want not_enough_data without a number", water)
	}
	for _, y := range totals[0].Years {
		if !y.Known || !y.Used {
			t.Errorf("%d: got %+v, want it used", y.Year, y)
		}
	}
	// A year that is half known is no low year: only those after it would count.
	half := falling()
	half.until = schema.DayOf(2023, time.July, 1)
	energy := totalsOf(t, half, capped(query(t, "2024-03-15T00:00:00+08:00"), 48))[0]
	if last := energy.Years[3]; last.Known || last.Used || len(energy.Forecast) != 3 {
		t.Errorf("2023 half known: got %+v and %d forecasts, want it left out", last, len(energy.Forecast))
	}
}
