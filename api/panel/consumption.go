package panel

import (
	"jouleline/api/promql"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// unitWords are the canonical units as the names of families have them.
var unitWords = []struct {
	unit        schema.Unit
	word, title string
}{
	{schema.KilowattHour, "kwh", "kWh"}, {schema.CubicMetre, "m3", "m3"}, {schema.Gigajoule, "gj", "GJ"},
	{schema.Litre, "litres", "L"}, {schema.Kilogram, "kg", "kg"}, {schema.KilogramCoalEquivalent, "kgce", "kgce"},
}

// ofUnit tells the rows whose carrier is booked in a unit.
func ofUnit(unit schema.Unit) func(*entry) bool {
	return func(row *entry) bool { return row.carrier.Unit() == unit }
}

// The labels of series, in the table's order.
func placeLabels(more ...string) []string {
	return append([]string{"province", "city", "county", "region", "department", "class", "institution"}, more...)
}

// meterTables are the levels at which meters are read.
var meterTables = []struct {
	level  string
	labels []string
	rows   func(*catalog) []entry
}{
	{"meter", placeLabels("building", "meter", "carrier", "use"), func(c *catalog) []entry { return c.meters() }},
	{"building", placeLabels("building", "carrier", "use"), func(c *catalog) []entry { return c.buildings() }},
}

// courseFamilies are consumption by hours, days and months, and how well it is
// known.
func courseFamilies() []figure {
	var list []figure
	for _, step := range []struct {
		calendar.Step
		word string
	}{{calendar.HourStep, "hour"}, {calendar.DayStep, "day"}, {calendar.MonthStep, "month"}} {
		each := "one at the start of each local " + step.word + ", holds over it"
		for _, table := range meterTables {
			for _, u := range unitWords {
				list = append(list, figure{
					Family: promql.Family{
						Name: "jouleline_" + table.level + "_consumption_" + step.word + "_" + u.word, Type: promql.Gauge, Unit: u.word, Labels: table.labels, Each: each,
						Help: "Consumption of a " + table.level + " in the local " + step.word + " in " + u.title + ", so far where it has not ended",
					},
					rows: table.rows, only: ofUnit(u.unit), read: coursed(step.Step, knownQuantity),
				})
			}
		}
	}
	for _, table := range meterTables {
		each := "one at the start of each local day, holds over it"
		list = append(list, figure{
			Family: promql.Family{
				Name: "jouleline_" + table.level + "_coverage_day_ratio", Type: promql.Gauge, Unit: "ratio", Labels: table.labels, Each: each,
				Help: "Known share of the time of the local day over which the meters of a " + table.level + " should have reported",
			},
			rows: table.rows, read: coursed(calendar.DayStep, coverageOf),
		}, figure{
			Family: promql.Family{
				Name: "jouleline_" + table.level + "_estimated_day_ratio", Type: promql.Gauge, Unit: "ratio", Labels: table.labels, Each: each,
				Help: "Estimated part of the consumption of a " + table.level + " in the local day",
			},
			rows: table.rows, read: coursed(calendar.DayStep, estimatedOf),
		})
	}
	return list
}
