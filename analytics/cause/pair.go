package cause

import (
	"context"
	"fmt"

	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// pair is two years of the parts of a scope.
type pair struct {
	from, to int
	parts    []*part
	fuels    []schema.Carrier // CarrierNone alone where fuels are not told apart
	// lacking counts institutions that are known but have no area or headcount.
	lacking int
	known   knowledge
	grid    *factor.GridFactor // of carbon, nil where there are several
	weather *Weather           // nil where no station was asked
}

// part is what one part of the scope did in both years.
type part struct {
	index    int // in the order of the breakdown
	group    indicator.Group
	exists   [2]bool
	activity [2]float64
	energy   [2][]float64 // by fuel
	emission [2][]float64
	// normal is what normal weather would have added to its energy.
	normal [2]float64
	// unknown tells that a year of it is not known.
	unknown bool
}

// total is the energy of a year, over all fuels, in kgce.
func (p *part) total(side int) (sum float64) {
	for _, v := range p.energy[side] {
		sum += v
	}
	return sum
}

// weatherFactor is its energy over that under normal weather; 1 without a model.
func (p *part) weatherFactor(side int) float64 {
	if total := p.total(side); total > 0 {
		return total / (total + p.normal[side])
	}
	return 1
}

// knowledge is how well the whole is known on both sides.
type knowledge struct {
	institutions, counted [2]int
	coverage              [2]*float64
}

// reader reads a pair by several factor sets.
type reader struct {
	q      *Query
	w      *indicator.World
	source indicator.Source
	*pair
	at   map[indicator.Group]*part
	last *indicator.Sides // that were read last
}

// readPair reads two years.
func (q *Query) readPair(ctx context.Context, w *indicator.World, source indicator.Source, from, to int) (*pair, error) {
	r := reader{q: q, w: w, source: source, pair: &pair{from: from, to: to}, at: map[indicator.Group]*part{}}
	if err := r.activities(ctx); err != nil {
		return nil, err
	}
	energy, emission := func(p *part) *[2][]float64 { return &p.energy }, func(p *part) *[2][]float64 { return &p.emission }
	if q.Of == Energy {
		r.fuels = []schema.Carrier{schema.CarrierNone}
		if err := r.amounts(ctx, q.energySet(schema.CarrierNone), energy); err != nil {
			return nil, err
		}
		return r.pair, r.separate(ctx)
	}
	for _, c := range schema.Carriers {
		if !q.known(c) {
			continue
		}
		r.fuels = append(r.fuels, c)
		if err := r.amounts(ctx, q.energySet(c), energy); err != nil {
			return nil, err
		}
		if err := r.amounts(ctx, q.carbonSet(c), emission); err != nil {
			return nil, err
		}
		if grid, ok := r.last.Grid(); ok && c == schema.Electricity {
			r.grid = &grid
		}
	}
	return r.pair, r.separate(ctx)
}

// sides reads both years by a factor set.
func (r *reader) sides(ctx context.Context, set *factor.Set) (*indicator.Sides, error) {
	s, err := r.read(ctx, set, indicator.YearStretch)
	if err == nil {
		r.last = s
	}
	return s, err
}

// read reads a stretch of each year by a factor set.
func (r *reader) read(ctx context.Context, set *factor.Set, of func(year int) indicator.Stretch) (*indicator.Sides, error) {
	s, err := r.w.Read(ctx, r.source, indicator.Spec{
		Scope: r.q.Scope, Sides: [2]indicator.Stretch{of(r.from), of(r.to)},
		Factors: set, Mode: set.Mode, Panel: r.q.Panel, Boundary: r.q.Boundary, MinCoverage: r.q.MinCoverage, KnownAt: r.q.KnownAt,
	})
	if err != nil {
		return nil, fmt.Errorf("%d and %d: %w", r.from, r.to, err)
	}
	return s, nil
}

// activities finds the parts and the area or people of each. They are the quotient
// of a total and its ratio, both of the same institutions.
func (r *reader) activities(ctx context.Context) error {
	s, err := r.sides(ctx, r.q.activitySet())
	if err != nil {
		return err
	}
	total, ratio := r.q.measures()
	var v indicator.View
	var whole indicator.Tally
	for g, t := range s.Breakdown(r.q.By) {
		whole.Add(t)
		p := &part{index: len(r.parts), group: g}
		for side := range p.exists {
			s.View(&v, t, indicator.Side(side), ratio)
			if p.exists[side] = v.Institutions > 0; !p.exists[side] {
				continue
			}
			per, perKnown := value(&v)
			s.View(&v, t, indicator.Side(side), total)
			amount, amountKnown := value(&v)
			switch {
			case !perKnown || !amountKnown:
				p.unknown = true
			case per > 0:
				p.activity[side] = amount / per
			case amount > 0:
				p.unknown = true
			}
			for _, gap := range s.Gaps(t, indicator.Side(side), ratio) {
				if amountKnown && (gap.What == "floor area" || gap.What == "headcount") {
					r.lacking += gap.Institutions
				}
			}
		}
		if p.exists[0] || p.exists[1] {
			r.parts = append(r.parts, p)
			r.at[g] = p
		}
	}
	for side := range r.known.coverage {
		s.View(&v, &whole, indicator.Side(side), total)
		r.known.institutions[side], r.known.counted[side] = v.Institutions, v.Counted
		r.known.coverage[side] = v.Coverage(new(exact.Fraction), new(float64))
	}
	return nil
}

// amounts reads what one factor set counts, part by part.
func (r *reader) amounts(ctx context.Context, set *factor.Set, into func(*part) *[2][]float64) error {
	s, err := r.sides(ctx, set)
	if err != nil {
		return err
	}
	total, _ := r.q.measures()
	var v indicator.View
	for g, t := range s.Breakdown(r.q.By) {
		p := r.at[g]
		if p == nil {
			continue
		}
		to := into(p)
		for side := range to {
			var amount float64
			if p.exists[side] {
				s.View(&v, t, indicator.Side(side), total)
				known := false
				if amount, known = value(&v); !known {
					p.unknown = true
				}
			}
			to[side] = append(to[side], amount)
		}
	}
	return nil
}

// value gives the figure of the institutions that can be compared.
func value(v *indicator.View) (float64, bool) {
	if !v.Comparable.IsKnown() {
		return 0, false
	}
	return v.Comparable.Into(new(exact.Fraction)).Float64(), true
}
