package cause

import (
	"math/big"

	"jouleline/analytics/variant"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// known tells whether the question's set knows a carrier, for all that is weighed.
func (q *Query) known(c schema.Carrier) bool {
	if !c.IsEnergy() || q.Factors.Coal[c] == nil {
		return false
	}
	return q.Of == Energy || c == schema.Electricity || q.Factors.Carbon[c] != nil
}

// activitySet lets every carrier count one.
func (q *Query) activitySet() *factor.Set {
	one := big.NewRat(1, 1)
	return variant.Of(q.Factors, func(c schema.Carrier) *big.Rat {
		if !q.known(c) {
			return nil
		}
		return one
	})
}

// energySet counts kgce of one carrier, or of all.
func (q *Query) energySet(only schema.Carrier) *factor.Set {
	return variant.Of(q.Factors, func(c schema.Carrier) *big.Rat {
		switch {
		case !q.known(c):
			return nil
		case only != schema.CarrierNone && c != only:
			return new(big.Rat)
		}
		return q.Factors.Coal[c]
	})
}

// carbonSet counts kgCO2 of one carrier. Electricity keeps the grids of regions and
// years.
func (q *Query) carbonSet(only schema.Carrier) *factor.Set {
	v := variant.Of(q.Factors, func(c schema.Carrier) *big.Rat {
		switch {
		case !q.known(c):
			return nil
		case c != only || c == schema.Electricity:
			return new(big.Rat)
		}
		return q.Factors.Carbon[c]
	})
	if only == schema.Electricity {
		v.Grid, v.Mode = q.Factors.Grid, q.Mode
	}
	return v
}

// measures gives the total that is read and its ratio to the activity.
func (q *Query) measures() (total, ratio indicator.Measure) {
	if q.Activity == People {
		return indicator.Energy, indicator.EnergyPerCapita
	}
	return indicator.Carbon, indicator.CarbonPerArea
}
