package towt

import (
	"math"
	"time"

	"jouleline/analytics"
)

// Series is load and outdoor temperature per interval. Times are Unix seconds at
// which intervals start, increasing; NaN is a gap.
type Series struct {
	Times []int64
	Temps []float64 // in Settings.Scale
	Loads []float64 // energy per interval, or mean power: all in one unit
}

func (s Series) check() error {
	if err := analytics.CheckLength(op, "temperatures", len(s.Temps), len(s.Times)); err != nil {
		return err
	}
	if err := analytics.CheckLength(op, "loads", len(s.Loads), len(s.Times)); err != nil {
		return err
	}
	if err := analytics.CheckIncreasing(op, "times", s.Times); err != nil {
		return err
	}
	if err := analytics.CheckNotInf(op, "temperatures", s.Temps); err != nil {
		return err
	}
	return analytics.CheckNotInf(op, "loads", s.Loads)
}

// clock tells the time of week (from Monday 00:00 local) and the month of instants.
// Looking up the zone for each hour would take longer than the fit: the offset is
// kept until it can change.
type clock struct {
	loc          *time.Location
	step         int64 // seconds
	offset       int64
	begin, until int64 // the offset holds in [begin, until)
}

func newClock(loc *time.Location, stepMinutes int) *clock {
	return &clock{loc: loc, step: int64(stepMinutes) * 60}
}

const weekSeconds = 7 * 86400

// timeOfWeek returns the interval of the week that an instant lies in. Hours
// repeated or left out by daylight saving keep their local names.
func (c *clock) timeOfWeek(unix int64) int {
	// 1970-01-01 was a Thursday: Monday lies three days before.
	second := (c.local(unix) + 3*86400) % weekSeconds
	if second < 0 {
		second += weekSeconds
	}
	return int(second / c.step)
}

// local returns the seconds of the local wall clock since 1970-01-01 00:00 there.
func (c *clock) local(unix int64) int64 {
	if unix < c.begin || unix >= c.until {
		at := time.Unix(unix, 0).In(c.loc)
		_, offset := at.Zone()
		c.offset = int64(offset)
		start, end := at.ZoneBounds()
		c.begin, c.until = math.MinInt64, math.MaxInt64
		if !start.IsZero() {
			c.begin = start.Unix()
		}
		if !end.IsZero() {
			c.until = end.Unix()
		}
	}
	return unix + c.offset
}

func (c *clock) month(unix int64) int {
	return int(time.Unix(c.local(unix), 0).UTC().Month()) - 1
}

// rows are the observations with load and temperature, in F.
type rows struct {
	at    []int64
	tow   []int
	tempF []float64
	load  []float64
}

func (s Series) rows(c *clock, set Settings) rows {
	n := len(s.Times)
	r := rows{make([]int64, 0, n), make([]int, 0, n), make([]float64, 0, n), make([]float64, 0, n)}
	for i, at := range s.Times {
		if math.IsNaN(s.Loads[i]) || math.IsNaN(s.Temps[i]) {
			continue
		}
		r.at = append(r.at, at)
		r.tow = append(r.tow, c.timeOfWeek(at))
		r.tempF = append(r.tempF, set.Scale.ToFahrenheit(s.Temps[i]))
		r.load = append(r.load, s.Loads[i])
	}
	return r
}

// where returns the rows that keep says, with their weights (nil stays nil).
func (r rows) where(weights []float64, keep func(i int) bool) (rows, []float64) {
	n := 0
	for i := range r.load {
		if keep(i) {
			n++
		}
	}
	out := rows{make([]int64, 0, n), make([]int, 0, n), make([]float64, 0, n), make([]float64, 0, n)}
	var kept []float64
	if weights != nil {
		kept = make([]float64, 0, n)
	}
	for i := range r.load {
		if !keep(i) {
			continue
		}
		out.at, out.tow = append(out.at, r.at[i]), append(out.tow, r.tow[i])
		out.tempF, out.load = append(out.tempF, r.tempF[i]), append(out.load, r.load[i])
		if weights != nil {
			kept = append(kept, weights[i])
		}
	}
	return out, kept
}
