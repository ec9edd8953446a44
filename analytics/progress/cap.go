package progress

import (
	"math/big"
	"slices"

	"jouleline/metrics/indicator"
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

// cap holds a total of the year against the plan's cap for the region. Only the
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
		x.Current = &j.totals.take(1)[0]
		*x.Current = j.current.SetQuotient(total.Into(&j.base), unit.size).Float64()
	}
	limit := j.limit(g, x)
	if limit == nil {
		return
	}
	x.Cap = float(limit)
	known := total.IsKnown() && (e.currentSpeaks || len(e.currentOwn) > 0) && j.s.Panel() != indicator.Matched
	switch {
	case total.IsKnown() && j.current.CmpRat(limit) > 0:
		x.State = Over
	case !known || j.y.partial || !j.covered(&e):
		x.State = NotEnoughData
	default:
		x.State = OK
	}
}

// limit gives the plan's cap of a total for a region, in the unit of x; nil
// where there is none.
func (j *judge) limit(g indicator.Group, x *Cap) *big.Rat {
	if g.Scope.Level != indicator.ByRegion || g.Own {
		return nil
	}
	region := g.Scope.ID
	if slices.Contains(nations, region) {
		region = ""
	}
	if c, ok := j.plan.Cap(x.Total, region); ok && c.Unit == x.Unit {
		return c.Value
	}
	return nil
}
