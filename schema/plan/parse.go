package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"

	"jouleline/schema"
)

// planFile is a plan as a file. Numbers are exact decimals.
type planFile struct {
	Name           string            `json:"name"`
	Title          map[string]string `json:"title"`
	BaseYear       int               `json:"base_year"`
	TargetYear     int               `json:"target_year"`
	Source         string            `json:"source"`
	Targets        []targetFile      `json:"targets"`
	Caps           []capFile         `json:"caps"`
	MinCoverage    json.Number       `json:"min_coverage"`
	MaxCoverageGap json.Number       `json:"max_coverage_gap"`
}

type targetFile struct {
	Indicator string      `json:"indicator"`
	Percent   json.Number `json:"reduction_pct"`
}

type capFile struct {
	Total  string       `json:"total"`
	Unit   string       `json:"unit"`
	Region string       `json:"region"` // "" is the nation
	Value  *json.Number `json:"value"`
}

// capUnits gives the unit in which each total is capped.
var capUnits = map[string]string{"energy": "tce", "water": "m3", "carbon": "tCO2"}

func isIndicator(name string) bool {
	switch name {
	case "energy_per_area", "energy_per_capita", "water_per_capita", "carbon_per_area":
		return true
	}
	return false
}

// Parse reads a plan. It refuses unknown fields, indicators, totals and units, a
// target outside 0 to 100 percent, and a plan without a base year, a later
// target year, a source or a target.
func Parse(text []byte) (*Plan, error) {
	var file planFile
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("plan: more text after its end")
	}
	p, err := file.plan()
	if err != nil {
		return nil, fmt.Errorf("plan %q: %w", file.Name, err)
	}
	return p, nil
}

func (f *planFile) plan() (*Plan, error) {
	switch {
	case f.Name == "" || f.Source == "":
		return nil, errors.New("want a name and a source")
	case f.BaseYear < 1970 || f.TargetYear <= f.BaseYear || f.TargetYear > 2199:
		return nil, fmt.Errorf("got base_year %d and target_year %d, want a base year and a later target year", f.BaseYear, f.TargetYear)
	case len(f.Targets) == 0:
		return nil, errors.New("want at least one target")
	}
	p := &Plan{Name: f.Name, Title: f.Title, BaseYear: f.BaseYear, TargetYear: f.TargetYear, Source: f.Source}
	var err error
	if p.MinCoverage, err = within(f.MinCoverage, 1); err != nil {
		return nil, fmt.Errorf("min_coverage: %w", err)
	}
	if p.MaxCoverageGap, err = within(f.MaxCoverageGap, 1); err != nil {
		return nil, fmt.Errorf("max_coverage_gap: %w", err)
	}
	seen := map[string]bool{}
	for _, t := range f.Targets {
		percent, err := within(t.Percent, 100)
		switch {
		case !isIndicator(t.Indicator):
			err = errors.New("unknown indicator: want energy_per_area, energy_per_capita, water_per_capita or carbon_per_area")
		case seen[t.Indicator]:
			err = errors.New("the target stands twice")
		case err == nil && percent.Sign() == 0:
			err = errors.New("reduction_pct: got 0, want a number above zero")
		}
		if err != nil {
			return nil, fmt.Errorf("target of %q: %w", t.Indicator, err)
		}
		seen[t.Indicator] = true
		p.Targets = append(p.Targets, Target{Indicator: t.Indicator, Percent: percent})
	}
	for _, c := range f.Caps {
		taken, err := c.take(seen)
		if err != nil {
			return nil, fmt.Errorf("cap of %q in %q: %w", c.Total, c.Region, err)
		}
		p.Caps = append(p.Caps, taken)
	}
	return p, nil
}

func (c *capFile) take(seen map[string]bool) (taken Cap, err error) {
	unit, ok := capUnits[c.Total]
	switch {
	case !ok:
		return taken, errors.New("unknown total: want energy, water or carbon")
	case c.Unit != unit:
		return taken, fmt.Errorf("got unit %q, want %s", c.Unit, unit)
	case seen[c.Total+"@"+c.Region]:
		return taken, errors.New("the cap stands twice")
	}
	seen[c.Total+"@"+c.Region] = true
	taken = Cap{Total: c.Total, Unit: c.Unit, Region: c.Region}
	if c.Value == nil {
		return taken, nil
	}
	taken.Value, err = number(*c.Value)
	if err == nil && taken.Value.Sign() <= 0 {
		err = fmt.Errorf("got %s, want a number above zero or null", *c.Value)
	}
	return taken, err
}

// within reads an exact decimal from 0 to most.
func within(text json.Number, most int64) (*big.Rat, error) {
	value, err := number(text)
	if err == nil && (value.Sign() < 0 || value.Cmp(new(big.Rat).SetInt64(most)) > 0) {
		return nil, fmt.Errorf("got %s, want a number from 0 to %d", text, most)
	}
	return value, err
}

func number(text json.Number) (*big.Rat, error) {
	d, err := schema.ParseDecimal(string(text))
	if err != nil {
		return nil, err
	}
	return d.Rat()
}
