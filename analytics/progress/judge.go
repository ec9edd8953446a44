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
	// goal is what binds the group that is being judged; goals keeps what was
	// worked out, by target.
	aims  aims
	goal  [len(indicator.Ratios)]goal
	goals map[*plan.Target]*goal
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

// cell holds the numbers that an Indicator points to.
type cell struct {
	baseline, current, reduction, completion float64
	coverage, estimated                      float64
	reductionText, completionText            string
	onPace                                   bool
}

func newJudge(w *indicator.World, s *indicator.Sides, y years, q *Query) (*judge, error) {
	p := q.Plan
	j := &judge{s: s, y: y, plan: p, goals: map[*plan.Target]*goal{}, aims: newAims(w, y, q)}
	var err error
	if j.enough, err = exact.NewThreshold(p.MinCoverage); err != nil {
		return nil, fmt.Errorf("plan %s: least coverage: %w", p.Name, err)
	}
	if j.close, err = exact.NewThreshold(new(big.Rat).Sub(big.NewRat(1, 1), p.MaxCoverageGap)); err != nil {
		return nil, fmt.Errorf("plan %s: greatest coverage gap: %w", p.Name, err)
	}
	return j, nil
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
	j.aim(g)
	own := j.s.Own(g)
	var energy indicator.View
	j.s.View(&energy, t, indicator.Current, indicator.Energy)
	row := Row{
		Scope:    ScopeOf(g),
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
