package indicator

import (
	"fmt"
	"math/big"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// claims is what was declared for one year.
type claims struct {
	facts []fact // of institutions, by institution
	rates map[int32]*rates
	// regions holds the declared figures of regions by code.
	regions map[string]*claim
}

// claim is what a region declared of itself.
type claim struct {
	facts []fact
	rates rates
}

// fact is a declared amount. Its kind is a slot, or one of the kinds below.
type fact struct {
	institution int32
	kind        uint8
	value       schema.Quantity // in the carrier's unit, kgce, kgCO2, m2, persons
}

const (
	energyFact = uint8(slotCount) + iota
	carbonFact
	areaFact
	peopleFact
)

// rates are indicators that were declared as such: in their own unit, or as an
// index. nil where not given.
type rates struct {
	ratio, index [len(Ratios)]*big.Rat
}

func readClaims(reg *registry.Registry) (map[int]*claims, error) {
	years := map[int]*claims{}
	for row := range reg.Declared {
		d := &reg.Declared[row]
		f, m, err := readClaim(d)
		if err != nil {
			return nil, fmt.Errorf("declared %s of %s %s in %d: %w", claimName(d), d.Scope, d.ID, d.Year, err)
		}
		year := years[d.Year]
		if year == nil {
			year = &claims{rates: map[int32]*rates{}, regions: map[string]*claim{}}
			years[d.Year] = year
		}
		if d.Scope == schema.ScopeRegion {
			year.ofRegion(d, f, m)
		} else if i, ok := reg.InstitutionIndex(d.ID); ok {
			f.institution = i
			year.ofInstitution(d, f, m)
		}
	}
	return years, nil
}

func (c *claims) ofRegion(d *schema.Declared, f fact, m *Measure) {
	region := c.regions[d.ID]
	if region == nil {
		region = &claim{}
		c.regions[d.ID] = region
	}
	if m == nil {
		region.facts = append(region.facts, f)
	} else {
		region.rates.set(*m, d)
	}
}

func (c *claims) ofInstitution(d *schema.Declared, f fact, m *Measure) {
	if m == nil {
		c.facts = append(c.facts, f)
		return
	}
	if c.rates[f.institution] == nil {
		c.rates[f.institution] = &rates{}
	}
	c.rates[f.institution].set(*m, d)
}

func (r *rates) set(m Measure, d *schema.Declared) {
	value, err := d.Value.Rat()
	if err != nil {
		// The registry takes no number that is too great, so this one is below
		// 1e-46.
		value = new(big.Rat)
	}
	if d.Unit == registry.Index {
		r.index[m] = value
	} else {
		r.ratio[m] = value
	}
}

// readClaim reads a declared figure: an amount, or the measure that it is an
// indicator of.
func readClaim(d *schema.Declared) (f fact, m *Measure, err error) {
	value := d.Value
	if c := d.Quantity.Carrier; c != schema.CarrierNone {
		f.kind = uint8(slotOf(c, d.Quantity.Use))
		unit := c.Unit()
		if d.Unit != "" {
			if unit, err = schema.ParseUnit(d.Unit); err != nil {
				return f, nil, err
			}
		}
		f.value, err = convert(value, unit, c.Unit())
		return f, nil, err
	}
	switch d.Quantity.Name {
	case "energy":
		f.kind = energyFact
	case "carbon":
		f.kind = carbonFact
	case "floor_area":
		f.kind = areaFact
	case "headcount":
		f.kind = peopleFact
	default:
		measure, err := ParseMeasure(d.Quantity.Name)
		return f, &measure, err
	}
	if d.Unit == "tce" || d.Unit == "tCO2" {
		value.Scale -= 3
	}
	f.value, _, err = value.Quantity()
	return f, nil, err
}

// convert gives a declared amount in the carrier's unit, rounded once.
func convert(value schema.Decimal, from, to schema.Unit) (schema.Quantity, error) {
	q, _, err := value.Quantity()
	if err != nil {
		return 0, err
	}
	factor, ok := from.In(to)
	if !ok {
		return 0, fmt.Errorf("got %s, want a unit that converts to %s", from, to)
	}
	if q, ok = factor.Of(q); !ok {
		return 0, schema.ErrOutOfRange
	}
	return q, nil
}

func claimName(d *schema.Declared) string {
	if d.Quantity.Carrier == schema.CarrierNone {
		return d.Quantity.Name
	}
	return slotOf(d.Quantity.Carrier, d.Quantity.Use).String()
}
