package indicator

import (
	"math/big"

	"jouleline/metrics/exact"
)

// Form is how a figure was formed. Figures of different forms are never
// compared.
type Form uint8

// The forms. The zero value means that there is no figure.
const (
	Unknown Form = iota
	// Absolute is computed from amounts, areas and people.
	Absolute
	// Ratio is an indicator that was declared in its own unit.
	Ratio
	// Index is an indicator that was declared relative to its base year, 100.
	Index
)

// String names the form.
func (f Form) String() string {
	return [...]string{Unknown: "unknown", Absolute: "absolute", Ratio: "ratio", Index: "index"}[f]
}

// Figure is an exact value of a measure in its unit.
type Figure struct {
	Form     Form
	num, den exact.Sum
	times    int64 // days of the period
	scale    int64
	rat      *big.Rat
}

// IndexFigure is an index of a value, such as the 100 of a base year.
func IndexFigure(value *big.Rat) Figure { return Figure{Form: Index, rat: value} }

// Into sets a fraction to the figure, which must not be unknown.
func (f *Figure) Into(to *exact.Fraction) *exact.Fraction {
	if f.rat != nil {
		return to.SetRat(f.rat)
	}
	return to.SetSums(f.num, f.times, f.den, f.scale)
}

// IsKnown tells whether there is a figure.
func (f *Figure) IsKnown() bool { return f.Form != Unknown }

// IsPositive tells whether the figure is above zero.
func (f *Figure) IsPositive() bool {
	if f.rat != nil {
		return f.rat.Sign() > 0
	}
	return f.num.Sign() > 0
}

// View is what a tally knows of one measure on one side.
type View struct {
	// Institutions exist on the side; Counted of them are fully known.
	Institutions, Counted int
	// Known and Expected are meter-milliseconds, of which a declared figure
	// stands for one meter that is fully known. HasMeters tells whether any of it
	// is, or should be, metered: else there is no coverage to speak of.
	Known, Expected int64
	HasMeters       bool
	// Source is metered, declared or mixed, "" where nothing is known.
	Source string
	// Comparable is the figure of the institutions that are fully known on every
	// side on which they exist, All that of all that have a figure.
	Comparable, All Figure
	// Estimated and Sum are the estimated part and the whole of All's
	// numerator.
	Estimated, Sum exact.Sum
}

// Coverage writes the known share of the expected time into to and gives it; nil
// where nothing is, or should be, metered. f is space to compute in.
func (v *View) Coverage(f *exact.Fraction, to *float64) *float64 {
	if !v.HasMeters || v.Expected <= 0 {
		return nil
	}
	*to = f.SetSums(exact.Of(v.Known), 1, exact.Of(v.Expected), 1).Float64()
	return to
}

// EstimatedShare writes the part of the figure that was estimated into to and
// gives it, weighted as the figure is: in kgce, m3 or kgCO2; nil where nothing is
// metered or the sum is not above zero.
func (v *View) EstimatedShare(f *exact.Fraction, to *float64) *float64 {
	if !v.HasMeters || v.Sum.Sign() <= 0 {
		return nil
	}
	*to = f.SetSums(v.Estimated, 1, v.Sum, 1).Float64()
	return to
}

// View looks at one measure of a tally on one side. It fills in v, which may be
// used again and again: an answer of 45,000 rows takes half a million views.
func (s *Sides) View(v *View, t *Tally, side Side, m Measure) {
	f := &s.side[side]
	if !f.on {
		*v = View{}
		return
	}
	st := &t.sides[side]
	c, sums := &st.contents[measures[m].content], &st.measures[m]
	v.Institutions, v.Counted = int(st.institutions), int(sums.counted)
	v.Known, v.Expected, v.HasMeters = c.known, c.expected, c.hasMeters
	v.Source = sourceNames[c.sources]
	v.Estimated, v.Sum = sums.estimated, sums.num
	v.Sum.AddSum(sums.restNum)
	den := sums.den
	den.AddSum(sums.restDen)
	f.form(&v.Comparable, m, sums.num, sums.den, sums.compared > 0)
	f.form(&v.All, m, v.Sum, den, sums.figured > 0)
}

// Amounts gives numerator and denominator of a ratio apart, over all institutions
// that have a figure: kgce, m3 or kgCO2, and m2 or persons, day-weighted. known is
// false where there is no such figure.
func (s *Sides) Amounts(t *Tally, side Side, m Measure) (amount, activity float64, known bool) {
	var v View
	s.View(&v, t, side, m)
	if !v.All.IsKnown() || measures[m].basis == noBasis {
		return 0, 0, false
	}
	var f exact.Fraction
	amount = f.SetSums(v.Sum, 1, exact.Of(micro), v.All.scale).Float64()
	activity = f.SetSums(v.All.den, 1, exact.Of(micro), v.All.times).Float64()
	return amount, activity, true
}

// form makes a figure of two sums.
func (f *frame) form(to *Figure, m Measure, num, den exact.Sum, known bool) {
	to.num, to.den, to.times, to.rat = num, den, f.period.days(), nil
	to.scale = f.weights.scaleOf(measures[m].content)
	if measures[m].basis == noBasis {
		// num is in micro-units: over 10^6 x scale it is the total.
		to.den, to.times = exact.Of(micro), 1
	}
	to.Form = Unknown
	if known && to.den.Sign() > 0 {
		to.Form = Absolute
	}
}

const micro = 1_000_000

// Switched tells whether the comparable figures of a measure come from different
// sources on both sides, in the group or in one of its institutions.
func (s *Sides) Switched(t *Tally, m Measure) bool {
	c := measures[m].content
	return t.switched[c] || t.sides[Base].contents[c].compared != t.sides[Current].contents[c].compared
}
