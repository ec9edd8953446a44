package indicator

import (
	"fmt"
	"math/big"
	"sort"

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
