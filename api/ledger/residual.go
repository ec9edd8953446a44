package ledger

import (
	"context"
	"fmt"
	"slices"

	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
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
	Parts    *query.Amount `json:"parts" nullable:"true" doc:"What the other meters sum to; null where nothing is known of one of them, or none stands there yet"`
	Quantity *query.Amount `json:"quantity" nullable:"true" doc:"The meter less the others: negative where they show more; null where a part is not known"`
	Coverage *float64      `json:"coverage" doc:"The least coverage among the meter and the others"`
}

// errNoComparison refuses a residual of what has nothing to be held against.
func errNoComparison(what string) error {
	return fmt.Errorf("%w: residual: %s: want a meter with sub-meters, or a bill that reconciles a meter", problem.ErrQuestion, what)
}

// compare adds to an answer about one meter what it shows beyond the meters that
// it is held against. All of them are read anew, at once.
func (c *course) compare(ctx context.Context, whole *world.Circle, buckets []calendar.Bucket, a *ConsumptionAnswer) error {
	parts, with := compared(c.w, c.about.ID)
	if len(parts.IDs) == 0 {
		return errNoComparison("got " + problem.Clip(c.about.ID) + ", which has neither")
	}
	for _, id := range parts.IDs {
		if err := c.s.Permit(ctx, query.Of(query.KindMeter, id)); err != nil {
			return err
		}
	}
	if got, most := len(buckets)*(whole.Reads()+parts.Reads()), c.s.Limits.Fine; got > most {
		return fmt.Errorf("%w: residual: got %d points of %d meters, want at most %d together: ask for a shorter stretch or a longer step",
			problem.ErrQuestion, len(buckets), whole.Reads()+parts.Reads(), most)
	}
	series, err := consumption.Read(ctx, c.s.Books, consumption.Query{
		Members: append(parts.Members, whole.Members...), Virtuals: append(parts.Virtuals, whole.Virtuals...), Places: 1 + len(parts.IDs),
		Buckets: buckets, Zone: whole.Zone, Step: c.step, KnownAt: c.knownAt, Now: c.until,
	})
	if err != nil {
		return err
	}
	a.Comparison = &Comparison{With: with, Meters: parts.IDs}
	for i := range a.Points {
		r, err := series.Residual(i)
		if err != nil {
			return fmt.Errorf("residual from %s to %s: %w", buckets[i].From, buckets[i].To, err)
		}
		a.Points[i].Residual = &Difference{query.AmountOf(r.Parts), query.AmountOf(r.Quantity), query.Float(r.Coverage)}
	}
	return nil
}

// compared finds the meters that a meter is held against, each at a place of its
// own from 1 on: the supply that it reconciles, else its sub-meters, each on the
// days on which it is that.
func compared(w *world.World, id string) (parts *world.Circle, with string) {
	parts = &world.Circle{}
	for _, m := range w.MeterVersions(id) {
		if m.Reconciles == "" {
			continue
		}
		versions := w.MeterVersions(m.Reconciles)
		for k := range versions {
			addPart(w, parts, versions[k], m.Validity)
		}
	}
	if len(parts.IDs) > 0 {
		return parts, "supply"
	}
	for i := range w.Meters {
		if m := &w.Meters[i]; m.Parent == id && m.Reconciles == "" {
			addPart(w, parts, *m, schema.Open)
		}
	}
	return parts, "sub_meters"
}

// addPart adds a version of a meter on some days. Of one that the books have
// never seen nothing is known.
func addPart(w *world.World, c *world.Circle, m schema.Meter, days schema.Validity) {
	m.Validity = schema.Validity{From: max(m.From, days.From), To: min(m.To, days.To)}
	if m.From >= m.To {
		return
	}
	place := 1 + slices.Index(c.IDs, m.ID)
	if place == 0 {
		c.IDs = append(c.IDs, m.ID)
		place = len(c.IDs)
	}
	if m.Formula != "" {
		w.GatherFormula(c, &m)
		c.Virtuals[len(c.Virtuals)-1].Place = place
		return
	}
	expected := consumption.ExpectedDays(w.Registry, &m)
	if at := slices.IndexFunc(c.Members, func(member consumption.Member) bool { return member.Place == place }); at >= 0 {
		c.Members[at].Counts = append(c.Members[at].Counts, m.Validity)
		c.Members[at].Expected = append(c.Members[at].Expected, expected...)
		return
	}
	number, ok := w.Number(m.ID)
	facts, known := w.Facts(m.ID)
	if !ok || !known {
		c.Virtuals = append(c.Virtuals, consumption.Virtual{Zone: w.Zones.Of(w.Zone(m.ID)), Place: place, Expected: expected})
		return
	}
	c.Members = append(c.Members, consumption.Member{
		Number: number, Facts: facts, Place: place, Counts: []schema.Validity{m.Validity}, Expected: expected,
	})
}
