// Package factor holds factor sets: named, versioned tables that turn
// quantities of a carrier into coal equivalent and carbon dioxide.
//
// It answers "how many kgce, how many kgCO2 is one unit of this carrier, there
// and then" and refuses a carrier, region or year that the set does not know.
// A factor is data with a source, never a constant in code: conventions differ
// by more than a factor of two.
package factor

import (
	"fmt"
	"math/big"

	"jouleline/schema"
)

// Mode tells which year's grid factor counts.
type Mode string

// The modes.
const (
	// Fixed takes one pinned year for every period, so that a cleaner grid is
	// not mistaken for an institution's own reduction.
	Fixed Mode = "fixed"
	// ByYear takes the grid factor of each period's own year, or the nearest
	// published one before it. Years before the first one have none.
	ByYear Mode = "by_year"
)

// ParseMode reads "fixed" or "by_year".
func ParseMode(text string) (Mode, error) {
	switch mode := Mode(text); mode {
	case Fixed, ByYear:
		return mode, nil
	}
	return "", fmt.Errorf("unknown factor mode: got %q, want fixed or by_year", text)
}

// Set is one version of a factor set. It is immutable; its rationals must not
// be written to.
type Set struct {
	Name    string
	Version string
	Source  string
	// Mode and GridYear are the defaults of the set.
	Mode     Mode
	GridYear int
	// CarbonIncludesVehicles tells whether vehicle fuel counts in carbon.
	CarbonIncludesVehicles bool
	// Coal is kgce, Carbon kgCO2 per canonical unit of the carrier. Electricity
	// has no entry in Carbon: its factor is the grid's.
	Coal, Carbon map[schema.Carrier]*big.Rat
	// Density is kg/L of liquid fuels.
	Density map[schema.Carrier]*big.Rat
	// Grid lists the grid factors, sorted by region, then year.
	Grid []GridFactor
	// Sources gives the source note of each factor: "coal.electricity",
	// "carbon.heat", "density.diesel".
	Sources map[string]string
}

// GridFactor is kgCO2 per kWh of one region's grid in one year. Region "" is
// the nation.
type GridFactor struct {
	Region    string
	Year      int
	Value     *big.Rat
	Source    string
	Published string
}
