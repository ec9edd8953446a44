package indicator

import (
	"fmt"
	"math/big"
	"sort"

	"jouleline/metrics/exact"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// First is the baseline as it was first set, without any recalculation.
const First = "first"

// correction is what is put to an institution on one side, cut to the days of the
// side. A figure that is not known is not corrected: an amount that is put to
// nothing would look like a figure.
type correction struct {
	institution int32
	kind        uint8 // as of a fact
	amount      int64 // micro-units; of area and people times days
	entry       *schema.Correction
}

// rateCorrection is what is put to an indicator that a region declared.
type rateCorrection struct {
	measure Measure
	isIndex bool
	amount  *big.Rat
	entry   *schema.Correction
}

// Baselines lists the versions of the baseline of a year, oldest first.
func (w *World) Baselines(year int) (versions []string) {
	day := map[string]schema.Day{}
	for i := range w.reg.Corrections {
		c := &w.reg.Corrections[i]
		if of, _, _ := c.From.Date(); c.Kind != schema.BaselineCorrection || of != year {
			continue
		}
		if _, ok := day[c.ID]; !ok {
			versions = append(versions, c.ID)
		}
		day[c.ID] = c.Date
	}
	sort.SliceStable(versions, func(i, j int) bool { return day[versions[i]] < day[versions[j]] })
	return versions
}

// correct finds the corrections that count on a side.
func (s *Sides) correct(side Side) error {
	f := &s.side[side]
	f.corrections, f.rates = nil, nil
	all := s.w.reg.Corrections
	if len(all) == 0 || s.spec.Sides[Base].isEmpty() {
		return nil
	}
	upTo, err := s.baselineDay()
	if err != nil {
		return err
	}
	isBase := side == Base || s.spec.Sides[Base] == s.spec.Sides[Current]
	for i := range all {
		c := &all[i]
		overlap := schema.Validity{From: max(c.From, f.stretch.Days.From), To: min(c.To, f.stretch.Days.To)}
		counts := s.spec.Adjusted && c.Reversed == 0
		if c.Kind == schema.BaselineCorrection {
			counts = isBase && c.Date <= upTo
		}
		if !counts || overlap.From >= overlap.To {
			continue
		}
		if err := f.take(s.w, c, overlap); err != nil {
			return fmt.Errorf("%s %s of %s %s: %w", c.Kind, c.ID, c.Scope, c.Target, err)
		}
	}
	sort.SliceStable(f.corrections, func(i, j int) bool { return f.corrections[i].institution < f.corrections[j].institution })
	return nil
}

// baselineDay is the day up to which versions count.
func (s *Sides) baselineDay() (schema.Day, error) {
	switch s.spec.Baseline {
	case "":
		return schema.Never, nil
	case First:
		return schema.Always, nil
	}
	year := s.spec.Sides[Base].Year
	for i := range s.w.reg.Corrections {
		c := &s.w.reg.Corrections[i]
		if of, _, _ := c.From.Date(); c.Kind == schema.BaselineCorrection && c.ID == s.spec.Baseline && of == year {
			return c.Date, nil
		}
	}
	return 0, fmt.Errorf("baseline of %d: %q: %w: want %s or one of %v", year, s.spec.Baseline, ErrUnknownScope, First, s.w.Baselines(year))
}

// take cuts a correction to days of the side and keeps it.
func (f *frame) take(w *World, c *schema.Correction, days schema.Validity) error {
	read := schema.Declared{Scope: c.Scope, ID: c.Target, Quantity: c.Quantity, Unit: c.Unit, Value: c.Amount}
	fact, measure, err := readClaim(&read)
	if err != nil {
		return err
	}
	if measure != nil {
		amount, err := c.Amount.Rat()
		if err != nil || !f.stretch.isWhole() {
			return err // a declared indicator serves in whole years only
		}
		if f.rates == nil {
			f.rates = map[string][]rateCorrection{}
		}
		f.rates[c.Target] = append(f.rates[c.Target], rateCorrection{*measure, c.Unit == registry.Index, amount, c})
		return nil
	}
	i, ok := w.reg.InstitutionIndex(c.Target)
	if !ok || !f.in[i] {
		return nil
	}
	amount := big.NewInt(int64(fact.value))
	if fact.kind == areaFact || fact.kind == peopleFact {
		amount.Mul(amount, big.NewInt(int64(days.To-days.From)))
	} else {
		amount = share(amount, c.Validity, days)
	}
	if !amount.IsInt64() {
		return schema.ErrOutOfRange
	}
	f.corrections = append(f.corrections, correction{i, fact.kind, amount.Int64(), c})
	return nil
}

// share cuts an amount over days by its linear course, rounding the running total
// half up, so that the parts of adjoining stretches sum to it exactly.
func share(amount *big.Int, whole, days schema.Validity) *big.Int {
	running := func(day schema.Day) *big.Int {
		length := int64(whole.To) - int64(whole.From)
		n := new(big.Int).Mul(amount, big.NewInt(2*(int64(day)-int64(whole.From))))
		n.Add(n, big.NewInt(length))
		return n.Div(n, big.NewInt(2*length)) // Euclidean: half up on both sides of zero
	}
	return new(big.Int).Sub(running(days.To), running(days.From))
}

// correctionsOf gives the corrections of an institution on a side. Institutions are
// asked for in order; asking for the same one again gives the same.
func (w *walker) correctionsOf(side Side, i int32) []correction {
	list, at := w.s.side[side].corrections, &w.at[side].correction
	for *at < len(list) && list[*at].institution < i {
		*at++
	}
	end := *at
	for end < len(list) && list[end].institution == i {
		end++
	}
	return list[*at:end]
}

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

// Corrections lists the entries that count within the scope, those of both sides
// once.
func (s *Sides) Corrections() (list []*schema.Correction) {
	seen := map[*schema.Correction]bool{}
	add := func(c *schema.Correction) {
		if !seen[c] {
			seen[c] = true
			list = append(list, c)
		}
	}
	for side := range s.side {
		f := &s.side[side]
		for i := range f.corrections {
			add(f.corrections[i].entry)
		}
		for code, rates := range f.rates {
			for _, above := range s.w.Above(Scope{ByRegion, code}, f.place.day) {
				if above == s.spec.Scope {
					for i := range rates {
						add(rates[i].entry)
					}
				}
			}
		}
	}
	order := map[*schema.Correction]int{}
	for i := range s.w.reg.Corrections {
		order[&s.w.reg.Corrections[i]] = i
	}
	sort.Slice(list, func(i, j int) bool { return order[list[i]] < order[list[j]] })
	return list
}

// appendCorrections lists what is put to an institution's figure as parts of it.
func (f *frame) appendCorrections(parts []Part, institution int32, m Measure, grid int32) []Part {
	of := measures[m].content
	for i := range f.corrections {
		c := &f.corrections[i]
		if c.institution != institution {
			continue
		}
		sum, concerns, known := f.weights.weighCorrection(c, grid, uint8(of))
		if !concerns || !known {
			continue
		}
		p := Part{Source: string(c.entry.Kind), Entry: c.entry, Quantity: schema.Quantity(c.amount), Factor: big.NewRat(1, 1), Amount: f.weights.amount(sum, of)}
		if at := slot(c.kind); at < slotCount {
			p.Carrier, p.Use = at.carrier(), schema.ForBuilding
			if at.isVehicle() {
				p.Use = schema.ForVehicle
			}
			p.Factor, p.Grid = f.weights.factorOf(of, at, grid)
		}
		parts = append(parts, p)
	}
	return parts
}
