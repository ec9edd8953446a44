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

// View looks at one measure of a tally on one side.
func (s *Sides) View(t *Tally, side Side, m Measure) View {
	f := &s.side[side]
	if !f.on {
		return View{}
	}
	st := &t.sides[side]
	c, sums := &st.contents[measures[m].content], &st.measures[m]
	v := View{
		Institutions: int(st.institutions),
		Counted:      int(sums.counted),
		Known:        c.known,
		Expected:     c.expected,
		HasMeters:    c.hasMeters,
		Source:       c.sources.String(),
		Estimated:    c.estimated,
	}
	num, den := sums.num, sums.den
	num.AddSum(sums.restNum)
	den.AddSum(sums.restDen)
	v.Sum = num
	v.Comparable = f.figure(m, sums.num, sums.den, sums.compared > 0)
	v.All = f.figure(m, num, den, sums.figured > 0)
	return v
}

// figure forms a value of two sums.
func (f *frame) figure(m Measure, num, den exact.Sum, known bool) Figure {
	figure := Figure{num: num, den: den, times: f.period.days(), scale: f.weights.scaleOf(measures[m].content)}
	if measures[m].basis == noBasis {
		// num is in micro-units: over 10^6 x scale it is the total.
		figure.den, figure.times = exact.Of(micro), 1
	}
	if known && figure.den.Sign() > 0 {
		figure.Form = Absolute
	}
	return figure
}

const micro = 1_000_000

// Switched tells whether the comparable figures of a measure come from different
// sources on both sides, in the group or in one of its institutions.
func (s *Sides) Switched(t *Tally, m Measure) bool {
	c := measures[m].content
	return t.switched[c] || t.sides[Base].contents[c].compared != t.sides[Current].contents[c].compared
}
