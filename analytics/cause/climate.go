package cause

import (
	"time"

	"jouleline/analytics/savings"
	"jouleline/analytics/weather"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// climate is the outdoor air of one station in the years of a question.
type climate struct {
	daily weather.Daily
	// years are those that are complete, in order; temps the known daily means of
	// each.
	years []int
	temps map[int][]float64
}

// leastKnown is the share of a month's days that need a temperature for a year to
// be complete (CalTRACK 2.2.3.2 for billing periods).
const leastKnown = .9

// readClimate lays out the years [from, to] of a station; nil where it has no
// temperatures that could be laid out.
func readClimate(reg *registry.Registry, station string, from, to int) *climate {
	zone := reg.TimeZone
	first, last := schema.DayOf(from, time.January, 1), schema.DayOf(to+1, time.January, 1)
	samples := savings.Temperatures(reg, station, first.Start(zone), last.Start(zone))
	if len(samples.Times) < 2 {
		return nil
	}
	daily, err := savings.DailyTemperatures(samples, zone)
	if err != nil {
		return nil // months or weeks of temperatures tell no degree days
	}
	c := &climate{daily: daily, temps: map[int][]float64{}}
	for year := from; year <= to; year++ {
		if temps, ok := c.year(year); ok {
			c.years = append(c.years, year)
			c.temps[year] = temps
		}
	}
	return c
}

// year gives the known days of a year; ok is false where a month of it is known
// too little.
func (c *climate) year(year int) (temps []float64, ok bool) {
	for month := time.January; month <= time.December; month++ {
		days, known := 0, 0
		for day := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC); day.Month() == month; day = day.AddDate(0, 0, 1) {
			days++
			if t := c.daily.At(day); t == t { // not NaN
				temps = append(temps, t)
				known++
			}
		}
		if float64(known) < leastKnown*float64(days) {
			return nil, false
		}
	}
	return temps, true
}

// air is the climates of a question's institutions, read where they are needed.
type air struct {
	reg      *registry.Registry
	from, to int
	stations []string // by institution, "" where it has none
	read     map[string]*climate
}

// newAir finds the stations of all institutions; nil where none has one.
func newAir(reg *registry.Registry, from, to int) *air {
	if len(reg.Weather) == 0 {
		return nil
	}
	a := &air{reg: reg, from: from, to: to, stations: make([]string, len(reg.InstitutionIDs)), read: map[string]*climate{}}
	some := false
	for i, id := range reg.InstitutionIDs {
		a.stations[i] = stationOf(reg, id)
		some = some || a.stations[i] != ""
	}
	if !some {
		return nil
	}
	return a
}

// climate gives that of a station, nil where it has none.
func (a *air) climate(station string) *climate {
	c, ok := a.read[station]
	if !ok {
		c = readClimate(a.reg, station, a.from, a.to)
		a.read[station] = c
	}
	return c
}

// stationOf gives the station of an institution: the one that all its buildings
// share, "" where there is none or they have several.
func stationOf(reg *registry.Registry, institution string) string {
	station := ""
	for _, b := range reg.BuildingsOf(institution) {
		if b.Station == "" || station != "" && station != b.Station {
			return ""
		}
		station = b.Station
	}
	return station
}
