package registry

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"jouleline/schema"
)

var baselineColumns = []column{
	{"version", true}, {"date", true}, {"author", true}, {"cause", true}, {"reason", true}, {"scope", true}, {"id", true},
	{"year", true}, {"quantity", true}, {"unit", false}, {"amount", true},
}

var adjustmentColumns = []column{
	{"adjustment", true}, {"date", true}, {"author", true}, {"reason", true}, {"scope", true}, {"id", true},
	{"valid_from", true}, {"valid_to", true}, {"quantity", true}, {"unit", false}, {"amount", true}, {"reversed", false},
}

// causes are those for which a baseline may be recalculated. Growth and decline
// are none.
var causes = []string{"boundary", "error", "method"}

// reservedVersions are words that the parameter baseline means otherwise.
var reservedVersions = []string{"first", "latest"}

func newCorrections() *lined[schema.Correction] {
	return &lined[schema.Correction]{compare: func(e, f *schema.Correction) int {
		return cmp.Or(strings.Compare(e.ID, f.ID), strings.Compare(string(e.Scope), string(f.Scope)), strings.Compare(e.Target, f.Target), cmp.Compare(e.From, f.From),
			cmp.Compare(e.Quantity.Carrier, f.Quantity.Carrier), cmp.Compare(e.Quantity.Use, f.Quantity.Use), strings.Compare(e.Quantity.Name, f.Quantity.Name))
	}}
}

// baselines reads the recalculations of baselines.
func (b *builder) baselines() {
	const (
		version = iota
		date
		author
		cause
		reason
		scope
		id
		year
		quantity
		unit
		amount
	)
	d := newCorrections()
	b.read(BaselinesFile, func(r *row) string {
		e := schema.Correction{
			Kind: schema.BaselineCorrection, ID: b.keep(r.text(version)), Date: r.day(date, 0), Author: b.keep(r.text(author)), Cause: b.keep(r.text(cause)), Reason: b.keep(r.text(reason)),
		}
		if _, err := strconv.Atoi(e.ID); err == nil || slices.Contains(reservedVersions, e.ID) {
			r.bad(version, "got %q, want a name that is neither a year nor one of %s", e.ID, strings.Join(reservedVersions, ", "))
		}
		if !slices.Contains(causes, e.Cause) && e.Cause != "" {
			r.bad(cause, "got %q, want boundary, error or method: growth and decline never change a baseline", e.Cause)
		}
		if y := word(r, year, parseYear); y > 0 {
			e.Validity = schema.Validity{From: schema.DayOf(y, 1, 1), To: schema.DayOf(y+1, 1, 1)}
		}
		b.correction(r, &e, BaselinesFile, scope, id, quantity, unit, amount)
		if !r.failed {
			d.add(e, r.line)
		}
		return ""
	})
	d.settle(func(e *schema.Correction, line, earlier int32) {
		b.badLine(BaselinesFile, line, "quantity", "version %s corrects %s of %s %q in line %d already", e.ID, declaredText(e.Quantity), e.Scope, e.Target, earlier)
	})
	for i := 1; i < len(d.rows); i++ {
		if d.rows[i].ID == d.rows[i-1].ID && d.rows[i].Date != d.rows[i-1].Date {
			b.badLine(BaselinesFile, d.lines[i], "date", "version %s is of %s in line %d: want one date for all its rows", d.rows[i].ID, d.rows[i-1].Date, d.lines[i-1])
		}
	}
	b.reg.Corrections = append(b.reg.Corrections, d.rows...)
}

// adjustments reads the non-routine adjustments.
func (b *builder) adjustments() {
	const (
		name = iota
		date
		author
		reason
		scope
		id
		from
		to
		quantity
		unit
		amount
		reversed
	)
	d := newCorrections()
	b.read(AdjustmentsFile, func(r *row) string {
		e := schema.Correction{
			Kind: schema.Adjustment, ID: b.keep(r.text(name)), Date: r.day(date, 0), Author: b.keep(r.text(author)), Reason: b.keep(r.text(reason)),
			Validity: r.validity(from, to), Reversed: r.day(reversed, 0),
		}
		b.correction(r, &e, AdjustmentsFile, scope, id, quantity, unit, amount)
		if e.Reversed != 0 && e.Reversed < e.Date {
			r.bad(reversed, "got %s, want a day not before its date %s", e.Reversed, e.Date)
		}
		if !r.failed {
			d.add(e, r.line)
		}
		return ""
	})
	d.settle(func(e *schema.Correction, line, earlier int32) {
		b.badLine(AdjustmentsFile, line, "quantity", "adjustment %s of %s of %s %q stands in line %d already", e.ID, declaredText(e.Quantity), e.Scope, e.Target, earlier)
	})
	b.reg.Corrections = append(b.reg.Corrections, d.rows...)
}

// correction reads what both tables share: whose figure, of what, by how much.
func (b *builder) correction(r *row, e *schema.Correction, file string, scope, id, quantity, unit, amount int) {
	e.Quantity = word(r, quantity, parseDeclared)
	isIndicator := strings.Contains(e.Quantity.Name, "_per_")
	switch e.Scope = schema.Scope(b.keep(r.text(scope))); e.Scope {
	case schema.ScopeRegion:
		e.Target = b.reference(r, id, RegionsFile, b.reg.regions)
		if !isIndicator && e.Quantity != (schema.DeclaredQuantity{}) {
			r.bad(quantity, "got %s of a region, want an indicator that it declares of itself: amounts belong to institutions, whose sums the region has", declaredText(e.Quantity))
		}
	case schema.ScopeInstitution:
		e.Target = b.reference(r, id, InstitutionsFile, b.reg.institutions)
		if isIndicator {
			r.bad(quantity, "got %s of an institution, want an amount: a carrier, energy, carbon, floor_area or headcount", e.Quantity.Name)
		}
	case "":
	default:
		r.bad(scope, "got %q, want region or institution", string(e.Scope))
	}
	e.Amount = r.signed(amount)
	if e.Quantity == (schema.DeclaredQuantity{}) {
		return
	}
	text, err := declaredUnit(e.Quantity, r.text(unit))
	if err != nil {
		r.bad(unit, "%v", err)
		return
	}
	size := schema.Declared{Quantity: e.Quantity, Value: e.Amount}
	size.Value.Mantissa = max(size.Value.Mantissa, -size.Value.Mantissa)
	if !fits(size, text) {
		r.bad(amount, "got %s %s, which is beyond what can be counted", r.text(amount), text)
	}
	e.Unit = b.keep(text)
}

// signed gives an exact number of either sign, but not zero.
func (r *row) signed(c int) schema.Decimal {
	d, ok := r.exact(c)
	if ok && d.Mantissa == 0 {
		r.bad(c, "got 0, want a number above or below it")
	}
	return d
}

func writeCorrections(w *csvText, list []schema.Correction, kind schema.CorrectionKind) {
	for i := range list {
		e := &list[i]
		switch {
		case e.Kind != kind:
		case kind == schema.BaselineCorrection:
			year, _, _ := e.From.Date()
			w.row(e.ID, e.Date.String(), e.Author, e.Cause, e.Reason, string(e.Scope), e.Target, strconv.Itoa(year), declaredText(e.Quantity), e.Unit, decimalText(e.Amount))
		default:
			reversed := ""
			if e.Reversed != 0 {
				reversed = e.Reversed.String()
			}
			w.row(e.ID, e.Date.String(), e.Author, e.Reason, string(e.Scope), e.Target, e.From.String(), e.To.String(), declaredText(e.Quantity), e.Unit, decimalText(e.Amount), reversed)
		}
	}
}
