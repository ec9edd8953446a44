package benchmark

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
)

// Band is a quarter of the peers, where less use is better.
type Band string

const (
	Good    Band = "good_practice" // at or below P25
	Typical Band = "typical"       // between
	Poor    Band = "poor"          // at or above P75
)

// Peers is a group of intensities of one class and climate.
type Peers struct {
	N             int
	P25, P50, P75 float64
	// The intervals hold the quantiles of the population with probability of at
	// least Level, by order statistics: no assumption about the distribution.
	// Where the group is too small for that they end at its extremes.
	P25Interval, P50Interval, P75Interval [2]float64
	Level                                 float64
	Method                                orderstat.Method
	Warnings                              analytics.Warnings

	sorted []float64
}

// NewPeers describes a group of peers, for instance kgce/m2. Quantiles follow
// method; level is that of the intervals. It needs 3 peers; NaN is refused.
func NewPeers(values []float64, method orderstat.Method, level float64) (*Peers, error) {
	if err := analytics.CheckLevel(op, level); err != nil {
		return nil, err
	}
	if err := analytics.CheckFinite(op, "peers", values); err != nil {
		return nil, err
	}
	n := len(values)
	if n < 3 {
		return nil, &analytics.NotEnoughError{Op: op, What: "peers", Got: n, Want: 3}
	}
	p := &Peers{N: n, Level: level, Method: method, sorted: orderstat.Sorted(values)}
	for _, q := range []struct {
		p        float64
		value    *float64
		interval *[2]float64
	}{{.25, &p.P25, &p.P25Interval}, {.5, &p.P50, &p.P50Interval}, {.75, &p.P75, &p.P75Interval}} {
		*q.value = orderstat.Quantile(p.sorted, q.p, method)
		*q.interval = quantileInterval(p.sorted, q.p, level)
	}
	if n < MinPeers {
		p.Warnings = append(p.Warnings, analytics.Warning{
			Code: CodeFewPeers, Got: float64(n), Want: MinPeers,
			Detail: fmt.Sprintf("the group has %d members; its quantiles are hardly known", n),
		})
	}
	if p.sorted[0] == p.sorted[n-1] {
		p.Warnings = append(p.Warnings, analytics.Warning{Code: CodeNoSpread, Detail: "all peers have the same value"})
	}
	return p, nil
}

// quantileInterval returns the order statistics between which the p-quantile lies
// with probability of at least level: the binomial count of values below it leaves
// at most (1-level)/2 on either side (David and Nagaraja, Order Statistics, 7.1).
// An end that no member can bound so is the group's extreme.
func quantileInterval(sorted []float64, p, level float64) [2]float64 {
	n := len(sorted)
	count := distuv.Binomial{N: float64(n), P: p}
	tail := (1 - level) / 2
	low, high := 0, n-1
	for low+1 < n && count.CDF(float64(low)) <= tail { // P(count <= low) = P(X_(low+1) > quantile)
		low++
	}
	if low > 0 {
		low-- // X_(low) in ranks counted from 1
	}
	for high > 0 && 1-count.CDF(float64(high-1)) <= tail { // P(count >= high) = P(X_(high) < quantile)
		high--
	}
	return [2]float64{sorted[low], sorted[high]}
}

// Place is where one building stands.
type Place struct {
	Percentile float64    // share of peers that use less, 0 to 100, ties counted half (Hazen)
	Interval   [2]float64 // of that share in the population, at the group's Level
	Band       Band
	Better     int // peers that use less
	Worse      int // peers that use more
	Warnings   analytics.Warnings
}

// Place returns where a value stands among the peers; the value itself may be one
// of them. The interval is Wilson's, for the share of the population below it.
func (p *Peers) Place(value float64) (*Place, error) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return nil, &analytics.InputError{Op: op, What: "value", Index: -1, Got: fmt.Sprint(value), Want: "a finite number"}
	}
	out := &Place{Band: Typical, Warnings: append(analytics.Warnings{}, p.Warnings...)}
	share := orderstat.Rank(p.sorted, value)
	for _, v := range p.sorted {
		switch {
		case v < value:
			out.Better++
		case v > value:
			out.Worse++
		}
	}
	out.Percentile = 100 * share
	low, high := wilson(share, p.N, p.Level)
	out.Interval = [2]float64{100 * low, 100 * high}
	switch {
	case p.P25 == p.P75: // no spread, no verdict but for values beyond
		if value < p.P25 {
			out.Band = Good
		} else if value > p.P75 {
			out.Band = Poor
		}
	case value <= p.P25:
		out.Band = Good
	case value >= p.P75:
		out.Band = Poor
	}
	if out.Better == p.N || out.Worse == p.N {
		out.Warnings = append(out.Warnings, analytics.Warning{Code: CodeBeyond, Got: value, Detail: "the value lies beyond all peers; check area, meters and class"})
	}
	return out, nil
}

// wilson is the score interval of a share of n (Wilson, JASA 22 (1927), 209-212).
func wilson(share float64, n int, level float64) (low, high float64) {
	z := distuv.UnitNormal.Quantile(.5 + level/2)
	m := float64(n)
	centre := (share + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(share*(1-share)/m+z*z/(4*m*m))
	return max(centre-half, 0), min(centre+half, 1)
}
