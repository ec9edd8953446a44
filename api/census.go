package api

import (
	"context"
	"fmt"
	"math/big"

	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// census counts how well each part of a subject is known over one stretch.
type census struct {
	s     *Server
	w     *world
	in    *QualityInput
	about subject

	name   string
	zone   *calendar.Zone
	totals []QualityTotal
	parts  []part
}

// take counts carrier by carrier.
func (c *census) take(ctx context.Context) error {
	c.totals = []QualityTotal{}
	carriers := schema.Carriers
	if c.in.Carrier != "" {
		carrier, err := schema.ParseCarrier(c.in.Carrier)
		if err != nil {
			return fmt.Errorf("%w: %w", errQuestion, err)
		}
		carriers = []schema.Carrier{carrier}
	}
	switch c.about.kind {
	case kindMeter:
		return c.single(ctx, c.in.Carrier)
	case kindBuilding, string(indicator.ByInstitution):
		if c.about.kind != kindBuilding && c.w.sharesMeters(c.about.id) {
			break
		}
		for _, carrier := range carriers {
			if err := c.single(ctx, carrier.String()); err != nil {
				return err
			}
		}
		return nil
	}
	return c.group(ctx, carriers)
}

// single counts the meters of one carrier in a building or institution, or one
// meter.
func (c *census) single(ctx context.Context, carrier string) error {
	circle, err := c.w.circle(c.about, carrier)
	if err != nil {
		return err
	}
	c.name, c.zone = circle.name, circle.zone
	if circle.isEmpty() {
		return nil
	}
	ids := circle.separate()
	series, err := consumption.Read(ctx, c.s.config.Books, consumption.Query{
		Members: circle.members, Virtuals: circle.virtuals, Places: len(ids), Zone: circle.zone, Step: calendar.DayStep,
		Buckets: []calendar.Bucket{{From: c.in.From.at, To: c.in.To.at}}, Now: c.s.now(),
	})
	if err != nil {
		return err
	}
	return c.add(series, circle.carrier, len(ids), func(place int) QualityPart {
		return QualityPart{Meter: ids[place]}
	})
}

// group counts the institutions of a group.
func (c *census) group(ctx context.Context, carriers []schema.Carrier) error {
	days, err := c.in.days(c.zone)
	if err != nil {
		return err
	}
	g, err := c.w.group(c.about, days.To-1, c.s.config.Factors[0])
	if err != nil {
		return err
	}
	c.name = g.name
	var members []string
	for i, place := range g.place {
		if place >= 0 {
			g.place[i] = len(members)
			members = append(members, c.w.InstitutionIDs[i])
		}
	}
	if len(members) == 0 {
		return nil
	}
	source := &once{source: c.s.config.Books}
	for _, carrier := range carriers {
		series, err := consumption.ReadGroup(ctx, source, consumption.GroupQuery{
			Registry: c.w.Registry, Carrier: carrier, Place: g.place, Places: len(members), Zone: c.zone,
			Buckets: []calendar.Bucket{{From: c.in.From.at, To: c.in.To.at}}, Now: c.s.now(),
		})
		if err != nil {
			return err
		}
		if err := c.add(series, carrier, len(members), func(place int) QualityPart {
			return QualityPart{Institution: members[place]}
		}); err != nil {
			return err
		}
	}
	return nil
}

// add takes over the places of a series of one bucket.
func (c *census) add(series *consumption.Series, carrier schema.Carrier, places int, name func(place int) QualityPart) error {
	points, err := series.Points(func(int, calendar.Bucket) (kgce, kgCO2 *big.Rat) { return nil, nil })
	if err != nil {
		return err
	}
	whole := &points[0]
	if whole.Coverage == nil {
		return nil // none of this carrier should report, and none does
	}
	total := QualityTotal{
		Carrier: carrier, Unit: carrier.Unit(), Quantity: amount(whole.Quantity),
		Coverage: float(whole.Coverage), EstimatedShare: float(whole.EstimatedShare),
	}
	for place := range places {
		p, err := series.Place(0, place)
		if err != nil {
			return err
		}
		if p.Coverage == nil {
			continue
		}
		total.Expected++
		if p.Coverage.Sign() == 0 {
			total.Silent++
		}
		one := name(place)
		one.Carrier, one.Quantity = carrier, amount(p.Quantity)
		one.Coverage, one.EstimatedShare = float(p.Coverage), float(p.EstimatedShare)
		c.parts = append(c.parts, part{one, p})
	}
	c.totals = append(c.totals, total)
	return nil
}

// once asks its source once for questions that follow each other and are the
// same, as those for the carriers of a group are.
type once struct {
	source indicator.Source
	asked  bool
	usage  []indicator.Usage
}

// Usage gives the first answer again.
func (o *once) Usage(ctx context.Context, q indicator.UsageQuery) (usage []indicator.Usage, err error) {
	if !o.asked {
		if o.usage, err = o.source.Usage(ctx, q); err != nil {
			return nil, err
		}
		o.asked = true
	}
	return o.usage, nil
}
