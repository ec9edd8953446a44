package registry

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"jouleline/schema"
)

var (
	regionColumns      = []column{{"code", true}, {"name", false}, {"parent", false}, {"valid_from", false}, {"valid_to", false}, {"latitude", false}, {"longitude", false}}
	departmentColumns  = []column{{"id", true}, {"name", false}, {"parent", false}, {"valid_from", false}, {"valid_to", false}}
	institutionColumns = []column{
		{"id", true}, {"name", false}, {"class", true}, {"region", true}, {"department", false}, {"valid_from", false}, {"valid_to", false},
	}
)

func (b *builder) regions() {
	const (
		latitude  = 5
		longitude = 6
	)
	b.reg.Regions, b.reg.regions = b.areas(RegionsFile, "code", func(r *row) schema.Position { return r.position(latitude, longitude) })
}

func (b *builder) departments() {
	nowhere := schema.Position{Latitude: math.NaN(), Longitude: math.NaN()}
	b.reg.Departments, b.reg.departments = b.areas(DepartmentsFile, "id", func(*row) schema.Position { return nowhere })
}

// areas reads one of the two trees.
func (b *builder) areas(file, field string, position func(*row) schema.Position) ([]schema.Area, map[string]int32) {
	const (
		id = iota
		name
		parent
		from
		to
	)
	d := newDated(file, field,
		func(a *schema.Area) string { return a.ID },
		func(a *schema.Area) schema.Validity { return a.Validity })
	b.read(file, func(r *row) string {
		area := schema.Area{ID: b.keep(r.id(id)), Name: b.keep(r.text(name)), Parent: b.keep(r.id(parent)), Validity: r.validity(from, to), Position: position(r)}
		if !r.failed {
			d.add(area, r.line)
		}
		return area.ID
	})
	d.settleVersions(b)
	rows := firstRows(len(d.rows), func(i int) string { return d.rows[i].ID })
	for i, area := range d.rows {
		if area.Parent != "" && !b.known(file, rows, area.Parent) {
			b.badLine(file, d.lines[i], "parent", "got %q, which is not in %s", area.Parent, file)
		}
	}
	d.acyclic(b, func(a *schema.Area) string { return a.Parent }, func(id string, day schema.Day) string {
		area, _ := areaAt(d.rows, rows, id, day)
		return area.Parent
	})
	return d.rows, rows
}

func (b *builder) institutions() {
	const (
		id = iota
		name
		class
		region
		department
		from
		to
	)
	d := newDated(InstitutionsFile, "id",
		func(i *schema.Institution) string { return i.ID },
		func(i *schema.Institution) schema.Validity { return i.Validity })
	b.read(InstitutionsFile, func(r *row) string {
		inst := schema.Institution{
			ID:         b.keep(r.id(id)),
			Name:       strings.Clone(r.text(name)),
			Class:      word(r, class, parseClass),
			Region:     b.reference(r, region, RegionsFile, b.reg.regions),
			Department: b.reference(r, department, DepartmentsFile, b.reg.departments),
			Validity:   r.validity(from, to),
		}
		if !r.failed {
			d.add(inst, r.line)
		}
		return inst.ID
	})
	d.settleVersions(b)
	b.reg.Institutions = d.rows
	b.reg.indexInstitutions()
}

func parseClass(text string) (schema.Class, error) {
	if i := slices.Index(schema.Classes, schema.Class(text)); i >= 0 {
		return schema.Classes[i], nil
	}
	words := make([]string, len(schema.Classes))
	for i, class := range schema.Classes {
		words[i] = string(class)
	}
	return "", fmt.Errorf("unknown class: got %q, want %s", text, strings.Join(words, ", "))
}
