// Package orderstat answers which value stands at a given rank: medians,
// quantiles by a named definition, and the median absolute deviation.
//
// It refuses to guess a definition (a quantile of few points depends on it) and
// it does not skip NaN: callers remove gaps first, with [Finite].
package orderstat

import (
	"math"
	"slices"
)

// Method names a definition of a sample quantile after Hyndman and Fan, Sample
// quantiles in statistical packages, The American Statistician 50 (1996), 361-365.
type Method int

const (
	// Type7 interpolates at h = (n-1)p + 1, the default of R and of spreadsheets.
	Type7 Method = iota
	// Hazen interpolates at h = np + 1/2 (type 5), used for percentile ranks of peers.
	Hazen
)

// Finite returns the values of x that are neither NaN nor infinite, in a new slice.
func Finite(x []float64) []float64 {
	out := make([]float64, 0, len(x))
	for _, v := range x {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			out = append(out, v)
		}
	}
	return out
}

// Sorted returns an ascending copy of x.
func Sorted(x []float64) []float64 {
	out := slices.Clone(x)
	slices.Sort(out)
	return out
}

// Quantile returns the p-quantile of ascending values. p is clamped to [0, 1].
// It is NaN for an empty slice, the only case without an answer.
func Quantile(sorted []float64, p float64, m Method) float64 {
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	p = min(max(p, 0), 1)
	h := p * float64(n-1) // position counted from 0
	if m == Hazen {
		h = p*float64(n) - .5
	}
	h = min(max(h, 0), float64(n-1))
	i := int(h)
	if i == n-1 {
		return sorted[i]
	}
	return sorted[i] + (h-float64(i))*(sorted[i+1]-sorted[i])
}

// Median returns the middle value of x, the mean of both for an even count, NaN
// for none. x is not changed.
func Median(x []float64) float64 { return Quantile(Sorted(x), .5, Type7) }

// MAD returns the median of |x - median(x)|; times [NormalMAD] it estimates the
// standard deviation of a normal sample. NaN for an empty slice.
func MAD(x []float64) (median, mad float64) {
	median = Median(x)
	dev := make([]float64, len(x))
	for i, v := range x {
		dev[i] = math.Abs(v - median)
	}
	return median, Median(dev)
}

// NormalMAD is 1/Phi^-1(3/4): the standard deviation of a normal variable in
// units of its median absolute deviation.
const NormalMAD = 1.482602218505602

// Rank returns the share of values below v, by Hazen's definition: (b + e/2)/n,
// where b values are below v and e equal it. NaN for no values.
func Rank(sorted []float64, v float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	below, _ := slices.BinarySearch(sorted, v)
	equal := 0
	for i := below; i < len(sorted) && sorted[i] == v; i++ {
		equal++
	}
	return (float64(below) + float64(equal)/2) / float64(len(sorted))
}
