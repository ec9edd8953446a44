package influx

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/schema"
	"jouleline/store"
)

// supply is one carrier of one building.
type supply struct {
	building string
	carrier  schema.Carrier
}

// publishBuildings sends one day of the buildings that touched meters stand in.
func (p *Publisher) publishBuildings(ctx context.Context, a *atlas, touches []store.Touch) error {
	lossy := map[supply]bool{}
	for _, t := range touches {
		if building, carrier, _ := a.stand(t); building != "" {
			s := supply{building, carrier}
			lossy[s] = lossy[s] || t.Lossy
		}
	}
	perZone := map[*calendar.Zone][]supply{}
	order := func(x, y supply) int {
		return strings.Compare(x.building, y.building)*100 + int(x.carrier) - int(y.carrier)
	}
	for _, s := range slices.SortedFunc(maps.Keys(lossy), order) {
		zone := a.zoneOf(s.building)
		perZone[zone] = append(perZone[zone], s)
	}
	for zone, list := range perZone {
		if err := p.publishSupplies(ctx, a, zone, touches[0].Day, list, lossy); err != nil {
			return err
		}
	}
	return nil
}

// publishSupplies sends one day of the buildings of one calendar.
func (p *Publisher) publishSupplies(ctx context.Context, a *atlas, zone *calendar.Zone, day schema.Day, list []supply, lossy map[supply]bool) error {
	q := consumption.Query{
		Places: len(list), Zone: zone, Step: calendar.DayStep, Now: schema.InstantOf(p.config.Clock.Now()),
		Buckets: []calendar.Bucket{{From: zone.Start(day), To: zone.Start(day + 1)}},
	}
	due := make([]int64, len(list)) // meters that should have reported
	for place, s := range list {
		for _, m := range a.counting(s, day, place) {
			q.Members = append(q.Members, m)
			due[place] += expected(m.Expected, day)
		}
	}
	series, err := consumption.Read(ctx, p.config.Store, q)
	if err != nil {
		return fmt.Errorf("consumption of %d buildings on %s: %w", len(list), day, err)
	}
	var lines []string
	bucket := q.Buckets[0]
	for place, s := range list {
		sum, err := series.Amounts(0, place)
		if err != nil {
			return fmt.Errorf("building %s on %s: %w", s.building, day, err)
		}
		of, _ := a.buildingTags(s.building)
		of["carrier"], of["unit"] = s.carrier.String(), s.carrier.Unit().String()
		if sum.Known > 0 {
			lines = append(lines, line(ofBuilding, of, amount(sum.Quantity, sum.Estimated, sum.Known, due[place]*bucket.To.Sub(bucket.From)), bucket.From.Time()))
			continue
		}
		if lossy[s] {
			e := erasure{measurement: ofBuilding, tag: tagBuilding, id: s.building, carrier: s.carrier.String(), from: bucket.From.Time()}
			e.to = (bucket.From + schema.Instant(schema.Second)).Time()
			if err := p.delivery.erase(ctx, e); err != nil {
				return err
			}
		}
	}
	return p.delivery.send(ctx, lines)
}

// counting lists the meters that make up a supply on a day.
func (a *atlas) counting(s supply, day schema.Day, place int) (members []consumption.Member) {
	for _, row := range a.meters[s.building] {
		m := &a.Meters[row]
		number, ok := a.numbers[m.ID]
		if !ok || m.Carrier != s.carrier || !m.Counts() || !m.Contains(day) {
			continue
		}
		members = append(members, consumption.Member{
			Number: number, Facts: a.facts(m.ID), Place: place,
			Counts: []schema.Validity{m.Validity}, Expected: consumption.ExpectedDays(a.Registry, m),
		})
	}
	return members
}
