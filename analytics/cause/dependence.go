package cause

import (
	"time"

	"jouleline/analytics/caltrack"
	"jouleline/analytics/weather"
)

// monthsOf a year.
const monthsOf = 12

// minAdjR2 is the adjusted R2 below which no use is weather-normalised: what
// package caltrack calls unusable where the scatter is large as well, since a
// factor that nobody looks at needs a better model than a figure with its band.
// minBills is how many a model needs: as many as CalTRACK's two slopes do.
const (
	minAdjR2 = .3
	minBills = 9
)

// weatherFactor tells how much more than under normal weather was used: the use of
// a year by its own weather over that by the mean weather of the complete years,
// both by a model fitted to the twelve months of that year (CalTRACK billing). ok
// is false where the model is of no use.
func (c *climate) weatherFactor(months *[monthsOf]float64, year int) (factor float64, ok bool) {
	actual, known := c.temps[year]
	if !known {
		return 0, false
	}
	reads := make([]caltrack.Read, monthsOf)
	for m := range reads {
		reads[m] = caltrack.Read{Start: time.Date(year, time.Month(m+1), 1, 0, 0, 0, 0, time.UTC), Use: months[m]}
	}
	bills, err := caltrack.Bills(reads, time.Date(year+1, time.January, 1, 0, 0, 0, 0, time.UTC), c.daily)
	if err != nil {
		return 0, false
	}
	model, err := caltrack.FitBilling(bills, caltrack.Settings{})
	if err != nil || !usable(model) {
		return 0, false
	}
	use, ok := perDay(model, actual)
	if !ok {
		return 0, false
	}
	normal := 0.
	for _, y := range c.years {
		u, ok := perDay(model, c.temps[y])
		if !ok {
			return 0, false
		}
		normal += u / float64(len(c.years))
	}
	if !(use > 0) || !(normal > 0) {
		return 0, false
	}
	return use / normal, true
}

// usable tells whether a model may normalise.
func usable(m *caltrack.Model) bool {
	return m.Kind != caltrack.InterceptOnly && m.Metrics.N >= minBills && m.AdjR2 >= minAdjR2 &&
		!m.Warnings.Has(caltrack.CodeUnusable) && !m.Warnings.Has(caltrack.CodeNegativeUse) && !m.Warnings.Has(weather.CodeSuspectScale)
}

// perDay is what a model expects of a day, over days of given temperatures.
func perDay(m *caltrack.Model, temps []float64) (float64, bool) {
	n, err := m.Normal(temps)
	if err != nil {
		return 0, false
	}
	return n.Use / float64(n.Days), true
}
