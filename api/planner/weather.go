package planner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jouleline/analytics/savings"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/schema"
	"jouleline/schema/registry"
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

// normal gives the temperatures of the years that are asked for as normal ones;
// none where there are none asked for.
func (p *SavingsInput) normal(reg *registry.Registry, zone *calendar.Zone, station string) (s savings.Series, err error) {
	if p.NormalYears == "" {
		return s, nil
	}
	first, last, isRange := strings.Cut(p.NormalYears, "-")
	if !isRange {
		last = first
	}
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if err1 != nil || err2 != nil || from < firstYear || to < from || to > lastYear || to-from >= mostNormalYears {
		return s, fmt.Errorf("%w: normal_years: got %q, want a year, or the first and the last of at most %d years", problem.ErrQuestion, problem.Clip(p.NormalYears), mostNormalYears)
	}
	start, end := schema.DayOf(from, time.January, 1), schema.DayOf(to+1, time.January, 1)
	s = savings.Temperatures(reg, station, zone.Start(start), zone.Start(end))
	if len(s.Times) == 0 {
		return s, fmt.Errorf("%w: normal_years: station %s has no temperatures of %s", problem.ErrQuestion, station, p.NormalYears)
	}
	known := func(i int) schema.Day { return zone.DayOf(schema.Instant(1000 * s.Times[i])) }
	if n := len(s.Times) - 1; known(0) != start || known(n) != end-1 {
		return s, fmt.Errorf("%w: normal_years: station %s has temperatures from %s to %s, want those of each day of %s", problem.ErrQuestion, station, known(0), known(n), p.NormalYears)
	}
	return s, nil
}

// Years of the calendar that can be asked for; a normal climate is that of thirty
// years (WMO-No. 1203), some twenty more do no harm.
const (
	firstYear, lastYear = 1970, 2199
	mostNormalYears     = 50
)
