package main

import (
	"math"
	"slices"
	"time"
)

// quantile gives the value below or at which a share q of the values lies, by
// nearest rank: with few values the highest quantiles are the greatest value. It
// is NaN where there is none.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(q*float64(len(sorted)))) - 1
	return sorted[max(0, min(rank, len(sorted)-1))]
}

// median is the middle value, or the mean of the middle two.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// waits collects durations in milliseconds.
type waits []float64

func (w *waits) add(d time.Duration) { *w = append(*w, d.Seconds()*1000) }

// recordWaits keeps the 99th percentile of waits as a row's figure.
func (t *trial) recordWaits(row string, w waits) {
	t.record(row, quantile(w, 0.99), details{"p50": quantile(w, 0.5), "max": quantile(w, 1), "n": float64(len(w))})
}
