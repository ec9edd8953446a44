package world

import (
	"context"
	"fmt"

	"jouleline/api/access"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// Ask gives the version of the world that holds now (0) or held at a moment to a
// caller who may ask about the target.
func (l *Library) Ask(ctx context.Context, about query.Target, knownAt schema.Instant) (*World, error) {
	if err := l.Permit(ctx, about); err != nil {
		return nil, err
	}
	return l.World(ctx, knownAt)
}

// Permit refuses a question that a limited caller may not ask: one about
// anything else than the region with everything below it, or the institution,
// that the grant names. Where an institution stands today decides.
func (l *Library) Permit(ctx context.Context, about query.Target) error {
	g := access.GrantOf(ctx)
	if !g.IsLimited() {
		return nil
	}
	w, err := l.World(ctx, 0)
	if err != nil {
		return err
	}
	today := w.Calendar().DayOf(l.Now())
	allowed := false
	switch about.Kind {
	case query.KindMeter:
		versions := w.MeterVersions(about.ID)
		allowed = len(versions) > 0
		for i := range versions {
			allowed = allowed && w.permitsBuilding(g, versions[i].Building, today)
		}
	case query.KindBuilding:
		allowed = w.permitsBuilding(g, about.ID, today)
	case string(indicator.ByInstitution):
		index, ok := w.InstitutionIndex(about.ID)
		allowed = ok && w.permitsInstitution(g, index, today)
	case string(indicator.ByRegion):
		allowed = g.Region != "" && w.RegionsUnder(g.Region, today)[about.ID]
	}
	if !allowed {
		return fmt.Errorf("%w: your token does not reach %s", problem.ErrForbidden, about)
	}
	return nil
}

func (w *World) permitsBuilding(g access.Grant, building string, today schema.Day) bool {
	owner, ok := w.Owner(building)
	return ok && w.permitsInstitution(g, owner, today)
}

func (w *World) permitsInstitution(g access.Grant, index int32, today schema.Day) bool {
	inst := w.InstitutionOn(index, today)
	if g.Institution != "" && inst.ID != g.Institution {
		return false
	}
	return g.Region == "" || w.RegionsUnder(g.Region, today)[inst.Region]
}
