package query

import (
	"jouleline/api/table"
	"jouleline/metrics/indicator"
)

// Subject names what an answer is about: one of the ids is given.
type Subject struct {
	Meter       string `json:"meter,omitempty"`
	Building    string `json:"building,omitempty"`
	Institution string `json:"institution,omitempty"`
	Region      string `json:"region,omitempty"`
	Department  string `json:"department,omitempty"`
	Class       string `json:"class,omitempty"`
	Name        string `json:"name,omitempty"`
}

// Subject names the target in an answer.
func (t Target) Subject(name string) Subject {
	a := Subject{Name: name}
	switch t.Kind {
	case KindMeter:
		a.Meter = t.ID
	case KindBuilding:
		a.Building = t.ID
	case string(indicator.ByInstitution):
		a.Institution = t.ID
	case string(indicator.ByRegion):
		a.Region = t.ID
	case string(indicator.ByDepartment):
		a.Department = t.ID
	case string(indicator.ByClass):
		a.Class = t.ID
	}
	return a
}

// SubjectColumns name what a row is about, in one kind and one id, so that
// tables of different subjects can be put together.
func SubjectColumns() []table.Column {
	return []table.Column{table.Text("scope"), table.Text("id"), table.Text("name")}
}

// Cells gives the cells of [SubjectColumns].
func (s Subject) Cells() []any {
	for _, level := range []struct{ kind, id string }{
		{"meter", s.Meter}, {"building", s.Building}, {"institution", s.Institution},
		{"region", s.Region}, {"department", s.Department}, {"class", s.Class},
	} {
		if level.id != "" {
			return []any{level.kind, level.id, s.Name}
		}
	}
	return []any{"", "", s.Name}
}

// The words of the column part.
const (
	WholePart = "whole"
	OnePart   = "part"
	OwnPart   = "own" // what hangs at the region or department directly
)
