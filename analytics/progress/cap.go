package progress

import (
	"fmt"
	"math/big"
	"slices"

	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/schema/plan"
)

// capUnits are the units of caps, and how many of the total's units they are.
var capUnits = [...]struct {
	unit string
	size *big.Rat
}{
	0:                                       {"tce", big.NewRat(1000, 1)}, // energy
	indicator.WaterTotal - indicator.Energy: {"m3", big.NewRat(1, 1)},
	indicator.Carbon - indicator.Energy:     {"tCO2", big.NewRat(1000, 1)},
}

// nations are the codes under which region tables list the nation.
var nations = []string{"000000", "100000"}

// cap holds a total of the year against the plan's cap for the group. Only the
// panel of all institutions can be held against one. A year that has not ended
// can be over its cap, but not within it.
func (j *judge) cap(x *Cap, g indicator.Group, t *indicator.Tally, own *indicator.Own, m indicator.Measure) {
	unit := &capUnits[m-indicator.Energy]
	*x = Cap{Total: m.String(), Unit: unit.unit, State: NoCap}
	e := evidence{m: m}
	j.s.View(&e.current, t, indicator.Current, m)
	if e.currentSpeaks = j.s.Speaks(&e.current); !e.currentSpeaks {
		e.currentOwn = j.s.Declared(t, own, indicator.Current, m)
	}
	total := best(e.currentSpeaks, e.currentOwn, &e.current)
	if total.IsKnown() {
		x.Current = j.total(&total, unit.size, &j.current)
	}
	known := total.IsKnown() && (e.currentSpeaks || len(e.currentOwn) > 0)
	x.Known = known && !j.y.partial && j.s.Panel() != indicator.Matched && j.covered(&e)
	limit := j.limit(g, x)
	if limit == nil {
		return
	}
	x.Cap = float(limit)
	if total.IsKnown() {
		ceiling := new(exact.Fraction).SetRat(limit)
		used := new(exact.Fraction).SetQuotient(&j.current, new(big.Rat).Quo(limit, big.NewRat(100, 1))).Float64()
		left := -new(exact.Fraction).SetDifference(&j.current, ceiling).Float64()
		x.UsedPct, x.Left = &used, &left
	}
	switch {
	case total.IsKnown() && j.current.CmpRat(limit) > 0:
		x.State, x.Reason = Over, fmt.Sprintf("the total of %d is above the cap", j.y.year)
	case j.s.Panel() == indicator.Matched:
		x.State, x.Reason = NotEnoughData, "a cap is held against all institutions, not against the matched ones"
	case !known:
		x.State, x.Reason = NotEnoughData, fmt.Sprintf("%d: %d of %d institutions counted, want at least %s", j.y.year, e.current.Counted, e.current.Institutions, percent(j.plan.MinCoverage))
	case j.y.partial:
		x.State, x.Reason = NotEnoughData, fmt.Sprintf("%d has not ended: it can be over the cap, but not yet within it", j.y.year)
	case !j.covered(&e):
		x.State, x.Reason = NotEnoughData, j.least(j.y.year, coverageOf(e.currentSpeaks, &e.current))
	default:
		x.State, x.Reason = OK, ""
		j.capPath(x, &e, t, own, limit, unit.size)
	}
}

// total gives a figure in the unit of caps, as a float and in to.
func (j *judge) total(f *indicator.Figure, size *big.Rat, to *exact.Fraction) *float64 {
	v := &j.totals.take(1)[0]
	*v = to.SetQuotient(f.Into(&j.base), size).Float64()
	return v
}

// capPath holds the total against the straight way from the base year's total to
// the cap, where that total is known as well.
func (j *judge) capPath(x *Cap, e *evidence, t *indicator.Tally, own *indicator.Own, limit, size *big.Rat) {
	j.s.View(&e.base, t, indicator.Base, e.m)
	if e.baseSpeaks = j.s.Speaks(&e.base); !e.baseSpeaks {
		e.baseOwn = j.s.Declared(t, own, indicator.Base, e.m)
	}
	base := best(e.baseSpeaks, e.baseOwn, &e.base)
	c := coverageOf(e.baseSpeaks, &e.base)
	if !base.IsKnown() || !e.baseSpeaks && len(e.baseOwn) == 0 || !j.enough.Met(c.part, c.whole) {
		return
	}
	var total exact.Fraction
	x.Baseline = j.total(&base, size, &total)
	start := total.Rat()
	span := int64(j.plan.TargetYear - j.y.base)
	passed := min(int64(j.y.year-j.y.base), span)
	path := new(big.Rat).Sub(limit, start)
	path.Mul(path, big.NewRat(passed, span)).Add(path, start)
	x.OnPath = float(path)
	within := j.current.CmpRat(path) <= 0
	x.OnPace = &within
}

// limit gives the plan's cap of a total for a group, in the unit of x; nil where
// there is none.
func (j *judge) limit(g indicator.Group, x *Cap) *big.Rat {
	isNation := g.Scope.Level == indicator.ByRegion && slices.Contains(nations, g.Scope.ID)
	if g.Own || g.Scope.ID == "" {
		return nil
	}
	place := PlaceOf(g.Scope)
	if place == (plan.Place{}) && !isNation {
		return nil
	}
	if c, ok := j.plan.Cap(x.Total, place); ok && c.Unit == x.Unit {
		x.CapOf = place.String()
		return c.Value
	}
	return nil
}
