package anomaly_test

import (
	"math"
	"math/rand/v2"
	"time"

	"jouleline/analytics/anomaly"
)

// world draws meter-years: buildings of different size, habit and weather, with
// holidays, term breaks, noise that lasts from hour to hour and coarse registers.
type world struct {
	r    *rand.Rand
	zone *time.Location
}

const yearHours = 8760

var newYear = time.Date(2023, 1, 1, 0, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))

func newWorld(seed uint64) *world {
	return &world{rand.New(rand.NewPCG(seed, 99)), newYear.Location()}
}

// between draws uniformly.
func (w *world) between(low, high float64) float64 { return low + (high-low)*w.r.Float64() }

// office is a year of electricity, kWh per hour.
func (w *world) office() anomaly.Series {
	base := w.between(5, 60)
	work := base * w.between(1, 4)
	cooling := work * w.between(0, .06)
	heating := base * w.between(0, .04)
	opens, closes := 7+w.r.IntN(2), 17+w.r.IntN(4)
	saturday := w.r.IntN(4) == 0
	noise, resolution := w.between(.03, .1), []float64{.01, .1, .1}[w.r.IntN(3)]
	breaks := w.breaks()
	var s anomaly.Series
	s.Step = 3600
	var hourNoise, dayNoise, weather float64
	for h := range yearHours {
		at := newYear.Add(time.Duration(h) * time.Hour)
		day, hour := at.YearDay()-1, at.Hour()
		if hour == 0 {
			dayNoise = .4*dayNoise + .04*w.r.NormFloat64()
			weather = .7*weather + 2.2*w.r.NormFloat64()
		}
		hourNoise = .5*hourNoise + noise*w.r.NormFloat64()
		temp := 14 - 14*math.Cos(2*math.Pi*(float64(day)-15)/365) + weather - 4*math.Cos(2*math.Pi*float64(hour-3)/24)
		load := base + heating*max(10-temp, 0)
		weekend := at.Weekday() == time.Sunday || at.Weekday() == time.Saturday && !saturday
		if hour >= opens && hour < closes && !weekend && !breaks[day] {
			ramp := min(1, .5+.25*float64(hour-opens))
			load += ramp*work*(1+dayNoise) + cooling*max(temp-22, 0)
		}
		s.Times = append(s.Times, at.Unix())
		s.Values = append(s.Values, round(max(load*(1+hourNoise), 0), resolution))
	}
	return s
}

// breaks marks the public holidays, and in a third of buildings a summer and a winter
// break of some weeks.
func (w *world) breaks() map[int]bool {
	out := map[int]bool{0: true, 1: true}
	stretch := func(from, days int) {
		for d := from; d < from+days; d++ {
			out[d] = true
		}
	}
	stretch(20, 8)  // spring festival
	stretch(118, 4) // May
	stretch(271, 8) // October
	stretch(172, 1) // dragon boat
	if w.r.IntN(3) == 0 {
		stretch(14, 28)
		stretch(190, 50)
	}
	return out
}

// tap is a year of water, m3 per hour: people by day, hardly anyone at night.
func (w *world) tap() anomaly.Series {
	people := w.between(20, 400)
	resolution := []float64{.001, .01}[w.r.IntN(2)]
	breaks := w.breaks()
	var s anomaly.Series
	s.Step = 3600
	for h := range yearHours {
		at := newYear.Add(time.Duration(h) * time.Hour)
		day, hour := at.YearDay()-1, at.Hour()
		present := .02
		switch {
		case breaks[day]:
		case at.Weekday() == time.Sunday || at.Weekday() == time.Saturday:
			present = .1
		case hour >= 7 && hour < 19:
			present = 1
		case hour >= 19 && hour < 23:
			present = .15
		}
		if hour < 6 {
			present = .004
		}
		draws := poisson(w.r, people*present*.8)
		var flow float64
		for range draws {
			flow += .006 * -math.Log(1-w.r.Float64())
		}
		s.Times = append(s.Times, at.Unix())
		s.Values = append(s.Values, round(flow, resolution))
	}
	return s
}

func round(v, resolution float64) float64 { return math.Round(v/resolution) * resolution }

func poisson(r *rand.Rand, mean float64) int {
	if mean > 50 {
		return max(int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())), 0)
	}
	limit, product, k := math.Exp(-mean), r.Float64(), 0
	for product > limit {
		product *= r.Float64()
		k++
	}
	return k
}

// fault is what was done to a series, and when.
type fault struct {
	cause    anomaly.Cause
	from, to int // hours
}

// inject spoils a series in place; the onset leaves a month before it.
func (w *world) inject(cause anomaly.Cause, s *anomaly.Series) fault {
	from := 30*24 + w.r.IntN(yearHours-60*24)
	f := fault{cause, from, from}
	lasts := func(low, high float64) { f.to = min(from+int(24*w.between(low, high)), yearHours) }
	switch cause {
	case anomaly.Silent:
		lasts(2, 30)
		for h := f.from; h < f.to; h++ {
			s.Values[h] = math.NaN()
		}
	case anomaly.Stuck:
		lasts(2, 30)
		last := s.Values[from]
		if w.r.IntN(2) == 0 {
			last = 0 // the register stands still
		}
		for h := f.from; h < f.to; h++ {
			s.Values[h] = last
		}
	case anomaly.Leak:
		lasts(7, 90)
		rate := mean(s.Values) * w.between(.12, 1)
		for h := f.from; h < f.to; h++ {
			s.Values[h] += rate
		}
	case anomaly.Swap:
		f.to = yearHours
		factor := math.Exp(w.between(math.Log(1.6), math.Log(40)))
		if w.r.IntN(2) == 0 {
			factor = 1 / factor
		}
		for h := f.from; h < f.to; h++ {
			s.Values[h] = round(s.Values[h]*factor, .01)
		}
	case anomaly.BaseLoadStep:
		f.to = yearHours
		extra := w.level(s, 2, 5) * w.between(.25, .8)
		for h := f.from; h < f.to; h++ {
			s.Values[h] += extra
		}
	case anomaly.NightSchedule:
		lasts(7, 60)
		night, day := w.level(s, 2, 5), w.level(s, 10, 16)
		left := w.between(.55, .95)
		for h := f.from; h < f.to; h++ {
			if hour := time.Unix(s.Times[h], 0).In(w.zone).Hour(); hour >= 20 || hour < 7 {
				s.Values[h] = max(s.Values[h], night+left*(day-night)*(1+.05*w.r.NormFloat64()))
			}
		}
	}
	return f
}

func mean(x []float64) (m float64) {
	for _, v := range x {
		m += v / float64(len(x))
	}
	return m
}

// level is the mean of the hours [low, high) on weekdays.
func (w *world) level(s *anomaly.Series, low, high int) float64 {
	var sum, n float64
	for i, at := range s.Times {
		local := time.Unix(at, 0).In(w.zone)
		if h := local.Hour(); h >= low && h < high && local.Weekday() != time.Sunday && local.Weekday() != time.Saturday {
			sum += s.Values[i]
			n++
		}
	}
	return sum / n
}
