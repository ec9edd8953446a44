package progress

import (
	"fmt"
	"math/big"

	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/schema/plan"
)

// judge compares the two sides of one group after the other. It reuses its
// fractions and must not be used by two goroutines.
type judge struct {
	s    *indicator.Sides
	y    years
	plan *plan.Plan
	goal [len(indicator.Ratios)]goal
	// enough is rule 15's least coverage. Two shares of at least close do not
	// differ by more than the plan allows.
	enough, close exact.Threshold

	base, current, reduction, completion exact.Fraction
	gap                                  exact.Fraction

	indicators slab[Indicator]
	caps       slab[Cap]
	cells      slab[cell]
	totals     slab[float64]
}

// goal is what the plan promised of an indicator.
type goal struct {
	target, pace       *big.Rat // nil where the plan has no target
	targetPct, pacePct *float64
	part               *big.Rat // target / 100: completion in percent is reduction / part
}

// cell holds the numbers that an Indicator points to.
type cell struct {
	baseline, current, reduction, completion float64
	coverage, estimated                      float64
	reductionText, completionText            string
	onPace                                   bool
}

func newJudge(s *indicator.Sides, y years, p *plan.Plan) (*judge, error) {
	j := &judge{s: s, y: y, plan: p}
	var err error
	if j.enough, err = exact.NewThreshold(p.MinCoverage); err != nil {
		return nil, fmt.Errorf("plan %s: least coverage: %w", p.Name, err)
	}
	if j.close, err = exact.NewThreshold(new(big.Rat).Sub(big.NewRat(1, 1), p.MaxCoverageGap)); err != nil {
		return nil, fmt.Errorf("plan %s: greatest coverage gap: %w", p.Name, err)
	}
	span := int64(p.TargetYear - y.base)
	passed := min(int64(y.year-y.base), span)
	for i, m := range indicator.Ratios {
		target, ok := p.Target(m.String())
		if !ok || target.Sign() <= 0 {
			continue
		}
		pace := new(big.Rat).Mul(target, big.NewRat(passed, span))
		j.goal[i] = goal{
			target: target, pace: pace, targetPct: float(target), pacePct: float(pace),
			part: new(big.Rat).Quo(target, big.NewRat(100, 1)),
		}
	}
	return j, nil
}

// float gives the number in JSON.
func float(r *big.Rat) *float64 {
	f := new(exact.Fraction).SetRat(r).Float64()
	return &f
}

// slab gives out stretches of larger allocations: an answer of 45,000 rows has a
// million numbers that may be missing.
type slab[T any] struct {
	free []T
	size int // of the last allocation
}

// most bounds one allocation of a slab.
const most = 4096

// take gives n fresh values. The first allocation is just large enough.
func (s *slab[T]) take(n int) []T {
	if len(s.free) < n {
		s.size = max(n, min(most, 2*s.size))
		s.free = make([]T, s.size)
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}

// row judges a group.
func (j *judge) row(g indicator.Group, t *indicator.Tally) Row {
	own := j.s.Own(g)
	var energy indicator.View
	j.s.View(&energy, t, indicator.Current, indicator.Energy)
	row := Row{
		Scope:    scopeOf(g),
		Expected: energy.Institutions, Counted: energy.Counted,
		Indicators: j.indicators.take(len(indicator.Ratios)),
		Caps:       j.caps.take(len(indicator.Totals)),
	}
	for i := range row.Indicators {
		j.indicator(&row.Indicators[i], t, own, indicator.Ratios[i])
	}
	for i := range row.Caps {
		j.cap(&row.Caps[i], g, t, own, indicator.Totals[i])
	}
	return row
}
