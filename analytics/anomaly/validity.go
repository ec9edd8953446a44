package anomaly

import (
	"fmt"
	"math"

	"jouleline/analytics/orderstat"
)

// silent finds gaps of SilentHours and more, up to Until.
func (c *calendar) silent(set Settings) []Finding {
	var out []Finding
	limit := int64(set.SilentHours) * 3600
	last := c.flat[0].at
	report := func(from, to int64) {
		if to-from < limit {
			return
		}
		f := Finding{
			Cause: Silent, Severity: Alarm, From: from, To: to,
			Detail: fmt.Sprintf("no readings for %.0f hours", float64(to-from)/3600),
		}
		out = append(out, f)
	}
	for _, h := range c.flat {
		if math.IsNaN(h.value) {
			continue
		}
		report(last, h.at)
		last = h.at + 3600
	}
	if set.Until > 0 {
		report(last, set.Until)
	}
	return out
}

// stuck finds StuckHours and more of the very same amount, above zero, over hours
// that differ by a twentieth or more in the meter's usual week.
func (c *calendar) stuck(usual *week, set Settings) []Finding {
	var out []Finding
	c.runs(func(a, b hour) bool { return a.value == b.value && b.value > 0 }, func(run []hour) {
		if len(run) < set.StuckHours {
			return
		}
		low, high := math.Inf(1), math.Inf(-1)
		var expected float64
		for _, h := range run {
			u := usual.at(c, h)
			low, high = min(low, u), max(high, u)
			expected += u
		}
		if !(high-low >= .05*high) {
			return // a load that is constant by nature
		}
		if set.Carrier == Water && high < run[0].value {
			return // a tap left open over a weekend runs evenly too: a leak
		}
		f := Finding{
			Cause: Stuck, Severity: Alarm, From: run[0].at, To: run[len(run)-1].at + 3600,
			PerHour: run[0].value - expected/float64(len(run)), Detail: fmt.Sprintf("the same amount for %d hours in a row", len(run)),
		}
		for _, h := range run {
			f.addEvidence(Point{h.at, h.value, usual.at(c, h)})
		}
		out = append(out, f)
	})
	return out
}

// zeroRun finds ZeroHours and more of nothing at hours at which the meter usually
// counts.
func (c *calendar) zeroRun(usual *week, set Settings) []Finding {
	var out []Finding
	c.runs(func(a, b hour) bool { return a.value == 0 && b.value == 0 }, func(run []hour) {
		if run[0].value != 0 || len(run) < set.ZeroHours {
			return
		}
		var expected float64
		busy := 0
		for _, h := range run {
			u := usual.at(c, h)
			expected += u
			if u > 0 {
				busy++
			}
		}
		if 4*busy < len(run) || expected == 0 {
			return // nothing is usual then
		}
		f := Finding{
			Cause: ZeroRun, Severity: Alarm, From: run[0].at, To: run[len(run)-1].at + 3600,
			PerHour: -expected / float64(len(run)), Detail: fmt.Sprintf("nothing counted for %d hours in a row", len(run)),
		}
		for _, h := range run {
			f.addEvidence(Point{h.at, 0, usual.at(c, h)})
		}
		out = append(out, f)
	})
	return out
}

// runs calls found with every longest stretch of successive known hours in which
// same holds between neighbours.
func (c *calendar) runs(same func(a, b hour) bool, found func(run []hour)) {
	for i := 0; i < len(c.flat); {
		j := i + 1
		for j < len(c.flat) && c.flat[j].at == c.flat[j-1].at+3600 && same(c.flat[j-1], c.flat[j]) {
			j++
		}
		if !math.IsNaN(c.flat[i].value) {
			found(c.flat[i:j])
		}
		i = j
	}
}

// spikes finds hours beyond SpikeFactor times the 99th percentile; neighbours make
// one finding.
func (c *calendar) spikes(usual *week, set Settings) []Finding {
	var known []float64
	for _, h := range c.flat {
		if !math.IsNaN(h.value) {
			known = append(known, h.value)
		}
	}
	if len(known) == 0 {
		return nil
	}
	limit := set.SpikeFactor * orderstat.Quantile(orderstat.Sorted(known), .99, orderstat.Type7)
	if !(limit > 0) {
		return nil
	}
	var out []Finding
	for i := 0; i < len(c.flat); i++ {
		if !(c.flat[i].value > limit) {
			continue
		}
		f := Finding{Cause: Spike, Severity: Warning, From: c.flat[i].at}
		hours := 0
		for ; i < len(c.flat) && c.flat[i].value > limit; i++ {
			h := c.flat[i]
			f.To = h.at + 3600
			f.Total += h.value - usual.at(c, h)
			hours++
			f.addEvidence(Point{h.at, h.value, usual.at(c, h)})
		}
		f.PerHour = f.Total / float64(hours)
		f.Detail = fmt.Sprintf("%d hours beyond %.4g, %v times the 99th percentile", hours, limit, set.SpikeFactor)
		out = append(out, f)
	}
	return out
}

// week is what a meter usually does: the median of each hour of the week, of the
// same hour of the day where that was never seen.
type week struct{ hours [7][24]float64 }

func (c *calendar) usualWeek() *week {
	w := new(week)
	var byHour [24][]float64
	var cells [7][24][]float64
	for d := range c.hours {
		for h, v := range c.hours[d] {
			if !math.IsNaN(v) {
				cells[c.weekday[d]][h] = append(cells[c.weekday[d]][h], v)
				byHour[h] = append(byHour[h], v)
			}
		}
	}
	for wd := range cells {
		for h, cell := range cells[wd] {
			if len(cell) == 0 {
				cell = byHour[h]
			}
			if len(cell) > 0 { // an hour never seen at all counts as nothing
				w.hours[wd][h] = orderstat.Median(cell)
			}
		}
	}
	return w
}

func (w *week) at(c *calendar, h hour) float64 { return w.hours[c.weekday[h.day]][h.of] }
