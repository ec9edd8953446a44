package changepoint

import (
	"math"
	"slices"
)

// series is the data in order of temperature, centred, with running sums: any
// stretch of points can be fitted in constant time.
type series struct {
	t, y         []float64 // centred
	meanT, meanY float64
	sum          []sums // sum[i] covers the points before i
	knots        []knot // the distinct temperatures
	arm          int    // least number of points in an arm
}

// knot is a distinct temperature t, held by the points [lo, hi). The cell below it
// reaches down to the knot before.
type knot struct {
	t      float64
	lo, hi int
}

type sums struct{ n, t, y, tt, ty, yy float64 }

func (s sums) minus(o sums) sums {
	return sums{s.n - o.n, s.t - o.t, s.y - o.y, s.tt - o.tt, s.ty - o.ty, s.yy - o.yy}
}

func newSeries(temps, use []float64) *series {
	n := len(temps)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case temps[a] < temps[b]:
			return -1
		case temps[a] > temps[b]:
			return 1
		}
		return 0
	})
	s := &series{t: make([]float64, n), y: make([]float64, n), sum: make([]sums, n+1), arm: armPoints(n)}
	for i := range n {
		s.meanT += temps[i] / float64(n)
		s.meanY += use[i] / float64(n)
	}
	for i, k := range order {
		t, y := temps[k]-s.meanT, use[k]-s.meanY
		s.t[i], s.y[i] = t, y
		p := s.sum[i]
		s.sum[i+1] = sums{p.n + 1, p.t + t, p.y + y, p.tt + t*t, p.ty + t*y, p.yy + y*y}
		if i == 0 || s.t[i-1] < t {
			s.knots = append(s.knots, knot{t: t, lo: i})
		}
		s.knots[len(s.knots)-1].hi = i + 1
	}
	return s
}

// mirrored returns the series with temperatures of opposite sign: heating becomes
// cooling, so each search is written once.
func (s *series) mirrored() *series {
	n := len(s.t)
	t, y := make([]float64, n), make([]float64, n)
	for i := range n {
		t[n-1-i], y[n-1-i] = -s.t[i], s.y[i]
	}
	return newSeries(t, y)
}

func (s *series) stretch(i, j int) sums { return s.sum[j].minus(s.sum[i]) }

// flat returns mean and squared error of the points [i, j).
func (s *series) flat(i, j int) (mean, sse float64) {
	q := s.stretch(i, j)
	mean = q.y / q.n
	return mean, max(q.yy-q.y*mean, 0)
}

// line returns the free line through the points [i, j); ok is false where their
// temperatures do not differ.
func (s *series) line(i, j int) (slope, atZero, sse float64, ok bool) {
	q := s.stretch(i, j)
	sxx := q.tt - q.t*q.t/q.n
	if !(sxx > 1e-12*(q.tt+1e-300)) {
		return 0, 0, 0, false
	}
	sxy := q.ty - q.t*q.y/q.n
	slope = sxy / sxx
	atZero = (q.y - slope*q.t) / q.n
	return slope, atZero, max(q.yy-q.y*q.y/q.n-slope*sxy, 0), true
}

// arm sums the distances h = c-T of the points before k, all colder than c.
type arm struct{ h, hh, hy float64 }

func (s *series) coldArm(k int, c float64) arm {
	q := s.sum[k]
	return arm{q.n*c - q.t, q.n*c*c - 2*c*q.t + q.tt, c*q.y - q.ty}
}

// warmArm sums T-c of the points from k on, all warmer than c.
func (s *series) warmArm(k int, c float64) arm {
	q := s.stretch(k, len(s.t))
	return arm{q.t - q.n*c, q.tt - 2*c*q.t + q.n*c*c, q.ty - c*q.y}
}

// hinge fits y = b0 + b1 (c-T)+ to the points before j, of which those before k
// are colder than c.
func (s *series) hinge(k, j int, c float64) (b0, b1, sse float64, ok bool) {
	q, a := s.sum[j], s.coldArm(k, c)
	shh, shy := a.hh-a.h*a.h/q.n, a.hy-a.h*q.y/q.n
	if !(shh > 0) {
		return 0, 0, 0, false
	}
	b1 = shy / shh
	b0 = (q.y - b1*a.h) / q.n
	return b0, b1, max(q.yy-q.y*q.y/q.n-b1*shy, 0), true
}

// hinges fits y = b0 + b1 (c1-T)+ + b2 (T-c2)+ to all points.
func (s *series) hinges(k1, k2 int, c1, c2 float64) (b1, b2, sse float64, ok bool) {
	q, a, w := s.sum[len(s.t)], s.coldArm(k1, c1), s.warmArm(k2, c2)
	shh, sww, shw := a.hh-a.h*a.h/q.n, w.hh-w.h*w.h/q.n, -a.h*w.h/q.n
	shy, swy := a.hy-a.h*q.y/q.n, w.hy-w.h*q.y/q.n
	det := shh*sww - shw*shw
	if !(det > 1e-12*shh*sww) {
		return 0, 0, 0, false
	}
	b1 = (sww*shy - shw*swy) / det
	b2 = (shh*swy - shw*shy) / det
	syy := q.yy - q.y*q.y/q.n
	return b1, b2, max(syy-b1*shy-b2*swy, 0), true
}

// below returns how many points are colder than c.
func (s *series) below(c float64) int {
	k, _ := slices.BinarySearch(s.t, c)
	return k
}

// notAbove returns how many points are not warmer than c.
func (s *series) notAbove(c float64) int {
	k, _ := slices.BinarySearch(s.t, math.Nextafter(c, math.Inf(1)))
	return k
}
