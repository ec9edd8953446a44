package api

import (
	"context"
	"fmt"

	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/explain"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// explainGroup opens the consumption of a region, department or class, by whole
// days, down to a page of its institutions.
func (s *Server) explainGroup(ctx context.Context, in *ExplainInput, about subject) (*ExplainAnswer, error) {
	carrier, err := schema.ParseCarrier(in.Carrier)
	if err != nil {
		return nil, fmt.Errorf("%w: carrier: %w", errQuestion, err)
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
	zone := w.zone()
	days, err := stretch.days(zone)
	if err != nil {
		return nil, err
	}
	set, err := s.factors(&in.FactorParams)
	if err != nil {
		return nil, err
	}
	g, err := w.group(about, days.To-1, set)
	if err != nil {
		return nil, err
	}
	open := &explain.Group{
		Label: "consumption of " + about.String(), Carrier: carrier, Days: days, Zone: zone, Skip: in.Skip, Limit: in.Limit,
		ZoneOf: func(institution string) (*calendar.Zone, error) {
			c, err := w.circle(subject{string(indicator.ByInstitution), institution}, in.Carrier)
			if err != nil {
				return nil, err
			}
			return c.zone, nil
		},
	}
	until := s.now()
	if knownAt != 0 {
		until = knownAt
	}
	if open.Members, err = s.membersOf(ctx, w, g, open, knownAt, until); err != nil {
		return nil, err
	}
	if in.Skip > 0 && in.Skip >= len(open.Members) {
		return nil, fmt.Errorf("%w: skip: got %d of %d institutions, want fewer", errQuestion, in.Skip, len(open.Members))
	}
	tree, err := open.Open()
	if err != nil {
		return nil, err
	}
	if explain.Depth(in.Depth) == explain.Whole {
		tree.Children = nil
	}
	a := explained(tree, zone, in, knownAt)
	a.Scope, a.Carrier = about.answer(g.name), carrier.String()
	return a, nil
}

// membersOf reads what each institution of a group used. Those that used nothing,
// and should not have, are left out.
func (s *Server) membersOf(ctx context.Context, w *world, g *group, of *explain.Group, knownAt, until schema.Instant) (members []explain.Member, err error) {
	var inside []int32
	place := make([]int, len(g.place))
	for i, at := range g.place {
		if place[i] = -1; at >= 0 {
			place[i] = len(inside)
			inside = append(inside, int32(i))
		}
	}
	series, err := consumption.ReadGroup(ctx, s.config.Books, consumption.GroupQuery{
		Registry: w.Registry, Carrier: of.Carrier, Place: place, Places: len(inside), Zone: of.Zone, KnownAt: knownAt, Now: until,
		Buckets: []calendar.Bucket{{From: of.Zone.Start(of.Days.From), To: of.Zone.Start(of.Days.To)}},
	})
	if err != nil {
		return nil, err
	}
	for at, index := range inside {
		amounts, err := series.Amounts(0, at)
		if err != nil {
			return nil, fmt.Errorf("consumption of institution %s: %w", w.InstitutionIDs[index], err)
		}
		if amounts.Known == 0 && amounts.Expected == 0 {
			continue
		}
		inst := w.institutionOn(index, of.Days.To-1)
		members = append(members, explain.Member{Institution: inst.ID, Name: inst.Name, Amounts: amounts})
	}
	return members, nil
}
