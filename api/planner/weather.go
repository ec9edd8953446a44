package planner

import (
	"fmt"
	"slices"

	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/schema"
)

// stationOf gives the weather station of a subject: the one that is named, else
// the one of its building, or that all buildings of an institution share.
func stationOf(w *world.World, about query.Target, named string) (string, error) {
	if named != "" {
		if !slices.ContainsFunc(w.Stations, func(s schema.Station) bool { return s.ID == named }) {
			return "", fmt.Errorf("station %q: %w", problem.Clip(named), problem.ErrUnknown)
		}
		return named, nil
	}
	var buildings []schema.Building
	switch about.Kind {
	case query.KindMeter:
		versions := w.MeterVersions(about.ID)
		b, _ := w.Building(versions[len(versions)-1].Building)
		buildings = []schema.Building{b}
	case query.KindBuilding:
		b, _ := w.Building(about.ID)
		buildings = []schema.Building{b}
	default:
		buildings = w.BuildingsOf(about.ID)
	}
	station := ""
	for _, b := range buildings {
		switch {
		case b.Station == "":
		case station != "" && station != b.Station:
			return "", fmt.Errorf("%w: station: the buildings of %s have %s and %s, want one named", problem.ErrQuestion, about, station, b.Station)
		default:
			station = b.Station
		}
	}
	if station == "" {
		return "", fmt.Errorf("%w: station: no building of %s has a weather station, want one named", problem.ErrQuestion, about)
	}
	return station, nil
}
