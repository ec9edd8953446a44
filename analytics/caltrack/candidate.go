package caltrack

import "math"

// The grid in the order in which ties are decided: the intercept alone, heating
// only, cooling only, then both with cooling as the outer loop.
const (
	firstHDD   = 1
	firstCDD   = firstHDD + gridSize
	firstBoth  = firstCDD + gridSize
	candidates = firstBoth + gridSize*(gridSize+1)/2
)

// tieTolerance is the difference of adjusted R2 below which two candidates count
// as equal and the first wins. Balance points above the hottest day differ by a
// constant only and tie exactly; without this, rounding would choose.
const tieTolerance = 1e-10

// AlternativeMargin is the adjusted R2 within which another model fits as well.
const AlternativeMargin = .005

// scores holds the adjusted R2 of every candidate, NaN where it was not tried
// or has a negative coefficient.
type scores [candidates]float64

func bothIndex(h, c int) int { return firstBoth + c*(c+1)/2 + h }

// decode returns the kind and grid indices of a candidate.
func decode(i int) (kind Kind, h, c int) {
	switch {
	case i < firstHDD:
		return InterceptOnly, 0, 0
	case i < firstCDD:
		return HDDOnly, i - firstHDD, 0
	case i < firstBoth:
		return CDDOnly, 0, i - firstCDD
	}
	i -= firstBoth
	for c = 0; (c+1)*(c+2)/2 <= i; c++ {
	}
	return CDDHDD, i - c*(c+1)/2, c
}

// choose returns the best candidate, the earliest of equals, and whether any
// qualified.
func (s *scores) choose() (best int, ok bool) {
	best = -1
	top := math.Inf(-1)
	for i, v := range s {
		if v > top+tieTolerance { // false for NaN
			best, top = i, v
		}
	}
	return best, best >= 0
}

// Alternative is the best candidate of another form that fits as well.
type Alternative struct {
	Kind                           Kind
	HeatingBalance, CoolingBalance float64 // in the model's scale, 0 where the form has none
	AdjR2                          float64
}

// rivals lists the best candidate of every other kind within the margin, and the
// widest balance points of the same kind within it (as grid indices).
func (s *scores) rivals(best int) (others []int, heating, cooling [2]int) {
	kind, h, c := decode(best)
	heating, cooling = [2]int{h, h}, [2]int{c, c}
	limit := s[best] - AlternativeMargin
	top := [4]int{-1, -1, -1, -1}
	for i, v := range s {
		if !(v >= limit) {
			continue
		}
		k, h, c := decode(i)
		if k == kind {
			heating = [2]int{min(heating[0], h), max(heating[1], h)}
			cooling = [2]int{min(cooling[0], c), max(cooling[1], c)}
		} else if top[k] < 0 || v > s[top[k]]+tieTolerance {
			top[k] = i
		}
	}
	for _, i := range top {
		if i >= 0 {
			others = append(others, i)
		}
	}
	return others, heating, cooling
}

// moments are the centred sums of a candidate's columns with y, from which its
// coefficients and adjusted R2 follow.
type moments struct {
	n        float64 // observations
	meanY    float64
	syy      float64
	perSSE1  float64 // what a unit of SSE costs in adjusted R2 with one slope
	perSSE2  float64 // and with two
	meanH    float64
	meanC    float64
	shh, shy float64
	scc, scy float64
	shc      float64
}

// determinantMin is the least determinant, relative to the product of its
// diagonal, that two columns are solved with; below it they repeat each other.
const determinantMin = 1e-9

func (m *moments) one(mean, sxx, sxy float64) float64 {
	if !(sxx > 0) || m.n <= 2 {
		return math.NaN()
	}
	slope := sxy / sxx
	if slope < 0 || m.meanY-slope*mean < 0 {
		return math.NaN()
	}
	return m.adjR2(slope*sxy, m.perSSE1)
}

func (m *moments) both() float64 {
	det := m.shh*m.scc - m.shc*m.shc
	if !(det > determinantMin*m.shh*m.scc) || m.n <= 3 {
		return math.NaN()
	}
	bH := m.scc*m.shy - m.shc*m.scy // times det, which is positive
	bC := m.shh*m.scy - m.shc*m.shy
	if bH < 0 || bC < 0 || m.meanY*det-bH*m.meanH-bC*m.meanC < 0 {
		return math.NaN()
	}
	return m.adjR2((bH*m.shy+bC*m.scy)/det, m.perSSE2)
}

// setY stores what the adjusted R2 needs of y: (n-1)/(n-c-1)/SST for c = 1, 2.
// One division per candidate less is a sixth of the whole search.
func (m *moments) setY(syy float64) {
	if rounding := 1e-14 * m.meanY; syy <= m.n*rounding*rounding {
		return // constant up to rounding: nothing to explain
	}
	m.syy = syy
	m.perSSE1 = (m.n - 1) / (m.n - 2) / syy
	m.perSSE2 = (m.n - 1) / (m.n - 3) / syy
}

// adjR2 is 1 - (SSE/(n-c-1))/(SST/(n-1)), 0 where y does not vary.
func (m *moments) adjR2(explained, perSSE float64) float64 {
	if m.syy <= 0 {
		return 0
	}
	return 1 - max(m.syy-explained, 0)*perSSE
}
