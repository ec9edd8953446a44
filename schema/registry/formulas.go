package registry

import (
	"jouleline/schema"
)

// meterFormulas checks the formulas of virtual meters, once all meters and their
// parents are known. A formula is of meters that have readings, of its own
// carrier and calendar; so formulas have no loops.
//
// Whether it counts follows from the parents of the meters that it adds: where
// it is the parent of all of them, it counts in their place; where of none, it is
// for looking at only. Anything between would count some of them twice.
func (b *builder) meterFormulas(d *dated[schema.Meter]) {
	for i := range d.rows {
		m := &d.rows[i]
		if m.Formula == "" {
			continue
		}
		formula, err := schema.ParseFormula(m.Formula)
		if err != nil {
			b.badLine(MetersFile, d.lines[i], "formula", "%v", err)
			continue
		}
		if m.Reconciles != "" {
			b.badLine(MetersFile, d.lines[i], "reconciles", "got %q, and a formula: what reconciles a meter has readings of its own", m.Reconciles)
		}
		gathered, apart := "", ""
		for k := range formula {
			t := &formula[k]
			if !b.term(d, i, t) || t.Minus {
				continue
			}
			for _, version := range b.reg.MeterVersions(t.Meter) {
				switch {
				case version.From >= m.To || m.From >= version.To:
				case version.Parent == m.ID:
					gathered = t.Meter
				default:
					apart = t.Meter
				}
			}
		}
		if m.Gathers = gathered != "" && apart == ""; gathered != "" && apart != "" {
			b.badLine(MetersFile, d.lines[i], "formula", "%q has %q as its parent and %q on some days has not: want it to be the parent of all meters that it adds, so that it counts in their place, or of none",
				gathered, m.ID, apart)
		}
		if m.Counts() {
			b.reg.formulas = append(b.reg.formulas, int32(i))
		}
	}
}

// term checks one meter of a formula.
func (b *builder) term(d *dated[schema.Meter], i int, t *schema.Term) bool {
	m := &d.rows[i]
	row, ok := b.reg.meters[t.Meter]
	switch {
	case t.Meter == m.ID:
		b.badLine(MetersFile, d.lines[i], "formula", "%q stands in its own formula", m.ID)
	case !ok:
		if !b.known(MetersFile, b.reg.meters, t.Meter) {
			b.badLine(MetersFile, d.lines[i], "formula", "got %q, which is not in %s", t.Meter, MetersFile)
		}
	case d.rows[row].Carrier != m.Carrier:
		b.badLine(MetersFile, d.lines[i], "formula", "%q meters %s, want %s as %q", t.Meter, d.rows[row].Carrier, m.Carrier, m.ID)
	case b.reg.zoneOf(d.rows[row].Building).String() != b.reg.zoneOf(m.Building).String():
		b.badLine(MetersFile, d.lines[i], "formula", "%q keeps the calendar of %s, want that of %q", t.Meter, b.reg.zoneOf(d.rows[row].Building), m.ID)
	default:
		for _, version := range b.reg.MeterVersions(t.Meter) {
			if version.Formula != "" {
				b.badLine(MetersFile, d.lines[i], "formula", "%q is a formula itself: write the meters that it is made of", t.Meter)
				return false
			}
		}
		return true
	}
	return false
}

// FormulaMeter is a version of a virtual meter with its formula.
type FormulaMeter struct {
	Meter *schema.Meter
	schema.Formula
}

// FormulaOf reads the formula of a version of a meter of this registry; nil where
// it has none.
func FormulaOf(m *schema.Meter) schema.Formula {
	if m.Formula == "" {
		return nil
	}
	formula, err := schema.ParseFormula(m.Formula)
	if err != nil {
		panic("registry: a formula that was checked: " + err.Error())
	}
	return formula
}

// Computes tells whether the consumption of some institution is computed when it
// is asked for, and not only booked: meters are divided, or formulas count.
func (r *Registry) Computes() bool { return len(r.Shares) > 0 || len(r.formulas) > 0 }

// Formulas gives the versions of virtual meters that count, in order of ids and
// days.
func (r *Registry) Formulas() []FormulaMeter {
	list := make([]FormulaMeter, len(r.formulas))
	for i, row := range r.formulas {
		list[i] = FormulaMeter{&r.Meters[row], FormulaOf(&r.Meters[row])}
	}
	return list
}
