package api

import (
	"context"
	"fmt"
	"slices"

	"jouleline/metrics/consumption"
	"jouleline/metrics/explain"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// opened is the meters of a course that is explained.
type opened struct {
	*circle
	// shares are the parts of meters that count, by meter.
	shares map[string][]explain.Share
}

// explainConsumption opens the consumption of a meter, building or institution.
func (s *Server) explainConsumption(ctx context.Context, in *ExplainInput, about subject) (*ExplainAnswer, error) {
	if !slices.Contains([]string{kindMeter, kindBuilding, string(indicator.ByInstitution)}, about.kind) {
		return nil, fmt.Errorf("%w: the consumption of a %s is opened institution by institution: ask for figure=indicator of it, or for the consumption of one institution", errQuestion, about.kind)
	}
	stretch, err := in.stretch()
	if err != nil {
		return nil, err
	}
	knownAt, err := in.then(s.now())
	if err != nil {
		return nil, err
	}
	w, err := s.world(ctx, knownAt)
	if err != nil {
		return nil, err
	}
	o, err := w.opened(about, in.Carrier)
	if err != nil {
		return nil, err
	}
	course := &explain.Course{
		Label: "consumption of " + about.String(), Carrier: o.carrier, From: stretch.From.at, To: stretch.To.at, Zone: o.zone, Depth: explain.Depth(in.Depth),
	}
	isWhole := o.zone.Start(o.zone.DayOf(course.From)) == course.From && o.zone.Start(o.zone.DayOf(course.To)) == course.To
	if err := o.check(course, isWhole, s.config.Limits.Explained); err != nil {
		return nil, err
	}
	until := s.now()
	if knownAt != 0 {
		until = knownAt
	}
	if err := s.openMeters(ctx, o, course, course.Depth >= explain.Spans || !isWhole, knownAt, until); err != nil {
		return nil, err
	}
	a := explained(explain.Consumption(course), o.zone, in, knownAt)
	a.Scope, a.Carrier = about.answer(o.name), o.carrier.String()
	return a, nil
}

// check bounds the answer, and finds the depth where none was asked for.
func (o *opened) check(c *explain.Course, isWhole bool, most int) error {
	if !isWhole {
		if len(o.shares) > 0 {
			return fmt.Errorf("%w: from and to: want whole days: the institution shares meters, which are divided day by day", errQuestion)
		}
		for i := range o.members {
			if o.members[i].Facts.Zone != o.zone {
				return consumption.ErrPartialDay
			}
		}
	}
	days := int(c.Zone.DayOf(c.To-1)-c.Zone.DayOf(c.From)) + 1
	spans := 0
	for i := range o.members {
		interval := schema.Hour
		if era := o.members[i].Facts.EraAt(c.To - 1); era != nil && era.Interval > 0 {
			interval = era.Interval
		}
		spans += days + int(c.To.Sub(c.From)/interval)
	}
	sizes := map[explain.Depth]int{explain.Whole: 1, explain.Meters: len(o.members), explain.Days: days * len(o.members), explain.Spans: spans}
	if c.Depth == 0 {
		for c.Depth = explain.Spans; c.Depth > explain.Whole && sizes[c.Depth] > most; c.Depth-- {
		}
		return nil
	}
	if got := sizes[c.Depth]; got > most && c.Depth > explain.Whole {
		return fmt.Errorf("%w: depth %d: got about %d parts of %d meters over %d days, want at most %d: ask for a shorter stretch or less depth",
			errQuestion, c.Depth, got, len(o.members), days, most)
	}
	return nil
}

// openMeters reads what the books and the readings say of each meter.
func (s *Server) openMeters(ctx context.Context, o *opened, c *explain.Course, evident bool, knownAt, until schema.Instant) error {
	numbers := make([]int32, len(o.members))
	for i := range o.members {
		numbers[i] = o.members[i].Number
	}
	days := schema.Validity{From: c.Zone.DayOf(c.From), To: c.Zone.DayOf(c.To-1) + 1}
	entries, err := s.config.Books.Booked(ctx, numbers, days, knownAt)
	if err != nil {
		return fmt.Errorf("ledger of %d meters: %w", len(numbers), err)
	}
	booked := map[int32][]posting.Entry{}
	for _, e := range entries {
		booked[e.Meter] = append(booked[e.Meter], e)
	}
	for i := range o.members {
		member := &o.members[i]
		m := explain.Meter{ID: o.ids[i], Facts: member.Facts, Counts: member.Counts, Shares: o.shares[o.ids[i]], Booked: booked[member.Number]}
		if evident {
			from, to := min(c.From, member.Facts.Zone.Start(days.From)), max(c.To, member.Facts.Zone.Start(days.To))
			if m.Evidence, err = consumption.Trace(ctx, s.config.Books, member, from, to, knownAt, until); err != nil {
				return fmt.Errorf("readings of meter %s: %w", m.ID, err)
			}
		}
		c.Meters = append(c.Meters, m)
	}
	return nil
}

// opened finds the meters of a subject. Of an institution that shares meters it
// finds those that it has a part of.
func (w *world) opened(about subject, carrier string) (*opened, error) {
	c, err := w.circle(about, carrier)
	if err != nil {
		return nil, err
	}
	o := &opened{circle: c}
	if about.kind != string(indicator.ByInstitution) || !w.sharesMeters(about.id) {
		return o, nil
	}
	c.members, c.ids, o.shares = nil, nil, map[string][]explain.Share{}
	for i := 0; i < len(w.Meters); {
		versions := w.MeterVersions(w.Meters[i].ID)
		i += len(versions)
		if versions[0].Carrier != c.carrier {
			continue
		}
		o.claim(w, about.id, versions)
	}
	return o, nil
}

// claim adds a meter that an institution has the whole or a part of.
func (o *opened) claim(w *world, institution string, versions []schema.Meter) {
	id := versions[0].ID
	number, ok := w.number(id)
	facts, known := w.facts(id)
	if !ok || !known {
		return
	}
	m := consumption.Member{Number: number, Facts: facts}
	var shares []explain.Share
	for v := range versions {
		claims := w.Claims(&versions[v])
		for from := 0; from < len(claims); {
			to := from + 1
			for to < len(claims) && claims[to].Validity == claims[from].Validity {
				to++
			}
			division := posting.Division{Meter: number, Validity: claims[from].Validity}
			at := -1
			for k, claim := range claims[from:to] {
				division.Shares = append(division.Shares, claim.Share)
				if claim.Institution == institution {
					at = k
				}
			}
			switch {
			case at >= 0 && claims[from+at].IsWhole():
				m.Counts = append(m.Counts, division.Validity)
			case at >= 0:
				shares = append(shares, explain.Share{Division: division, At: at})
			}
			from = to
		}
	}
	if m.Counts != nil || shares != nil {
		o.members, o.ids, o.shares[id] = append(o.members, m), append(o.ids, id), shares
	}
}
