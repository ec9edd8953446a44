package factor_test

import (
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/factor"
)

const small = `{"name":"own","version":"2","source":"our supplier","mode":"by_year","grid_year":2022,"carbon_includes_vehicles":true,
"carriers":[{"carrier":"electricity","kgce":{"value":0.3,"per":"kWh","source":"a"}},
{"carrier":"diesel","kg_per_litre":{"value":0.84,"source":"b"},"kgce":{"value":1457.1,"per":"t","source":"c"},"kgco2":{"value":2630,"per":"m3","source":"d"}}],
"grid":[{"region":"","year":2022,"kgco2_per_kwh":0.5,"published":"2024-12-20","source":"e"}]}`

func TestParse_Units(t *testing.T) {
	set, err := factor.Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	kgce, _ := set.KGCEPerUnit(schema.Diesel)
	co2, _ := set.CO2PerUnit(schema.Diesel, nil, 2023, "")
	if kgce.Cmp(rat(t, "1.223964")) != 0 || co2.Cmp(rat(t, "2.63")) != 0 {
		t.Errorf("diesel: got %s kgce/L and %s kgCO2/L, want 1.4571 x 0.84 and 2.63", kgce.FloatString(7), co2.FloatString(7))
	}
	if set.Name != "own" || set.Mode != factor.ByYear || !set.CarbonIncludesVehicles || set.Sources["carbon.diesel"] != "d" {
		t.Errorf("got %+v", set)
	}
}

func TestParse_Refuses(t *testing.T) {
	f := func(old, new, want string) {
		t.Helper()
		text := strings.Replace(small, old, new, 1)
		if text == small {
			t.Fatalf("%q is not in the file", old)
		}
		if _, err := factor.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", new, err, want)
		}
	}
	f(`"name":"own"`, `"name":""`, "want a name, a version and a source")
	f(`"source":"our supplier",`, ``, "want a name, a version and a source")
	f(`"mode":"by_year"`, `"mode":"sometimes"`, `got "sometimes", want fixed or by_year`)
	f(`"grid_year":2022`, `"grid_year":2021`, "grid_year 2021: the nation has no grid factor")
	f(`"grid_year"`, `"gridyear"`, "unknown field")
	f(`{"carrier":"electricity"`, `{"carrier":"diesel"},{"carrier":"diesel"`, `carrier "diesel": want each carrier once`)
	f(`"carrier":"electricity"`, `"carrier":"steam"`, `unknown carrier: got "steam"`)
	f(`"carrier":"electricity"`, `"carrier":"water"`, "water is not converted")
	f(`"kgce":{"value":0.3`, `"kgco2":{"value":0.3`, "the factors of electricity stand under grid")
	f(`"value":0.3,`, `"value":0,`, "got 0, want a number above zero")
	f(`"value":0.3,`, `"value":-0.3,`, "want a number above zero")
	f(`"value":0.3,`, `"value":1e99,`, "out of range")
	f(`"per":"kWh","source":"a"`, `"per":"kWh"`, "carrier electricity: kgce: want a source")
	f(`"per":"kWh"`, `"per":"kg"`, `got a value per "kg", want per kWh`)
	f(`"per":"kWh"`, `"per":"kW"`, `got a value per "kW", want per kWh`)
	f(`"kg_per_litre":{"value":0.84,"source":"b"},`, ``, `got a value per "t", want per L, or per kg with kg_per_litre`)
	f(`"source":"e"`, `"source":""`, `grid of "" in 2022: want a source`)
	f(`"grid":[`, `"grid":[{"region":"","year":2022,"kgco2_per_kwh":0.5,"source":"e"},`, `grid of "" in 2022: stands twice`)
	f(`"e"}]}`, `"e"}]} {}`, "more text after its end")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(`{}`))
	f.Add([]byte(strings.Replace(small, "0.3", `"1e-64"`, 1)))
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := factor.Parse(text)
		if err != nil {
			return
		}
		for carrier := range set.Coal {
			if value, err := set.KGCEPerUnit(carrier); err != nil || value.Sign() <= 0 {
				t.Fatalf("kgce of %s: got %v, %v", carrier, value, err)
			}
		}
		if grid, err := set.GridFor(nil, 2023, factor.Fixed); err != nil || grid.Value.Sign() <= 0 {
			t.Fatalf("grid of the nation: got %v, %v", grid.Value, err)
		}
	})
}
