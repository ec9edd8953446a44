// Package query holds the words that questions share: what they are about, which
// stretch of time, as of when and by which factors; and those that answers share,
// its subject and exact amounts.
//
// It reads parameters and refuses what contradicts itself; what is registered, and
// what the caller may ask, package world knows. Stretches are half-open, and an
// amount keeps its six decimals.
package query

import (
	"fmt"
	"strings"

	"jouleline/api/problem"
	"jouleline/metrics/indicator"
)

// GroupParams choose a group of institutions; exactly one is given.
type GroupParams struct {
	Region      string `query:"region" maxLength:"64" doc:"Code of a region (GB/T 2260), with everything below it" example:"370000"`
	Department  string `query:"department" maxLength:"64" doc:"Id of a department, with everything below it" example:"edu"`
	Class       string `query:"class" enum:"state_organ,education,science,culture,health,sport,other,association" doc:"Class of institutions" example:"education"`
	Institution string `query:"institution" maxLength:"64" doc:"Id of one institution" example:"S1"`
}

// Target is what a question is about: a meter, a building, or a group of
// institutions.
type Target struct {
	Kind string // meter, building, region, department, class, institution
	ID   string
}

// Of names what a question is about by its kind and id.
func Of(kind, id string) Target { return Target{kind, id} }

// String gives text such as "region 370000".
func (t Target) String() string { return t.Kind + " " + t.ID }

// List gives the four targets that can be named, one of which should be.
func (p *GroupParams) List() []Target {
	return []Target{
		{string(indicator.ByRegion), p.Region}, {string(indicator.ByDepartment), p.Department},
		{string(indicator.ByClass), p.Class}, {string(indicator.ByInstitution), p.Institution},
	}
}

// Group gives the group that is asked about.
func (p *GroupParams) Group() (indicator.Scope, error) {
	t, err := Only(p.List())
	return indicator.Scope{Level: indicator.Level(t.Kind), ID: t.ID}, err
}

// SubjectParams choose a meter, a building or a group; exactly one is given.
type SubjectParams struct {
	Meter    string `query:"meter" maxLength:"128" doc:"Id of one meter" example:"E1"`
	Building string `query:"building" maxLength:"64" doc:"Id of one building" example:"S1-B1"`
	GroupParams
}

// Target gives what is asked about.
func (p *SubjectParams) Target() (Target, error) {
	return Only(append([]Target{{KindMeter, p.Meter}, {KindBuilding, p.Building}}, p.List()...))
}

// The kinds of targets that are no groups of institutions.
const (
	KindMeter    = "meter"
	KindBuilding = "building"
)

// Only gives the one target that is named.
func Only(targets []Target) (Target, error) {
	var found []Target
	names := make([]string, len(targets))
	for i, t := range targets {
		names[i] = t.Kind
		if t.ID != "" {
			found = append(found, t)
		}
	}
	if len(found) != 1 {
		return Target{}, fmt.Errorf("%w: got %d of %s, want exactly one", problem.ErrQuestion, len(found), strings.Join(names, ", "))
	}
	return found[0], nil
}
