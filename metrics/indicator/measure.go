package indicator

import "fmt"

// Measure is a figure of a group: one of the four indicators or of the three
// totals.
type Measure uint8

// The measures.
const (
	// EnergyPerArea is kgce/m2, without vehicle fuel.
	EnergyPerArea Measure = iota
	// EnergyPerCapita is kgce/person, with vehicle fuel.
	EnergyPerCapita
	// WaterPerCapita is m3/person.
	WaterPerCapita
	// CarbonPerArea is kgCO2/m2.
	CarbonPerArea
	// Energy is kgce in all, with vehicle fuel.
	Energy
	// WaterTotal is m3.
	WaterTotal
	// Carbon is kgCO2.
	Carbon

	measureCount
)

// Ratios are the indicators in the order of the evaluations, Totals the totals.
var (
	Ratios = [...]Measure{EnergyPerArea, EnergyPerCapita, WaterPerCapita, CarbonPerArea}
	Totals = [...]Measure{Energy, WaterTotal, Carbon}
)

// content is what the numerator of a measure is made of.
type content uint8

const (
	buildingEnergy content = iota // energy without vehicles
	allEnergy
	water
	carbon
	contentCount
)

// basis is the denominator of a measure.
type basis uint8

const (
	noBasis basis = iota
	floorArea
	people
)

var measures = [measureCount]struct {
	name, unit string
	content    content
	basis      basis
}{
	EnergyPerArea:   {"energy_per_area", "kgce/m2", buildingEnergy, floorArea},
	EnergyPerCapita: {"energy_per_capita", "kgce/person", allEnergy, people},
	WaterPerCapita:  {"water_per_capita", "m3/person", water, people},
	CarbonPerArea:   {"carbon_per_area", "kgCO2/m2", carbon, floorArea},
	Energy:          {"energy", "kgce", allEnergy, noBasis},
	WaterTotal:      {"water", "m3", water, noBasis},
	Carbon:          {"carbon", "kgCO2", carbon, noBasis},
}

// ParseMeasure reads a measure's word, such as "energy_per_area" or "water".
func ParseMeasure(text string) (Measure, error) {
	for m := range measureCount {
		if measures[m].name == text {
			return m, nil
		}
	}
	return 0, fmt.Errorf("unknown indicator: got %q, want energy_per_area, energy_per_capita, water_per_capita, carbon_per_area, energy, water or carbon", text)
}

// String gives the measure's word.
func (m Measure) String() string { return measures[m].name }

// Unit gives the unit of the measure's values.
func (m Measure) Unit() string { return measures[m].unit }

// MarshalText gives the measure's word.
func (m Measure) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the measure's word.
func (m *Measure) UnmarshalText(text []byte) (err error) {
	*m, err = ParseMeasure(string(text))
	return err
}
