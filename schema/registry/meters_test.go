package registry_test

import (
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/registry"
)

func meter(t *testing.T, header, fields string) schema.Meter {
	t.Helper()
	tables := world()
	delete(tables, "shares.csv")
	delete(tables, "meter_events.csv")
	tables["meters.csv"] = []byte("id,building,carrier,kind," + header + "\nM,B1," + fields + "\n")
	reg, err := registry.Build(tables, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return reg.MeterVersions("M")[0]
}

func TestMeters_RegisterModulus(t *testing.T) {
	f := func(text, modulus string) {
		t.Helper()
		m := meter(t, "register_max", "electricity,register,"+text)
		if got := m.Modulus().String(); got != modulus {
			t.Errorf("register_max %s: got modulus %s, want %s", text, got, modulus)
		}
	}
	f("99999", "100000")
	f("99999.99", "100000")
	f("655.35", "655.36")
	f("838860.7", "838860.8")
	f("42949672.95", "42949672.96")
	f("999.90", "999.91")
	f("9.999999", "10")
	f("", "0")
}

func TestMeters_Defaults(t *testing.T) {
	f := func(carrierKind string, unit schema.Unit, interval int64) {
		t.Helper()
		m := meter(t, "use", carrierKind+",")
		if m.Unit != unit || m.Multiplier != schema.One || m.Interval != interval || m.GapLimit != 3*interval || m.Use != schema.ForBuilding {
			t.Errorf("%s: got unit %s, multiplier %v, interval %d, gap limit %d, use %s", carrierKind, m.Unit, m.Multiplier, m.Interval, m.GapLimit, m.Use)
		}
	}
	f("electricity,register", schema.KilowattHour, schema.Hour)
	f("electricity,power", schema.Kilowatt, schema.Hour)
	f("heat,power", schema.Kilowatt, schema.Hour)
	f("water,power", schema.CubicMetrePerHour, schema.Hour)
	f("diesel,bill", schema.Litre, 31*24*schema.Hour)
	f("coal,bill", schema.Kilogram, 31*24*schema.Hour)
}

func TestMeters_Times(t *testing.T) {
	f := func(kind, times string, interval, gap int64) {
		t.Helper()
		m := meter(t, "interval,gap_limit", "electricity,"+kind+","+times)
		if m.Interval != interval || m.GapLimit != gap {
			t.Errorf("%s: got %d and %d, want %d and %d", times, m.Interval, m.GapLimit, interval, gap)
		}
	}
	day := 24 * schema.Hour
	f("register", "PT15M,", 15*schema.Minute, 45*schema.Minute)
	f("register", "P1D,P2D", day, 2*day)
	f("bill", "P1M,", 31*day, 93*day)
	f("delta", "P31D,", 31*day, 93*day)
	f("register", ",PT2H", schema.Hour, 2*schema.Hour)
}

func TestMeters_BadRowIsNamed(t *testing.T) {
	f := func(header, fields, want string) {
		t.Helper()
		text := "id,building,carrier,kind," + header + "\nE1,B1,electricity,register,\nM,B1," + fields + "\n"
		text = strings.Replace(text, "register,\n", "register,"+strings.Repeat(",", strings.Count(header, ","))+"\n", 1)
		tables := world()
		tables["meters.csv"] = []byte(text)
		_, err := registry.Build(tables, registry.Options{})
		if err == nil {
			t.Errorf("%s %s: is taken, want %s", header, fields, want)
		} else if got := err.Error(); !strings.HasPrefix(got, "meters.csv:3:") || !strings.Contains(got, want) || strings.Contains(got, "\n") {
			t.Errorf("%s %s:\n got %s\nwant %s", header, fields, got, want)
		}
	}
	f("unit", "gasoline,bill,t", "unit: got t for gasoline, want a unit that converts to L: mass and volume of a fuel convert only by a factor set's density")
	f("unit", "electricity,register,m3", "unit: got m3 for electricity, want a unit that converts to kWh")
	f("unit", "electricity,register,kW", "unit: got the rate kW for kind register, want an amount as kWh")
	f("unit", "electricity,power,kWh", "unit: got kWh for kind power, want a rate as kW or m3/h")
	f("unit", "coal,power,", "unit: empty, and coal of kind power has no usual unit")
	f("unit", "electricity,register,furlong", `unit: unknown unit: got "furlong"`)
	f("use", "steam,register,", `carrier: unknown carrier: got "steam"`)
	f("use", "electricity,registr,", `kind: unknown kind: got "registr"`)
	f("use", "electricity,register,car", `use: unknown use: got "car"`)
	f("hold", "electricity,power,next", `hold: unknown hold: got "next", want mean or previous`)
	f("multiplier", "electricity,register,0", `multiplier: got "0", want a number above zero`)
	f("multiplier", "electricity,register,-40", `multiplier: got "-40", want a number above zero`)
	f("register_max", "electricity,register,0", "register_max: got 0, want the greatest value")
	f("register_max", "electricity,register,9.9999999", "register_max: got 9.9999999, want at most six decimals")
	f("register_max", "electricity,register,1e30", "register_max: out of range")
	f("register_max,unit,multiplier", "electricity,register,99999999,MWh,100000", "register_max: got 99999999: times the multiplier it is beyond")
	f("multiplier,unit", "electricity,register,4000000000000000000,MWh", "multiplier: ")
	f("max_rate", "electricity,register,0", "max_rate: got 0, want a rating above zero")
	f("max_rate", "electricity,register,ten", "max_rate: not a decimal number")
	f("interval", "electricity,register,1h", `interval: got "1h", want an ISO 8601 duration`)
	f("interval", "electricity,register,P1M", "interval: got P1M for kind register: a month has no fixed length")
	f("interval,gap_limit", "electricity,register,PT1H,PT30M", "gap_limit: got PT30M, want at least the interval (PT1H)")
	f("valid_from,valid_to", "electricity,register,2023-01-01,2023-01-01", "valid_to: got 2023-01-01, want a day after valid_from")
	f("parent", "electricity,register,X", `parent: got "X", which is not in meters.csv`)
	f("parent", "electricity,register,M", `parent: "M" is its own ancestor`)
	f("parent", "water,register,E1", `parent: "E1" meters electricity, want water`)
	f("reconciles", "electricity,bill,M", `reconciles: "M" cannot reconcile itself`)
}
