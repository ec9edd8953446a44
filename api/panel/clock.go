package panel

import (
	"context"

	"jouleline/api/promql"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// clockFamilies tell the local time of buildings: PromQL's hour() and
// day_of_week() know UTC only.
func clockFamilies() []figure {
	return []figure{{
		Family: promql.Family{
			Name: "jouleline_building_utc_offset_seconds", Type: promql.Gauge, Unit: "seconds", Labels: placeLabels("building"),
			Each: "one at the start of each local year, and at each change of the clocks, holds until the next",
			Help: "How far the local time of a building is ahead of UTC",
		},
		rows: func(c *catalog) []entry { return c.houses() }, read: aheadOfUTC,
	}}
}

// aheadOfUTC reads the offsets of buildings' own calendars.
func aheadOfUTC(_ context.Context, a *selection, rows []entry) ([]promql.Series, error) {
	courses := make([]promql.Course, len(rows))
	samples := 0
	for i := range rows {
		b, _ := a.w.Building(rows[i].about.ID)
		zone := a.w.ZoneOf(b)
		years, err := a.buckets(zone, calendar.YearStep, schema.MaxInstant-1)
		if err != nil {
			return nil, err
		}
		for _, year := range years {
			for at := year.From; at < year.To; {
				local := at.Time().In(zone.Location())
				until := year.To
				if _, change := local.ZoneBounds(); !change.IsZero() {
					until = min(until, schema.InstantOf(change))
				}
				_, seconds := local.Zone()
				courses[i].Hold(at, until, float64(seconds))
				at = until
			}
		}
		if samples += courses[i].Len(); samples > a.MaxSamples {
			return nil, tooMany("samples", samples, a.MaxSamples)
		}
	}
	return seriesOf(courses, rows), nil
}
