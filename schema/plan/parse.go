package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"jouleline/schema"
	"jouleline/schema/jsonfile"
)

// planFile is a plan as a file. Numbers are exact decimals.
type planFile struct {
	Name           string            `json:"name"`
	Title          map[string]string `json:"title"`
	BaseYear       int               `json:"base_year"`
	TargetYear     int               `json:"target_year"`
	Source         string            `json:"source"`
	Path           Shape             `json:"path"`
	Targets        []targetFile      `json:"targets"`
	Caps           []capFile         `json:"caps"`
	MinCoverage    json.Number       `json:"min_coverage"`
	MaxCoverageGap json.Number       `json:"max_coverage_gap"`
}

// placeFile names a place; without any it is everybody, or of caps the nation.
type placeFile struct {
	Region      string `json:"region"`
	Department  string `json:"department"`
	Class       string `json:"class"`
	Institution string `json:"institution"`
}

type targetFile struct {
	placeFile
	Indicator string      `json:"indicator"`
	Percent   json.Number `json:"reduction_pct"`
	Steps     []stepFile  `json:"steps"`
}

type stepFile struct {
	Year    int         `json:"year"`
	Percent json.Number `json:"reduction_pct"`
}

type capFile struct {
	placeFile
	Total string       `json:"total"`
	Unit  string       `json:"unit"`
	Value *json.Number `json:"value"`
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

// Parse reads a plan. It refuses unknown fields, indicators, totals, units and
// paths, a target outside 0 to 100 percent, and a plan without a base year, a
// later target year, a source or a target. A plan that names no path is linear.
func Parse(text []byte) (*Plan, error) {
	var file planFile
	if err := jsonfile.Decode(text, &file); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	p, err := file.plan()
	if err != nil {
		return nil, fmt.Errorf("plan %q: %w", file.Name, err)
	}
	sum := sha256.Sum256(text)
	p.Version = hex.EncodeToString(sum[:6])
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
	p := &Plan{
		Name: f.Name, Title: f.Title, BaseYear: f.BaseYear, TargetYear: f.TargetYear, Source: f.Source, Path: f.Path,
		targets: map[targetKey]int{},
	}
	switch p.Path {
	case "":
		p.Path = Linear
	case Linear, Compound, Stepped:
	default:
		return nil, fmt.Errorf("path: got %q, want %s, %s or %s", f.Path, Linear, Compound, Stepped)
	}
	var err error
	if p.MinCoverage, err = within(f.MinCoverage, 1); err != nil {
		return nil, fmt.Errorf("min_coverage: %w", err)
	}
	if p.MaxCoverageGap, err = within(f.MaxCoverageGap, 1); err != nil {
		return nil, fmt.Errorf("max_coverage_gap: %w", err)
	}
	for _, t := range f.Targets {
		taken, err := t.take(p)
		if err != nil {
			return nil, fmt.Errorf("target of %q%s: %w", t.Indicator, in(t.placeFile), err)
		}
		p.targets[targetKey{taken.Indicator, taken.Place}] = len(p.Targets)
		p.Targets = append(p.Targets, taken)
	}
	seen := map[string]bool{}
	for _, c := range f.Caps {
		taken, err := c.take(seen)
		if err != nil {
			return nil, fmt.Errorf("cap of %q%s: %w", c.Total, in(c.placeFile), err)
		}
		p.Caps = append(p.Caps, taken)
	}
	return p, nil
}

// place gives the place that is named.
func (f placeFile) place() (p Place, err error) {
	for _, named := range []Place{{"region", f.Region}, {"department", f.Department}, {"class", f.Class}, {"institution", f.Institution}} {
		switch {
		case named.ID == "":
		case p.ID != "":
			return p, fmt.Errorf("got %s and %s, want one place", p, named)
		default:
			p = named
		}
	}
	if p.Level == "class" && !slices.Contains(schema.Classes, schema.Class(p.ID)) {
		return p, fmt.Errorf("unknown class %q", p.ID)
	}
	return p, nil
}

// in names a place for errors.
func in(f placeFile) string {
	p, err := f.place()
	if err != nil || p == (Place{}) {
		return ""
	}
	return " in " + p.String()
}

func (t *targetFile) take(p *Plan) (taken Target, err error) {
	if taken.Place, err = t.place(); err != nil {
		return taken, err
	}
	taken.Indicator = t.Indicator
	taken.Percent, err = within(t.Percent, 100)
	_, twice := p.targets[targetKey{t.Indicator, taken.Place}]
	switch {
	case !isIndicator(t.Indicator):
		return taken, errors.New("unknown indicator: want energy_per_area, energy_per_capita, water_per_capita or carbon_per_area")
	case twice:
		return taken, errors.New("the target stands twice")
	case err != nil:
		return taken, err
	case taken.Percent.Sign() == 0:
		return taken, errors.New("reduction_pct: got 0, want a number above zero")
	case p.Path == Compound && taken.Percent.Cmp(big.NewRat(100, 1)) == 0:
		return taken, errors.New("reduction_pct: got 100, which no equal rate reaches: want less on a compound path")
	case p.Path != Stepped && len(t.Steps) > 0:
		return taken, fmt.Errorf("got steps on a %s path, want none", p.Path)
	case p.Path == Stepped && len(t.Steps) == 0:
		return taken, errors.New("want steps on a stepped path")
	}
	year, least := p.BaseYear, new(big.Rat)
	for _, s := range t.Steps {
		percent, err := within(s.Percent, 100)
		switch {
		case err != nil:
			return taken, fmt.Errorf("step of %d: %w", s.Year, err)
		case s.Year <= year || s.Year > p.TargetYear:
			return taken, fmt.Errorf("step of %d: want years after %d, up to %d", s.Year, year, p.TargetYear)
		case percent.Cmp(least) < 0:
			return taken, fmt.Errorf("step of %d: got %s, want no less than the step before", s.Year, s.Percent)
		}
		year, least = s.Year, percent
		taken.Steps = append(taken.Steps, Step{s.Year, percent})
	}
	if p.Path == Stepped && (year != p.TargetYear || least.Cmp(taken.Percent) != 0) {
		return taken, fmt.Errorf("the last step is %s in %d, want the target %s in %d", least.RatString(), year, t.Percent, p.TargetYear)
	}
	return taken, nil
}

func (c *capFile) take(seen map[string]bool) (taken Cap, err error) {
	unit, ok := capUnits[c.Total]
	place, err := c.place()
	switch {
	case err != nil:
		return taken, err
	case !ok:
		return taken, errors.New("unknown total: want energy, water or carbon")
	case c.Unit != unit:
		return taken, fmt.Errorf("got unit %q, want %s", c.Unit, unit)
	case seen[c.Total+"@"+place.String()]:
		return taken, errors.New("the cap stands twice")
	}
	seen[c.Total+"@"+place.String()] = true
	taken = Cap{Total: c.Total, Unit: c.Unit, Place: place}
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
