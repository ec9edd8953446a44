package sim

import (
	"math"
	"math/rand/v2"
)

// draw chooses when a trouble begins, at least a month from either end of the year,
// and how many hours it lasts.
func (t Trouble) draw(rng *rand.Rand) (from, hours int) {
	from = 30*24 + rng.IntN(ailingHours-60*24)
	lasts := func(least, most float64) int { return int(24 * between(rng, least, most)) }
	switch t {
	case LeakingPipe:
		return from, lasts(7, 90)
	case StuckMeter, SilentGateway:
		return from, lasts(2, 30)
	case NightSchedule:
		return from, lasts(7, 60)
	}
	return from, ailingHours // for good
}

// spoil does to the hours [from, to) of a year what the trouble does. Silence and
// the beginning of another register are left to the readings.
func (t Trouble) spoil(hours []float64, from, to int, rng *rand.Rand) {
	switch t {
	case LeakingPipe:
		rate := meanOf(hours, func(int) bool { return true }) * between(rng, .12, 1)
		for h := from; h < to; h++ {
			hours[h] += rate * (1 + .03*rng.NormFloat64())
		}
	case StuckMeter:
		last := hours[from]
		if rng.IntN(2) == 0 {
			last = 0
		}
		for h := from; h < to; h++ {
			hours[h] = last
		}
	case BaseLoadStep:
		extra := meanOf(hours, isNight) * between(rng, .25, .8)
		for h := from; h < to; h++ {
			hours[h] += extra * (1 + .02*rng.NormFloat64())
		}
	case NightSchedule:
		night, day := meanOf(hours, isNight), meanOf(hours, isFullUse)
		left := between(rng, .55, .95)
		for h := from; h < to; h++ {
			if of := h % 24; of >= 20 || of < 7 {
				hours[h] = max(hours[h], night+left*(day-night)*(1+.05*rng.NormFloat64()))
			}
		}
	case SwappedMeter:
		factor := math.Exp(between(rng, math.Log(1.6), math.Log(40)))
		if rng.IntN(2) == 0 {
			factor = 1 / factor
		}
		for h := from; h < to; h++ {
			hours[h] *= factor
		}
	}
}

func isNight(hour int) bool { return hour%24 >= 1 && hour%24 < 5 }

func isFullUse(hour int) bool { return isWorkday(hour/24) && hour%24 >= 10 && hour%24 < 16 }

func meanOf(hours []float64, counts func(hour int) bool) float64 {
	var sum, n float64
	for h, v := range hours {
		if counts(h) {
			sum += v
			n++
		}
	}
	return sum / n
}

// isWorkday tells whether a day of the year lies between Monday and Friday.
func isWorkday(day int) bool { return day%7 < 5 } // 2024 began with a Monday

// publicHolidays are the stretches of 2024 in which offices were closed, as days of
// the year from 0: New Year, Spring Festival, Qingming, May, Dragon Boat,
// Mid-Autumn, National Day (notice of the State Council's office of 2023-10-25;
// the working weekends in exchange are left out).
var publicHolidays = [...][2]int{{0, 1}, {40, 48}, {94, 97}, {121, 126}, {161, 162}, {259, 262}, {274, 281}}

// closedDays marks holidays, and for a third of buildings a winter and a summer
// break.
func closedDays(rng *rand.Rand) (closed [ailingDays]bool) {
	stretches := publicHolidays[:]
	if rng.IntN(3) == 0 {
		stretches = append([][2]int{{19, 54}, {187, 243}}, stretches...)
	}
	for _, s := range stretches {
		for d := s[0]; d < s[1]; d++ {
			closed[d] = true
		}
	}
	return closed
}

// officeYear is a year of electricity in kWh an hour: a base that never goes off, a
// working day with a ramp and a lunch hour, cooling and some electric heating by a
// simulated weather, evenings now and then.
func officeYear(rng *rand.Rand) []float64 {
	base := math.Exp(between(rng, math.Log(4), math.Log(80)))
	work := base * between(rng, 1, 4)
	cooling, heating := work*between(rng, 0, .06), base*between(rng, 0, .04)
	opens, closes := 7+rng.IntN(2), 17+rng.IntN(4)
	saturdays, noise := rng.IntN(4) == 0, between(rng, .03, .1)
	closed := closedDays(rng)
	hours := make([]float64, ailingHours)
	var hourly, daily, weather, late float64
	for h := range hours {
		day, of := h/24, h%24
		if of == 0 {
			daily = .4*daily + .04*rng.NormFloat64()
			weather = .7*weather + 2.2*rng.NormFloat64()
			if late = 0; rng.IntN(20) == 0 {
				late = between(rng, 1, 3) // an evening of work
			}
		}
		hourly = .5*hourly + noise*rng.NormFloat64()
		celsius := 14 - 14*math.Cos(2*math.Pi*float64(day-15)/365) + weather - 4*math.Cos(2*math.Pi*float64(of-3)/24)
		load := base + heating*max(10-celsius, 0)
		open := (isWorkday(day) || saturdays && day%7 == 5) && !closed[day]
		if open && of >= opens && float64(of) < float64(closes)+late {
			part := min(1, .5+.25*float64(of-opens))
			if of == 12 {
				part *= .85
			}
			load += part*work*(1+daily) + cooling*max(celsius-22, 0)
		}
		hours[h] = max(load*(1+hourly), 0)
	}
	return hours
}

// tapYear is a year of water in m3 an hour: draws of people who come and go, hardly
// any at night.
func tapYear(rng *rand.Rand) []float64 {
	people := math.Exp(between(rng, math.Log(20), math.Log(400)))
	guard := between(rng, .001, .005) // of all people, at night
	closed := closedDays(rng)
	hours := make([]float64, ailingHours)
	for h := range hours {
		day, of := h/24, h%24
		present := guard
		switch {
		case of < 6:
		case closed[day]:
			present = .02
		case !isWorkday(day):
			present = .1
		case of < 19 && of >= 7:
			present = 1
		case of < 23:
			present = .15
		}
		for draws := poisson(rng, .8*people*present); draws > 0; draws-- {
			hours[h] += .006 * rng.ExpFloat64() // a tap or a cistern: six litres
		}
	}
	return hours
}

// poisson draws a count; a large one by its normal limit.
func poisson(rng *rand.Rand, mean float64) int {
	if mean > 50 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*rng.NormFloat64())))
	}
	limit, product, n := math.Exp(-mean), rng.Float64(), 0
	for ; product > limit; n++ {
		product *= rng.Float64()
	}
	return n
}
