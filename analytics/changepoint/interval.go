package changepoint

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"jouleline/analytics"
)

// interval returns the profile-likelihood interval of the (first) change point,
//
//	{ c : SSE(c) <= limit },
//
// where every other parameter is fitted anew at each c. Where the set has gaps
// its hull is returned. bounded is false where it reaches the coldest or warmest
// temperature that leaves an arm of points: the data do not bound it.
func (s *series) interval(form Form, best, limit float64) (ci [2]float64, bounded bool) {
	first, last := -1, -1 // knots that may hold the change point
	for i := range s.knots {
		if s.cold(i) && s.warm(i) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	ci = [2]float64{best, best}
	if first < 0 {
		return ci, false
	}
	inside := func(c float64) bool { return s.at(form, c) <= limit }
	low := outermost(s.knots[first:last+1], best, inside, false)
	high := outermost(s.knots[first:last+1], best, inside, true)
	ci = [2]float64{low, high}
	return ci, low > s.knots[first].t && high < s.knots[last].t
}

// outermost finds the knot farthest from best that is still inside, then the
// border in the cell beyond it.
func outermost(knots []knot, best float64, inside func(float64) bool, up bool) float64 {
	n := len(knots)
	edge, beyond := best, math.NaN()
	for step := range n {
		i := step // from the outside in
		if up {
			i = n - 1 - step
		}
		t := knots[i].t
		if up && t < best || !up && t > best {
			break
		}
		if inside(t) {
			edge = t
			break
		}
		beyond = t
	}
	if math.IsNaN(beyond) {
		return edge
	}
	for range 60 { // halving a cell 60 times exhausts double precision
		middle := edge + (beyond-edge)/2
		if inside(middle) {
			edge = middle
		} else {
			beyond = middle
		}
	}
	return edge
}

// intervals finds the profile-likelihood intervals of the change points.
func (m *Model) intervals(data *series, best optimum, s Settings) {
	if !m.Form.Heating() && !m.Form.Cooling() {
		return
	}
	df := float64(m.N - m.P)
	limit := best.sse * (1 + distuv.F{D1: 1, D2: df}.Quantile(s.Level)/df)
	unbounded := func(name string) {
		m.Warnings = append(m.Warnings, analytics.Warning{
			Code:   CodeUnbounded,
			Detail: "the data do not bound the " + name + " change point on both sides",
		})
	}
	if m.Form.Heating() {
		ci, bounded := data.interval(m.Form, best.c1, limit)
		m.HeatingCI = [2]float64{ci[0] + data.meanT, ci[1] + data.meanT}
		if !bounded {
			unbounded("heating")
		}
	}
	switch m.Form {
	case FourP:
		m.CoolingCI = m.HeatingCI
	case ThreePCooling, FiveP:
		form := m.Form
		if form == ThreePCooling {
			form = ThreePHeating
		}
		ci, bounded := data.mirrored().interval(form, -best.c2, limit)
		m.CoolingCI = [2]float64{-ci[1] + data.meanT, -ci[0] + data.meanT}
		if !bounded {
			unbounded("cooling")
		}
	}
}
