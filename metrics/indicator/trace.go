package indicator

import (
	"math/big"

	"jouleline/metrics/exact"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// Contribution is what one institution, or a region of its own, adds to a
// measure on one side.
type Contribution struct {
	// Institution is the index in Registry.InstitutionIDs, -1 for what a region
	// declared of itself.
	Institution int32
	// Standing tells how well the numerator is known: full, thin (metered below
	// the least coverage), lacking or silent. Only full and thin ones are summed.
	Standing string
	// Figured tells that the contribution is part of [View.All], Compared that it
	// is part of [View.Comparable].
	Figured, Compared bool
	// Parts sum to Numerator, in kgce, m3 or kgCO2, where the contribution is
	// figured; nil where they were not asked for.
	Parts     []Part
	Numerator *big.Rat
	// Denominator is m2 or persons, day-weighted over the period; nil where the
	// measure has none, or the institution lacks it.
	Denominator *big.Rat
}

// Part is a figure that serves in a contribution.
type Part struct {
	// Carrier is schema.CarrierNone for a declared total.
	Carrier schema.Carrier
	Use     schema.Use
	// Source is metered or declared, "" where the figure is lacking.
	Source string
	// Quantity is in the carrier's unit, of a total in the measure's own;
	// Estimated is the part of it that was estimated.
	Quantity, Estimated schema.Quantity
	// Known and Expected are meter-milliseconds of metered figures.
	Known, Expected int64
	// Factor weighs a unit of the quantity: 1 for water and totals, nil where the
	// factor set knows none. Grid is the grid factor that it stems from, nil
	// where it is none.
	Factor *big.Rat
	Grid   *factor.GridFactor
	// Entry is the correction that the part is, nil where it is none; its Source is
	// baseline or adjustment.
	Entry *schema.Correction
	// Subtracted tells that the part is taken off a total that includes it.
	Subtracted bool
	// Amount is Quantity x Factor with its sign; nil where either is not known.
	Amount *big.Rat
}

// statusNames are the words of how well something is known.
var statusNames = [...]string{silent: "silent", lacking: "lacking", thin: "thin", full: "full"}

// Contributions visits what each institution of the scope adds to a measure on a
// side, in order of their indices, until yield is false; with its parts where
// opened says so (nil: always). The numerators and denominators of those that are
// Figured sum to the [View.All] of the total, those of the Compared to its
// [View.Comparable].
func (s *Sides) Contributions(side Side, m Measure, opened func(institution int32) bool, yield func(*Contribution) bool) {
	f := &s.side[side]
	stopped := false
	s.walk(func(i int32, found *[sideCount]finding, slates *[sideCount]slate) {
		if stopped || !found[side].in {
			return
		}
		l := liken(found, slates)
		a := &found[side].accounts[measures[m].content]
		c := &Contribution{Institution: i, Standing: statusNames[a.status]}
		den, hasBasis := slates[side].basisOf(measures[m].basis)
		c.Figured = a.status >= thin && hasBasis
		c.Compared = c.Figured && l.measures[m]
		c.Denominator = f.denominator(m, den, hasBasis)
		if opened == nil || opened(i) {
			grid := int32(-1)
			if region := f.place.stand[i].region; region >= 0 {
				grid = f.weights.gridOf[region]
			}
			c.Parts = s.parts(f, &slates[side], m, found[side].due, grid)
			if c.Figured {
				c.Parts = f.appendCorrections(c.Parts, i, m, grid)
			}
		}
		c.Numerator = f.weights.amount(a.num, measures[m].content)
		stopped = !yield(c)
	})
}

// Contribution gives what a group declared of itself as amounts, in the place of
// its members' sum; nil where it declared none. It is the [Absolute] figure of
// [Sides.Declared]; its denominator may be that of its members.
func (o *Own) Contribution(t *Tally, g Group, side Side, m Measure) *Contribution {
	if o == nil || o.sides[side].rates == nil {
		return nil
	}
	figure := o.s.ownAmount(t, o, side, m)
	if !figure.IsKnown() {
		return nil
	}
	f, own := &o.s.side[side], &o.sides[side]
	grid := int32(-1)
	if row := o.s.w.regions.row(g.Scope.ID); g.Scope.Level == ByRegion && row >= 0 {
		grid = f.weights.gridOf[row]
	}
	due := o.sides[Base].slate.due() | o.sides[Current].slate.due()
	a := &own.accounts[measures[m].content]
	c := &Contribution{Institution: -1, Standing: statusNames[a.status], Figured: true, Compared: true}
	c.Denominator = f.denominator(m, figure.den, measures[m].basis != noBasis)
	c.Parts = o.s.parts(f, &own.slate, m, due, grid)
	c.Numerator = f.weights.amount(a.num, measures[m].content)
	return c
}

// parts lists the figures that serve for a measure. That is decided as in
// serve: of a slot once more, and of totals by what serve gives without them.
func (s *Sides) parts(f *frame, of *slate, m Measure, due slotSet, grid int32) []Part {
	w, c := f.weights, measures[m].content
	var with, without [contentCount]account
	w.serve(of, due, grid, s.enough, f.period.length, &with)
	plain := *of
	plain.hasEnergy, plain.hasCarbon = false, false
	w.serve(&plain, due, grid, s.enough, f.period.length, &without)
	var parts []Part
	if with[c] != without[c] {
		total := of.energy
		if c == carbon {
			total = of.carbon
		}
		parts = append(parts, Part{
			Source: declared.String(), Quantity: total, Factor: big.NewRat(1, 1), Amount: micros(int64(total)),
		})
		if c != buildingEnergy {
			return parts
		}
		for at := range (due & energySlots & vehicleSlots).all() {
			p := s.part(f, of, c, at, grid)
			p.Subtracted = true
			if p.Amount != nil {
				p.Amount.Neg(p.Amount)
			}
			parts = append(parts, p)
		}
		return parts
	}
	for at := range (due & w.slotsOf(c)).all() {
		parts = append(parts, s.part(f, of, c, at, grid))
	}
	return parts
}

// part tells which figure serves for a slot, and what it weighs.
func (s *Sides) part(f *frame, of *slate, c content, at slot, grid int32) Part {
	p := Part{Carrier: at.carrier(), Use: schema.ForBuilding}
	if at.isVehicle() {
		p.Use = schema.ForVehicle
	}
	m := *of.slot(at)
	p.Known, p.Expected = m.known, max(m.expected, m.known)
	has := of.data.has(at)
	sufficient := has && (p.Expected == 0 || s.enough.Met(p.Known, p.Expected))
	switch {
	case !sufficient && of.claimed.has(at):
		p.Source, p.Quantity = declared.String(), of.claim[at]
	case has:
		p.Source, p.Quantity, p.Estimated = metered.String(), m.quantity, m.estimated
	default:
		return p
	}
	p.Factor, p.Grid = f.weights.factorOf(c, at, grid)
	if p.Factor != nil {
		p.Amount = micros(int64(p.Quantity))
		p.Amount.Mul(p.Amount, p.Factor)
	}
	return p
}

// factorOf gives what a unit of a slot counts in a content, nil where the set
// does not know it.
func (w *weights) factorOf(c content, at slot, grid int32) (*big.Rat, *factor.GridFactor) {
	switch {
	case c == water:
		return big.NewRat(1, 1), nil
	case c == carbon && gridSlots.has(at):
		if grid < 0 {
			return nil, nil
		}
		return big.NewRat(w.gridWeight[grid], w.scale), &w.grids[grid]
	case c == carbon && w.carbonKnown.has(at):
		return big.NewRat(w.carbon[at], w.scale), nil
	case c != carbon && w.coalKnown.has(at):
		return big.NewRat(w.coal[at], w.scale), nil
	}
	return nil, nil
}

// amount gives a sum of a content in its unit.
func (w *weights) amount(sum exact.Sum, c content) *big.Rat {
	return new(big.Rat).SetFrac(sum.Int(), new(big.Int).Mul(big.NewInt(w.scaleOf(c)), big.NewInt(micro)))
}

// denominator gives a sum of area or people x days in m2 or persons over the
// period; nil where there is none.
func (f *frame) denominator(m Measure, den exact.Sum, ok bool) *big.Rat {
	if !ok || measures[m].basis == noBasis {
		return nil
	}
	return new(big.Rat).SetFrac(den.Int(), new(big.Int).Mul(big.NewInt(f.period.days()), big.NewInt(micro)))
}

// micros gives micro-units in units.
func micros(q int64) *big.Rat { return big.NewRat(q, micro) }

// Basis names what a measure is divided by: floor_area, headcount, or "" for a
// total.
func (m Measure) Basis() string {
	return [...]string{noBasis: "", floorArea: "floor_area", people: "headcount"}[measures[m].basis]
}

// Content names what a measure's numerator is, and its unit.
func (m Measure) Content() (name, unit string) {
	switch measures[m].content {
	case buildingEnergy:
		return "energy without vehicles", "kgce"
	case allEnergy:
		return "energy", "kgce"
	case water:
		return "water", "m3"
	}
	return "carbon", "kgCO2"
}

// Days gives the local days of a side.
func (s *Sides) Days(side Side) schema.Validity { return s.spec.Sides[side].Days }

// Factors gives the factor set.
func (s *Sides) Factors() *factor.Set { return s.spec.Factors }

// Rat gives the figure as a rational, nil where it is unknown.
func (f *Figure) Rat() *big.Rat {
	if !f.IsKnown() {
		return nil
	}
	if f.rat != nil {
		return f.rat
	}
	return f.Into(new(exact.Fraction)).Rat()
}
