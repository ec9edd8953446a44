package anomaly

import (
	"math"

	"jouleline/analytics/orderstat"
)

const (
	window   = 14 // days compared on either side: two full weeks
	minAfter = 6  // days that a change must have lasted so far
)

// change is a day from which on a level differs, with what it was and became.
type change struct {
	day            int
	before, after  float64
	deviation      float64 // robust deviation of two-week changes in this series
	daysAfter, end int     // end: the first day on which it is undone, or the last plus one
}

// changes scans a daily series for steps: at each day the median of the two weeks
// from it on less that of the two weeks before. What two weeks usually make of a
// difference (season, weather, holidays) is the median absolute one of the whole
// series; a step must exceed z of these and floor. The day of each step is the one
// that splits its surroundings best.
func changes(level []float64, z, floor float64) []change {
	n := len(level)
	diff := make([]float64, n)
	for d := range diff {
		diff[d] = math.NaN()
		if d < minAfter || n-d < minAfter {
			continue
		}
		before, nb := medianOf(level[max(d-window, 0):d], all)
		after, na := medianOf(level[d:min(d+window, n)], all)
		if nb >= minAfter && na >= minAfter-1 {
			diff[d] = after - before
		}
	}
	known := orderstat.Finite(diff)
	if len(known) < minDays {
		return nil
	}
	for i, v := range known {
		known[i] = math.Abs(v)
	}
	deviation := orderstat.NormalMAD * orderstat.Median(known)
	limit := max(z*deviation, floor)
	var out []change
	for {
		best := -1
		for d, v := range diff {
			if math.Abs(v) > limit && (best < 0 || math.Abs(v) > math.Abs(diff[best])) {
				best = d
			}
		}
		if best < 0 {
			return out
		}
		day := sharpen(level, best)
		c := change{day: day, deviation: deviation}
		c.before, _ = medianOf(level[max(day-window, 0):day], all)
		c.after, c.daysAfter = medianOf(level[day:min(day+window, n)], all)
		c.end = undone(level, c)
		out = append(out, c)
		for d := max(best-window, 0); d < min(best+window, n); d++ {
			diff[d] = math.NaN() // the same step
		}
	}
}

// sharpen moves a step found by medians to the day that splits the four weeks
// around it with the least sum of absolute deviations.
func sharpen(level []float64, day int) int {
	low, high := max(day-window, 0), min(day+window, len(level))
	best, least := day, math.Inf(1)
	for d := max(day-window/2, low+3); d <= min(day+window/2, high-3); d++ {
		a, _ := medianOf(level[low:d], all)
		b, _ := medianOf(level[d:high], all)
		var sum float64
		for i := low; i < high; i++ {
			m := a
			if i >= d {
				m = b
			}
			if !math.IsNaN(level[i]) {
				sum += math.Abs(level[i] - m)
			}
		}
		if sum < least {
			best, least = d, sum
		}
	}
	return best
}

// undone returns the first day of five in a row that are back nearer to the old
// level than to the new one.
func undone(level []float64, c change) int {
	back := 0
	middle := (c.before + c.after) / 2
	for d := c.day; d < len(level); d++ {
		switch {
		case math.IsNaN(level[d]):
		case (level[d] > middle) != (c.after > c.before):
			back++
		default:
			back = 0
		}
		if back == 5 {
			return d - 4
		}
	}
	return len(level)
}
