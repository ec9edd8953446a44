package anomaly

import (
	"fmt"
	"math"

	"jouleline/analytics/orderstat"
)

// leakFrom and leakTo bound the hours of least flow: 02 to 05 h.
const leakFrom, leakTo = 2, 5

// leaks finds LeakNights and more in a row whose least hourly flow never falls to
// what good nights show. A good night is the lowest tenth: the rule holds while a
// leak lasts less than nine tenths of the series; one that never stopped shows as
// a least flow above LeakShare of the mean in every single night.
func (c *calendar) leaks(set Settings) []Finding {
	least := make([]float64, len(c.hours))
	for d := range c.hours {
		least[d] = math.NaN()
		lowest, known := math.Inf(1), 0
		for _, v := range c.hours[d][leakFrom:leakTo] {
			if !math.IsNaN(v) {
				lowest = min(lowest, v)
				known++
			}
		}
		if known == leakTo-leakFrom {
			least[d] = lowest
		}
	}
	sorted := orderstat.Sorted(orderstat.Finite(least))
	if len(sorted) < minDays {
		return nil
	}
	var sum float64
	n := 0
	for _, h := range c.flat {
		if !math.IsNaN(h.value) {
			sum += h.value
			n++
		}
	}
	mean := sum / float64(n)
	good := orderstat.Quantile(sorted, .1, orderstat.Type7)
	if sorted[0] > set.LeakShare*mean {
		good = 0 // not one night without flow
	}
	limit := good + set.LeakShare*mean
	if !(limit > 0) {
		return nil
	}
	var out []Finding
	for d := 0; d < len(least); d++ {
		if !(least[d] > limit) {
			continue
		}
		from, nights, last := d, 0, d
		var flow float64
		for ; d < len(least) && (math.IsNaN(least[d]) || least[d] > limit); d++ {
			if !math.IsNaN(least[d]) {
				flow += least[d] - good
				nights++
				last = d
			}
		}
		if nights < set.LeakNights {
			continue
		}
		f := Finding{Cause: Leak, Severity: Warning, From: c.start[from] + leakFrom*3600, To: c.start[last] + leakTo*3600, PerHour: flow / float64(nights)}
		f.Total = f.PerHour * float64(f.To-f.From) / 3600
		if f.PerHour > .25*mean {
			f.Severity = Alarm
		}
		f.Detail = fmt.Sprintf("in %d nights the flow never fell below %.4g an hour; good nights show %.4g", nights, good+f.PerHour, good)
		for k := from; k <= last; k++ {
			if !math.IsNaN(least[k]) {
				f.addEvidence(Point{c.start[k], least[k], good})
			}
		}
		out = append(out, f)
	}
	return out
}
