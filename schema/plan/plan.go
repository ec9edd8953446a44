// Package plan holds reduction plans: base year, target year, targets per
// indicator and caps, as data files. One ships with the program ([Default]),
// others are read from a folder ([Folder]).
//
// It answers "what was promised for this indicator in this place, and where on
// the way to it a year stands" and refuses a plan file that lacks a base year, a
// target year or a source. Its invariants:
//
//   - all numbers are exact; the one exception is the compound path, whose value
//     is no rational: it is rounded to twelve decimals of a percent;
//   - a path begins at no reduction in the base year and ends at the target in
//     the target year, and never goes back on the way;
//   - a target or cap of a place stands once.
package plan

import "math/big"

// Plan is one plan. It is immutable.
type Plan struct {
	Name string
	// Version is the beginning of the SHA-256 of the file: another text is
	// another version.
	Version    string
	Title      map[string]string // by language: "zh", "en"
	BaseYear   int
	TargetYear int
	Source     string
	// Path is how a target is reached over the years.
	Path    Shape
	Targets []Target
	Caps    []Cap
	// MinCoverage is the least coverage and counted share at which a figure is
	// called known (rule 15); MaxCoverageGap the most by which both years may
	// differ.
	MinCoverage, MaxCoverageGap *big.Rat

	targets map[targetKey]int // position in Targets
}

type targetKey struct {
	indicator string
	place     Place
}

// Target is the promised reduction of one indicator in percent of its base.
type Target struct {
	Indicator string // energy_per_area, energy_per_capita, water_per_capita, carbon_per_area
	// Place is whom it binds; the zero value binds everybody who has none of his
	// own.
	Place   Place
	Percent *big.Rat
	// Steps are those of a stepped path, in order of years; the last is the
	// target in the target year. Empty on the other paths.
	Steps []Step
}

// Step is the reduction that holds from the start of a year on, in percent.
type Step struct {
	Year    int
	Percent *big.Rat
}

// Cap is the promised greatest total in the target year; Value is nil where the
// plan sets none for the place.
type Cap struct {
	Total string // energy, water, carbon
	Unit  string // tce, m3, tCO2
	Place Place  // the zero value is the nation
	Value *big.Rat
}

// Place is a region, department, class or institution; the zero value is
// everybody.
type Place struct {
	Level string // region, department, class, institution; "" for everybody
	ID    string
}

// String gives text such as "region 370000", "" for everybody.
func (p Place) String() string {
	if p == (Place{}) {
		return ""
	}
	return p.Level + " " + p.ID
}
