package registry_test

import (
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/registry"
)

func tariffs(rows string) (*registry.Registry, error) {
	tables := world()
	tables["tariffs.csv"] = []byte("carrier,region,valid_from,price,currency,source\n" + rows)
	return registry.Build(tables, registry.Options{})
}

func TestTariff_NearestAndLatest(t *testing.T) {
	reg, err := tariffs("electricity,,,0.5,CNY,a\nelectricity,370000,2020-01-01,0.6,CNY,b\nelectricity,370000,2023-07-01,0.7,CNY,c\nelectricity,370102,2023-01-01,0.8,CNY,d\n")
	if err != nil {
		t.Fatal(err)
	}
	f := func(day schema.Day, path []string, want string) {
		t.Helper()
		if got, ok := reg.Tariff(schema.Electricity, path, day); !ok || got.Source != want {
			t.Errorf("%v on %s: got %+v, %v, want the price of %s", path, day, got, ok, want)
		}
	}
	near, far := []string{"370102", "370100", "370000"}, []string{"370100", "370000"}
	f(schema.DayOf(2019, 12, 31), near, "a")
	f(schema.DayOf(2022, 12, 31), near, "b")
	f(schema.DayOf(2023, 1, 1), near, "d")
	f(schema.DayOf(2023, 6, 30), far, "b")
	f(schema.DayOf(2023, 7, 1), far, "c")
	f(schema.DayOf(2023, 7, 1), nil, "a")
	if got, ok := reg.Tariff(schema.Water, near, schema.DayOf(2023, 7, 1)); ok {
		t.Errorf("water: got %+v, want no price", got)
	}
	again, err := registry.Build(reg.Tables(), registry.Options{})
	if err != nil || len(again.Tariffs) != 4 || again.Tariffs[3] != reg.Tariffs[3] {
		t.Errorf("written and read again: got %+v, %v", again, err)
	}
}

func TestTariff_BadRowIsNamed(t *testing.T) {
	f := func(rows, want string) {
		t.Helper()
		if _, err := tariffs(rows); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("\n got %v\nwant %s", err, want)
		}
	}
	f("light,,,1,CNY,x\n", `tariffs.csv:2:1: carrier:`)
	f("water,379999,,1,CNY,x\n", `tariffs.csv:2:7: region: got "379999", which is not in regions.csv`)
	f("water,,,-1,CNY,x\n", `tariffs.csv:2:9: price: got -1, want no negative number`)
	f("water,,,1,yuan,x\n", `tariffs.csv:2:11: currency: got "yuan"`)
	f("water,,,1,CNY,\n", `tariffs.csv:2:15: source: empty`)
	f("water,,,1,CNY,x\nwater,,,2,CNY,y\n", `tariffs.csv:3:8: valid_from: a price of water with the same region`)
}
