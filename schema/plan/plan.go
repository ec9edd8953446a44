// Package plan holds reduction plans: base year, target year, targets per
// indicator and caps, as embedded data files.
//
// It answers "what was promised for this indicator" and refuses a plan file that
// lacks a base year, a target year or a source.
package plan

import "math/big"

// Plan is one plan. It is immutable.
type Plan struct {
	Name       string
	Title      map[string]string // by language: "zh", "en"
	BaseYear   int
	TargetYear int
	Source     string
	Targets    []Target
	Caps       []Cap
	// MinCoverage is the least coverage and counted share at which a figure is
	// called known (rule 15); MaxCoverageGap the most by which both years may
	// differ.
	MinCoverage, MaxCoverageGap *big.Rat
}

// Target is the promised reduction of one indicator in percent of its base.
type Target struct {
	Indicator string // energy_per_area, energy_per_capita, water_per_capita, carbon_per_area
	Percent   *big.Rat
}

// Cap is the promised greatest total in the target year; Value is nil where the
// plan sets none for the scope.
type Cap struct {
	Total  string // energy, water, carbon
	Unit   string // tce, m3, tCO2
	Region string // "" for the nation
	Value  *big.Rat
}
