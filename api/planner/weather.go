package planner

import (
	"fmt"
	"slices"
	"sort"

	"jouleline/analytics/savings"
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

// temperatures gives those of a station in [from, to).
func temperatures(w *world.World, station string, from, to schema.Instant) (s savings.Series) {
	rows := w.Weather // sorted by station, then by time
	at := sort.Search(len(rows), func(i int) bool {
		return rows[i].Station > station || rows[i].Station == station && rows[i].Time >= from
	})
	for ; at < len(rows) && rows[at].Station == station && rows[at].Time < to; at++ {
		t := int64(rows[at].Time) / 1000
		if n := len(s.Times); n > 0 && s.Times[n-1] == t {
			continue // two samples within a second
		}
		s.Times, s.Values = append(s.Times, t), append(s.Values, rows[at].Celsius)
	}
	return s
}
