package anomaly

import (
	"fmt"
	"math"
	"slices"

	"jouleline/analytics/orderstat"
)

// around is what the days did where the nights changed.
type around struct {
	// before and after are the day levels of workdays in use.
	before, after float64
	// idle is by how much days out of use rose, NaN where too few are known.
	idle float64
	// gap is the difference between day and night: that before the change, or the
	// usual one where it is less, since a hot week's days are no measure of how far
	// nights may rise.
	gap float64
}

// aroundOf takes a usual night and day of the whole series to the scale of the
// night before a change, so that another multiplier leaves the gap as it is.
func aroundOf(s change, before, after, idle, usualNight, usualDay float64) around {
	days := around{before: before, after: after, idle: idle, gap: before - s.before}
	if usualNight > 0 && s.before > 0 {
		days.gap = min(days.gap, s.before*(usualDay/usualNight-1))
	}
	return days
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
	usualDay, _ := medianOf(day, c.workday)
	var out []Finding
	for _, s := range changes(night, set.StepZ, set.StepShare*typical) {
		if s.daysAfter < minAfter-1 {
			continue
		}
		before, nb := c.inUse(night, day, s.day, -1)
		after, na := c.inUse(night, day, s.day, 1)
		if nb < 3 || na < 3 {
			continue
		}
		days := aroundOf(s, before, after, c.idle(day, s.day), typical, usualDay)
		if f := c.classify(s, night, days, set); f != nil {
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
	if x := c.nearest(day, from, step, 4*window, 5, func(d int) bool { return c.workday(d) && day[d] > ratio*night[d] }); len(x) >= 3 {
		return orderstat.Median(x), len(x)
	}
	if x := c.nearest(day, from, step, 4*window, 5, func(d int) bool { return c.workday(d) && day[d] > amount }); len(x) >= 3 {
		return orderstat.Median(x), len(x)
	}
	x := c.nearest(day, from, step, window, 5, c.workday)
	return orderstat.Median(x), len(x)
}

// nearest collects the levels of the most nearest known days to keep on one side of a
// day, no farther than reach.
func (c *calendar) nearest(day []float64, from, step, reach, most int, keep func(d int) bool) []float64 {
	if step < 0 {
		from--
	}
	var out []float64
	for k := range reach {
		d := from + k*step
		if d < 0 || d >= len(day) || len(out) == most {
			break
		}
		if !math.IsNaN(day[d]) && keep(d) {
			out = append(out, day[d])
		}
	}
	return out
}

// idle returns by how much the day level of days out of use rose at a day: of the
// nearest six days of weekends on either side the three quietest count, by their
// median, since some Saturdays are worked. NaN where a side has fewer.
func (c *calendar) idle(day []float64, at int) float64 {
	side := func(step int) float64 {
		x := c.nearest(day, at, step, 2*window, 6, func(d int) bool { return !c.workday(d) })
		if len(x) < 6 {
			return math.NaN()
		}
		slices.Sort(x)
		return x[1]
	}
	return side(1) - side(-1)
}

// classify tells what a step of the night load is. What runs by night only leaves
// the days as they were: those in use, and those out of use, which follow neither
// the weather nor a holiday beside the step. What never goes off lifts both.
func (c *calendar) classify(s change, night []float64, days around, set Settings) *Finding {
	deltaNight, deltaDay := s.after-s.before, days.after-days.before
	f := &Finding{Severity: Warning, From: c.start[s.day], To: c.start[s.end], PerHour: deltaNight}
	hours := float64(f.To-f.From) / 3600
	switch {
	case isScale(s.before, s.after, days.before, days.after, set.SwapFactor):
		f.Cause, f.Severity = Swap, Alarm
		f.PerHour = (deltaNight + deltaDay) / 2
		f.Detail = fmt.Sprintf("night %.4g -> %.4g and day %.4g -> %.4g from one day on, as of another meter or multiplier", s.before, s.after, days.before, days.after)
	case deltaNight > set.NightShare*days.gap && days.gap > 0 && (deltaDay < deltaNight/2 || days.idle < deltaNight/2):
		f.Cause = NightSchedule
		f.Detail = fmt.Sprintf("nights rose from %.4g to %.4g an hour, days did not (%.4g to %.4g)", s.before, s.after, days.before, days.after)
		if deltaDay >= deltaNight/2 {
			f.Detail = fmt.Sprintf("nights rose from %.4g to %.4g an hour, days out of use did not", s.before, s.after)
		}
		hours *= 10. / 24 // of a day, those out of use
	case deltaNight > 0 && deltaDay < -deltaNight && !(days.idle > deltaNight/2):
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
