// Package registry is the world that readings belong to: regions, departments,
// institutions, buildings, meters and what is dated about them, read from a
// folder of CSV files.
//
// It answers "what stood where on that day" and refuses a folder with one bad
// row as a whole, naming file, line, column and reason. Its invariants:
//
//   - a [Registry] never changes after it was built; an import makes a new one;
//   - every reference resolves, no tree has a loop on any day, versions of one
//     id do not overlap in time;
//   - a meter keeps its carrier, its first multiplier and its calendar in all
//     its versions; its unit converts to the carrier's canonical unit without a
//     factor set; the shares of a meter never exceed the whole;
//   - slices are sorted by id and then by the day from which a version holds.
//
// # Tables
//
// Columns may stand in any order, and those that are not needed may be left
// out; an unknown column is a mistake. Blanks around a field do not count.
//
//   - valid_from is the first day, valid_to the first day after; empty means
//     without end. A version ends where its valid_to says, not where the next
//     one begins.
//   - interval and gap_limit are ISO 8601 durations: PT15M, PT1H, P1D. A month
//     or a year is taken for deltas and bills only and counts as its longest,
//     31 and 366 days. The interval is an hour where none is given (31 days for
//     bills), the gap limit three intervals.
//   - register_max is written as the register shows it: 655.35 counts in steps
//     of 0.01 and starts again at 655.36, 99999 at 100000.
//   - max_rate is the most in one hour, in the meter's unit, after the
//     multiplier.
//   - a max_rate of learned.csv holds from valid_from until the meter's next one,
//     where meters.csv gives none; learned_from and learned_to say from which
//     readings it stems, version, author and reason why it stands.
//   - a profile of profiles.csv holds from valid_from until the meter's next one: a
//     weight for each local hour (0 to 23) of a workday (Monday to Friday) and of a
//     weekend's day, 48 rows, by which gaps between two registers are filled.
//   - share is a part from 0 to 1 that holds until the next one of the same
//     meter and target; 0 ends it.
//   - baselines.csv and adjustments.csv hold signed amounts that are put to what is
//     known of a year, or of the days from valid_from to valid_to: they change no
//     reading and no declared figure, and a question says whether they count.
//   - multiplier in meters.csv is the first one; later ones are events.
package registry

import (
	"sort"
	"time"

	"jouleline/schema"
)

// Registry is one version of the world. It is safe for concurrent reading.
type Registry struct {
	// TimeZone is the calendar of every building that names none.
	TimeZone *time.Location

	Regions      []schema.Area
	Departments  []schema.Area
	Institutions []schema.Institution
	Buildings    []schema.Building
	// FloorArea holds m2 by building, Headcount people by institution.
	FloorArea map[string][]schema.Dated[schema.Quantity]
	Headcount map[string][]schema.Dated[schema.Quantity]
	Meters    []schema.Meter
	Shares    []schema.Share
	Stations  []schema.Station
	// Learned is sorted by meter, then by day.
	Learned []schema.LearnedRate
	// Profiles is sorted by meter, then by day.
	Profiles []schema.Profile
	// Events is sorted by meter, then by time.
	Events   []schema.Event
	Weather  []schema.Temperature
	Declared []schema.Declared
	// Corrections are the recalculations of baselines, then the adjustments.
	Corrections []schema.Correction
	// Tariffs is sorted by carrier, region and day.
	Tariffs []schema.Tariff

	// InstitutionIDs lists the distinct institutions in order; the position of
	// an id is the institution's index in sums.
	InstitutionIDs []string

	institutions map[string]int32 // id -> index
	versions     []int32          // index -> first row in Institutions
	buildings    map[string]int32
	meters       map[string]int32 // id -> first row in Meters
	regions      map[string]int32 // id -> first row in Regions
	departments  map[string]int32
	perOwner     map[string][]int32 // institution -> rows in Buildings
	stations     map[string]int32
	zones        []*time.Location // by row in Buildings
	formulas     []int32          // rows in Meters of formulas that count
}

// indexInstitutions builds the look-ups of institutions once their rows stand in
// order.
func (r *Registry) indexInstitutions() {
	r.institutions, r.versions, r.InstitutionIDs = map[string]int32{}, nil, nil
	for i, inst := range r.Institutions {
		if i == 0 || r.Institutions[i-1].ID != inst.ID {
			r.institutions[inst.ID] = int32(len(r.InstitutionIDs))
			r.InstitutionIDs = append(r.InstitutionIDs, inst.ID)
			r.versions = append(r.versions, int32(i))
		}
	}
}

// indexBuildings does the same for buildings.
func (r *Registry) indexBuildings() {
	r.buildings, r.perOwner = make(map[string]int32, len(r.Buildings)), map[string][]int32{}
	for i, b := range r.Buildings {
		r.buildings[b.ID] = int32(i)
		r.perOwner[b.Institution] = append(r.perOwner[b.Institution], int32(i))
	}
}

// firstRows maps each id to the first of its rows.
func firstRows(n int, id func(int) string) map[string]int32 {
	rows := make(map[string]int32, n)
	for i := n - 1; i >= 0; i-- {
		rows[id(i)] = int32(i)
	}
	return rows
}

// InstitutionIndex gives the index of an institution's id.
func (r *Registry) InstitutionIndex(id string) (index int32, ok bool) {
	index, ok = r.institutions[id]
	return index, ok
}

// InstitutionVersions gives all versions of the institution with an index.
func (r *Registry) InstitutionVersions(index int32) []schema.Institution {
	from := int(r.versions[index])
	to := len(r.Institutions)
	if int(index)+1 < len(r.versions) {
		to = int(r.versions[index+1])
	}
	return r.Institutions[from:to]
}

// InstitutionAt gives the version that holds on a day.
func (r *Registry) InstitutionAt(index int32, day schema.Day) (inst schema.Institution, ok bool) {
	for _, v := range r.InstitutionVersions(index) {
		if v.Contains(day) {
			return v, true
		}
	}
	return schema.Institution{}, false
}

// Building gives a building by its id.
func (r *Registry) Building(id string) (b schema.Building, ok bool) {
	i, ok := r.buildings[id]
	if !ok {
		return schema.Building{}, false
	}
	return r.Buildings[i], true
}

// BuildingsOf lists the buildings of an institution.
func (r *Registry) BuildingsOf(institution string) []schema.Building {
	rows := r.perOwner[institution]
	list := make([]schema.Building, len(rows))
	for i, row := range rows {
		list[i] = r.Buildings[row]
	}
	return list
}

// MeterVersions gives all versions of a meter, nil where it is not registered.
func (r *Registry) MeterVersions(id string) []schema.Meter {
	from, ok := r.meters[id]
	if !ok {
		return nil
	}
	to := from
	for int(to) < len(r.Meters) && r.Meters[to].ID == id {
		to++
	}
	return r.Meters[from:to]
}

// EventsOf gives the events of a meter in order of time.
func (r *Registry) EventsOf(meter string) []schema.Event {
	from := sort.Search(len(r.Events), func(i int) bool { return r.Events[i].Meter >= meter })
	to := sort.Search(len(r.Events), func(i int) bool { return r.Events[i].Meter > meter })
	return r.Events[from:to]
}

// Region gives a region that is valid on a day; for a code that is valid on no
// such day it gives the first version known.
func (r *Registry) Region(code string, day schema.Day) (area schema.Area, ok bool) {
	return areaAt(r.Regions, r.regions, code, day)
}

// Department gives a department, likewise.
func (r *Registry) Department(id string, day schema.Day) (area schema.Area, ok bool) {
	return areaAt(r.Departments, r.departments, id, day)
}

func areaAt(areas []schema.Area, rows map[string]int32, id string, day schema.Day) (schema.Area, bool) {
	first, ok := rows[id]
	if !ok {
		return schema.Area{}, false
	}
	for i := int(first); i < len(areas) && areas[i].ID == id; i++ {
		if areas[i].Contains(day) {
			return areas[i], true
		}
	}
	return areas[first], true
}
