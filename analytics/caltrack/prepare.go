package caltrack

import (
	"fmt"
	"math"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/weather"
)

// DailyUse sums interval use into local days of loc. starts are the Unix seconds
// at which intervals of step seconds begin, increasing; NaN is a gap. A day with
// more than half of its intervals known is scaled up by its mean, any other is
// NaN (CalTRACK 2.2.1.3). A day has as many intervals as its 23 to 25 hours hold;
// an interval belongs to the day in which it starts.
func DailyUse(starts []int64, values []float64, step int64, loc *time.Location) (weather.Daily, error) {
	const op = "daily use"
	if err := analytics.CheckLength(op, "values", len(values), len(starts)); err != nil {
		return weather.Daily{}, err
	}
	if err := analytics.CheckNotInf(op, "values", values); err != nil {
		return weather.Daily{}, err
	}
	if err := analytics.CheckIncreasing(op, "starts", starts); err != nil {
		return weather.Daily{}, err
	}
	if step <= 0 || step > 86400 {
		return weather.Daily{}, &analytics.InputError{Op: op, What: "step", Index: -1, Got: fmt.Sprintf("%d s", step), Want: "1 to 86400 s"}
	}
	if len(starts) == 0 {
		return weather.Daily{}, &analytics.NotEnoughError{Op: op, What: "intervals", Got: 0, Want: 1}
	}
	out := weather.Daily{First: weather.DayOf(starts[0], loc)}
	for i := 0; i < len(starts); {
		y, m, d := time.Unix(starts[i], 0).In(loc).Date()
		begin, next := time.Date(y, m, d, 0, 0, 0, 0, loc).Unix(), time.Date(y, m, d+1, 0, 0, 0, 0, loc).Unix()
		var sum float64
		known := 0
		for ; i < len(starts) && starts[i] < next; i++ {
			if !math.IsNaN(values[i]) {
				sum += values[i]
				known++
			}
		}
		day := int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Sub(out.First).Hours() / 24)
		for len(out.Values) < day { // days without any interval
			out.Values = append(out.Values, math.NaN())
		}
		expected := float64(next-begin) / float64(step)
		use := math.NaN()
		if 2*float64(known) > expected {
			use = sum / float64(known) * max(expected, float64(known))
		}
		out.Values = append(out.Values, use)
	}
	return out, nil
}

// Read is a bill as a utility sends it: the day on which its period starts, the
// use until the next one, and whether that was estimated.
type Read struct {
	Start     weather.Day
	Use       float64 // NaN where missing
	Estimated bool
}

// Bills lays daily temperatures under reads; end is the day after the last period.
// An estimated read is joined with those after it up to the first measured one;
// where that takes more than 70 days its use is missing (CalTRACK 2.2.1.3.2).
func Bills(reads []Read, end weather.Day, temps weather.Daily) ([]Bill, error) {
	var out []Bill
	var carried Bill
	var use float64
	for i, r := range reads {
		next := end
		if i+1 < len(reads) {
			next = reads[i+1].Start
		}
		if !next.After(r.Start) {
			return nil, &analytics.InputError{
				Op: "bills", What: "reads", Index: i,
				Got: "a period from " + r.Start.Format(time.DateOnly) + " to " + next.Format(time.DateOnly), Want: "periods in order of time",
			}
		}
		for day := r.Start; day.Before(next); day = day.AddDate(0, 0, 1) {
			carried.Temps = append(carried.Temps, temps.At(day))
		}
		use += r.Use
		if r.Estimated && i+1 < len(reads) {
			continue
		}
		carried.Use = use
		if r.Estimated || len(carried.Temps) > maxBimonthly {
			carried.Use = math.NaN() // ends in an estimate, or joined for too long
		}
		out = append(out, carried)
		carried, use = Bill{}, 0
	}
	return out, nil
}
