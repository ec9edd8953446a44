package schema

import "math"

// Class is the kind of a public institution, as the statistical forms divide
// them.
type Class string

// The classes of public institutions.
const (
	StateOrgan  Class = "state_organ"
	Education   Class = "education"
	Science     Class = "science"
	Culture     Class = "culture"
	Health      Class = "health"
	Sport       Class = "sport"
	OtherClass  Class = "other"
	Association Class = "association"
)

// Classes lists the classes in the order of the forms' columns.
var Classes = []Class{StateOrgan, Education, Science, Culture, Health, Sport, OtherClass, Association}

// Area is a node of one of the two trees that institutions hang in: a region
// (GB/T 2260 code) or a department.
type Area struct {
	ID     string
	Name   string
	Parent string // empty at the root
	Position
	Validity
}

// Position is a place on the map in degrees, north and east of the origin; both are
// NaN where it is not given.
type Position struct{ Latitude, Longitude float64 }

// Given tells whether the place is known.
func (p Position) Given() bool { return !math.IsNaN(p.Latitude) }

// Institution is one dated version of an institution. An institution that moves
// has several versions with the same id and neighbouring validities.
type Institution struct {
	ID         string
	Name       string
	Class      Class
	Region     string
	Department string
	Validity
}

// Building belongs to one institution and keeps its calendar.
type Building struct {
	ID          string
	Institution string
	Name        string
	TimeZone    string // IANA name; empty: the deployment's
	Station     string
	Position
}

// Station is a weather station.
type Station struct {
	ID, Name string
	Position
}

// Dated is a value that holds from a local day until the next one of its series.
type Dated[T any] struct {
	From  Day
	Value T
}

// At gives the value of a dated series that holds on a day. The series must be
// sorted by From.
func At[T any](series []Dated[T], day Day) (value T, ok bool) {
	for i := len(series) - 1; i >= 0; i-- {
		if series[i].From <= day {
			return series[i].Value, true
		}
	}
	return value, false
}
