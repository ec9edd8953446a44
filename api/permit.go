package api

import (
	"context"
	"fmt"

	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// permit refuses a question that a limited caller may not ask: one about
// anything else than the region with everything below it, or the institution,
// that the grant names. Where an institution stands today decides.
func (s *Server) permit(ctx context.Context, about subject) error {
	g := GrantOf(ctx)
	if !g.isLimited() {
		return nil
	}
	w, err := s.world(ctx, 0)
	if err != nil {
		return err
	}
	today := w.zone().DayOf(s.now())
	allowed := false
	switch about.kind {
	case kindMeter:
		versions := w.MeterVersions(about.id)
		allowed = len(versions) > 0
		for i := range versions {
			allowed = allowed && w.permitsBuilding(g, versions[i].Building, today)
		}
	case kindBuilding:
		allowed = w.permitsBuilding(g, about.id, today)
	case string(indicator.ByInstitution):
		index, ok := w.InstitutionIndex(about.id)
		allowed = ok && w.permitsInstitution(g, index, today)
	case string(indicator.ByRegion):
		allowed = g.Region != "" && w.RegionsUnder(g.Region, today)[about.id]
	}
	if !allowed {
		return fmt.Errorf("%w: your token does not reach %s", ErrForbidden, about)
	}
	return nil
}

func (w *world) permitsBuilding(g Grant, building string, today schema.Day) bool {
	owner, ok := w.Owner(building)
	return ok && w.permitsInstitution(g, owner, today)
}

func (w *world) permitsInstitution(g Grant, index int32, today schema.Day) bool {
	inst := w.institutionOn(index, today)
	if g.Institution != "" && inst.ID != g.Institution {
		return false
	}
	return g.Region == "" || w.RegionsUnder(g.Region, today)[inst.Region]
}
