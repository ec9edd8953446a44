package world

import (
	"math/big"

	"jouleline/analytics/progress"
	"jouleline/metrics/calendar"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// Weighing applies a factor set to the consumption of one carrier at places.
type Weighing struct {
	set     *factor.Set
	Carrier schema.Carrier
	zone    *calendar.Zone
	// paths are the regions of each place, from itself up to the root.
	paths [][]string
	kgce  *big.Rat // nil where the set knows none
	cache map[weighed]weight
}

// weighed is a place in a year, weight what counts there.
type weighed struct{ place, year int }

type weight struct {
	kgCO2 *big.Rat // nil where the set knows none
	grid  *factor.GridFactor
}

// NewWeighing applies a set to a carrier in a calendar; paths are the regions of
// each place, from itself up to the root.
func NewWeighing(set *factor.Set, carrier schema.Carrier, zone *calendar.Zone, paths [][]string) *Weighing {
	w := &Weighing{set: set, Carrier: carrier, zone: zone, paths: paths, cache: map[weighed]weight{}}
	w.kgce, _ = set.KGCEPerUnit(carrier) // unknown is nil
	return w
}

// Factors gives what a unit at a place counts in a bucket. A bucket lies in one
// year.
func (w *Weighing) Factors(place int, b calendar.Bucket) (kgce, kgCO2 *big.Rat) {
	return w.kgce, w.at(place, b).kgCO2
}

func (w *Weighing) at(place int, b calendar.Bucket) weight {
	year, _, _ := w.zone.DayOf(b.From).Date()
	key := weighed{place, year}
	found, ok := w.cache[key]
	if ok {
		return found
	}
	if w.Carrier == schema.Electricity {
		if grid, err := w.set.GridFor(w.paths[place], year, w.set.Mode); err == nil {
			found = weight{grid.Value, &grid}
		}
	} else {
		found.kgCO2, _ = w.set.CO2PerUnit(w.Carrier, w.paths[place], year, w.set.Mode)
	}
	w.cache[key] = found
	return found
}

// Describe names the set, and the grid factor where one counts for everything.
func (w *Weighing) Describe(buckets []calendar.Bucket) progress.Factors {
	f := progress.Factors{Set: w.set.Name, Version: w.set.Version, Mode: string(w.set.Mode)}
	var only *factor.GridFactor
	for place := range w.paths {
		for _, b := range buckets {
			grid := w.at(place, b).grid
			if grid == nil || only != nil && (only.Region != grid.Region || only.Year != grid.Year) {
				return f
			}
			only = grid
		}
	}
	if only == nil {
		return f
	}
	value, _ := only.Value.Float64()
	f.GridRegion, f.GridYear, f.GridValue = &only.Region, &only.Year, &value
	return f
}
