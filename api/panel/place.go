package panel

import (
	"slices"

	"jouleline/api/access"
	"jouleline/api/promql"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

func (c *catalog) makeInstitutions() []entry {
	rows := make([]entry, len(c.w.InstitutionIDs))
	for i, id := range c.w.InstitutionIDs {
		rows[i] = entry{labels: c.with(int32(i)), about: query.Of(string(indicator.ByInstitution), id), institution: int32(i)}
	}
	return rows
}

func (c *catalog) makeHouses() []entry {
	var rows []entry
	for _, b := range c.w.Buildings {
		if owner, ok := c.w.Owner(b.ID); ok {
			rows = append(rows, entry{labels: c.with(owner, "building", b.ID), about: query.Of(query.KindBuilding, b.ID), institution: owner})
		}
	}
	return rows
}

func (c *catalog) makeRegions() []entry {
	return c.areas(c.w.Regions, indicator.ByRegion, c.regionLabels)
}

func (c *catalog) makeDepartments() []entry {
	return c.areas(c.w.Departments, indicator.ByDepartment, func(id string) []string { return []string{"department", id} })
}

// areas lists the nodes of a tree, each once.
func (c *catalog) areas(areas []schema.Area, level indicator.Level, labels func(id string) []string) []entry {
	var rows []entry
	for i := range areas {
		if i > 0 && areas[i-1].ID == areas[i].ID {
			continue
		}
		id := areas[i].ID
		rows = append(rows, entry{labels: promql.LabelsOf(labels(id)...), about: query.Of(string(level), id), institution: -1})
	}
	return rows
}

// makeClasses lists the classes that some institution has.
func (c *catalog) makeClasses() []entry {
	seen := map[schema.Class]bool{}
	for i := range c.w.Institutions {
		seen[c.w.Institutions[i].Class] = true
	}
	var rows []entry
	for class := range seen {
		rows = append(rows, entry{labels: promql.LabelsOf("class", string(class)), about: query.Of(string(indicator.ByClass), string(class)), institution: -1})
	}
	slices.SortFunc(rows, func(a, b entry) int {
		if a.about.ID < b.about.ID {
			return -1
		}
		return 1
	})
	return rows
}

// level gives the rows of groups of institutions of one kind.
func (c *catalog) level(l indicator.Level) []entry {
	switch l {
	case indicator.ByRegion:
		return c.regions()
	case indicator.ByDepartment:
		return c.departments()
	case indicator.ByClass:
		return c.classes()
	}
	return c.institutions()
}

// kindStation is a weather station.
const kindStation = "station"

func (c *catalog) makeStations() []entry {
	rows := make([]entry, len(c.w.Stations))
	for i, s := range c.w.Stations {
		rows[i] = entry{labels: promql.LabelsOf("station", s.ID), about: query.Of(kindStation, s.ID), institution: -1}
	}
	return rows
}

// scope tells which rows a caller may see: those of which permit would let
// him ask.
type scope struct {
	all      bool
	grant    access.Grant
	w        *world.World
	day      schema.Day
	under    map[string]bool // regions of the grant
	stations map[string]bool
}

func (c *catalog) reach(g access.Grant) *scope {
	r := &scope{all: !g.IsLimited(), grant: g, w: c.w, day: c.day, stations: map[string]bool{}}
	if r.all {
		return r
	}
	if g.Region != "" {
		r.under = c.w.RegionsUnder(g.Region, c.day)
	}
	for _, b := range c.w.Buildings {
		if owner, ok := c.w.Owner(b.ID); ok && r.hasInstitution(owner) {
			r.stations[b.Station] = true
		}
	}
	return r
}

func (r *scope) hasInstitution(index int32) bool {
	inst := r.w.InstitutionOn(index, r.day)
	return (r.grant.Institution == "" || inst.ID == r.grant.Institution) && (r.grant.Region == "" || r.under[inst.Region])
}

func (r *scope) has(row *entry) bool {
	switch {
	case r.all:
		return true
	case row.about.Kind == query.KindMeter:
		versions := r.w.MeterVersions(row.about.ID)
		for i := range versions {
			if owner, ok := r.w.Owner(versions[i].Building); !ok || !r.hasInstitution(owner) {
				return false
			}
		}
		return len(versions) > 0
	case row.institution >= 0:
		return r.hasInstitution(row.institution)
	case row.about.Kind == string(indicator.ByRegion):
		return r.under[row.about.ID]
	case row.about.Kind == kindStation:
		return r.stations[row.about.ID]
	}
	return false
}
