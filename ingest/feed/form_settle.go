package feed

import (
	"fmt"
	"math/big"
	"strings"

	"jouleline/schema"
)

// settle checks the totals against their parts and makes the declared figures.
func (p *formParser) settle() {
	for i := range p.edition.Items {
		if item := &p.edition.Items[i]; len(item.Parts) > 0 {
			p.checkTotal(item)
		}
	}
	for i := range p.edition.Items {
		item := &p.edition.Items[i]
		figure, given := p.seen[item.Code]
		if !given || item.Declares == "" || p.form.Rows[figure.row].Verdict != Accepted {
			continue
		}
		p.form.Declared = append(p.form.Declared, schema.Declared{
			Scope: p.config.Scope, ID: p.config.ID, Year: p.form.Year,
			Quantity: item.quantity, Unit: figure.unit, Value: figure.value, Source: p.edition.Form,
		})
	}
	for i := range p.form.Rows {
		p.form.count(p.form.Rows[i].Verdict, p.form.Rows[i].Problem)
	}
}

// checkTotal holds a total against its parts, which declare in its place: fuel of
// vehicles counts for people, not for areas, so a total alone says too little.
func (p *formParser) checkTotal(item *Item) {
	total, given := p.seen[item.Code]
	if !given {
		return
	}
	row := &p.form.Rows[total.row]
	reject := func(format string, args ...any) {
		row.Verdict = Rejected
		row.Problem = &Problem{Sheet: row.Sheet, Row: row.Row, Column: p.columns.name(fieldQuantity), Code: schema.Malformed, Reason: fmt.Sprintf(format, args...)}
	}
	want, err := inLitres(total)
	if err != nil {
		reject("%v", err)
		return
	}
	sum := new(big.Rat)
	parts := 0
	for _, code := range item.Parts {
		part, given := p.seen[code]
		if !given {
			continue
		}
		value, err := inLitres(part)
		if err != nil {
			reject("%v", err)
			return
		}
		sum.Add(sum, value)
		parts++
	}
	switch {
	case sum.Cmp(want) == 0: // nothing of it, where no part is given
		row.Verdict = Ignored
	case parts == 0:
		reject("got %s of code %s and nothing of its parts %s, which tell vehicles from buildings",
			decimalText(total.value), item.Code, strings.Join(item.Parts, " and "))
	default:
		reject("got %s of code %s, but its parts %s add up to %s",
			decimalText(total.value), item.Code, strings.Join(item.Parts, " and "), exactText(sum))
	}
}

// countable tells whether a figure can be reckoned with exactly, and stays in
// range in its canonical unit.
func countable(value schema.Decimal, word string, of schema.DeclaredQuantity) bool {
	if _, err := value.Rat(); err != nil {
		return false
	}
	amount, _, err := value.Quantity()
	if err != nil || of.Carrier == schema.CarrierNone {
		return err == nil
	}
	unit, err := schema.ParseUnit(word)
	if err != nil {
		return false
	}
	factor, ok := unit.In(of.Carrier.Unit())
	if !ok {
		return false
	}
	_, ok = factor.Of(amount)
	return ok
}

// trimmed gives the same decimal without zeros at the end of its decimals.
func trimmed(d schema.Decimal) schema.Decimal {
	for d.Scale > 0 && d.Mantissa%10 == 0 && d.Mantissa != 0 {
		d.Mantissa /= 10
		d.Scale--
	}
	if d.Mantissa == 0 {
		d.Scale = 0
	}
	return d
}

// inLitres gives a figure in the canonical unit of its dimension, exactly.
func inLitres(s stated) (*big.Rat, error) {
	value, err := s.value.Rat()
	if err != nil {
		return nil, err
	}
	unit, err := schema.ParseUnit(s.unit)
	if err != nil {
		return nil, err
	}
	factor, ok := unit.In(schema.Litre)
	if !ok {
		return nil, fmt.Errorf("got %s, want a volume", s.unit)
	}
	return value.Mul(value, big.NewRat(factor.Num, factor.Den)), nil
}

// exactText writes a rational as a decimal, with six decimals where it has no
// end.
func exactText(r *big.Rat) string {
	decimals, exact := r.FloatPrec()
	if !exact {
		decimals = 6
	}
	text := r.FloatString(decimals)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
