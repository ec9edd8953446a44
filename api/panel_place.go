package api

import (
	"slices"

	"jouleline/api/access"
	"jouleline/api/promql"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

func (c *catalog) makeInstitutions() []panelRow {
	rows := make([]panelRow, len(c.w.InstitutionIDs))
	for i, id := range c.w.InstitutionIDs {
		rows[i] = panelRow{labels: c.with(int32(i)), about: query.Of(string(indicator.ByInstitution), id), institution: int32(i)}
	}
	return rows
}

func (c *catalog) makeHouses() []panelRow {
	var rows []panelRow
	for _, b := range c.w.Buildings {
		if owner, ok := c.w.Owner(b.ID); ok {
			rows = append(rows, panelRow{labels: c.with(owner, "building", b.ID), about: query.Of(query.KindBuilding, b.ID), institution: owner})
		}
	}
	return rows
}

func (c *catalog) makeRegions() []panelRow {
	return c.areas(c.w.Regions, indicator.ByRegion, c.regionLabels)
}

func (c *catalog) makeDepartments() []panelRow {
	return c.areas(c.w.Departments, indicator.ByDepartment, func(id string) []string { return []string{"department", id} })
}

// areas lists the nodes of a tree, each once.
func (c *catalog) areas(areas []schema.Area, level indicator.Level, labels func(id string) []string) []panelRow {
	var rows []panelRow
	for i := range areas {
		if i > 0 && areas[i-1].ID == areas[i].ID {
			continue
		}
		id := areas[i].ID
		rows = append(rows, panelRow{labels: promql.LabelsOf(labels(id)...), about: query.Of(string(level), id), institution: -1})
	}
	return rows
}

// makeClasses lists the classes that some institution has.
func (c *catalog) makeClasses() []panelRow {
	seen := map[schema.Class]bool{}
	for i := range c.w.Institutions {
		seen[c.w.Institutions[i].Class] = true
	}
	var rows []panelRow
	for class := range seen {
		rows = append(rows, panelRow{labels: promql.LabelsOf("class", string(class)), about: query.Of(string(indicator.ByClass), string(class)), institution: -1})
	}
	slices.SortFunc(rows, func(a, b panelRow) int {
		if a.about.ID < b.about.ID {
			return -1
		}
		return 1
	})
	return rows
}

// level gives the rows of groups of institutions of one kind.
func (c *catalog) level(l indicator.Level) []panelRow {
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

func (c *catalog) makeStations() []panelRow {
	rows := make([]panelRow, len(c.w.Stations))
	for i, s := range c.w.Stations {
		rows[i] = panelRow{labels: promql.LabelsOf("station", s.ID), about: query.Of(kindStation, s.ID), institution: -1}
	}
	return rows
}

// panelReach tells which rows a caller may see: those of which permit would let
// him ask.
type panelReach struct {
	all      bool
	grant    access.Grant
	w        *world.World
	day      schema.Day
	under    map[string]bool // regions of the grant
	stations map[string]bool
}

func (c *catalog) reach(g access.Grant) *panelReach {
	r := &panelReach{all: !g.IsLimited(), grant: g, w: c.w, day: c.day, stations: map[string]bool{}}
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

func (r *panelReach) hasInstitution(index int32) bool {
	inst := r.w.InstitutionOn(index, r.day)
	return (r.grant.Institution == "" || inst.ID == r.grant.Institution) && (r.grant.Region == "" || r.under[inst.Region])
}

func (r *panelReach) has(row *panelRow) bool {
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
