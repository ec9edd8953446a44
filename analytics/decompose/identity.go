package decompose

import (
	"fmt"
	"math"

	"jouleline/analytics"
)

// Energy is one sector (a class, a region) in one period.
type Energy struct {
	Activity float64 // its floor area or headcount
	Energy   float64 // as measured
	Normal   float64 // under normal weather; 0 where unknown, then weather has no effect
}

// EnergyFactors names the columns of [EnergyTable], in order.
var EnergyFactors = []string{"activity", "structure", "weather", "intensity"}

// EnergyTable lays out E = sum_i A S_i W_i I_i: total activity, the sector's share
// of it, measured over normal energy, and normal energy per activity.
func EnergyTable(sectors []Energy) (Table, error) {
	var total float64
	for i, s := range sectors {
		if !(s.Activity >= 0) || !(s.Energy >= 0) || !(s.Normal >= 0) || math.IsInf(s.Activity+s.Energy+s.Normal, 0) {
			return nil, &analytics.InputError{Op: op, What: "sectors", Index: i, Got: fmt.Sprintf("%+v", s), Want: "finite values of at least 0"}
		}
		if s.Activity == 0 && s.Energy > 0 {
			return nil, &analytics.InputError{Op: op, What: "sectors", Index: i, Got: "energy without activity", Want: "an area or headcount above 0"}
		}
		total += s.Activity
	}
	out := make(Table, len(sectors))
	for i, s := range sectors {
		weather, normal := 1., s.Energy
		if s.Normal > 0 {
			weather, normal = s.Energy/s.Normal, s.Normal
		}
		out[i] = []float64{total, ratio(s.Activity, total), weather, ratio(normal, s.Activity)}
	}
	return out, nil
}

// Carbon is one fuel of one sector in one period.
type Carbon struct {
	Sector   int     // counted from 0; its activity and energy are in the sectors given
	Energy   float64 // of this fuel
	Emission float64 // of this fuel
}

// CarbonFactors names the columns of [CarbonTable], in order.
var CarbonFactors = []string{"activity", "structure", "intensity", "fuel_mix", "emission_factor"}

// CarbonTable lays out C = sum_ij A S_i I_i M_ij U_ij: total activity, the sector's
// share, energy per activity, the fuel's share of the sector's energy, and its
// emission per energy. activity holds one area or headcount per sector. The order
// of fuels must be the same in every period.
func CarbonTable(activity []float64, fuels []Carbon) (Table, error) {
	energy := make([]float64, len(activity))
	for i, f := range fuels {
		if f.Sector < 0 || f.Sector >= len(activity) {
			return nil, &analytics.InputError{Op: op, What: "fuels", Index: i, Got: fmt.Sprintf("sector %d", f.Sector), Want: fmt.Sprintf("0 to %d", len(activity)-1)}
		}
		if !(f.Energy >= 0) || !(f.Emission >= 0) || math.IsInf(f.Energy+f.Emission, 0) || f.Energy == 0 && f.Emission > 0 {
			return nil, &analytics.InputError{Op: op, What: "fuels", Index: i, Got: fmt.Sprintf("%+v", f), Want: "finite values of at least 0, emission only with energy"}
		}
		energy[f.Sector] += f.Energy
	}
	var total float64
	for i, a := range activity {
		if !(a >= 0) || math.IsInf(a, 0) || a == 0 && energy[i] > 0 {
			return nil, &analytics.InputError{Op: op, What: "activity", Index: i, Got: fmt.Sprint(a), Want: "a finite value of at least 0, above 0 where there is energy"}
		}
		total += a
	}
	out := make(Table, len(fuels))
	for i, f := range fuels {
		a := activity[f.Sector]
		out[i] = []float64{total, ratio(a, total), ratio(energy[f.Sector], a), ratio(f.Energy, energy[f.Sector]), ratio(f.Emission, f.Energy)}
	}
	return out, nil
}

// ratio is a/b, undefined (NaN) where b is zero.
func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}
