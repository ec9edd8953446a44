package weather

import (
	"math"
	"time"

	"jouleline/analytics"
)

// Day is a calendar day, as midnight of that date in UTC: a label without a zone.
type Day = time.Time

// DayOf returns the local date of an instant.
func DayOf(unix int64, loc *time.Location) Day {
	y, m, d := time.Unix(unix, 0).In(loc).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Daily is a series of one value per local day without holes: Values[i] belongs
// to First plus i days and is NaN where too little is known.
type Daily struct {
	First  Day
	Values []float64
}

// At returns the value of a day, NaN outside the series.
func (d Daily) At(day Day) float64 {
	i := int(day.Sub(d.First).Hours() / 24)
	if day.Before(d.First) || i >= len(d.Values) {
		return math.NaN()
	}
	return d.Values[i]
}

// MaxGapHours is how many missing hours in a row are filled by a straight line
// (CalTRACK 2.0, 2.2.2.2 and common practice of weather files).
const MaxGapHours = 6

// DailyMeans averages temperatures, sampled at Unix seconds that increase, over
// local days of loc. Up to [MaxGapHours] missing hours between two known ones are
// interpolated; a day keeps its mean only if more than half of the hours that it
// has in loc (23 to 25) are known then (CalTRACK 2.0, 2.2.2.3). NaN is a gap.
// Several samples within one hour are averaged first, so that a day is not drawn
// towards its densely sampled hours.
func DailyMeans(times []int64, temps []float64, loc *time.Location) (Daily, error) {
	const op = "daily means"
	if err := analytics.CheckLength(op, "temperatures", len(temps), len(times)); err != nil {
		return Daily{}, err
	}
	if err := analytics.CheckNotInf(op, "temperatures", temps); err != nil {
		return Daily{}, err
	}
	if err := analytics.CheckIncreasing(op, "times", times); err != nil {
		return Daily{}, err
	}
	hours, first := hourly(times, temps)
	if len(hours) == 0 {
		return Daily{}, &analytics.NotEnoughError{Op: op, What: "known temperatures", Got: 0, Want: 1}
	}
	interpolate(hours)
	return foldDays(hours, first, loc), nil
}

// hourly averages samples into hours of Unix time, NaN where there is none.
// Zones whose offset is a half hour lose nothing: a whole hour belongs to the
// day of its start.
func hourly(times []int64, temps []float64) (hours []float64, first int64) {
	start, end := int64(math.MaxInt64), int64(math.MinInt64)
	for i, t := range times {
		if !math.IsNaN(temps[i]) {
			start, end = min(start, floorHour(t)), max(end, floorHour(t))
		}
	}
	if start > end {
		return nil, 0
	}
	hours = make([]float64, end-start+1)
	counts := make([]int, len(hours))
	for i, t := range times {
		if h := floorHour(t) - start; !math.IsNaN(temps[i]) {
			hours[h] += temps[i]
			counts[h]++
		}
	}
	for h, n := range counts {
		hours[h] /= float64(n) // 0/0 is NaN, a gap
	}
	return hours, start
}

func floorHour(unix int64) int64 {
	h := unix / 3600
	if unix%3600 < 0 {
		h--
	}
	return h
}

func interpolate(hours []float64) {
	last := 0
	for h := 1; h < len(hours); h++ {
		if math.IsNaN(hours[h]) {
			continue
		}
		if gap := h - last - 1; gap > 0 && gap <= MaxGapHours {
			step := (hours[h] - hours[last]) / float64(gap+1)
			for g := 1; g <= gap; g++ {
				hours[last+g] = hours[last] + step*float64(g)
			}
		}
		last = h
	}
}

func foldDays(hours []float64, first int64, loc *time.Location) Daily {
	out := Daily{First: DayOf(first*3600, loc)}
	h := 0
	for h < len(hours) {
		y, m, d := time.Unix((first+int64(h))*3600, 0).In(loc).Date()
		begin, next := time.Date(y, m, d, 0, 0, 0, 0, loc).Unix(), time.Date(y, m, d+1, 0, 0, 0, 0, loc).Unix()
		var sum float64
		known := 0
		for ; h < len(hours) && (first+int64(h))*3600 < next; h++ {
			if !math.IsNaN(hours[h]) {
				sum += hours[h]
				known++
			}
		}
		mean := math.NaN()
		if 2*3600*int64(known) > next-begin {
			mean = sum / float64(known)
		}
		out.Values = append(out.Values, mean)
	}
	return out
}
