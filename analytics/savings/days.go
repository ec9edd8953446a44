package savings

import (
	"fmt"
	"math"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/caltrack"
	"jouleline/analytics/weather"
)

// days are use and mean temperature of local days without holes, NaN where not
// known.
type days struct{ use, temp weather.Daily }

// DailyTemperatures gives the mean of each local day: of samples within the day,
// or the values themselves where the series is daily already.
func DailyTemperatures(s Series, loc *time.Location) (weather.Daily, error) {
	switch step := s.Step(); {
	case isDay(step):
		return placeDays(s, loc, "temperature")
	case step > mostDay:
		return weather.Daily{}, &analytics.InputError{Op: op, What: "temperature", Index: -1,
			Got: fmt.Sprintf("a value every %.1f days", float64(step)/day), Want: "a value a day or more"}
	}
	return weather.DailyMeans(s.Times, s.Values, loc)
}

// dailyUse gives the use of each local day.
func dailyUse(s Series, loc *time.Location, method Method) (weather.Daily, error) {
	switch step := s.Step(); {
	case isDay(step):
		return placeDays(s, loc, "usage")
	case step > mostDay:
		return weather.Daily{}, &analytics.InputError{Op: op + " " + string(method), What: "usage", Index: -1,
			Got: fmt.Sprintf("a value every %.1f days", float64(step)/day), Want: "a value a day or more (bills: caltrack-billing)"}
	default:
		return caltrack.DailyUse(s.Times, s.Values, step, loc)
	}
}

// placeDays takes each value for the local day in which it is stamped.
func placeDays(s Series, loc *time.Location, what string) (weather.Daily, error) {
	out := weather.Daily{First: weather.DayOf(s.Times[0], loc)}
	for i, at := range s.Times {
		d := weather.DayOf(at, loc)
		k := dayIndex(out.First, d)
		if k < len(out.Values) {
			return out, &analytics.InputError{Op: op, What: what, Index: i,
				Got: "a second value of " + d.Format(time.DateOnly), Want: "one value a day in " + loc.String()}
		}
		for len(out.Values) < k {
			out.Values = append(out.Values, math.NaN())
		}
		out.Values = append(out.Values, s.Values[i])
	}
	return out, nil
}

func dayIndex(first, d weather.Day) int { return int(math.Round(d.Sub(first).Hours() / 24)) }

// align lays both series under local days.
func (q *Question) align() (d days, err error) {
	if d.use, err = dailyUse(q.Usage, q.Location, q.Method); err != nil {
		return d, err
	}
	d.temp, err = DailyTemperatures(q.Temperature, q.Location)
	return d, err
}

// window is a half-open stretch of local days.
type window struct{ from, to weather.Day }

// baseline gives the days of the baseline: whole days before its end, not before
// the first day of use.
func (q *Question) baseline(use weather.Daily) window {
	w := window{to: firstWhole(q.BaselineEnd, q.Location, false)}
	if q.BaselineStart.IsZero() {
		w.from = w.to.AddDate(0, 0, -baselineDays)
	} else {
		w.from = firstWhole(q.BaselineStart, q.Location, true)
	}
	if w.from.Before(use.First) {
		w.from = use.First
	}
	return w
}

// reporting gives the days of the reporting period: whole days from its start,
// up to the last day of use.
func (q *Question) reporting(use weather.Daily) window {
	w := window{from: firstWhole(q.ReportingStart, q.Location, true), to: use.First.AddDate(0, 0, len(use.Values))}
	if !q.ReportingEnd.IsZero() {
		if end := firstWhole(q.ReportingEnd, q.Location, false); end.Before(w.to) {
			w.to = end
		}
	}
	return w
}

// firstWhole gives the local day of a moment; where that lies within the day and
// next is set, the one after.
func firstWhole(t time.Time, loc *time.Location, next bool) weather.Day {
	d := weather.DayOf(t.Unix(), loc)
	if next && time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, loc).Before(t) {
		return d.AddDate(0, 0, 1)
	}
	return d
}

// cut gives the values of a window.
func (d days) cut(w window) (temps, use []float64) {
	for at := w.from; at.Before(w.to); at = at.AddDate(0, 0, 1) {
		temps, use = append(temps, d.temp.At(at)), append(use, d.use.At(at))
	}
	return temps, use
}

// Period is a stretch of local days in an answer.
type Period struct {
	Start string `json:"start" doc:"First local day" example:"2022-01-01"`
	End   string `json:"end" doc:"The day after the last" example:"2023-01-01"`
	Days  int    `json:"days" doc:"Days in it, known or not" example:"365"`
}

func (w window) period() Period {
	return Period{w.from.Format(time.DateOnly), w.to.Format(time.DateOnly), max(dayIndex(w.from, w.to), 0)}
}

// Days lays use and temperature of hours or days beside each other, a pair for
// each local day of the use, NaN where one is not known.
func Days(usage, temperature Series, loc *time.Location) (temps, use []float64, err error) {
	q := Question{Usage: usage, Temperature: temperature, Location: loc, Method: CaltrackDaily}
	if err := q.checkSeries(); err != nil {
		return nil, nil, err
	}
	d, err := q.align()
	if err != nil {
		return nil, nil, err
	}
	temps, use = d.cut(window{d.use.First, d.use.First.AddDate(0, 0, len(d.use.Values))})
	return temps, use, nil
}
