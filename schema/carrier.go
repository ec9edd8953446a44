package schema

import "fmt"

// Carrier is what is metered.
type Carrier uint8

// The carriers. The zero value means "not given".
const (
	CarrierNone Carrier = iota
	Electricity
	NaturalGas
	Water
	Heat
	Cooling
	Gasoline
	Diesel
	Kerosene
	Coal
	LPG
	FuelOil
	Other
)

// Carriers lists every carrier in the order of the statistical forms.
var Carriers = []Carrier{
	Electricity, NaturalGas, Water, Heat, Cooling, Gasoline, Diesel, Kerosene, Coal, LPG, FuelOil, Other,
}

var carriers = [...]struct {
	name string
	unit Unit
}{
	CarrierNone: {"", UnitNone},
	Electricity: {"electricity", KilowattHour},
	NaturalGas:  {"natural_gas", CubicMetre},
	Water:       {"water", CubicMetre},
	Heat:        {"heat", Gigajoule},
	Cooling:     {"cooling", Gigajoule},
	Gasoline:    {"gasoline", Litre},
	Diesel:      {"diesel", Litre},
	Kerosene:    {"kerosene", Litre},
	Coal:        {"coal", Kilogram},
	LPG:         {"lpg", Kilogram},
	FuelOil:     {"fuel_oil", Kilogram},
	Other:       {"other", KilogramCoalEquivalent},
}

// ParseCarrier reads a carrier's word, such as "natural_gas".
func ParseCarrier(text string) (Carrier, error) {
	for c := Electricity; c <= Other; c++ {
		if carriers[c].name == text {
			return c, nil
		}
	}
	return CarrierNone, fmt.Errorf("unknown carrier: got %q, want electricity, natural_gas, water, heat, cooling, gasoline, diesel, kerosene, coal, lpg, fuel_oil or other", clip(text))
}

// String gives the carrier's word.
func (c Carrier) String() string { return carriers[c].name }

// Unit is the canonical unit in which quantities of the carrier are booked.
func (c Carrier) Unit() Unit { return carriers[c].unit }

// IsEnergy tells whether the carrier counts as energy. Water does not: it is
// never converted into coal equivalent.
func (c Carrier) IsEnergy() bool { return c != Water && c != CarrierNone }

// MarshalText gives the carrier's word.
func (c Carrier) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the carrier's word.
func (c *Carrier) UnmarshalText(text []byte) (err error) {
	*c, err = ParseCarrier(string(text))
	return err
}

// Use tells buildings from vehicles: vehicle fuel counts per person, not per
// square metre.
type Use uint8

// The uses. The zero value means "not given" and is read as building.
const (
	UseNone Use = iota
	ForBuilding
	ForVehicle
)

var uses = [...]string{"", "building", "vehicle"}

// ParseUse reads "building" or "vehicle"; empty text is building.
func ParseUse(text string) (Use, error) {
	switch text {
	case "", "building":
		return ForBuilding, nil
	case "vehicle":
		return ForVehicle, nil
	}
	return UseNone, fmt.Errorf("unknown use: got %q, want building or vehicle", clip(text))
}

// String gives the use's word.
func (u Use) String() string { return uses[u] }

// MarshalText gives the use's word.
func (u Use) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText reads the use's word.
func (u *Use) UnmarshalText(text []byte) (err error) {
	*u, err = ParseUse(string(text))
	return err
}
