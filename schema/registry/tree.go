package registry

import (
	"time"

	"jouleline/schema"
)

// RegionPath gives a region and its ancestors on a day, from itself up to the
// root. A code that is not valid on that day stands where its first version
// stood, so that a place whose code was abolished is not lost.
func (r *Registry) RegionPath(code string, day schema.Day) []string {
	return pathUp(r.Regions, r.regions, code, day)
}

// DepartmentPath gives a department and those above it, likewise.
func (r *Registry) DepartmentPath(id string, day schema.Day) []string {
	return pathUp(r.Departments, r.departments, id, day)
}

func pathUp(areas []schema.Area, rows map[string]int32, id string, day schema.Day) []string {
	var ids []string
	for range maxDepth + 1 {
		area, ok := areaAt(areas, rows, id, day)
		if !ok {
			break
		}
		ids = append(ids, area.ID)
		id = area.Parent
	}
	return ids
}

// RegionsUnder gives a region and everything below it on a day: the codes whose
// [Registry.RegionPath] comes by it.
func (r *Registry) RegionsUnder(code string, day schema.Day) map[string]bool {
	return under(r.Regions, r.regions, code, day)
}

// DepartmentsUnder gives a department and everything below it on a day.
func (r *Registry) DepartmentsUnder(id string, day schema.Day) map[string]bool {
	return under(r.Departments, r.departments, id, day)
}

func under(areas []schema.Area, rows map[string]int32, root string, day schema.Day) map[string]bool {
	inside := map[string]bool{}
	for id := range rows {
		at := id
		for range maxDepth + 1 {
			if at == root {
				inside[id] = true
				break
			}
			area, _ := areaAt(areas, rows, at, day)
			if at = area.Parent; at == "" {
				break
			}
		}
	}
	return inside
}

// parentOf gives the parent of a meter on a day, "" where the meter is not valid
// or has none.
func (r *Registry) parentOf(meter string, day schema.Day) string {
	for _, m := range r.MeterVersions(meter) {
		if m.Contains(day) {
			return m.Parent
		}
	}
	return ""
}

// Zone is the calendar of a meter: that of its building. A meter that is not
// registered has the deployment's.
func (r *Registry) Zone(meter string) *time.Location {
	if row, ok := r.meters[meter]; ok {
		return r.zoneOf(r.Meters[row].Building)
	}
	return r.TimeZone
}

// zoneOf is the calendar of a building.
func (r *Registry) zoneOf(building string) *time.Location {
	if row, ok := r.buildings[building]; ok {
		return r.zones[row]
	}
	return r.TimeZone
}

// Owner gives the index of the institution that a building belongs to.
func (r *Registry) Owner(building string) (institution int32, ok bool) {
	row, ok := r.buildings[building]
	if !ok {
		return 0, false
	}
	return r.InstitutionIndex(r.Buildings[row].Institution)
}

// ExpectedDays counts the days of [from, to) on which a version of a meter
// should report: those on which it is valid and its institution exists.
func (r *Registry) ExpectedDays(m *schema.Meter, from, to schema.Day) int {
	index, ok := r.Owner(m.Building)
	if !ok {
		return 0
	}
	from, to = max(from, m.From), min(to, m.To)
	days := 0
	for _, inst := range r.InstitutionVersions(index) {
		days += inst.Days(from, to)
	}
	return days
}
