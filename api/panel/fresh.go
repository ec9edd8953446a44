package panel

import (
	"context"

	"jouleline/api/promql"
	"jouleline/schema"
)

// freshFamilies tell how lately meters were heard of.
func freshFamilies() []figure {
	meters := func(c *catalog) []entry { return c.meters() }
	labels := placeLabels("building", "meter", "carrier", "use")
	return []figure{{
		Family: promql.Family{
			Name: "jouleline_meter_last_reading_timestamp_seconds", Type: promql.Gauge, Unit: "seconds", Labels: labels,
			Each: "one at the time of the latest reading, holds until five minutes from now, or the meter's end", Help: "Time of the latest reading of a meter",
		},
		rows: meters, read: lastRead,
	}, {
		Family: promql.Family{
			Name: "jouleline_meter_freshness_seconds", Type: promql.Gauge, Unit: "seconds", Labels: labels,
			Each: "one at each full minute from the latest reading until now, or the meter's end, holds until the next, five minutes at most", Help: "Age of the latest reading of a meter",
		},
		rows: meters, read: fresh,
	}}
}

// clockSkew is how far the clock of who asks may be ahead: Prometheus' own lookback.
// An alert is evaluated at the full minute of another machine.
const clockSkew = schema.Instant(5 * schema.Minute)

// lastRead reads when meters were last heard of.
func lastRead(ctx context.Context, a *selection, rows []entry) ([]promql.Series, error) {
	courses := make([]promql.Course, len(rows))
	err := a.seen(ctx, rows, func(i int, seen, until schema.Instant) {
		if seen <= a.To {
			courses[i].Hold(seen, min(max(a.now, seen)+clockSkew, until), float64(seen)/float64(schema.Second))
		}
	})
	return seriesOf(courses, rows), err
}

// fresh reads how long ago that was, at each full minute.
func fresh(ctx context.Context, a *selection, rows []entry) ([]promql.Series, error) {
	const minute = schema.Instant(schema.Minute)
	from, to := a.From, min(a.To, a.now)
	if a.Looking {
		from -= clockSkew - 1
	}
	if n := len(rows) * int(max(0, to-from)/minute+1); n > a.MaxSamples {
		return nil, tooMany("samples", n, a.MaxSamples)
	}
	courses := make([]promql.Course, len(rows))
	err := a.seen(ctx, rows, func(i int, seen, until schema.Instant) {
		for at := (max(from, seen) + minute - 1) / minute * minute; at <= min(to, until-1); at += minute {
			courses[i].Hold(at, min(at+clockSkew, until), float64(at-seen)/float64(schema.Second))
		}
	})
	return seriesOf(courses, rows), err
}

// endOf gives when a meter's last version ends.
func (a *selection) endOf(meter string) schema.Instant {
	versions := a.w.MeterVersions(meter)
	last := &versions[len(versions)-1]
	if last.To == schema.Never {
		return schema.MaxInstant
	}
	building, _ := a.w.Building(last.Building)
	return a.w.ZoneOf(building).Start(last.To)
}

// seen visits the latest readings of the meters of rows, and until when each is to
// report: nobody waits for one that was taken out of service.
func (a *selection) seen(ctx context.Context, rows []entry, visit func(row int, seen, until schema.Instant)) error {
	list, err := a.s.source.Seen(ctx)
	if err != nil {
		return err
	}
	of := make(map[int32]int, len(rows))
	for i := range rows {
		if number, ok := a.w.Number(rows[i].about.ID); ok {
			of[number] = i
		}
	}
	for _, k := range list {
		if i, ok := of[k.Meter]; ok {
			if until := a.endOf(rows[i].about.ID); k.Seen < until {
				visit(i, k.Seen, until)
			}
		}
	}
	return nil
}
