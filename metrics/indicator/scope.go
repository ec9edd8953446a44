package indicator

import (
	"errors"
	"fmt"
	"slices"

	"jouleline/schema"
)

// Level is the kind of a scope, and what a breakdown is made by.
type Level string

// The levels.
const (
	ByRegion      Level = "region"
	ByDepartment  Level = "department"
	ByClass       Level = "class"
	ByInstitution Level = "institution"
)

// ParseLevel reads region, department, class or institution.
func ParseLevel(text string) (Level, error) {
	switch l := Level(text); l {
	case ByRegion, ByDepartment, ByClass, ByInstitution:
		return l, nil
	}
	return "", fmt.Errorf("by: got %q, want region, department, class or institution", text)
}

// Scope is what a figure speaks of: one region with everything below it, one
// department likewise, one class or one institution.
type Scope struct {
	Level Level
	ID    string
}

// String gives text such as "region 370000".
func (s Scope) String() string { return string(s.Level) + " " + s.ID }

// ErrUnknownScope is wrapped where a scope names something that the registry
// does not know.
var ErrUnknownScope = errors.New("not in the registry")

// check refuses a scope that the registry does not know.
func (w *World) check(s Scope) error {
	known := false
	switch s.Level {
	case ByRegion:
		_, known = w.regions.rows[s.ID]
	case ByDepartment:
		_, known = w.departments.rows[s.ID]
	case ByClass:
		known = slices.Contains(schema.Classes, schema.Class(s.ID))
	case ByInstitution:
		_, known = w.reg.InstitutionIndex(s.ID)
	default:
		_, err := ParseLevel(string(s.Level))
		return err
	}
	if !known {
		return fmt.Errorf("%s %q: %w", s.Level, s.ID, ErrUnknownScope)
	}
	return nil
}

// Name gives the name of a scope on a day, of a class its word, "" where it has
// none.
func (w *World) Name(s Scope, day schema.Day) string {
	switch s.Level {
	case ByRegion:
		area, _ := w.reg.Region(s.ID, day)
		return area.Name
	case ByDepartment:
		area, _ := w.reg.Department(s.ID, day)
		return area.Name
	case ByClass:
		return s.ID
	case ByInstitution:
		if i, ok := w.reg.InstitutionIndex(s.ID); ok {
			return w.reg.Institutions[w.versionOn(i, day)].Name
		}
	}
	return ""
}

// Above gives what a scope belongs to on a day, itself first: an institution's
// department and those above it, its class, its region and those above it; a
// region's or department's ancestors. A scope of an empty id has nothing.
func (w *World) Above(s Scope, day schema.Day) []Scope {
	if s.ID == "" {
		return nil
	}
	chain := func(level Level, ids []string) (list []Scope) {
		for _, id := range ids {
			list = append(list, Scope{level, id})
		}
		return list
	}
	switch s.Level {
	case ByRegion:
		return chain(ByRegion, w.reg.RegionPath(s.ID, day))
	case ByDepartment:
		return chain(ByDepartment, w.reg.DepartmentPath(s.ID, day))
	case ByInstitution:
		list := []Scope{s}
		i, ok := w.reg.InstitutionIndex(s.ID)
		if !ok {
			return list
		}
		v := &w.reg.Institutions[w.versionOn(i, day)]
		list = append(list, chain(ByDepartment, w.reg.DepartmentPath(v.Department, day))...)
		list = append(list, Scope{ByClass, string(v.Class)})
		return append(list, chain(ByRegion, w.reg.RegionPath(v.Region, day))...)
	}
	return []Scope{s}
}
