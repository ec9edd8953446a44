package api

import (
	"context"
	"fmt"
	"slices"

	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/schema"
)

// Comparison names the meters that a meter is held against.
type Comparison struct {
	With   string   `json:"with" enum:"sub_meters,supply" doc:"Its sub-meters, or, of a bill, the metered supply that it reconciles" example:"sub_meters"`
	Meters []string `json:"meters" doc:"Their ids, whenever they stood there" example:"[\"E1-1\",\"E1-2\"]"`
}

// Difference is what a meter shows beyond the meters that it is held against.
type Difference struct {
	Parts    *Amount  `json:"parts" nullable:"true" doc:"What the other meters sum to; null where nothing is known of one of them, or none stands there yet"`
	Quantity *Amount  `json:"quantity" nullable:"true" doc:"The meter less the others: negative where they show more; null where a part is not known"`
	Coverage *float64 `json:"coverage" doc:"The least coverage among the meter and the others"`
}

// errNoComparison refuses a residual of what has nothing to be held against.
func errNoComparison(what string) error {
	return fmt.Errorf("%w: residual: %s: want a meter with sub-meters, or a bill that reconciles a meter", errQuestion, what)
}

// compare adds to an answer about one meter what it shows beyond the meters that
// it is held against. All of them are read anew, at once.
func (c *course) compare(ctx context.Context, whole *circle, buckets []calendar.Bucket, a *ConsumptionAnswer) error {
	parts, with := c.w.compared(c.about.id)
	if len(parts.ids) == 0 {
		return errNoComparison("got " + clip(c.about.id) + ", which has neither")
	}
	for _, id := range parts.ids {
		if err := c.s.permit(ctx, subject{kindMeter, id}); err != nil {
			return err
		}
	}
	if got, most := len(buckets)*(whole.reads()+parts.reads()), c.s.config.Limits.Fine; got > most {
		return fmt.Errorf("%w: residual: got %d points of %d meters, want at most %d together: ask for a shorter stretch or a longer step",
			errQuestion, len(buckets), whole.reads()+parts.reads(), most)
	}
	series, err := consumption.Read(ctx, c.s.config.Books, consumption.Query{
		Members: append(parts.members, whole.members...), Virtuals: append(parts.virtuals, whole.virtuals...), Places: 1 + len(parts.ids),
		Buckets: buckets, Zone: whole.zone, Step: c.step, KnownAt: c.knownAt, Now: c.until,
	})
	if err != nil {
		return err
	}
	a.Comparison = &Comparison{With: with, Meters: parts.ids}
	for i := range a.Points {
		r, err := series.Residual(i)
		if err != nil {
			return fmt.Errorf("residual from %s to %s: %w", buckets[i].From, buckets[i].To, err)
		}
		a.Points[i].Residual = &Difference{amount(r.Parts), amount(r.Quantity), float(r.Coverage)}
	}
	return nil
}

// compared finds the meters that a meter is held against, each at a place of its
// own from 1 on: the supply that it reconciles, else its sub-meters, each on the
// days on which it is that.
func (w *world) compared(id string) (parts *circle, with string) {
	parts = &circle{}
	for _, m := range w.MeterVersions(id) {
		if m.Reconciles == "" {
			continue
		}
		versions := w.MeterVersions(m.Reconciles)
		for k := range versions {
			w.addPart(parts, versions[k], m.Validity)
		}
	}
	if len(parts.ids) > 0 {
		return parts, "supply"
	}
	for i := range w.Meters {
		if m := &w.Meters[i]; m.Parent == id && m.Reconciles == "" {
			w.addPart(parts, *m, schema.Open)
		}
	}
	return parts, "sub_meters"
}

// addPart adds a version of a meter on some days. Of one that the books have
// never seen nothing is known.
func (w *world) addPart(c *circle, m schema.Meter, days schema.Validity) {
	m.Validity = schema.Validity{From: max(m.From, days.From), To: min(m.To, days.To)}
	if m.From >= m.To {
		return
	}
	place := 1 + slices.Index(c.ids, m.ID)
	if place == 0 {
		c.ids = append(c.ids, m.ID)
		place = len(c.ids)
	}
	if m.Formula != "" {
		w.gatherFormula(c, &m)
		c.virtuals[len(c.virtuals)-1].Place = place
		return
	}
	expected := consumption.ExpectedDays(w.Registry, &m)
	if at := slices.IndexFunc(c.members, func(member consumption.Member) bool { return member.Place == place }); at >= 0 {
		c.members[at].Counts = append(c.members[at].Counts, m.Validity)
		c.members[at].Expected = append(c.members[at].Expected, expected...)
		return
	}
	number, ok := w.number(m.ID)
	facts, known := w.facts(m.ID)
	if !ok || !known {
		c.virtuals = append(c.virtuals, consumption.Virtual{Zone: w.zones.Of(w.Zone(m.ID)), Place: place, Expected: expected})
		return
	}
	c.members = append(c.members, consumption.Member{
		Number: number, Facts: facts, Place: place, Counts: []schema.Validity{m.Validity}, Expected: expected,
	})
}
