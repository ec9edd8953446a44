package api

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// world is one version of the registry, prepared for questions.
type world struct {
	*registry.Registry
	number func(meter string) (int32, bool)
	zones  *calendar.Zones
	// indicators prepares the sums of institutions when they are first asked for.
	indicators func() (*indicator.World, error)
	// byBuilding gives the rows of Meters in order of their buildings.
	byBuilding func() []int32
	// catalogs keeps the labels of the series of panels.
	catalogs catalogs
}

// worlds remembers what was prepared for the versions that were asked for last.
type worlds struct {
	mu    sync.Mutex // guards list
	list  recent[*registry.Registry, *world]
	zones calendar.Zones
}

// world gives the version that holds now (0) or held at a moment.
func (s *Server) world(ctx context.Context, knownAt schema.Instant) (*world, error) {
	var reg *registry.Registry
	var err error
	if knownAt == 0 {
		reg, err = s.config.World.Registry(ctx)
	} else {
		reg, err = s.config.World.RegistryAt(ctx, knownAt)
	}
	if err != nil {
		return nil, fmt.Errorf("find the registry: %w", err)
	}
	s.worlds.mu.Lock()
	defer s.worlds.mu.Unlock()
	s.worlds.list.most = 1 + rememberedVersions
	w, ok := s.worlds.list.get(reg)
	if !ok {
		w = &world{Registry: reg, number: s.config.World.Number, zones: &s.worlds.zones}
		w.indicators = sync.OnceValues(func() (*indicator.World, error) { return indicator.NewWorld(reg) })
		w.byBuilding = sync.OnceValue(w.sortByBuilding)
		s.worlds.list.put(reg, w)
	}
	return w, nil
}

// zone gives the calendar of the deployment.
func (w *world) zone() *calendar.Zone { return w.zones.Of(w.TimeZone) }

// facts compiles what judging knows of a meter.
func (w *world) facts(meter string) (*books.Meter, bool) {
	if w.MeterVersions(meter) == nil {
		return nil, false
	}
	return books.FactsOf(w, meter, w.zones.Of(w.Zone(meter))), true
}

func (w *world) sortByBuilding() []int32 {
	rows := make([]int32, len(w.Meters))
	for i := range rows {
		rows[i] = int32(i)
	}
	slices.SortStableFunc(rows, func(a, b int32) int { return strings.Compare(w.Meters[a].Building, w.Meters[b].Building) })
	return rows
}

// metersIn gives the versions of meters that stand in a building, in the order
// of their ids.
func (w *world) metersIn(building string) []*schema.Meter {
	rows := w.byBuilding()
	from := sort.Search(len(rows), func(i int) bool { return w.Meters[rows[i]].Building >= building })
	var meters []*schema.Meter
	for i := from; i < len(rows) && w.Meters[rows[i]].Building == building; i++ {
		meters = append(meters, &w.Meters[rows[i]])
	}
	return meters
}

// institutionOn gives the version of an institution that stands for it on a day:
// the one that holds, else the last that began before, else its first.
func (w *world) institutionOn(index int32, day schema.Day) *schema.Institution {
	versions := w.InstitutionVersions(index)
	at := 0
	for at+1 < len(versions) && versions[at+1].From <= day {
		at++
	}
	return &versions[at]
}
