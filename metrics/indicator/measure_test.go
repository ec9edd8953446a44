package indicator_test

import (
	"strings"
	"testing"

	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

func TestMeasure_Words(t *testing.T) {
	f := func(m indicator.Measure, word, unit string) {
		t.Helper()
		text, err := m.MarshalText()
		var back indicator.Measure
		if err != nil || string(text) != word || m.Unit() != unit || back.UnmarshalText(text) != nil || back != m {
			t.Errorf("got %q %q, want %q %q", text, m.Unit(), word, unit)
		}
	}
	f(indicator.EnergyPerArea, "energy_per_area", "kgce/m2")
	f(indicator.EnergyPerCapita, "energy_per_capita", "kgce/person")
	f(indicator.WaterPerCapita, "water_per_capita", "m3/person")
	f(indicator.CarbonPerArea, "carbon_per_area", "kgCO2/m2")
	f(indicator.Energy, "energy", "kgce")
	f(indicator.WaterTotal, "water", "m3")
	f(indicator.Carbon, "carbon", "kgCO2")
	if _, err := indicator.ParseMeasure("joy"); err == nil || !strings.Contains(err.Error(), `got "joy"`) {
		t.Errorf("got %v, want an error that names it", err)
	}
}

func TestNewWorld_RefusesWhatCannotBeCounted(t *testing.T) {
	f := func(part string, d schema.Declared) {
		t.Helper()
		d.Scope, d.ID, d.Year = schema.ScopeRegion, "370000", 2020
		_, err := indicator.NewWorld(&registry.Registry{Declared: []schema.Declared{d}})
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("got %v, want an error with %q", err, part)
		}
	}
	great := schema.Decimal{Mantissa: 4_000_000_000_000}
	f("declared energy of region 370000 in 2020: out of range", schema.Declared{Quantity: schema.DeclaredQuantity{Name: "energy"}, Unit: "tce", Value: great})
	f("declared electricity of region 370000 in 2020: out of range", schema.Declared{Quantity: schema.DeclaredQuantity{Carrier: schema.Electricity}, Unit: "MWh", Value: great})
	f("want a unit that converts to L", schema.Declared{Quantity: schema.DeclaredQuantity{Carrier: schema.Gasoline, Use: schema.ForVehicle}, Unit: "kg", Value: great})
	f("unknown unit", schema.Declared{Quantity: schema.DeclaredQuantity{Carrier: schema.Gasoline}, Unit: "barrel", Value: great})
	f("unknown indicator", schema.Declared{Quantity: schema.DeclaredQuantity{Name: "joy"}, Value: great})
}

func TestCounts_LeavesOutWhatIsCountedElsewhere(t *testing.T) {
	f := func(m schema.Meter, want bool) {
		t.Helper()
		if got := m.Counts(); got != want {
			t.Errorf("%+v: got %v, want %v", m, got, want)
		}
	}
	f(schema.Meter{}, true)
	f(schema.Meter{Parent: "M"}, false)
	f(schema.Meter{Formula: "a - b"}, false)
	f(schema.Meter{Reconciles: "M"}, false)
}

func TestScope_UnknownIsRecognised(t *testing.T) {
	got := course(t, func(q *indicator.SeriesQuery) { q.Scope = indicator.Scope{Level: indicator.ByDepartment, ID: "D"} })
	if want := `department "D": ` + indicator.ErrUnknownScope.Error(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
