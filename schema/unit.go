package schema

import "fmt"

// Unit is a unit of measure of readings and declared figures.
type Unit uint8

// The units. The zero value means "not given": the meter's own.
const (
	UnitNone Unit = iota
	WattHour
	KilowattHour
	MegawattHour
	Megajoule
	Gigajoule
	Litre
	CubicMetre
	TenThousandCubicMetres
	Kilogram
	Tonne
	KilogramCoalEquivalent
	TonneCoalEquivalent
	Watt
	Kilowatt
	Megawatt
	LitrePerSecond
	CubicMetrePerHour
)

type dimension uint8

const (
	noDimension dimension = iota
	energy
	volume
	mass
	coalEquivalent
	power
	flow
)

// units gives each unit's word, its dimension, and its size in the dimension's
// reference unit: kWh, m3, kg, kgce, kW, m3/h (exact, from the SI).
var units = [...]struct {
	name string
	dim  dimension
	size Ratio
}{
	UnitNone:               {"", noDimension, Ratio{}},
	WattHour:               {"Wh", energy, Ratio{1, 1000}},
	KilowattHour:           {"kWh", energy, Ratio{1, 1}},
	MegawattHour:           {"MWh", energy, Ratio{1000, 1}},
	Megajoule:              {"MJ", energy, Ratio{5, 18}},
	Gigajoule:              {"GJ", energy, Ratio{2500, 9}},
	Litre:                  {"L", volume, Ratio{1, 1000}},
	CubicMetre:             {"m3", volume, Ratio{1, 1}},
	TenThousandCubicMetres: {"10km3", volume, Ratio{10000, 1}},
	Kilogram:               {"kg", mass, Ratio{1, 1}},
	Tonne:                  {"t", mass, Ratio{1000, 1}},
	KilogramCoalEquivalent: {"kgce", coalEquivalent, Ratio{1, 1}},
	TonneCoalEquivalent:    {"tce", coalEquivalent, Ratio{1000, 1}},
	Watt:                   {"W", power, Ratio{1, 1000}},
	Kilowatt:               {"kW", power, Ratio{1, 1}},
	Megawatt:               {"MW", power, Ratio{1000, 1}},
	LitrePerSecond:         {"L/s", flow, Ratio{18, 5}},
	CubicMetrePerHour:      {"m3/h", flow, Ratio{1, 1}},
}

// ParseUnit reads a unit's word. The spellings "m³", "m³/h", "m^3" and "l" are
// taken too, since gateways send them.
func ParseUnit(text string) (Unit, error) {
	switch text {
	case "m³", "m^3":
		return CubicMetre, nil
	case "m³/h", "m^3/h":
		return CubicMetrePerHour, nil
	case "l":
		return Litre, nil
	case "l/s":
		return LitrePerSecond, nil
	}
	for u := WattHour; u <= CubicMetrePerHour; u++ {
		if units[u].name == text {
			return u, nil
		}
	}
	return UnitNone, fmt.Errorf("unknown unit: got %q, want Wh, kWh, MWh, MJ, GJ, L, m3, kg, t, kgce, tce, W, kW, MW, L/s or m3/h", clip(text))
}

// String gives the unit's word.
func (u Unit) String() string { return units[u].name }

// MarshalText gives the unit's word.
func (u Unit) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText reads the unit's word.
func (u *Unit) UnmarshalText(text []byte) (err error) {
	*u, err = ParseUnit(string(text))
	return err
}

// IsRate tells whether the unit measures an amount per time (kW, m3/h).
func (u Unit) IsRate() bool { return units[u].dim == power || units[u].dim == flow }

// In gives the exact factor from u to another unit of the same dimension. A rate
// converts to the unit of its amount in one hour: kW to kWh or GJ, L/s to m3.
// Mass and volume of a fuel convert only by a factor set's density, which is not
// a matter of units: ok is false.
func (u Unit) In(other Unit) (factor Ratio, ok bool) {
	from, to := units[u], units[other]
	if from.dim == noDimension || integrated(from.dim) != integrated(to.dim) {
		return Ratio{}, false
	}
	return from.size.Times(Ratio{to.size.Den, to.size.Num})
}

func integrated(d dimension) dimension {
	switch d {
	case power:
		return energy
	case flow:
		return volume
	}
	return d
}
