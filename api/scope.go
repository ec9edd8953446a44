package api

import (
	"fmt"
	"strings"

	"jouleline/metrics/indicator"
)

// GroupParams choose a group of institutions; exactly one is given.
type GroupParams struct {
	Region      string `query:"region" maxLength:"64" doc:"Code of a region (GB/T 2260), with everything below it" example:"370000"`
	Department  string `query:"department" maxLength:"64" doc:"Id of a department, with everything below it" example:"edu"`
	Class       string `query:"class" enum:"state_organ,education,science,culture,health,sport,other,association" doc:"Class of institutions" example:"education"`
	Institution string `query:"institution" maxLength:"64" doc:"Id of one institution" example:"S1"`
}

// subject is what a question is about: a meter, a building, or a group of
// institutions.
type subject struct {
	kind string // meter, building, region, department, class, institution
	id   string
}

// String gives text such as "region 370000".
func (s subject) String() string { return s.kind + " " + s.id }

func (p *GroupParams) list() []subject {
	return []subject{
		{string(indicator.ByRegion), p.Region}, {string(indicator.ByDepartment), p.Department},
		{string(indicator.ByClass), p.Class}, {string(indicator.ByInstitution), p.Institution},
	}
}

// group gives the group that is asked about.
func (p *GroupParams) group() (indicator.Scope, error) {
	s, err := only(p.list())
	return indicator.Scope{Level: indicator.Level(s.kind), ID: s.id}, err
}

// SubjectParams choose a meter, a building or a group; exactly one is given.
type SubjectParams struct {
	Meter    string `query:"meter" maxLength:"128" doc:"Id of one meter" example:"E1"`
	Building string `query:"building" maxLength:"64" doc:"Id of one building" example:"S1-B1"`
	GroupParams
}

func (p *SubjectParams) subject() (subject, error) {
	return only(append([]subject{{kindMeter, p.Meter}, {kindBuilding, p.Building}}, p.list()...))
}

// The kinds of subjects that are no groups of institutions.
const (
	kindMeter    = "meter"
	kindBuilding = "building"
)

// only gives the one subject that is named.
func only(subjects []subject) (subject, error) {
	var found []subject
	names := make([]string, len(subjects))
	for i, s := range subjects {
		names[i] = s.kind
		if s.id != "" {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		return subject{}, fmt.Errorf("%w: got %d of %s, want exactly one", errQuestion, len(found), strings.Join(names, ", "))
	}
	return found[0], nil
}
