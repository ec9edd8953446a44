package indicator

import (
	"math/big"

	"jouleline/metrics/exact"
)

// correctBases puts corrections to area and people.
func (s *slate) correctBases(list []correction) {
	for i := range list {
		switch list[i].kind {
		case areaFact:
			s.area.Add(list[i].amount)
		case peopleFact:
			s.people.Add(list[i].amount)
		}
	}
}

// correct puts an amount to the accounts that are known. A carrier that the factor
// set does not know makes them unknown, as it does among figures.
func (w *weights) correct(c *correction, grid int32, to *[contentCount]account) {
	for content := range to {
		a := &to[content]
		if a.status < thin {
			continue
		}
		sum, concerns, known := w.weighCorrection(c, grid, uint8(content))
		switch {
		case !concerns:
		case !known:
			a.status = lacking
		default:
			a.num.AddSum(sum)
		}
	}
}

// weighCorrection gives what a correction adds to a content.
func (w *weights) weighCorrection(c *correction, grid int32, of uint8) (sum exact.Sum, concerns, known bool) {
	is := content(of)
	switch {
	case c.kind == energyFact:
		return exact.Product(c.amount, w.scale), is == buildingEnergy || is == allEnergy, true
	case c.kind == carbonFact:
		return exact.Product(c.amount, w.scale), is == carbon, true
	case is == water && c.kind < uint8(slotCount) && waterSlots.has(slot(c.kind)):
		return exact.Of(c.amount), true, true
	case c.kind >= uint8(slotCount) || !w.slotsOf(is).has(slot(c.kind)):
		return sum, false, true
	}
	var p part
	w.weigh(&p, slot(c.kind), grid, c.amount, 0)
	coin := inCoal
	if is == carbon {
		coin = inCarbon
	}
	return p.sums[coin], true, !p.unpriced[coin]
}

// ratesOf gives the corrections of what a region declared of itself.
func (f *frame) ratesOf(g Group) []rateCorrection {
	if g.Scope.Level != ByRegion {
		return nil
	}
	return f.rates[g.Scope.ID]
}

// corrected gives the rates with corrections put to those that were declared.
func (r *rates) corrected(list []rateCorrection) *rates {
	if len(list) == 0 {
		return r
	}
	to := *r
	for i := range list {
		c := &list[i]
		at := &to.ratio[c.measure]
		if c.isIndex {
			at = &to.index[c.measure]
		}
		if *at != nil {
			*at = new(big.Rat).Add(*at, c.amount)
		}
	}
	return &to
}

// BaseIndex gives the index that a base year has by definition, 100, with what
// corrects it.
func (o *Own) BaseIndex(m Measure) Figure {
	value := big.NewRat(100, 1)
	for _, c := range o.s.side[Base].ratesOf(o.group) {
		if c.measure == m && c.isIndex {
			value.Add(value, c.amount)
		}
	}
	return IndexFigure(value)
}
