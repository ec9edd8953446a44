package registry

import (
	"cmp"
	"strings"
	"time"

	"jouleline/schema"
)

var (
	stationColumns  = []column{{"id", true}, {"name", false}, {"latitude", false}, {"longitude", false}}
	buildingColumns = []column{
		{"id", true}, {"institution", true}, {"name", false}, {"time_zone", false}, {"station", false}, {"latitude", false}, {"longitude", false},
	}
	floorAreaColumns = []column{{"building", true}, {"valid_from", false}, {"area_m2", true}}
	headcountColumns = []column{{"institution", true}, {"valid_from", false}, {"people", true}}
)

func (b *builder) stations() {
	const (
		id = iota
		name
		latitude
		longitude
	)
	d := &lined[schema.Station]{compare: func(s, t *schema.Station) int { return strings.Compare(s.ID, t.ID) }}
	b.read(StationsFile, func(r *row) string {
		s := schema.Station{ID: b.keep(r.id(id)), Name: b.keep(r.text(name)), Position: r.position(latitude, longitude)}
		if !r.failed {
			d.add(s, r.line)
		}
		return s.ID
	})
	d.settle(func(s *schema.Station, line, earlier int32) {
		b.badLine(StationsFile, line, "id", "%q stands in line %d already", s.ID, earlier)
	})
	b.reg.Stations = d.rows
	b.reg.stations = firstRows(len(d.rows), func(i int) string { return d.rows[i].ID })
}

func (b *builder) buildings() {
	const (
		id = iota
		institution
		name
		zone
		station
		latitude
		longitude
	)
	d := &lined[schema.Building]{compare: func(s, t *schema.Building) int { return strings.Compare(s.ID, t.ID) }}
	b.read(BuildingsFile, func(r *row) string {
		building := schema.Building{
			ID:          b.keep(r.id(id)),
			Institution: b.reference(r, institution, InstitutionsFile, b.reg.institutions),
			Name:        strings.Clone(r.text(name)),
			TimeZone:    b.keep(r.text(zone)),
			Station:     b.reference(r, station, StationsFile, b.reg.stations),
			Position:    r.position(latitude, longitude),
		}
		if _, err := b.zone(building.TimeZone); err != nil {
			r.bad(zone, "%v", err)
		}
		if !r.failed {
			d.add(building, r.line)
		}
		return building.ID
	})
	d.settle(func(building *schema.Building, line, earlier int32) {
		b.badLine(BuildingsFile, line, "id", "%q stands in line %d already", building.ID, earlier)
	})
	b.reg.Buildings = d.rows
	b.reg.indexBuildings()
	b.reg.zones = make([]*time.Location, len(b.reg.Buildings))
	for i, building := range b.reg.Buildings {
		b.reg.zones[i], _ = b.zone(building.TimeZone)
	}
}

func (b *builder) floorArea() {
	b.reg.FloorArea = b.series(FloorAreaFile, BuildingsFile, b.reg.buildings)
}

func (b *builder) headcount() {
	b.reg.Headcount = b.series(HeadcountFile, InstitutionsFile, b.reg.institutions)
}

// series reads a table of dated values of the rows of another table.
func (b *builder) series(file, ownerFile string, owners map[string]int32) map[string][]schema.Dated[schema.Quantity] {
	const (
		owner = iota
		from
		value
	)
	type entry struct {
		owner string
		schema.Dated[schema.Quantity]
	}
	d := &lined[entry]{compare: func(s, t *entry) int {
		return cmp.Or(strings.Compare(s.owner, t.owner), cmp.Compare(s.From, t.From))
	}}
	b.read(file, func(r *row) string {
		e := entry{owner: b.reference(r, owner, ownerFile, owners)}
		e.From = r.day(from, schema.Always)
		e.Value, _ = r.amount(value)
		if !r.failed {
			d.add(e, r.line)
		}
		return ""
	})
	d.settle(func(e *entry, line, earlier int32) {
		b.badLine(file, line, columnsOf(file)[owner].name, "%q stands in line %d already with the same valid_from", e.owner, earlier)
	})
	series := make(map[string][]schema.Dated[schema.Quantity], len(owners))
	for _, e := range d.rows {
		series[e.owner] = append(series[e.owner], e.Dated)
	}
	return series
}
