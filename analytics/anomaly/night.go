package anomaly

import (
	"fmt"
	"math"

	"jouleline/analytics/orderstat"
)

// surroundings is how many days on either side tell what a night usually is.
const surroundings = 28

// nights finds runs of nights that lie NightShare and more of the way from the usual
// night to the usual day, while the days are as ever: a schedule left on. It sees
// runs of up to three weeks; longer ones are steps.
func (c *calendar) nights(set Settings) []Finding {
	night, day := c.level(0, nightTo), c.level(dayFrom, dayTo)
	marked := make([]bool, len(night))
	usual := make([]float64, len(night))
	for d := range night {
		from, to := max(d-surroundings, 0), min(d+surroundings+1, len(night))
		typical, n := medianOf(night[from:to], all)
		use, nUse := medianOf(day[from:to], func(i int) bool { return c.workday(from + i) })
		usual[d] = typical
		if n < minDays || nUse < minDays/2 || math.IsNaN(night[d]) {
			continue
		}
		spread := make([]float64, 0, n)
		for _, v := range night[from:to] {
			if !math.IsNaN(v) {
				spread = append(spread, math.Abs(v-typical))
			}
		}
		deviation := orderstat.NormalMAD * orderstat.Median(spread)
		gap := use - typical
		above := night[d] - typical
		marked[d] = gap > .2*typical && gap > 0 && above > set.NightShare*gap && above > set.StepZ*deviation
	}
	return c.nightRuns(night, usual, marked, set)
}

func (c *calendar) nightRuns(night, usual []float64, marked []bool, set Settings) []Finding {
	var out []Finding
	for d := 0; d < len(marked); d++ {
		if !marked[d] {
			continue
		}
		from, last, count := d, d, 0
		for ; d < len(marked) && d-last <= 2; d++ { // one ordinary night between is allowed
			if marked[d] {
				last = d
				count++
			}
		}
		d = last
		if count < set.NightRun {
			continue
		}
		f := Finding{Cause: NightSchedule, Severity: Warning, From: c.start[from], To: c.start[last] + nightTo*3600}
		for k := from; k <= last; k++ {
			if marked[k] {
				f.PerHour += (night[k] - usual[k]) / float64(count)
				f.addEvidence(Point{c.start[k], night[k], usual[k]})
			}
		}
		f.Total = f.PerHour * float64(count) * 10
		f.Detail = fmt.Sprintf("%d nights as if the building were in use, %.4g an hour above the usual %.4g", count, f.PerHour, usual[from])
		out = append(out, f)
	}
	return out
}

// weekends finds runs of two weekends and more whose days lie NightShare and more of
// the way from usual weekend to usual workday.
func (c *calendar) weekends(set Settings) []Finding {
	day := c.level(dayFrom, dayTo)
	workday, nWork := medianOf(day, c.workday)
	rest := func(i int) bool { return !c.workday(i) }
	weekend, n := medianOf(day, rest)
	gap := workday - weekend
	if n < 8 || nWork < minDays || !(gap > .2*weekend) {
		return nil
	}
	var spread []float64
	for d, v := range day {
		if !c.workday(d) && !math.IsNaN(v) {
			spread = append(spread, math.Abs(v-weekend))
		}
	}
	limit := weekend + max(set.NightShare*gap, set.StepZ*orderstat.NormalMAD*orderstat.Median(spread))
	var out []Finding
	var f *Finding
	flush := func() {
		if f != nil && len(f.Evidence) >= 4 { // both days of two weekends
			f.PerHour /= float64(len(f.Evidence))
			f.Total = f.PerHour * float64(len(f.Evidence)) * 10
			f.Detail = fmt.Sprintf("%d weekend days as if they were workdays", len(f.Evidence))
			out = append(out, *f)
		}
		f = nil
	}
	for d, v := range day {
		if c.workday(d) || math.IsNaN(v) {
			continue
		}
		if v <= limit {
			flush()
			continue
		}
		if f == nil {
			f = &Finding{Cause: Weekend, Severity: Info, From: c.start[d]}
		}
		f.To = c.start[d+1]
		f.PerHour += v - weekend
		f.Evidence = append(f.Evidence, Point{c.start[d], v, weekend})
	}
	flush()
	return out
}
