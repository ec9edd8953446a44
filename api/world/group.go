package world

import (
	"fmt"

	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// Group is a region, a department, a class, or an institution that shares meters
// with others, with the institutions in it.
type Group struct {
	Name string
	// Place gives, by institution, the position of its regions in Paths, -1 where
	// it is not in the group. Institutions of one grid share a place.
	Place []int
	Paths [][]string
}

// Group finds the institutions of a group as they stand on a day (rule 13).
func (w *World) Group(about query.Target, day schema.Day, set *factor.Set) (*Group, error) {
	g := &Group{Place: make([]int, len(w.InstitutionIDs))}
	var within func(*schema.Institution) bool
	known := true
	switch indicator.Level(about.Kind) {
	case indicator.ByRegion:
		var area schema.Area
		area, known = w.Region(about.ID, day)
		g.Name = area.Name
		under := w.RegionsUnder(about.ID, day)
		within = func(i *schema.Institution) bool { return under[i.Region] }
	case indicator.ByDepartment:
		var area schema.Area
		area, known = w.Department(about.ID, day)
		g.Name = area.Name
		under := w.DepartmentsUnder(about.ID, day)
		within = func(i *schema.Institution) bool { return i.Department != "" && under[i.Department] }
	case indicator.ByInstitution:
		var index int32
		if index, known = w.InstitutionIndex(about.ID); known {
			g.Name = w.InstitutionOn(index, day).Name
		}
		within = func(i *schema.Institution) bool { return i.ID == about.ID }
	default:
		within = func(i *schema.Institution) bool { return string(i.Class) == about.ID }
	}
	if !known {
		return nil, fmt.Errorf("%s %q: %w", about.Kind, problem.Clip(about.ID), indicator.ErrUnknownScope)
	}
	grids := map[string]int{}
	regions := map[string]int{}
	for index := range g.Place {
		inst := w.InstitutionOn(int32(index), day)
		if g.Place[index] = -1; !within(inst) {
			continue
		}
		place, ok := regions[inst.Region]
		if !ok {
			path := w.RegionPath(inst.Region, day)
			grid := GridOf(set, path)
			if place, ok = grids[grid]; !ok {
				place = len(g.Paths)
				g.Paths, grids[grid] = append(g.Paths, path), place
			}
			regions[inst.Region] = place
		}
		g.Place[index] = place
	}
	return g, nil
}

// lastYear is after every year of a factor set.
const lastYear = 9999

// GridOf names the region whose grid counts for a path of regions, which does
// not depend on the year.
func GridOf(set *factor.Set, path []string) string {
	grid, err := set.GridFor(path, lastYear, set.Mode)
	if err != nil {
		return "none"
	}
	return grid.Region
}
