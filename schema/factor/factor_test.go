package factor_test

import (
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/factor"
)

func load(t *testing.T, name string) *factor.Set {
	t.Helper()
	set, err := factor.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestLoad_KGCE(t *testing.T) {
	f := func(name string, carrier schema.Carrier, want string) {
		t.Helper()
		value, err := load(t, name).KGCEPerUnit(carrier)
		if err != nil || value.Cmp(rat(t, want)) != 0 {
			t.Errorf("%s %s: got %v, %v; want %s", name, carrier, value, err, want)
		}
	}
	f("gbt2589-2020", schema.Electricity, "0.1229")
	f("gbt2589-2020", schema.NaturalGas, "1.33")
	f("gbt2589-2020", schema.Gasoline, "1.074122") // 0.73 x 1.4714
	f("gbt2589-2020", schema.Diesel, "1.238535")   // 0.85 x 1.4571
	f("gbt2589-2020", schema.Kerosene, "1.17712")  // 0.8 x 1.4714
	f("gbt2589-2020", schema.Coal, "0.7143")
	f("gbt2589-2020", schema.LPG, "1.7143")
	f("gbt2589-2020", schema.FuelOil, "1.4286")
	f("gbt2589-2020", schema.Heat, "34.12")
	f("gbt2589-2020", schema.Cooling, "34.12")
	f("gbt2589-2020", schema.Other, "1")
	f("db37-2019", schema.Electricity, "0.31")
	f("db37-2019", schema.NaturalGas, "1.2143")
	f("db37-2019", schema.Diesel, "1.238535")
}

func rat(t *testing.T, text string) *big.Rat {
	t.Helper()
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return value
}

// The factors of a published annual report of 2022: 9616790 kWh are 1181.9 tce,
// 40291 m3 of gas 53.6 tce.
func TestLoad_PublishedReport(t *testing.T) {
	set := load(t, factor.Default)
	f := func(carrier schema.Carrier, amount int64, want string) {
		t.Helper()
		kgce, err := set.KGCEPerUnit(carrier)
		if err != nil {
			t.Fatal(err)
		}
		tce := new(big.Rat).Mul(kgce, big.NewRat(amount, 1000))
		if got := tce.FloatString(1); got != want {
			t.Errorf("%d of %s: got %s tce, want %s", amount, carrier, got, want)
		}
	}
	f(schema.Electricity, 9616790, "1181.9")
	f(schema.NaturalGas, 40291, "53.6")
}

// The fuel factors follow from heat value, carbon content and oxidation rate.
func TestLoad_CO2(t *testing.T) {
	set := load(t, factor.Default)
	f := func(carrier schema.Carrier, heatValue, carbon, oxidation, density, decimals string) {
		t.Helper()
		got, err := set.CO2PerUnit(carrier, nil, 2023, "")
		if err != nil {
			t.Fatal(err)
		}
		want := rat(t, heatValue)
		want.Mul(want, rat(t, carbon)).Mul(want, rat(t, oxidation)).Mul(want, big.NewRat(44, 12))
		perMass := new(big.Rat).Quo(got, rat(t, density))
		difference := new(big.Rat).Sub(perMass, want)
		if difference.Abs(difference).Cmp(rat(t, decimals)) > 0 {
			t.Errorf("%s: got %s per unit of mass or volume, want %s", carrier, perMass.FloatString(6), want.FloatString(6))
		}
	}
	f(schema.Gasoline, "43.070", "0.0189", "0.98", "0.73", "0.00005")
	f(schema.Diesel, "42.652", "0.0202", "0.98", "0.85", "0.00005")
	f(schema.Kerosene, "43.070", "0.0196", "0.98", "0.8", "0.00005")
	f(schema.FuelOil, "41.816", "0.0211", "0.98", "1", "0.00005")
	f(schema.LPG, "50.179", "0.0172", "0.98", "1", "0.00005")
	f(schema.NaturalGas, "38.931", "0.0153", "0.99", "1", "0.00005")
	f(schema.Coal, "20.934", "0.0264", "0.98", "1", "0.0005")

	exact := func(carrier schema.Carrier, want string) {
		t.Helper()
		if got, err := set.CO2PerUnit(carrier, nil, 2023, ""); err != nil || got.Cmp(rat(t, want)) != 0 {
			t.Errorf("%s: got %v, %v; want %s", carrier, got, err, want)
		}
	}
	exact(schema.Gasoline, "2.135323")
	exact(schema.Heat, "110")
}

func TestGridFor(t *testing.T) {
	set := load(t, factor.Default)
	jinan := []string{"370102", "370100", "370000"}
	f := func(regions []string, year int, mode factor.Mode, wantRegion string, wantYear int, want string) {
		t.Helper()
		grid, err := set.GridFor(regions, year, mode)
		if err != nil || grid.Region != wantRegion || grid.Year != wantYear || grid.Value.Cmp(rat(t, want)) != 0 {
			t.Errorf("%v %d %s: got %q %d %v, %v; want %q %d %s", regions, year, mode, grid.Region, grid.Year, grid.Value, err, wantRegion, wantYear, want)
		}
	}
	f(jinan, 2020, "", "370000", 2022, "0.6410") // pinned: the same for both sides
	f(jinan, 2023, factor.Fixed, "370000", 2022, "0.6410")
	f([]string{"999999"}, 2023, factor.Fixed, "", 2022, "0.5366")
	f(nil, 2023, factor.Fixed, "", 2022, "0.5366")
	f(jinan, 2022, factor.ByYear, "370000", 2022, "0.6410")
	f(jinan, 2023, factor.ByYear, "370000", 2023, "0.6191")
	f(jinan, 2031, factor.ByYear, "370000", 2023, "0.6191")
	f([]string{"110101", "110000"}, 2023, factor.ByYear, "110000", 2023, "0.5554")
	f(nil, 2021, factor.ByYear, "", 2021, "0.5568")

	value, err := set.WithMode(factor.ByYear).CO2PerUnit(schema.Electricity, jinan, 2023, "")
	if err != nil || value.Cmp(rat(t, "0.6191")) != 0 {
		t.Errorf("by year through the set's own mode: got %v, %v", value, err)
	}
	if set.Mode != factor.Fixed {
		t.Errorf("WithMode changed the set itself to %s", set.Mode)
	}
}

func TestLookups_Refuse(t *testing.T) {
	set := load(t, factor.Default)
	f := func(_ any, err error, want string) {
		t.Helper()
		if !errors.Is(err, factor.ErrUnknown) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want ErrUnknown that says %q", err, want)
		}
	}
	kgce, err := set.KGCEPerUnit(schema.Water)
	f(kgce, err, `kgce of "water" in factor set gbt2589-2020`)
	co2, err := set.CO2PerUnit(schema.Water, nil, 2023, "")
	f(co2, err, `kgCO2 of "water"`)
	grid, err := set.GridFor([]string{"370000"}, 2020, factor.ByYear) // the province was first published for 2021
	f(grid, err, `grid of "370000" in 2020 in factor set gbt2589-2020: the first is of 2021`)

	if _, err := set.GridFor(nil, 2020, "always"); err == nil || errors.Is(err, factor.ErrUnknown) {
		t.Errorf("unknown mode: got %v", err)
	}
	if _, err := factor.Load("gbt"); err == nil || !strings.Contains(err.Error(), "want db37-2019, gbt2589-2020") {
		t.Errorf("unknown set: got %v", err)
	}
	if got := factor.Names(); !slices.Equal(got, []string{"db37-2019", "gbt2589-2020"}) {
		t.Errorf("names: got %v", got)
	}
}

func TestLoad_EveryNumberHasItsSource(t *testing.T) {
	for _, name := range factor.Names() {
		set := load(t, name)
		if set.Name != name || set.Version != "1" || set.Mode != factor.Fixed || set.GridYear != 2022 || set.CarbonIncludesVehicles {
			t.Errorf("%s: got %s %s, %s %d, vehicles %v", name, set.Name, set.Version, set.Mode, set.GridYear, set.CarbonIncludesVehicles)
		}
		for kind, values := range map[string]map[schema.Carrier]*big.Rat{"coal.": set.Coal, "carbon.": set.Carbon, "density.": set.Density} {
			for carrier := range values {
				if set.Sources[kind+carrier.String()] == "" {
					t.Errorf("%s: %s%s has no source", name, kind, carrier)
				}
			}
		}
		for _, carrier := range schema.Carriers {
			if _, err := set.KGCEPerUnit(carrier); carrier.IsEnergy() && err != nil {
				t.Error(err)
			}
			if _, err := set.CO2PerUnit(carrier, nil, 2022, ""); carrier.IsEnergy() && err != nil {
				t.Error(err)
			}
		}
	}
}
