package anomaly

import (
	"math"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
)

// calendar lays a series out as local days of 24 hours. An hour is known when all
// its intervals are. The hour that daylight saving skips is a gap; the one that it
// repeats keeps its first value.
type calendar struct {
	loc     *time.Location
	hours   [][24]float64 // amount per hour, NaN unknown
	start   []int64       // Unix seconds of each local midnight, one more than days
	weekday []time.Weekday
	flat    []hour // the same hours in order of time
}

type hour struct {
	at    int64
	day   int
	of    int // hour of the local day
	value float64
}

const minDays = 14

func newCalendar(s Series, loc *time.Location, until int64) (*calendar, error) {
	if err := s.check(loc); err != nil {
		return nil, err
	}
	if len(s.Times) == 0 {
		return nil, &analytics.NotEnoughError{Op: op, What: "days", Got: 0, Want: minDays}
	}
	end := max(until, s.Times[len(s.Times)-1]+s.Step)
	c := &calendar{loc: loc}
	y, m, d := time.Unix(s.Times[0], 0).In(loc).Date()
	for k := 0; ; k++ {
		midnight := time.Date(y, m, d+k, 0, 0, 0, 0, loc)
		c.start = append(c.start, midnight.Unix())
		if midnight.Unix() >= end {
			break
		}
		c.weekday = append(c.weekday, midnight.Weekday())
		var empty [24]float64
		for h := range empty {
			empty[h] = math.NaN()
		}
		c.hours = append(c.hours, empty)
	}
	if len(c.hours) < minDays {
		return nil, &analytics.NotEnoughError{Op: op, What: "days", Got: len(c.hours), Want: minDays}
	}
	c.fill(s)
	return c, nil
}

func (c *calendar) fill(s Series) {
	perHour := int(3600 / s.Step)
	day := 0
	for i := 0; i < len(s.Times); {
		at := s.Times[i] - mod(s.Times[i], 3600)
		var sum float64
		known := 0
		for ; i < len(s.Times) && s.Times[i] < at+3600; i++ {
			if !math.IsNaN(s.Values[i]) {
				sum += s.Values[i]
				known++
			}
		}
		for day+1 < len(c.hours) && at >= c.start[day+1] {
			day++
		}
		of := time.Unix(at, 0).In(c.loc).Hour()
		if known < perHour {
			sum = math.NaN()
		}
		c.flat = append(c.flat, hour{at, day, of, sum})
		if math.IsNaN(c.hours[day][of]) {
			c.hours[day][of] = sum
		}
	}
}

func mod(a, b int64) int64 {
	m := a % b
	if m < 0 {
		m += b
	}
	return m
}

func (c *calendar) workday(day int) bool {
	return c.weekday[day] != time.Saturday && c.weekday[day] != time.Sunday
}

// level returns the median of the hours [from, to) of each day, NaN where fewer
// than half of them are known.
func (c *calendar) level(from, to int) []float64 {
	out := make([]float64, len(c.hours))
	buffer := make([]float64, 0, 24)
	for d := range c.hours {
		buffer = buffer[:0]
		for _, v := range c.hours[d][from:to] {
			if !math.IsNaN(v) {
				buffer = append(buffer, v)
			}
		}
		out[d] = math.NaN()
		if 2*len(buffer) >= to-from {
			out[d] = orderstat.Median(buffer)
		}
	}
	return out
}

// Hours of the night base load and of full use. The night window is that of
// analytics practice (01 to 05 h: cleaning is over, nobody is in); the day window
// leaves out morning ramp and lunch-hour ends.
const (
	nightFrom, nightTo = 1, 5
	dayFrom, dayTo     = 10, 16
)

// medianOf returns the median of the known values of x that keep says.
func medianOf(x []float64, keep func(i int) bool) (median float64, n int) {
	buffer := make([]float64, 0, len(x))
	for i, v := range x {
		if !math.IsNaN(v) && keep(i) {
			buffer = append(buffer, v)
		}
	}
	return orderstat.Median(buffer), len(buffer)
}

func all(int) bool { return true }
