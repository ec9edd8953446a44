package anomaly

import (
	"fmt"
	"math"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
)

// minCell is the least number of residuals that tell what a cell usually does; with
// fewer, all seasons of that hour of the week stand in, then all hours.
const minCell = 6

// RobustZ scales residuals (measured minus expected) by what is usual for the same
// hour of the week in the same season:
//
//	z = (r - median) / (1.4826 MAD)
//
// Times are Unix seconds; NaN residuals stay NaN. A cell whose MAD is zero takes
// that of all hours; where even that is zero z is 0 at the median and infinite
// elsewhere, as nothing but the median was ever seen.
func RobustZ(times []int64, residual []float64, loc *time.Location) ([]float64, error) {
	if err := analytics.CheckLength(op, "residuals", len(residual), len(times)); err != nil {
		return nil, err
	}
	if err := analytics.CheckNotInf(op, "residuals", residual); err != nil {
		return nil, err
	}
	cells := make([][]float64, 168*5) // four seasons, then all of them
	of := make([]int, len(times))
	for i, at := range times {
		local := time.Unix(at, 0).In(loc)
		tow := (int(local.Weekday())+6)%7*24 + local.Hour()
		season := int(local.Month()) % 12 / 3
		of[i] = tow*5 + season
		if r := residual[i]; !math.IsNaN(r) {
			cells[of[i]] = append(cells[of[i]], r)
			cells[tow*5+4] = append(cells[tow*5+4], r)
		}
	}
	known := orderstat.Finite(residual)
	if len(known) < minCell {
		return nil, &analytics.NotEnoughError{Op: op + " residuals", What: "known residuals", Got: len(known), Want: minCell}
	}
	wholeMedian, wholeMAD := orderstat.MAD(known)
	type usual struct{ median, mad float64 }
	memory := make(map[int]usual)
	lookup := func(cell int) usual {
		if u, ok := memory[cell]; ok {
			return u
		}
		u := usual{wholeMedian, wholeMAD}
		for _, k := range []int{cell, cell - cell%5 + 4} {
			if len(cells[k]) >= minCell {
				u.median, u.mad = orderstat.MAD(cells[k])
				break
			}
		}
		if u.mad == 0 {
			u.mad = wholeMAD
		}
		memory[cell] = u
		return u
	}
	z := make([]float64, len(residual))
	for i, r := range residual {
		u := lookup(of[i])
		switch d := r - u.median; {
		case d == 0:
			z[i] = 0
		case u.mad == 0:
			z[i] = math.Copysign(math.Inf(1), d)
		default:
			z[i] = d / (orderstat.NormalMAD * u.mad)
		}
	}
	return z, nil
}

// Run is a stretch [From, To) of a series.
type Run struct{ From, To int }

// Runs returns stretches of at least length successive values beyond limit on the
// same side. NaN ends a run.
func Runs(z []float64, limit float64, length int) []Run {
	var out []Run
	for i := 0; i < len(z); {
		if !(math.Abs(z[i]) > limit) {
			i++
			continue
		}
		j := i + 1
		for j < len(z) && math.Abs(z[j]) > limit && (z[j] > 0) == (z[i] > 0) {
			j++
		}
		if j-i >= length {
			out = append(out, Run{i, j})
		}
		i = j
	}
	return out
}

// unusual finds runs of hours far from the same hours of other weeks.
func (c *calendar) unusual(usual *week, loc *time.Location, set Settings) ([]Finding, error) {
	times, residual := make([]int64, len(c.flat)), make([]float64, len(c.flat))
	for i, h := range c.flat {
		times[i], residual[i] = h.at, h.value-usual.at(c, h)
	}
	z, err := RobustZ(times, residual, loc)
	if err != nil {
		return nil, err
	}
	tail := c.dayTail(z)
	var out []Finding
	for _, r := range Runs(z, set.UnusualZ, set.UnusualRun) {
		f := Finding{Cause: Unusual, Severity: Info, From: times[r.From], To: times[r.To-1] + 3600}
		most := 0.
		for i := r.From; i < r.To; i++ {
			f.Total += residual[i]
			most = max(most, math.Abs(z[i]))
			f.addEvidence(Point{times[i], c.flat[i].value, usual.at(c, c.flat[i])})
		}
		f.P = tail.p(most)
		f.PerHour = f.Total / float64(r.To-r.From)
		f.Detail = fmt.Sprintf("%d hours beyond %v robust deviations", r.To-r.From, set.UnusualZ)
		out = append(out, f)
	}
	return out, nil
}
