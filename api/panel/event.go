package panel

import (
	"context"
	"slices"

	"jouleline/api/promql"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// eventFamilies tell what happened to meters, for annotations, and how long each
// may be silent, for alerts.
func eventFamilies() []figure {
	labels := placeLabels("building", "meter", "carrier", "use")
	return []figure{{
		Family: promql.Family{
			Name: "jouleline_meter_event", Type: promql.Gauge, Labels: append(slices.Clone(labels), "event"),
			Each: "one at the time of each event, holds until the end of its local day", Help: "A meter was swapped, reset, rolled over or got another multiplier; 1",
		},
		rows: func(c *catalog) []entry { return c.meters() }, later: []string{"event"}, grow: happened, mayBeNone: true, read: happenedAt,
	}, {
		Family: promql.Family{
			Name: "jouleline_meter_gap_limit_seconds", Type: promql.Gauge, Unit: "seconds", Labels: labels,
			Each: "one at the start of each local year, holds over it", Help: "Age of the latest reading beyond which a meter counts as late",
		},
		rows: func(c *catalog) []entry { return c.meters() }, read: mayBeSilent,
	}}
}

// happened gives a row for each kind of event that a meter had.
func happened(c *catalog, row *entry) (list []entry) {
	events := c.w.EventsOf(row.about.ID)
	if len(events) == 0 {
		return nil
	}
	for kind := schema.Swap; kind <= schema.MultiplierChange; kind++ {
		if slices.ContainsFunc(events, func(e schema.Event) bool { return e.Kind == kind }) {
			list = append(list, row.named("event", kind.String()))
		}
	}
	return list
}

// happenedAt reads when.
func happenedAt(_ context.Context, a *selection, rows []entry) ([]promql.Series, error) {
	zone := a.w.Calendar()
	courses := make([]promql.Course, len(rows))
	for i := range rows {
		for _, e := range a.w.EventsOf(rows[i].about.ID) {
			if e.Kind.String() == rows[i].labels.Get("event") && e.Time <= a.To {
				courses[i].Hold(e.Time, zone.Start(zone.DayOf(e.Time)+1), 1)
			}
		}
	}
	return seriesOf(courses, rows), nil
}

// mayBeSilent reads the gap limits of the latest versions of meters.
func mayBeSilent(_ context.Context, a *selection, rows []entry) ([]promql.Series, error) {
	years, err := a.buckets(a.w.Calendar(), calendar.YearStep, schema.MaxInstant-1)
	if err == nil {
		err = a.fits(rows, years)
	}
	if err != nil {
		return nil, err
	}
	courses := make([]promql.Course, len(rows))
	for i := range rows {
		versions := a.w.MeterVersions(rows[i].about.ID)
		limit := float64(versions[len(versions)-1].GapLimit) / float64(schema.Second)
		for _, b := range years {
			courses[i].Hold(b.From, b.To, limit)
		}
	}
	return seriesOf(courses, rows), nil
}
