package posting

import (
	"fmt"

	"jouleline/metrics/books"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// Formula tells how the consumption of a virtual meter on the local days [From,
// To) is computed, and to whom it counts. It is not stored: it is computed when
// it is asked for, so that a correction of a meter corrects the formula.
type Formula struct {
	schema.Validity
	Meters []int32 // of the terms
	Terms  schema.Formula
	// Division tells whose the consumption is; its Meter and Validity are unset.
	Division
}

// Formulas lists the formulas of a world that count. Its arguments are those of
// [Attribute]. A formula that names a meter without number is left out: nothing
// of it is known.
func Formulas(r *registry.Registry, number func(meter string) (int32, bool), account func(institution string, carrier schema.Carrier, use schema.Use) int32) []Formula {
	var list []Formula
	for _, f := range r.Formulas() {
		meters, ok := numbers(f.Formula, number)
		if !ok {
			continue
		}
		first := len(list)
		for _, c := range r.Claims(f.Meter) {
			if last := len(list) - 1; last < first || list[last].Validity != c.Validity {
				list = append(list, Formula{Validity: c.Validity, Meters: meters, Terms: f.Formula})
			}
			d := &list[len(list)-1].Division
			d.Accounts = append(d.Accounts, account(c.Institution, f.Meter.Carrier, f.Meter.Use))
			d.Shares = append(d.Shares, c.Share)
		}
	}
	return list
}

func numbers(f schema.Formula, number func(meter string) (int32, bool)) (meters []int32, ok bool) {
	for i := range f {
		n, ok := number(f[i].Meter)
		if !ok {
			return nil, false
		}
		meters = append(meters, n)
	}
	return meters, true
}

// Compute gives the amount of a formula of what its terms used in the same
// stretch; see [Scale] and [Combine]. The sum over days is the sum of what each
// day gives, so days add up to months exactly.
func Compute(f schema.Formula, parts []books.Entry) (e books.Entry, known bool, err error) {
	scaled := make([]books.Entry, len(parts))
	for i := range parts {
		if scaled[i], err = Scale(&f[i], &parts[i]); err != nil {
			return e, false, err
		}
	}
	return Combine(scaled)
}

// Scale gives a term's part of a formula: the amount times the factor, rounded
// once, half away from zero. The error tells that it is out of range.
func Scale(t *schema.Term, part *books.Entry) (books.Entry, error) {
	scaled := *part
	var ok1, ok2 bool
	scaled.Quantity, ok1 = t.Of(part.Quantity)
	scaled.Estimated, ok2 = t.Of(part.Estimated)
	if !ok1 || !ok2 {
		return scaled, fmt.Errorf("formula: %w: %s times %d/%d", schema.ErrOutOfRange, part.Quantity, t.Factor.Num, t.Factor.Den)
	}
	return scaled, nil
}

// Combine adds up the scaled parts of one stretch. The sum is known where all
// parts are known for the same time of it, and not at all else: a difference of
// stretches that are not the same would be no consumption. What is estimated of
// any part is estimated of the sum, at most all of it.
func Combine(scaled []books.Entry) (e books.Entry, known bool, err error) {
	for i := range scaled {
		p := &scaled[i]
		if p.Known <= 0 || p.Known != scaled[0].Known {
			return books.Entry{}, false, nil
		}
		e.Quantity += p.Quantity
		e.Estimated += max(p.Estimated, -p.Estimated)
		if !inRange(e.Quantity) || !inRange(e.Estimated) {
			return books.Entry{}, false, fmt.Errorf("formula: %w", schema.ErrOutOfRange)
		}
	}
	e.Estimated = min(e.Estimated, max(e.Quantity, -e.Quantity))
	if e.Quantity < 0 {
		e.Estimated = -e.Estimated
	}
	e.Known = scaled[0].Known
	return e, true, nil
}

func inRange(q schema.Quantity) bool { return -schema.MaxQuantity <= q && q <= schema.MaxQuantity }
