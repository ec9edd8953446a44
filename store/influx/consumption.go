package influx

import (
	"context"
	"fmt"
	"slices"

	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/schema"
	"jouleline/store"
)

// page is how many days of meters are computed at once: of 15-minute readings with
// their neighbours, some 20 MB.
const page = 1000

// bucketsADay bounds the buckets of a day: 25 hours of quarters.
const bucketsADay = 100

// publishDays sends the consumption of touched days, meters by the configured step
// and their buildings by the day. keep, where not nil, chooses among them.
func (p *Publisher) publishDays(ctx context.Context, a *atlas, q store.TouchQuery, keep func(store.Touch) (store.Touch, bool)) error {
	return p.eachTouch(ctx, q, func(touches []store.Touch) error {
		var chosen []store.Touch
		for _, t := range touches {
			if keep != nil {
				ok := false
				if t, ok = keep(t); !ok {
					continue
				}
			}
			chosen = append(chosen, t)
		}
		if err := p.publishMeters(ctx, a, chosen); err != nil {
			return err
		}
		return p.publishBuildings(ctx, a, chosen)
	})
}

// eachTouch reads the outbox page by page; a page holds one day.
func (p *Publisher) eachTouch(ctx context.Context, q store.TouchQuery, work func([]store.Touch) error) error {
	q.Limit = page
	q.From = store.Touch{Day: q.Days.From, Meter: -1}
	for {
		touches, err := p.config.Store.Touched(ctx, q)
		if err != nil || len(touches) == 0 {
			return err
		}
		for list := touches; len(list) > 0; {
			n := slices.IndexFunc(list, func(t store.Touch) bool { return t.Day != list[0].Day })
			if n < 0 {
				n = len(list)
			}
			if err := work(list[:n]); err != nil {
				return err
			}
			list = list[n:]
		}
		q.From = touches[len(touches)-1]
	}
}

// publishMeters sends one day of meters.
func (p *Publisher) publishMeters(ctx context.Context, a *atlas, touches []store.Touch) error {
	perZone := map[*calendar.Zone][]store.Touch{}
	for _, t := range touches {
		if id := a.names[t.Meter]; len(a.MeterVersions(id)) > 0 {
			zone := a.zones.Of(a.Zone(id))
			perZone[zone] = append(perZone[zone], t)
		}
	}
	for zone, list := range perZone {
		day := list[0].Day
		buckets, err := zone.Buckets(zone.Start(day), zone.Start(day+1), a.step, bucketsADay)
		if err != nil {
			return err
		}
		q := consumption.Query{
			Places: len(list), Buckets: buckets, Zone: zone, Step: a.step, Now: schema.InstantOf(p.config.Clock.Now()),
			Members: make([]consumption.Member, len(list)),
		}
		for i, t := range list {
			q.Members[i] = a.member(a.names[t.Meter], t.Meter, i)
		}
		series, err := consumption.Read(ctx, p.config.Store, q)
		if err != nil {
			return fmt.Errorf("consumption of %d meters on %s: %w", len(list), day, err)
		}
		var lines []string
		for i, t := range list {
			var gone []erasure
			if lines, gone, err = a.meterDay(lines, series, &q.Members[i], t, q.Now); err != nil {
				return err
			}
			for _, e := range gone {
				if err := p.delivery.erase(ctx, e); err != nil {
					return err
				}
			}
		}
		if err := p.delivery.send(ctx, lines); err != nil {
			return err
		}
	}
	return nil
}

// member lets a meter count wherever it is valid, as it does when it is asked for
// itself.
func (a *atlas) member(id string, number int32, place int) consumption.Member {
	m := consumption.Member{Number: number, Facts: a.facts(id), Place: place, Counts: []schema.Validity{schema.Open}}
	versions := a.MeterVersions(id)
	for i := range versions {
		m.Expected = append(m.Expected, consumption.ExpectedDays(a.Registry, &versions[i])...)
	}
	return m
}

// aheadMillis is how far a reading may lie after its reception (rule 6): buckets
// that begin later were never known.
const aheadMillis = 10 * schema.Minute

// meterDay adds the points of one meter's day, and tells what to delete where
// something that was known may not be any more.
func (a *atlas) meterDay(lines []string, series *consumption.Series, m *consumption.Member, t store.Touch, now schema.Instant) ([]string, []erasure, error) {
	id := a.names[t.Meter]
	var gone []erasure
	open := false // the last bucket was missing
	for b, bucket := range series.Buckets() {
		sum, err := series.Amounts(b, m.Place)
		if err != nil {
			return lines, nil, fmt.Errorf("meter %s from %s: %w", id, bucket.From, err)
		}
		if sum.Known > 0 {
			of, _ := a.meterTags(id)
			lines = append(lines, line(ofMeter, of, amount(sum.Quantity, sum.Estimated, sum.Known, expected(m.Expected, t.Day)*bucket.To.Sub(bucket.From)), bucket.From.Time()))
			open = false
			continue
		}
		if !t.Lossy || bucket.From > now+schema.Instant(aheadMillis) {
			continue
		}
		if !open {
			gone = append(gone, erasure{measurement: ofMeter, tag: tagMeter, id: id, from: bucket.From.Time()})
			open = true
		}
		gone[len(gone)-1].to = (bucket.From + schema.Instant(schema.Second)).Time()
	}
	return lines, gone, nil
}

// expected counts the stretches of days that hold a day.
func expected(stretches []schema.Validity, day schema.Day) (n int64) {
	for _, v := range stretches {
		if v.Contains(day) {
			n++
		}
	}
	return n
}
