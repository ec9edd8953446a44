package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jouleline/schema"
)

var declaredColumns = []column{
	{"scope", true}, {"id", true}, {"year", true}, {"quantity", true}, {"unit", false}, {"value", true}, {"source", false},
}

// Index is the unit of an indicator that was declared relative to its base year
// (base = 100).
const Index = "index"

// declarable lists what may be declared beside carriers, with its units; the
// first is the one that holds where none is given.
var declarable = []struct {
	name  string
	units []string
}{
	{"energy", []string{"kgce", "tce"}},
	{"carbon", []string{"kgCO2", "tCO2"}},
	{"floor_area", []string{"m2"}},
	{"headcount", []string{"person"}},
	{"energy_per_area", []string{"kgce/m2", Index}},
	{"energy_per_capita", []string{"kgce/person", Index}},
	{"water_per_capita", []string{"m3/person", Index}},
	{"carbon_per_area", []string{"kgCO2/m2", Index}},
}

// superscripts lets "m²" and "m³" stand for the words of the wire.
var superscripts = strings.NewReplacer("m²", "m2", "m³", "m3")

// declared reads the annual figures of the statistical forms.
func (b *builder) declared() {
	const (
		scope = iota
		id
		year
		quantity
		unit
		value
		source
	)
	d := &lined[schema.Declared]{compare: func(e, f *schema.Declared) int {
		return cmp.Or(strings.Compare(string(e.Scope), string(f.Scope)), strings.Compare(e.ID, f.ID), cmp.Compare(e.Year, f.Year),
			cmp.Compare(e.Quantity.Carrier, f.Quantity.Carrier), cmp.Compare(e.Quantity.Use, f.Quantity.Use),
			strings.Compare(e.Quantity.Name, f.Quantity.Name))
	}}
	b.read(DeclaredFile, func(r *row) string {
		e := schema.Declared{Year: word(r, year, parseYear), Quantity: word(r, quantity, parseDeclared), Source: b.keep(r.text(source))}
		switch e.Scope = schema.Scope(b.keep(r.text(scope))); e.Scope {
		case schema.ScopeRegion:
			e.ID = b.reference(r, id, RegionsFile, b.reg.regions)
		case schema.ScopeInstitution:
			e.ID = b.reference(r, id, InstitutionsFile, b.reg.institutions)
		case "":
		default:
			r.bad(scope, "got %q, want region or institution", string(e.Scope))
		}
		e.Value = r.decimal(value)
		if e.Quantity != (schema.DeclaredQuantity{}) {
			text, err := declaredUnit(e.Quantity, r.text(unit))
			if err != nil {
				r.bad(unit, "%v", err)
			} else if !fits(e, text) {
				r.bad(value, "got %s %s, which is beyond what can be counted", r.text(value), text)
			}
			e.Unit = b.keep(text)
		}
		if !r.failed {
			d.add(e, r.line)
		}
		return ""
	})
	d.settle(func(e *schema.Declared, line, earlier int32) {
		b.badLine(DeclaredFile, line, "quantity", "%s of %s %q in %d stands in line %d already", declaredText(e.Quantity), e.Scope, e.ID, e.Year, earlier)
	})
	b.reg.Declared = d.rows
}

func parseYear(text string) (int, error) {
	year, err := strconv.Atoi(text)
	if err != nil || len(text) != 4 || year < 1970 || year > 2199 {
		return 0, fmt.Errorf("got %q, want a year as 2023", text)
	}
	return year, nil
}

// parseDeclared reads a carrier, a carrier with its use as gasoline:vehicle, or
// one of the other names.
func parseDeclared(text string) (schema.DeclaredQuantity, error) {
	for _, other := range declarable {
		if other.name == text {
			return schema.DeclaredQuantity{Name: other.name}, nil
		}
	}
	name, useText, _ := strings.Cut(text, ":")
	carrier, err := schema.ParseCarrier(name)
	if err != nil {
		names := make([]string, len(declarable))
		for i, other := range declarable {
			names[i] = other.name
		}
		return schema.DeclaredQuantity{}, fmt.Errorf("got %q, want a carrier, as electricity or gasoline:vehicle, or %s", text, strings.Join(names, ", "))
	}
	use, err := schema.ParseUse(useText)
	if err != nil {
		return schema.DeclaredQuantity{}, err
	}
	return schema.DeclaredQuantity{Carrier: carrier, Use: use}, nil
}

func declaredText(q schema.DeclaredQuantity) string {
	switch {
	case q.Carrier == schema.CarrierNone:
		return q.Name
	case q.Use == schema.ForVehicle:
		return q.Carrier.String() + ":" + q.Use.String()
	}
	return q.Carrier.String()
}

// declaredUnit holds a unit against what was declared and gives its word.
func declaredUnit(q schema.DeclaredQuantity, text string) (string, error) {
	if q.Carrier != schema.CarrierNone {
		if text == "" {
			return q.Carrier.Unit().String(), nil
		}
		unit, err := schema.ParseUnit(text)
		if err != nil {
			return "", err
		}
		if unit.IsRate() {
			return "", fmt.Errorf("got the rate %s, want an amount as %s", unit, q.Carrier.Unit())
		}
		if reason := unitConflict(q.Carrier, unit); reason != "" {
			return "", fmt.Errorf("%s", reason)
		}
		return unit.String(), nil
	}
	text = superscripts.Replace(text)
	for _, other := range declarable {
		if other.name != q.Name {
			continue
		}
		if text == "" {
			return other.units[0], nil
		}
		if slices.Contains(other.units, text) {
			return text, nil
		}
		return "", fmt.Errorf("got %q for %s, want %s", text, q.Name, strings.Join(other.units, " or "))
	}
	return "", fmt.Errorf("unknown quantity %q", q.Name)
}

// fits tells whether the figure stays countable in its canonical unit.
func fits(e schema.Declared, unit string) bool {
	value := e.Value
	if unit == "tce" && e.Quantity.Carrier == schema.CarrierNone || unit == "tCO2" {
		value.Scale -= 3 // counted in kg
	}
	amount, _, err := value.Quantity()
	if err != nil || e.Quantity.Carrier == schema.CarrierNone {
		return err == nil
	}
	u, err := schema.ParseUnit(unit)
	factor, ok := u.In(e.Quantity.Carrier.Unit())
	if err == nil && ok {
		_, ok = factor.Of(amount)
	}
	return err == nil && ok
}

// decimal gives an exact number that is not negative.
func (r *row) decimal(c int) schema.Decimal {
	d, ok := r.exact(c)
	if ok && d.Mantissa < 0 {
		r.bad(c, "got %s, want no negative number", r.text(c))
	}
	return d
}

// exact gives a number with all its digits, 0 where the cell is empty; ok where
// it holds one.
func (r *row) exact(c int) (d schema.Decimal, ok bool) {
	text := r.text(c)
	if text == "" {
		return d, false
	}
	d, err := schema.ParseDecimal(text)
	if err != nil {
		r.bad(c, "%v", err)
	} else if d.Lost {
		r.bad(c, "got %s, want at most 18 digits", text)
	}
	return d, err == nil && !d.Lost
}
