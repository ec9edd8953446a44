package panel

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"strconv"

	"jouleline/api/promql"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// infoFamilies map codes to names and places: their value is 1, to be joined with.
func infoFamilies() []figure {
	family := func(name, help string, labels, later []string, rows func(*catalog) []entry, more func(*catalog, *entry) []string) figure {
		return figure{
			Family: promql.Family{
				Name: "jouleline_" + name, Type: promql.Gauge, Labels: append(labels, later...),
				Each: "one at the start of each local year, holds over it", Help: help,
			},
			rows: rows, later: later, read: always,
			grow: func(c *catalog, row *entry) []entry { return []entry{row.named(more(c, row)...)} },
		}
	}
	regions := []string{"province", "city", "county", "region"}
	place := family("region_place", "Where regions are that the registry gives a place, in degrees; 1", slices.Clone(regions), []string{"name", "latitude", "longitude"},
		func(c *catalog) []entry { return c.regions() }, func(c *catalog, row *entry) []string {
			area, _ := c.w.Region(row.about.ID, c.day)
			degrees := func(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }
			return []string{"name", area.Name, "latitude", degrees(area.Latitude), "longitude", degrees(area.Longitude)}
		})
	placed := place.grow
	place.mayBeNone, place.grow = true, func(c *catalog, row *entry) []entry {
		if area, _ := c.w.Region(row.about.ID, c.day); !area.Given() {
			return nil
		}
		return placed(c, row)
	}
	return []figure{
		family("region_info", "Names of regions; 1", slices.Clone(regions), []string{"name"}, func(c *catalog) []entry { return c.regions() }, func(c *catalog, row *entry) []string {
			area, _ := c.w.Region(row.about.ID, c.day)
			return []string{"name", area.Name}
		}),
		place,
		family("department_info", "Names of departments; 1", []string{"department"}, []string{"name"}, func(c *catalog) []entry { return c.departments() }, func(c *catalog, row *entry) []string {
			area, _ := c.w.Department(row.about.ID, c.day)
			return []string{"name", area.Name}
		}),
		family("institution_info", "Names of institutions; 1", placeLabels(), []string{"name"}, func(c *catalog) []entry { return c.institutions() }, func(c *catalog, row *entry) []string {
			return []string{"name", c.w.InstitutionOn(row.institution, c.day).Name}
		}),
		family("building_info", "Names of buildings and their weather stations; 1", placeLabels("building"), []string{"name", "station"}, func(c *catalog) []entry { return c.houses() }, func(c *catalog, row *entry) []string {
			b, _ := c.w.Building(row.about.ID)
			return []string{"name", b.Name, "station", b.Station}
		}),
		family("meter_info", "What meters are: kind, gateway, and the meter above; 1", placeLabels("building", "meter", "carrier", "use"), []string{"kind", "gateway", "parent"},
			func(c *catalog) []entry { return c.meters() }, func(c *catalog, row *entry) []string {
				versions := c.w.MeterVersions(row.about.ID)
				m := &versions[len(versions)-1]
				return []string{"kind", m.Kind.String(), "gateway", m.Gateway, "parent", m.Parent}
			}),
	}
}

// named gives a row with more labels, in pairs.
func (row *entry) named(more ...string) entry {
	pairs := make([]string, 0, 2*row.labels.Len()+len(more))
	row.labels.Range(func(l promql.Label) { pairs = append(pairs, l.Name, l.Value) })
	one := *row
	one.labels = promql.LabelsOf(append(pairs, more...)...)
	return one
}

// always reads 1.
func always(_ context.Context, a *selection, rows []entry) ([]promql.Series, error) {
	years, err := a.buckets(a.w.Calendar(), calendar.YearStep, schema.MaxInstant-1)
	if err == nil {
		err = a.fits(rows, years)
	}
	if err != nil {
		return nil, err
	}
	courses := make([]promql.Course, len(rows))
	for i := range rows {
		for _, b := range years {
			courses[i].Hold(b.From, b.To, 1)
		}
	}
	return seriesOf(courses, rows), nil
}

// weatherHold is how long a temperature holds: stations give one an hour, and one
// missing hour is bridged.
const weatherHold = schema.Instant(2 * schema.Hour)

func weatherFamilies() []figure {
	return []figure{{
		Family: promql.Family{
			Name: "jouleline_weather_temperature_celsius", Type: promql.Gauge, Unit: "celsius", Labels: []string{"station"},
			Each: "one at each time of the registry's weather, holds until the next, two hours at most", Help: "Outdoor temperature of a weather station",
		},
		rows: func(c *catalog) []entry { return c.stations() },
		read: func(_ context.Context, a *selection, rows []entry) ([]promql.Series, error) {
			courses := make([]promql.Course, len(rows))
			samples := 0
			for i := range rows {
				weather := a.w.Weather // by station, then by time
				id := rows[i].about.ID
				at := sort.Search(len(weather), func(k int) bool {
					return cmp.Or(cmp.Compare(weather[k].Station, id), cmp.Compare(weather[k].Time, a.From-weatherHold)) >= 0
				})
				for ; at < len(weather) && weather[at].Station == id && weather[at].Time <= a.To; at++ {
					courses[i].Hold(weather[at].Time, weather[at].Time+weatherHold, weather[at].Celsius)
				}
				if samples += courses[i].Len(); samples > a.MaxSamples {
					return nil, tooMany("samples", samples, a.MaxSamples)
				}
			}
			return seriesOf(courses, rows), nil
		},
	}}
}
