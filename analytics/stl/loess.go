package stl

import "math"

// smoother runs loess of degree one at unit spacing. buffer holds its weights.
type smoother struct{ buffer []float64 }

// at estimates y at position x (points lie at 1..n) from the points left..right,
// with tricube weights, times robustness weights where given. ok is false where
// all weights vanish.
func (s *smoother) at(y []float64, span int, x float64, left, right int, robust []float64) (fit float64, ok bool) {
	n := len(y)
	h := max(x-float64(left), float64(right)-x)
	if span > n {
		h += float64((span - n) / 2)
	}
	w := s.buffer[:n]
	var total float64
	for j := left; j <= right; j++ {
		r := math.Abs(float64(j) - x)
		v := 0.
		switch {
		case r > .999*h:
		case r <= .001*h:
			v = 1
		default:
			q := r / h
			q = 1 - q*q*q
			v = q * q * q
		}
		if robust != nil {
			v *= robust[j-1]
		}
		w[j-1] = v
		total += v
	}
	if total <= 0 {
		return 0, false
	}
	var centre float64
	for j := left; j <= right; j++ {
		w[j-1] /= total
		centre += w[j-1] * float64(j)
	}
	if h > 0 {
		var spread float64
		for j := left; j <= right; j++ {
			d := float64(j) - centre
			spread += w[j-1] * d * d
		}
		// Points at almost one place cannot carry a slope.
		if math.Sqrt(spread) > .001*float64(n-1) {
			slope := (x - centre) / spread
			for j := left; j <= right; j++ {
				w[j-1] *= slope*(float64(j)-centre) + 1
			}
		}
	}
	for j := left; j <= right; j++ {
		fit += w[j-1] * y[j-1]
	}
	return fit, true
}

// smoothTo writes the loess of y into dst, at every jump-th point and by straight
// lines between.
func (s *smoother) smoothTo(dst, y []float64, span, jump int, robust []float64) {
	n := len(y)
	if n < 2 {
		copy(dst, y)
		return
	}
	jump = min(jump, n-1)
	left, right := 1, n
	estimate := func(i int) {
		fit, ok := s.at(y, span, float64(i), left, right, robust)
		if !ok {
			fit = y[i-1]
		}
		dst[i-1] = fit
	}
	half := (span + 1) / 2
	for i := 1; i <= n; i += jump {
		switch {
		case span >= n:
		case i < half:
			left, right = 1, span
		case i >= n-half+1:
			left, right = n-span+1, n
		default:
			left, right = i-half+1, span+i-half
		}
		estimate(i)
	}
	if jump == 1 {
		return
	}
	for i := 1; i <= n-jump; i += jump {
		interpolate(dst, i, i+jump)
	}
	if last := (n-1)/jump*jump + 1; last != n {
		estimate(n)
		interpolate(dst, last, n)
	}
}

// interpolate fills dst between the positions i and k by a straight line.
func interpolate(dst []float64, i, k int) {
	step := (dst[k-1] - dst[i-1]) / float64(k-i)
	for j := i + 1; j < k; j++ {
		dst[j-1] = dst[i-1] + step*float64(j-i)
	}
}

// movingAverageTo writes the means of n successive points into dst, which is n-1
// shorter than x.
func movingAverageTo(dst, x []float64, n int) []float64 {
	var sum float64
	for _, v := range x[:n] {
		sum += v
	}
	dst = dst[:len(x)-n+1]
	dst[0] = sum / float64(n)
	for i := n; i < len(x); i++ {
		sum += x[i] - x[i-n]
		dst[i-n+1] = sum / float64(n)
	}
	return dst
}
