package panel

import (
	"context"

	"jouleline/api/promql"
	"jouleline/metrics/calendar"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// correctionFamilies tell which local days of meters were booked anew after they
// were over, and when: a reading of them was corrected, taken back, or came late
// between others, or an event or the registry changed what they say. What a virtual
// meter's terms are told of is not told of it again.
func correctionFamilies() []figure {
	labels := placeLabels("building", "meter", "carrier", "use")
	meters := func(c *catalog) []entry { return c.meters() }
	return []figure{{
		Family: promql.Family{
			Name: "jouleline_meter_correction_days", Type: promql.Gauge, Unit: "days", Labels: labels,
			Each: "one at each moment at which the books took a correction, holds until the end of its local day",
			Help: "Local days of a meter that were over and that a correction booked anew",
		},
		rows: meters, read: correctedWhen,
	}, {
		Family: promql.Family{
			Name: "jouleline_meter_corrected_day_timestamp_seconds", Type: promql.Gauge, Unit: "seconds", Labels: labels,
			Each: "one at the start of each local day that was corrected, holds over it",
			Help: "Moment at which a local day of a meter was last booked anew after it was over",
		},
		rows: meters, read: correctedDays,
	}}
}

// correctedWhen reads the moments of corrections.
func correctedWhen(ctx context.Context, a *selection, rows []entry) ([]promql.Series, error) {
	zone := a.w.Calendar()
	from := a.From
	if a.Looking {
		from = zone.Start(zone.DayOf(from)) // what happened earlier that day still holds
	}
	courses := make([]promql.Course, len(rows))
	err := a.rebooked(ctx, rows, posting.RebookedQuery{From: from, To: a.To + 1, Days: schema.Open}, func(i int, _ *calendar.Zone, list []posting.Rebooked) {
		for n, r := range list {
			if n > 0 && list[n-1].Recorded == r.Recorded {
				continue // counted with the first
			}
			days := 1
			for n+days < len(list) && list[n+days].Recorded == r.Recorded {
				days++
			}
			courses[i].Hold(r.Recorded, zone.Start(zone.DayOf(r.Recorded)+1), float64(days))
		}
	})
	return seriesOf(courses, rows), err
}

// correctedDays reads the days that were corrected.
func correctedDays(ctx context.Context, a *selection, rows []entry) ([]promql.Series, error) {
	zone := a.w.Calendar()
	days := schema.Validity{From: zone.DayOf(a.From) - 1, To: zone.DayOf(a.To) + 2} // other calendars are a day off at most
	courses := make([]promql.Course, len(rows))
	err := a.rebooked(ctx, rows, posting.RebookedQuery{To: schema.MaxInstant, Days: days}, func(i int, own *calendar.Zone, list []posting.Rebooked) {
		latest := map[calendar.Bucket]schema.Instant{}
		for _, r := range list { // in order of moments
			latest[calendar.Bucket{From: own.Start(r.Day), To: own.Start(r.Day + 1)}] = r.Recorded
		}
		for _, b := range sortedBuckets(latest) {
			if b.From <= a.To && b.To > a.From {
				courses[i].Hold(b.From, b.To, float64(latest[b])/float64(schema.Second))
			}
		}
	})
	return seriesOf(courses, rows), err
}

// rebooked visits, for each row that has any, what was booked anew of its days
// after they were over in its own calendar, in order of moments and days.
func (a *selection) rebooked(ctx context.Context, rows []entry, q posting.RebookedQuery, visit func(row int, own *calendar.Zone, list []posting.Rebooked)) error {
	of := make(map[int32]int, len(rows))
	for i := range rows {
		if number, ok := a.w.Number(rows[i].about.ID); ok {
			of[number] = i
			q.Meters = append(q.Meters, number)
		}
	}
	q.Limit = a.MaxSamples
	all, err := a.s.source.Rebooked(ctx, q)
	if err != nil {
		return err
	}
	if len(all) > a.MaxSamples {
		return tooMany("corrected days", len(all), a.MaxSamples)
	}
	for len(all) > 0 {
		list := posting.RowsOf(all, all[0].Meter)
		all = all[len(list):]
		i := of[list[0].Meter]
		own := a.w.Zones.Of(a.w.Zone(rows[i].about.ID))
		closed := list[:0]
		for _, r := range list {
			if r.Recorded >= own.Start(r.Day+1) {
				closed = append(closed, r)
			}
		}
		visit(i, own, closed)
	}
	return nil
}
