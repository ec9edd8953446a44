// Package world is what questions are asked of: versions of the registry prepared
// for them, the meters and institutions that a question is about, and whether the
// caller may ask.
//
// It computes no figure. A version is prepared once and remembered; a question as
// of a moment sees the registry of that moment; the caller's reach is decided by
// where an institution stands today.
package world

import (
	"slices"
	"sort"
	"strings"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// World is one version of the registry, prepared for questions.
type World struct {
	*registry.Registry
	Number func(meter string) (int32, bool)
	Zones  *calendar.Zones
	// Indicators prepares the sums of institutions when they are first asked for.
	Indicators func() (*indicator.World, error)
	// byBuilding gives the rows of Meters in order of their buildings.
	byBuilding func() []int32
}

// Calendar gives the calendar of the deployment.
func (w *World) Calendar() *calendar.Zone { return w.Zones.Of(w.TimeZone) }

// Facts compiles what judging knows of a meter.
func (w *World) Facts(meter string) (*books.Meter, bool) {
	if w.MeterVersions(meter) == nil {
		return nil, false
	}
	return books.FactsOf(w, meter, w.Zones.Of(w.Zone(meter))), true
}

func (w *World) sortByBuilding() []int32 {
	rows := make([]int32, len(w.Meters))
	for i := range rows {
		rows[i] = int32(i)
	}
	slices.SortStableFunc(rows, func(a, b int32) int { return strings.Compare(w.Meters[a].Building, w.Meters[b].Building) })
	return rows
}

// MetersIn gives the versions of meters that stand in a building, in the order
// of their ids.
func (w *World) MetersIn(building string) []*schema.Meter {
	rows := w.byBuilding()
	from := sort.Search(len(rows), func(i int) bool { return w.Meters[rows[i]].Building >= building })
	var meters []*schema.Meter
	for i := from; i < len(rows) && w.Meters[rows[i]].Building == building; i++ {
		meters = append(meters, &w.Meters[rows[i]])
	}
	return meters
}

// InstitutionOn gives the version of an institution that stands for it on a day:
// the one that holds, else the last that began before, else its first.
func (w *World) InstitutionOn(index int32, day schema.Day) *schema.Institution {
	versions := w.InstitutionVersions(index)
	at := 0
	for at+1 < len(versions) && versions[at+1].From <= day {
		at++
	}
	return &versions[at]
}
