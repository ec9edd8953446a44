package anomaly

import (
	"fmt"
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

// steps finds lasting changes of the night load and tells them apart: by a factor
// by night and by day (swap), by night only (schedule), or by the same amount at all
// hours (base load).
func (c *calendar) steps(set Settings) []Finding {
	night, day := c.level(nightFrom, nightTo), c.level(dayFrom, dayTo)
	typical, n := medianOf(night, all)
	if n < minDays || !(typical >= 0) {
		return nil
	}
	var out []Finding
	for _, s := range changes(night, set.StepZ, set.StepShare*typical) {
		if s.daysAfter < minAfter-1 {
			continue
		}
		dayBefore, nb := c.inUse(night, day, s.day, -1)
		dayAfter, na := c.inUse(night, day, s.day, 1)
		if nb < 3 || na < 3 {
			continue
		}
		if f := c.classify(s, night, dayBefore, dayAfter, set); f != nil {
			out = append(out, *f)
		}
	}
	return out
}

// inUse returns the median day level of the nearest five workdays before (step -1)
// or from (step 1) a day on which the building was in use. A holiday on one side of
// a step is no change by day, so days are looked for up to eight weeks away. A day in
// use lies a third and more of the way from night to the usual day: as a ratio to its
// own night, which another multiplier leaves as it is, or, where nights are like days
// now, as an amount. Where neither finds three days, all workdays of two weeks count.
func (c *calendar) inUse(night, day []float64, from, step int) (level float64, n int) {
	usualNight, _ := medianOf(night, c.workday)
	usualDay, _ := medianOf(day, c.workday)
	amount := usualNight + (usualDay-usualNight)/3
	ratio := 1 + (usualDay/usualNight-1)/3
	if x := c.nearest(day, from, step, 4*window, func(d int) bool { return day[d] > ratio*night[d] }); len(x) >= 3 {
		return orderstat.Median(x), len(x)
	}
	if x := c.nearest(day, from, step, 4*window, func(d int) bool { return day[d] > amount }); len(x) >= 3 {
		return orderstat.Median(x), len(x)
	}
	x := c.nearest(day, from, step, window, all)
	return orderstat.Median(x), len(x)
}

// nearest collects up to five known workday levels on one side of a day.
func (c *calendar) nearest(day []float64, from, step, reach int, keep func(d int) bool) []float64 {
	if step < 0 {
		from--
	}
	var out []float64
	for k := range reach {
		d := from + k*step
		if d < 0 || d >= len(day) || len(out) == 5 {
			break
		}
		if c.workday(d) && !math.IsNaN(day[d]) && keep(d) {
			out = append(out, day[d])
		}
	}
	return out
}

func (c *calendar) classify(s change, night []float64, dayBefore, dayAfter float64, set Settings) *Finding {
	deltaNight, deltaDay := s.after-s.before, dayAfter-dayBefore
	f := &Finding{Severity: Warning, From: c.start[s.day], To: c.start[s.end], PerHour: deltaNight}
	hours := float64(f.To-f.From) / 3600
	gap := dayBefore - s.before
	switch {
	case isScale(s.before, s.after, dayBefore, dayAfter, set.SwapFactor):
		f.Cause, f.Severity = Swap, Alarm
		f.PerHour = (deltaNight + deltaDay) / 2
		f.Detail = fmt.Sprintf("night %.4g -> %.4g and day %.4g -> %.4g from one day on, as of another meter or multiplier", s.before, s.after, dayBefore, dayAfter)
	case deltaNight > set.NightShare*gap && gap > 0 && deltaDay < deltaNight/2:
		f.Cause = NightSchedule
		f.Detail = fmt.Sprintf("nights rose from %.4g to %.4g an hour, days did not (%.4g to %.4g)", s.before, s.after, dayBefore, dayAfter)
		hours *= 10. / 24 // of a day, those out of use
	case deltaNight > 0 && deltaDay < -deltaNight:
		return nil // nights rose while days fell: a shifted timetable, a holiday
	case deltaNight > 0:
		f.Cause = BaseLoadStep
		f.Detail = fmt.Sprintf("the night load rose from %.4g to %.4g an hour and stayed", s.before, s.after)
		if s.end < len(night) {
			f.Detail = fmt.Sprintf("the night load rose from %.4g to %.4g an hour for %d days", s.before, s.after, s.end-s.day)
		}
		if !separated(night, s.day) {
			f.Severity = Info // nights differ as much among themselves: weather, timetables
		}
	default:
		f.Cause, f.Severity = BaseLoadStep, Info
		f.Detail = fmt.Sprintf("the night load fell from %.4g to %.4g an hour and stayed", s.before, s.after)
	}
	f.Total = f.PerHour * hours
	for d := max(s.day-4, 0); d < min(s.day+8, len(night)); d++ {
		expected := s.before
		if !math.IsNaN(night[d]) {
			f.addEvidence(Point{c.start[d], night[d], expected})
		}
	}
	return f
}

// separated tells whether the nights of two weeks before and after a day hardly
// overlap: an appliance that now runs lifts every night.
func separated(night []float64, day int) bool {
	before := orderstat.Sorted(orderstat.Finite(night[max(day-window, 0):day]))
	after := orderstat.Sorted(orderstat.Finite(night[day:min(day+window, len(night))]))
	return orderstat.Quantile(after, .05, orderstat.Type7) > orderstat.Quantile(before, .95, orderstat.Type7)
}

// isScale tells whether night and day changed by the same factor, or both by a large
// one in the same direction. A new base load moves both by the same amount, which
// leaves the difference between day and night as it was.
func isScale(night0, night1, day0, day1, least float64) bool {
	if night0 <= 0 || night1 <= 0 || day0 <= 0 || day1 <= 0 {
		// A meter that counts whole units by night: zero says nothing about a factor.
		return day0 > 0 && day1 > 0 && math.Abs(math.Log(day1/day0)) > math.Log(2*least)
	}
	night, day := math.Log(night1/night0), math.Log(day1/day0)
	if night*day <= 0 || min(math.Abs(night), math.Abs(day)) < math.Log(least) {
		return false
	}
	if before, after := day0-night0, day1-night1; before > .2*night0 && after > 0 && math.Abs(math.Log(after/before)) < math.Log(1.3) {
		return false // the same amount at all hours
	}
	return math.Abs(night-day) < .35*max(math.Abs(night), math.Abs(day)) || min(math.Abs(night), math.Abs(day)) > math.Ln2
}
