package regress

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// design is the weighted problem after centring and scaling: minimise |z - A g|
// with A's columns of unit length, where slope j is g[j]/scale[j].
type design struct {
	columns     [][]float64 // of A, without rows of weight 0
	z           []float64
	means       []float64 // weighted means of the columns, zero through the origin
	scale       []float64 // 0 where a column is constant
	meanY       float64
	totalWeight float64
}

func newDesign(y []float64, columns [][]float64, s Settings, rows int) *design {
	k := len(columns)
	d := &design{columns: make([][]float64, k), means: make([]float64, k), scale: make([]float64, k)}
	d.totalWeight = float64(rows)
	if s.Weights != nil {
		d.totalWeight = floats.Sum(s.Weights)
	}
	mean := func(x []float64) float64 {
		if s.Origin {
			return 0
		}
		return weightedMean(x, s.Weights, d.totalWeight)
	}
	backing := make([]float64, 0, rows*(k+1))
	for j, c := range columns {
		d.means[j] = mean(c)
		start := len(backing)
		backing = appendCentred(backing, c, d.means[j], s.Weights)
		d.columns[j] = backing[start:len(backing):len(backing)]
		d.scale[j] = d.scaleColumn(j)
	}
	d.meanY = mean(y)
	start := len(backing)
	backing = appendCentred(backing, y, d.meanY, s.Weights)
	d.z = backing[start:]
	return d
}

// appendCentred appends sqrt(w)(x-mean) for every row of weight above 0.
func appendCentred(dst, x []float64, mean float64, weights []float64) []float64 {
	if weights == nil {
		for _, v := range x {
			dst = append(dst, v-mean)
		}
		return dst
	}
	for i, v := range x {
		if w := weights[i]; w > 0 {
			dst = append(dst, math.Sqrt(w)*(v-mean))
		}
	}
	return dst
}

// weightedMean adds a second pass over the deviations, which removes the
// rounding of the first: sums of large near-equal values lose digits.
func weightedMean(x, weights []float64, total float64) float64 {
	var mean, rest float64
	if weights == nil {
		mean = floats.Sum(x) / total
		for _, v := range x {
			rest += v - mean
		}
		return mean + rest/total
	}
	mean = floats.Dot(weights, x) / total
	for i, v := range x {
		rest += weights[i] * (v - mean)
	}
	return mean + rest/total
}

// scaleColumn divides column j by its length and returns that length; a column
// that is constant up to rounding becomes zero and returns 0.
func (d *design) scaleColumn(j int) float64 {
	c := d.columns[j]
	norm := floats.Norm(c, 2)
	// Below smallest the slope, or its square, would leave the range of numbers.
	const eps, smallest = 0x1p-52, 1e-70
	if norm <= max(8*eps*math.Abs(d.means[j])*math.Sqrt(d.totalWeight), smallest) {
		clear(c)
		return 0
	}
	for i := range c {
		c[i] /= norm
	}
	return norm
}
