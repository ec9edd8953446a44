package factor

import (
	"errors"
	"fmt"
	"math/big"

	"jouleline/schema"
)

// ErrUnknown marks a carrier, region or year that a set has no factor for.
var ErrUnknown = errors.New("no such factor")

// KGCEPerUnit gives kgce per canonical unit of a carrier (kWh, m3, L, kg, GJ,
// kgce). Water has none: it is not converted into coal equivalent. The rational
// is the set's own and must not be written to.
func (s *Set) KGCEPerUnit(carrier schema.Carrier) (*big.Rat, error) {
	if value, ok := s.Coal[carrier]; ok {
		return value, nil
	}
	return nil, fmt.Errorf("%w: kgce of %q in factor set %s", ErrUnknown, carrier, s.Name)
}

// CO2PerUnit gives kgCO2 per canonical unit of a carrier. Electricity takes the
// grid's factor by [Set.GridFor]; all others are the same everywhere and always.
// The rational must not be written to.
func (s *Set) CO2PerUnit(carrier schema.Carrier, regions []string, year int, mode Mode) (*big.Rat, error) {
	if carrier == schema.Electricity {
		grid, err := s.GridFor(regions, year, mode)
		return grid.Value, err
	}
	if value, ok := s.Carbon[carrier]; ok {
		return value, nil
	}
	return nil, fmt.Errorf("%w: kgCO2 of %q in factor set %s", ErrUnknown, carrier, s.Name)
}

// GridFor gives the grid factor that counts for a period in a year, of the first
// region in regions (from the place itself up to the province) that the set
// knows, else of the nation. An empty mode is the set's own.
//
// Fixed looks for the pinned year and passes over regions without it. ByYear
// stays with the first region that has any factor, so that a comparison never
// sets one grid against another.
func (s *Set) GridFor(regions []string, year int, mode Mode) (GridFactor, error) {
	if mode == "" {
		mode = s.Mode
	}
	for i := range len(regions) + 1 {
		region := ""
		if i < len(regions) {
			region = regions[i]
		}
		known := s.gridOf(region)
		switch {
		case mode == Fixed:
			for _, grid := range known {
				if grid.Year == s.GridYear {
					return grid, nil
				}
			}
		case mode != ByYear:
			return GridFactor{}, fmt.Errorf("unknown factor mode: got %q, want fixed or by_year", string(mode))
		case len(known) > 0 && year < known[0].Year:
			return GridFactor{}, fmt.Errorf("%w: grid of %q in %d in factor set %s: the first is of %d", ErrUnknown, region, year, s.Name, known[0].Year)
		case len(known) > 0:
			last := known[0]
			for _, grid := range known[1:] {
				if grid.Year <= year {
					last = grid
				}
			}
			return last, nil
		}
	}
	return GridFactor{}, fmt.Errorf("%w: grid of %q and of the nation in factor set %s", ErrUnknown, regions, s.Name)
}

// gridOf gives the factors of one region in the order of years.
func (s *Set) gridOf(region string) []GridFactor {
	from := 0
	for from < len(s.Grid) && s.Grid[from].Region < region {
		from++
	}
	to := from
	for to < len(s.Grid) && s.Grid[to].Region == region {
		to++
	}
	return s.Grid[from:to]
}

// WithMode gives the set with another default mode.
func (s *Set) WithMode(mode Mode) *Set {
	copied := *s
	copied.Mode = mode
	return &copied
}
