package weather

import "math"

// Totals is a sum of degree days over days with a known temperature.
type Totals struct {
	Heating, Cooling float64 // degree days in the scale of the temperatures
	Days             int     // days with a known mean
	Missing          int     // days without one, which count for nothing
}

// DegreeDays sums max(heatingBase - T, 0) and max(T - coolingBase, 0) over daily
// means T, in degrees of their own scale. NaN days are counted as missing; the
// caller decides how many are too many.
func DegreeDays(means []float64, heatingBase, coolingBase float64) Totals {
	var t Totals
	for _, v := range means {
		if math.IsNaN(v) {
			t.Missing++
			continue
		}
		t.Days++
		t.Heating += max(heatingBase-v, 0)
		t.Cooling += max(v-coolingBase, 0)
	}
	return t
}
