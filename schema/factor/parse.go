package factor

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"jouleline/schema"
	"jouleline/schema/jsonfile"
)

// setFile is a factor set as a file. Numbers are exact decimals.
type setFile struct {
	Name                   string        `json:"name"`
	Version                string        `json:"version"`
	Source                 string        `json:"source"`
	Mode                   Mode          `json:"mode"`
	GridYear               int           `json:"grid_year"`
	CarbonIncludesVehicles bool          `json:"carbon_includes_vehicles"`
	Carriers               []carrierFile `json:"carriers"`
	Grid                   []gridFile    `json:"grid"`
}

// carrierFile is one carrier: each number with the unit that it is per, and
// where it is from.
type carrierFile struct {
	Carrier schema.Carrier `json:"carrier"`
	Coal    *amountFile    `json:"kgce"`
	Carbon  *amountFile    `json:"kgco2"`
	Density *amountFile    `json:"kg_per_litre"`
}

type amountFile struct {
	Value  json.Number `json:"value"`
	Per    schema.Unit `json:"per"`
	Source string      `json:"source"`
}

type gridFile struct {
	Region    string      `json:"region"` // "" is the nation
	Year      int         `json:"year"`
	Value     json.Number `json:"kgco2_per_kwh"`
	Published string      `json:"published"`
	Source    string      `json:"source"`
}

// Parse reads a factor set. It refuses unknown fields, a number without a
// source, a unit that does not belong to its carrier, and a pinned year for
// which the nation has no grid factor.
func Parse(text []byte) (*Set, error) {
	var file setFile
	if err := jsonfile.Decode(text, &file); err != nil {
		return nil, fmt.Errorf("factor set: %w", err)
	}
	set, err := file.set()
	if err != nil {
		return nil, fmt.Errorf("factor set %q: %w", file.Name, err)
	}
	return set, nil
}

func (f *setFile) set() (*Set, error) {
	if f.Name == "" || f.Version == "" || f.Source == "" {
		return nil, errors.New("want a name, a version and a source")
	}
	mode, err := ParseMode(string(f.Mode))
	if err != nil {
		return nil, err
	}
	s := &Set{
		Name: f.Name, Version: f.Version, Source: f.Source, Mode: mode, GridYear: f.GridYear,
		CarbonIncludesVehicles: f.CarbonIncludesVehicles,
		Coal:                   map[schema.Carrier]*big.Rat{},
		Carbon:                 map[schema.Carrier]*big.Rat{},
		Density:                map[schema.Carrier]*big.Rat{},
		Sources:                map[string]string{},
	}
	seen := map[schema.Carrier]bool{}
	for _, c := range f.Carriers {
		if c.Carrier == schema.CarrierNone || seen[c.Carrier] {
			return nil, fmt.Errorf("carrier %q: want each carrier once", c.Carrier)
		}
		seen[c.Carrier] = true
		if err := s.take(c); err != nil {
			return nil, fmt.Errorf("carrier %s: %w", c.Carrier, err)
		}
	}
	for _, g := range f.Grid {
		value, err := positive(g.Value)
		if err == nil && g.Source == "" {
			err = errNoSource
		}
		if err == nil && g.Year < 1970 {
			err = fmt.Errorf("got year %d, want one as 2022", g.Year)
		}
		if err != nil {
			return nil, fmt.Errorf("grid of %q in %d: %w", g.Region, g.Year, err)
		}
		s.Grid = append(s.Grid, GridFactor{Region: g.Region, Year: g.Year, Value: value, Source: g.Source, Published: g.Published})
	}
	slices.SortFunc(s.Grid, func(a, b GridFactor) int { return cmp.Or(cmp.Compare(a.Region, b.Region), a.Year-b.Year) })
	for i := 1; i < len(s.Grid); i++ {
		if s.Grid[i].Region == s.Grid[i-1].Region && s.Grid[i].Year == s.Grid[i-1].Year {
			return nil, fmt.Errorf("grid of %q in %d: stands twice", s.Grid[i].Region, s.Grid[i].Year)
		}
	}
	if _, err := s.GridFor(nil, 0, Fixed); err != nil {
		return nil, fmt.Errorf("grid_year %d: the nation has no grid factor of that year", s.GridYear)
	}
	return s, nil
}

// take adds what is known of one carrier, converted to its canonical unit.
func (s *Set) take(c carrierFile) error {
	if c.Density != nil {
		density, err := c.Density.number()
		if err != nil {
			return fmt.Errorf("kg_per_litre: %w", err)
		}
		s.Density[c.Carrier] = density
		s.Sources["density."+c.Carrier.String()] = c.Density.Source
	}
	for _, kind := range []struct {
		name, field string
		amount      *amountFile
		to          map[schema.Carrier]*big.Rat
	}{{"coal", "kgce", c.Coal, s.Coal}, {"carbon", "kgco2", c.Carbon, s.Carbon}} {
		if kind.amount == nil {
			continue
		}
		switch {
		case kind.name == "coal" && !c.Carrier.IsEnergy():
			return errors.New("kgce: water is not converted into coal equivalent")
		case kind.name == "carbon" && c.Carrier == schema.Electricity:
			return errors.New("kgco2: the factors of electricity stand under grid")
		}
		value, err := kind.amount.number()
		if err == nil {
			value, err = perCanonical(value, kind.amount.Per, c.Carrier.Unit(), s.Density[c.Carrier])
		}
		if err != nil {
			return fmt.Errorf("%s: %w", kind.field, err)
		}
		kind.to[c.Carrier] = value
		s.Sources[kind.name+"."+c.Carrier.String()] = kind.amount.Source
	}
	return nil
}

// perCanonical turns a value per one unit into a value per canonical unit,
// between mass and volume by the density in kg/L.
func perCanonical(value *big.Rat, per, canonical schema.Unit, density *big.Rat) (*big.Rat, error) {
	if factor, ok := canonical.In(per); ok && !per.IsRate() {
		return value.Mul(value, big.NewRat(factor.Num, factor.Den)), nil
	}
	mass, isMass := schema.Kilogram.In(per)        // kg -> per
	volume, isVolume := canonical.In(schema.Litre) // canonical -> L
	if density != nil && isMass && isVolume {
		value.Mul(value, big.NewRat(mass.Num, mass.Den))
		value.Mul(value, density)
		return value.Mul(value, big.NewRat(volume.Num, volume.Den)), nil
	}
	return nil, fmt.Errorf("got a value per %q, want per %s, or per kg with kg_per_litre", per, canonical)
}

var errNoSource = errors.New("want a source")

func (a *amountFile) number() (*big.Rat, error) {
	if a.Source == "" {
		return nil, errNoSource
	}
	return positive(a.Value)
}

// positive reads an exact decimal above zero.
func positive(number json.Number) (*big.Rat, error) {
	d, err := schema.ParseDecimal(string(number))
	if err != nil {
		return nil, err
	}
	value, err := d.Rat()
	if err == nil && value.Sign() <= 0 {
		return nil, fmt.Errorf("got %s, want a number above zero", number)
	}
	return value, err
}
