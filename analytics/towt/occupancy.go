package towt

import "jouleline/analytics/regress"

// occupancy tells for each time of week whether the building is usually in use:
// whether its load lies above a plain regression on degree hours most of the time.
// weights nil means 1.
func occupancy(r rows, weights []float64, times int) ([]bool, error) {
	n := len(r.load)
	cold, hot := make([]float64, n), make([]float64, n)
	for i, t := range r.tempF {
		cold[i], hot[i] = max(heatingF-t, 0), max(t-coolingF, 0)
	}
	// A place without cold or hot hours has an idle column: slope 0.
	m, err := regress.Fit(r.load, [][]float64{cold, hot}, regress.Settings{Weights: weights, MinimumNorm: true})
	if err != nil {
		return nil, err
	}
	above, seen := make([]int, times), make([]int, times)
	for i, y := range r.load {
		seen[r.tow[i]]++
		if y > m.Intercept.Value+m.Slopes[0].Value*cold[i]+m.Slopes[1].Value*hot[i] {
			above[r.tow[i]]++
		}
	}
	occupied := make([]bool, times)
	count := 0
	for w := range occupied {
		if float64(above[w]) > occupiedShare*float64(seen[w]) {
			occupied[w] = true
			count++
		}
	}
	if count < minOccupiedTimes {
		return make([]bool, times), nil
	}
	return occupied, nil
}
