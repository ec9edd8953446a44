package towt

import (
	"math"

	"jouleline/analytics/regress"
)

// mode is the model of one kind of hours: a level per time of week and a slope per
// temperature piece.
type mode struct {
	knots  []float64 // F
	slopes []float64
	levels []float64 // by time of week, NaN where never seen
}

// pieces writes the temperature pieces of t: how far it reaches into each stretch
// between knots. The first piece is t itself up to the first knot.
func pieces(dst []float64, t float64, knots []float64) {
	if len(knots) == 0 {
		dst[0] = t
		return
	}
	dst[0] = min(t, knots[0])
	for k := 1; k < len(knots); k++ {
		dst[k] = min(max(t-knots[k-1], 0), knots[k]-knots[k-1])
	}
	dst[len(knots)] = max(t-knots[len(knots)-1], 0)
}

// usableKnots drops outer knots until each outer piece holds minPiece observations,
// and then inner ones with fewer (CalTRACK 3.9.1).
func usableKnots(knots, temps []float64) []float64 {
	out := append([]float64{}, knots...)
	for len(out) > 0 {
		counts := make([]int, len(out)+1)
		for _, t := range temps {
			k := 0
			for k < len(out) && t > out[k] {
				k++
			}
			counts[k]++
		}
		switch {
		case counts[len(out)] < minPiece:
			out = out[:len(out)-1]
		case counts[0] < minPiece:
			out = out[1:]
		default:
			thin := -1
			for k := 1; k < len(out); k++ {
				if counts[k] < minPiece {
					thin = k
				}
			}
			if thin < 0 {
				return out
			}
			out = append(out[:thin], out[thin+1:]...)
		}
	}
	return out
}

// fitMode fits the rows of one mode; weights nil means 1. It returns nil where
// there are no rows.
func fitMode(r rows, weights []float64, knots []float64, times int) (*mode, error) {
	n := len(r.load)
	if n == 0 {
		return nil, nil
	}
	m := &mode{knots: usableKnots(knots, r.tempF), levels: make([]float64, times)}
	k := len(m.knots) + 1
	columns, backing := make([][]float64, k), make([]float64, n*k)
	for j := range columns {
		columns[j] = backing[j*n : (j+1)*n]
	}
	row := make([]float64, k)
	sums := make([]float64, times*(k+2)) // per time of week: weight, load, pieces
	for i, t := range r.tempF {
		pieces(row, t, m.knots)
		w := 1.
		if weights != nil {
			w = weights[i]
		}
		s := sums[r.tow[i]*(k+2):]
		s[0] += w
		s[1] += w * r.load[i]
		for j, v := range row {
			columns[j][i] = v
			s[2+j] += w * v
		}
	}
	for w := range times {
		s := sums[w*(k+2) : (w+1)*(k+2)]
		for j := 1; j < len(s); j++ {
			s[j] /= s[0] // 0/0 is NaN: never seen
		}
	}
	y := make([]float64, n)
	for i, w := range r.tow {
		s := sums[w*(k+2):]
		y[i] = r.load[i] - s[1]
		for j := range columns {
			columns[j][i] -= s[2+j]
		}
	}
	var err error
	if m.slopes, err = slopes(y, columns, weights); err != nil {
		return nil, err
	}
	for w := range m.levels {
		s := sums[w*(k+2):]
		m.levels[w] = s[1]
		for j, b := range m.slopes {
			m.levels[w] -= b * s[2+j]
		}
	}
	return m, nil
}

// slopes solves the demeaned problem. Pieces that repeat one another (a mode seen
// at few temperatures) share the slope; too few rows have none.
func slopes(y []float64, columns [][]float64, weights []float64) ([]float64, error) {
	out := make([]float64, len(columns))
	if len(y) <= len(columns) {
		return out, nil
	}
	m, err := regress.Fit(y, columns, regress.Settings{Weights: weights, Origin: true, MinimumNorm: true})
	if err != nil {
		return nil, err
	}
	for j, s := range m.Slopes {
		out[j] = s.Value
	}
	return out, nil
}

// predict returns the load at a time of week, NaN where that was never seen.
func (m *mode) predict(tow int, tempF float64) float64 {
	if m == nil {
		return math.NaN()
	}
	level := m.levels[tow]
	if math.IsNaN(level) {
		return level
	}
	var buffer [8]float64
	row := buffer[:len(m.knots)+1]
	pieces(row, tempF, m.knots)
	for j, v := range row {
		level += m.slopes[j] * v
	}
	return level
}

// twoModes is a model of occupied and other hours.
type twoModes struct {
	occupied []bool
	modes    [2]*mode // other, occupied
}

// predict clips at zero: a load is not negative (LBNL).
func (m *twoModes) predict(tow int, tempF float64) float64 {
	i := 0
	if m.occupied[tow] {
		i = 1
	}
	return max(m.modes[i].predict(tow, tempF), 0)
}

// fitTwoModes splits the rows by occupancy and fits both.
func fitTwoModes(r rows, weights []float64, occupied []bool, knots []float64) (*twoModes, error) {
	out := &twoModes{occupied: occupied}
	for i := range out.modes {
		part, partWeights := r.where(weights, func(k int) bool { return occupied[r.tow[k]] == (i == 1) })
		var err error
		if out.modes[i], err = fitMode(part, partWeights, knots, len(occupied)); err != nil {
			return nil, err
		}
	}
	return out, nil
}
