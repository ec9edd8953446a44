package registry_test

import (
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/registry"
)

func declared(rows string) (*registry.Registry, error) {
	tables := world()
	tables["declared.csv"] = []byte("scope,id,year,quantity,unit,value,source\n" + rows)
	return registry.Build(tables, registry.Options{})
}

func TestDeclared(t *testing.T) {
	f := func(row string, quantity schema.DeclaredQuantity, unit string, value schema.Decimal) {
		t.Helper()
		reg, err := declared(row + "\n")
		if err != nil {
			t.Error(err)
			return
		}
		d := reg.Declared[0]
		if d.Quantity != quantity || d.Unit != unit || d.Value != value {
			t.Errorf("%s: got %+v", row, d)
		}
	}
	carrier := func(c schema.Carrier, u schema.Use) schema.DeclaredQuantity {
		return schema.DeclaredQuantity{Carrier: c, Use: u}
	}
	name := func(name string) schema.DeclaredQuantity { return schema.DeclaredQuantity{Name: name} }
	f("institution,S1,2020,electricity,kWh,500000,", carrier(schema.Electricity, schema.ForBuilding), "kWh", schema.Decimal{Mantissa: 500000})
	f("institution,S1,2020,electricity,MWh,500.25,", carrier(schema.Electricity, schema.ForBuilding), "MWh", schema.Decimal{Mantissa: 50025, Scale: 2})
	f("institution,S1,2020,diesel:vehicle,,12,", carrier(schema.Diesel, schema.ForVehicle), "L", schema.Decimal{Mantissa: 12})
	f("institution,S1,2020,natural_gas,10km3,1.5,", carrier(schema.NaturalGas, schema.ForBuilding), "10km3", schema.Decimal{Mantissa: 15, Scale: 1})
	f("institution,S1,2020,coal,t,3,", carrier(schema.Coal, schema.ForBuilding), "t", schema.Decimal{Mantissa: 3})
	f("region,370000,2023,energy,tce,1e6,", name("energy"), "tce", schema.Decimal{Mantissa: 1, Scale: -6})
	f("region,370000,2023,carbon,,5,", name("carbon"), "kgCO2", schema.Decimal{Mantissa: 5})
	f("region,370000,2023,floor_area,m²,5,", name("floor_area"), "m2", schema.Decimal{Mantissa: 5})
	f("region,370000,2023,headcount,person,5,", name("headcount"), "person", schema.Decimal{Mantissa: 5})
	f("region,370000,2023,energy_per_area,index,95.21,", name("energy_per_area"), "index", schema.Decimal{Mantissa: 9521, Scale: 2})
	f("region,370000,2023,energy_per_area,kgce/m2,18.03,", name("energy_per_area"), "kgce/m2", schema.Decimal{Mantissa: 1803, Scale: 2})
	f("region,370000,2023,water_per_capita,m³/person,20.99,", name("water_per_capita"), "m3/person", schema.Decimal{Mantissa: 2099, Scale: 2})
}

func TestDeclared_BadRowIsNamed(t *testing.T) {
	f := func(rows, want string) {
		t.Helper()
		if _, err := declared(rows); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("\n got %v\nwant %s", err, want)
		}
	}
	f("county,370000,2020,energy,tce,1,\n", `declared.csv:2:1: scope: got "county", want region or institution`)
	f("region,379999,2020,energy,tce,1,\n", `declared.csv:2:8: id: got "379999", which is not in regions.csv`)
	f("institution,370000,2020,energy,tce,1,\n", `declared.csv:2:13: id: got "370000", which is not in institutions.csv`)
	f("region,370000,20,energy,tce,1,\n", `declared.csv:2:15: year: got "20", want a year`)
	f("region,370000,2020,heating,tce,1,\n", `declared.csv:2:20: quantity: got "heating", want a carrier`)
	f("region,370000,2020,gasoline:car,L,1,\n", `declared.csv:2:20: quantity: unknown use: got "car"`)
	f("region,370000,2020,energy,kWh,1,\n", `declared.csv:2:27: unit: got "kWh" for energy, want kgce or tce`)
	f("region,370000,2020,energy,index,1,\n", `declared.csv:2:27: unit: got "index" for energy`)
	f("region,370000,2020,energy_per_area,kgce/person,1,\n", `declared.csv:2:36: unit: got "kgce/person" for energy_per_area, want kgce/m2 or index`)
	f("region,370000,2020,gasoline,t,1,\n", `declared.csv:2:29: unit: got t for gasoline, want a unit that converts to L: mass and volume`)
	f("region,370000,2020,electricity,kW,1,\n", `declared.csv:2:32: unit: got the rate kW`)
	f("region,370000,2020,water,m3,-1,\n", `declared.csv:2:29: value: got -1, want no negative`)
	f("region,370000,2020,water,m3,a lot,\n", `declared.csv:2:29: value: not a decimal number`)
	f("region,370000,2020,water,m3,,\n", `declared.csv:2:29: value: empty, want a value`)
	f("region,370000,2020,electricity,MWh,5000000000,\n", `declared.csv:2:36: value: got 5000000000 MWh, which is beyond`)
	f("region,370000,2020,headcount,,12345678901234567891,\n", `declared.csv:2:31: value: got 12345678901234567891, want at most 18 digits`)
	f("region,370000,2020,gasoline,L,1,\nregion,370000,2020,gasoline:building,L,2,\n", `declared.csv:3:20: quantity: gasoline of region "370000" in 2020 stands in line 2 already`)
}
