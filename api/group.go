package api

import (
	"fmt"

	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// group is a region, a department, a class, or an institution that shares meters
// with others, with the institutions in it.
type group struct {
	name string
	// place gives, by institution, the position of its regions in paths, -1 where
	// it is not in the group. Institutions of one grid share a place.
	place []int
	paths [][]string
}

// group finds the institutions of a group as they stand on a day (rule 13).
func (w *world) group(about subject, day schema.Day, set *factor.Set) (*group, error) {
	g := &group{place: make([]int, len(w.InstitutionIDs))}
	var within func(*schema.Institution) bool
	known := true
	switch indicator.Level(about.kind) {
	case indicator.ByRegion:
		var area schema.Area
		area, known = w.Region(about.id, day)
		g.name = area.Name
		under := w.RegionsUnder(about.id, day)
		within = func(i *schema.Institution) bool { return under[i.Region] }
	case indicator.ByDepartment:
		var area schema.Area
		area, known = w.Department(about.id, day)
		g.name = area.Name
		under := w.DepartmentsUnder(about.id, day)
		within = func(i *schema.Institution) bool { return i.Department != "" && under[i.Department] }
	case indicator.ByInstitution:
		var index int32
		if index, known = w.InstitutionIndex(about.id); known {
			g.name = w.institutionOn(index, day).Name
		}
		within = func(i *schema.Institution) bool { return i.ID == about.id }
	default:
		within = func(i *schema.Institution) bool { return string(i.Class) == about.id }
	}
	if !known {
		return nil, fmt.Errorf("%s %q: %w", about.kind, clip(about.id), indicator.ErrUnknownScope)
	}
	grids := map[string]int{}
	regions := map[string]int{}
	for index := range g.place {
		inst := w.institutionOn(int32(index), day)
		if g.place[index] = -1; !within(inst) {
			continue
		}
		place, ok := regions[inst.Region]
		if !ok {
			path := w.RegionPath(inst.Region, day)
			grid := gridOf(set, path)
			if place, ok = grids[grid]; !ok {
				place = len(g.paths)
				g.paths, grids[grid] = append(g.paths, path), place
			}
			regions[inst.Region] = place
		}
		g.place[index] = place
	}
	return g, nil
}

// lastYear is after every year of a factor set.
const lastYear = 9999

// gridOf names the region whose grid counts for a path of regions, which does
// not depend on the year.
func gridOf(set *factor.Set, path []string) string {
	grid, err := set.GridFor(path, lastYear, set.Mode)
	if err != nil {
		return "none"
	}
	return grid.Region
}
