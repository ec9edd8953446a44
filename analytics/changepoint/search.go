package changepoint

import (
	"cmp"
	"math"
	"slices"
)

// optimum is where a search ended: change points in centred temperature.
type optimum struct {
	c1, c2, sse float64
	found       bool
}

func (o *optimum) take(c1, c2, sse float64) {
	if !o.found || sse < o.sse {
		*o = optimum{c1, c2, sse, true}
	}
}

// crossing returns the temperature at which slopeDiff T = levelDiff, and whether
// it lies in the cell below knot i.
func (s *series) crossing(slopeDiff, levelDiff float64, i int) (float64, bool) {
	if slopeDiff == 0 {
		return 0, false
	}
	c := levelDiff / slopeDiff
	return c, c >= s.knots[i-1].t && c <= s.knots[i].t
}

// cold tells whether enough points are not warmer than any place at or above knot
// i, or in the cell above it.
func (s *series) cold(i int) bool { return s.knots[i].hi >= s.arm }

// warm tells whether enough points are not colder than knot i.
func (s *series) warm(i int) bool { return len(s.t)-s.knots[i].lo >= s.arm }

// heating3 finds the best 3P heating model: its change point lies on a knot, or
// in a cell where a free line meets the mean of the rest.
func (s *series) heating3() (best optimum) {
	n := len(s.t)
	for i, k := range s.knots {
		if !s.warm(i) {
			break
		}
		if s.cold(i) {
			if _, b1, sse, ok := s.hinge(k.lo, n, k.t); ok && b1 >= 0 {
				best.take(k.t, k.t, sse)
			}
		}
		if i == 0 || !s.cold(i-1) {
			continue
		}
		slope, atZero, left, ok := s.line(0, k.lo)
		mean, right := s.flat(k.lo, n)
		if ok && slope < 0 {
			if c, inside := s.crossing(slope, mean-atZero, i); inside {
				best.take(c, c, left+right)
			}
		}
	}
	return best
}

// four finds the best 4P model: a common knot, two free lines that meet in a cell,
// or a 3P model, which is a 4P model with a slope of zero.
func (s *series) four() (best optimum) {
	best = s.heating3()
	if o := s.mirrored().heating3(); o.found {
		best.take(-o.c1, -o.c1, o.sse)
	}
	n := len(s.t)
	for i, k := range s.knots {
		if !s.warm(i) {
			break
		}
		if s.cold(i) {
			if b1, b2, sse, ok := s.hinges(k.lo, k.hi, k.t, k.t); ok && b1 >= 0 && b2 >= 0 {
				best.take(k.t, k.t, sse)
			}
		}
		if i == 0 || !s.cold(i-1) {
			continue
		}
		a, a0, left, okA := s.line(0, k.lo)
		b, b0, right, okB := s.line(k.lo, n)
		if okA && okB && a <= 0 && b >= 0 {
			if c, inside := s.crossing(a-b, b0-a0, i); inside {
				best.take(c, c, left+right)
			}
		}
	}
	return best
}

// five finds the best 5P model: each change point on a knot or in a cell, with at
// least two distinct temperatures in the flat part (one, or none, would not say
// where it lies), or a 4P model. The number of pairs grows with the square of the
// number of distinct temperatures.
func (s *series) five() optimum {
	best := s.four()
	for i, k := range s.knots {
		if s.cold(i) {
			if o := s.fiveAt(k.t); o.found {
				best.take(o.c1, o.c2, o.sse)
			}
		}
		if i > 0 && s.cold(i-1) {
			s.fiveInCell(i, &best)
		}
	}
	return best
}

// fiveInCell tries all second change points while the first lies in the cell below
// knot i, where the cold arm is a free line.
func (s *series) fiveInCell(i int, best *optimum) {
	n, k := len(s.t), s.knots[i].lo
	slope, atZero, left, ok := s.line(0, k)
	if !ok || slope > 0 {
		return
	}
	for j := i + 1; j < len(s.knots) && s.warm(j); j++ {
		second := s.knots[j]
		if base, b2, sse, ok := s.warmHinge(k, second.hi, second.t); ok && b2 >= 0 {
			if c1, inside := s.crossing(slope, base-atZero, i); inside {
				best.take(c1, second.t, left+sse)
			}
		}
		if j < i+2 {
			continue
		}
		mean, middle := s.flat(k, second.lo)
		c1, inside := s.crossing(slope, mean-atZero, i)
		b, b0, right, ok := s.line(second.lo, n)
		if !inside || !ok || b < 0 {
			continue
		}
		if c2, inside := s.crossing(b, mean-b0, j); inside {
			best.take(c1, c2, left+middle+right)
		}
	}
}

// warmHinge fits y = b0 + b2 (T-c)+ to the points from k on, of which those from
// j on are warmer than c.
func (s *series) warmHinge(k, j int, c float64) (b0, b2, sse float64, ok bool) {
	q, w := s.stretch(k, len(s.t)), s.warmArm(j, c)
	sww, swy := w.hh-w.h*w.h/q.n, w.hy-w.h*q.y/q.n
	if !(sww > 0) {
		return 0, 0, 0, false
	}
	b2 = swy / sww
	return (q.y - b2*w.h) / q.n, b2, max(q.yy-q.y*q.y/q.n-b2*swy, 0), true
}

// fiveAt finds the best second change point for a given first one, which lies on
// a knot or anywhere else.
func (s *series) fiveAt(c1 float64) (best optimum) {
	n, k := len(s.t), s.below(c1)
	if above := s.notAbove(c1); n-k >= s.arm {
		if b1, b2, sse, ok := s.hinges(k, above, c1, c1); ok && b1 >= 0 && b2 >= 0 {
			best.take(c1, c1, sse)
		}
	}
	first := s.knotFrom(c1)
	for j := first + 1; j < len(s.knots) && s.warm(j); j++ {
		second := s.knots[j]
		if b1, b2, sse, ok := s.hinges(k, second.hi, c1, second.t); ok && b1 >= 0 && b2 >= 0 {
			best.take(c1, second.t, sse)
		}
		if j < first+2 {
			continue
		}
		base, b1, left, okA := s.hinge(k, second.lo, c1)
		b, b0, right, okB := s.line(second.lo, n)
		if okA && okB && b1 >= 0 && b >= 0 {
			if c2, inside := s.crossing(b, base-b0, j); inside {
				best.take(c1, c2, left+right)
			}
		}
	}
	return best
}

// knotFrom returns the index of the first knot at or above c.
func (s *series) knotFrom(c float64) int {
	i, _ := slices.BinarySearchFunc(s.knots, c, func(k knot, c float64) int { return cmp.Compare(k.t, c) })
	return i
}

// at returns the least sum of squares of a form whose (first) change point is c,
// infinity where there is none.
func (s *series) at(form Form, c float64) float64 {
	switch form {
	case ThreePHeating:
		if _, b1, sse, ok := s.hinge(s.below(c), len(s.t), c); ok && b1 >= 0 {
			return sse
		}
	case FourP:
		if b1, b2, sse, ok := s.hinges(s.below(c), s.notAbove(c), c, c); ok && b1 >= 0 && b2 >= 0 {
			return sse
		}
	case FiveP:
		if o := s.fiveAt(c); o.found {
			return o.sse
		}
	}
	return math.Inf(1)
}
