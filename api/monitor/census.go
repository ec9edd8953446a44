package monitor

import (
	"context"
	"fmt"
	"math/big"

	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// census counts how well each part of a subject is known over one stretch.
type census struct {
	s     *Handlers
	w     *world.World
	in    *QualityInput
	about query.Target

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
			return fmt.Errorf("%w: %w", problem.ErrQuestion, err)
		}
		carriers = []schema.Carrier{carrier}
	}
	switch c.about.Kind {
	case query.KindMeter:
		return c.single(ctx, c.in.Carrier)
	case query.KindBuilding, string(indicator.ByInstitution):
		if c.about.Kind != query.KindBuilding && c.w.SharesMeters(c.about.ID) {
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
	circle, err := c.w.Circle(c.about, carrier)
	if err != nil {
		return err
	}
	c.name, c.zone = circle.Name, circle.Zone
	if circle.IsEmpty() {
		return nil
	}
	ids := circle.Separate()
	series, err := consumption.Read(ctx, c.s.Books, consumption.Query{
		Members: circle.Members, Virtuals: circle.Virtuals, Places: len(ids), Zone: circle.Zone, Step: calendar.DayStep,
		Buckets: []calendar.Bucket{{From: c.in.From.At, To: c.in.To.At}}, Now: c.s.Now(),
	})
	if err != nil {
		return err
	}
	return c.add(series, circle.Carrier, len(ids), func(place int) QualityPart {
		return QualityPart{Meter: ids[place]}
	})
}

// group counts the institutions of a group.
func (c *census) group(ctx context.Context, carriers []schema.Carrier) error {
	days, err := c.in.Days(c.zone)
	if err != nil {
		return err
	}
	g, err := c.w.Group(c.about, days.To-1, c.s.Factors[0])
	if err != nil {
		return err
	}
	c.name = g.Name
	var members []string
	for i, place := range g.Place {
		if place >= 0 {
			g.Place[i] = len(members)
			members = append(members, c.w.InstitutionIDs[i])
		}
	}
	if len(members) == 0 {
		return nil
	}
	source := &once{source: c.s.Books}
	for _, carrier := range carriers {
		series, err := consumption.ReadGroup(ctx, source, consumption.GroupQuery{
			Registry: c.w.Registry, Carrier: carrier, Place: g.Place, Places: len(members), Zone: c.zone,
			Buckets: []calendar.Bucket{{From: c.in.From.At, To: c.in.To.At}}, Now: c.s.Now(),
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
		Carrier: carrier, Unit: carrier.Unit(), Quantity: query.AmountOf(whole.Quantity),
		Coverage: query.Float(whole.Coverage), EstimatedShare: query.Float(whole.EstimatedShare),
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
		one.Carrier, one.Quantity = carrier, query.AmountOf(p.Quantity)
		one.Coverage, one.EstimatedShare = query.Float(p.Coverage), query.Float(p.EstimatedShare)
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
