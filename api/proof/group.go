package proof

import (
	"context"
	"fmt"

	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/explain"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// explainGroup opens the consumption of a region, department or class, by whole
// days, down to a page of its institutions.
func (s *Handlers) explainGroup(ctx context.Context, in *ExplainInput, about query.Target) (*ExplainAnswer, error) {
	carrier, err := world.CarrierOf(in.Carrier)
	if err != nil {
		return nil, err
	}
	stretch, err := in.stretch()
	if err != nil {
		return nil, err
	}
	knownAt, err := in.Then(s.Now())
	if err != nil {
		return nil, err
	}
	w, err := s.World(ctx, knownAt)
	if err != nil {
		return nil, err
	}
	zone := w.Calendar()
	days, err := stretch.Days(zone)
	if err != nil {
		return nil, err
	}
	set, err := s.FactorSet(&in.FactorParams)
	if err != nil {
		return nil, err
	}
	g, err := w.Group(about, days.To-1, set)
	if err != nil {
		return nil, err
	}
	open := &explain.Group{
		Label: "consumption of " + about.String(), Carrier: carrier, Days: days, Zone: zone, Skip: in.Skip, Limit: in.Limit,
		ZoneOf: func(institution string) (*calendar.Zone, error) {
			c, err := w.Circle(query.Of(string(indicator.ByInstitution), institution), in.Carrier)
			if err != nil {
				return nil, err
			}
			return c.Zone, nil
		},
	}
	until := s.Now()
	if knownAt != 0 {
		until = knownAt
	}
	if open.Members, err = s.membersOf(ctx, w, g, open, knownAt, until); err != nil {
		return nil, err
	}
	if in.Skip > 0 && in.Skip >= len(open.Members) {
		return nil, fmt.Errorf("%w: skip: got %d of %d institutions, want fewer", problem.ErrQuestion, in.Skip, len(open.Members))
	}
	tree, err := open.Open()
	if err != nil {
		return nil, err
	}
	if explain.Depth(in.Depth) == explain.Whole {
		tree.Children = nil
	}
	a := explained(tree, zone, in, knownAt)
	a.Scope, a.Carrier = about.Subject(g.Name), carrier.String()
	return a, nil
}

// membersOf reads what each institution of a group used. Those that used nothing,
// and should not have, are left out.
func (s *Handlers) membersOf(ctx context.Context, w *world.World, g *world.Group, of *explain.Group, knownAt, until schema.Instant) (members []explain.Member, err error) {
	var inside []int32
	place := make([]int, len(g.Place))
	for i, at := range g.Place {
		if place[i] = -1; at >= 0 {
			place[i] = len(inside)
			inside = append(inside, int32(i))
		}
	}
	series, err := consumption.ReadGroup(ctx, s.Books, consumption.GroupQuery{
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
		inst := w.InstitutionOn(index, of.Days.To-1)
		members = append(members, explain.Member{Institution: inst.ID, Name: inst.Name, Amounts: amounts})
	}
	return members, nil
}
