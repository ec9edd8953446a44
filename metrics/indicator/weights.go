package indicator

import (
	"fmt"
	"math/big"

	"jouleline/schema"
	"jouleline/schema/factor"
)

// weights is a factor set laid out for sums: every factor as an integer over one
// common denominator, so that quantities are weighted and added in integers.
type weights struct {
	carbonWithVehicles bool
	// coal is kgce, carbon kgCO2 per unit of a slot's carrier, times scale.
	// Electricity has no carbon of its own: that is its grid's.
	coal, carbon           [slotCount]int64
	coalKnown, carbonKnown slotSet
	scale                  int64
	// grids lists the grid factors that were met, gridWeight each times scale,
	// gridOf the position in them by row of the region tree, -1 where the set
	// knows none.
	grids      []factor.GridFactor
	gridWeight []int64
	gridOf     []int32
}

// maxWeight bounds a factor times the common denominator, so that sums keep
// within 128 bits (see exact.Sum).
const maxWeight = 1 << 44

// sideYear is a side as factors see it: its year, and the day on which regions
// hang as they are taken to.
type sideYear struct {
	year int
	day  schema.Day
}

// weigh lays out a factor set for all sides at once, over one common
// denominator.
func (w *World) weigh(set *factor.Set, mode factor.Mode, sides []sideYear) ([]*weights, error) {
	var common commonDenominator
	made := make([]*weights, len(sides))
	collected := make([]*factors, len(sides))
	for i, side := range sides {
		made[i] = &weights{carbonWithVehicles: set.CarbonIncludesVehicles}
		collected[i] = w.factors(set, mode, side, made[i])
		for _, f := range collected[i].all() {
			common.cover(f)
		}
	}
	if common.tooGreat() {
		return nil, fmt.Errorf("factor set %s %s: its factors have no common denominator below %d: want fewer decimals", set.Name, set.Version, int64(maxWeight))
	}
	for i, m := range made {
		m.scale = common.value()
		if err := m.fill(collected[i]); err != nil {
			return nil, fmt.Errorf("factor set %s %s: %w", set.Name, set.Version, err)
		}
	}
	return made, nil
}

// factors is what a set knows for one year, before the common denominator is
// known; nil where it knows nothing.
type factors struct {
	coal, carbon [slotCount]*big.Rat
	grids        []*big.Rat
}

func (f *factors) all() []*big.Rat {
	return append(append(f.coal[:], f.carbon[:]...), f.grids...)
}

// factors asks the set for everything. A carrier that it does not know is no
// error until an institution uses it.
func (w *World) factors(set *factor.Set, mode factor.Mode, side sideYear, to *weights) *factors {
	f := &factors{}
	for s := range slotCount {
		c := s.carrier()
		if energySlots.has(s) {
			f.coal[s], _ = set.KGCEPerUnit(c)
		}
		if energySlots.has(s) && !gridSlots.has(s) {
			f.carbon[s], _ = set.CO2PerUnit(c, nil, side.year, mode)
		}
	}
	to.gridOf = make([]int32, len(w.regions.ids))
	for row, code := range w.regions.ids {
		grid, err := set.GridFor(w.reg.RegionPath(code, side.day), side.year, mode)
		if err != nil {
			to.gridOf[row] = -1
			continue
		}
		to.gridOf[row] = to.grid(grid, f)
	}
	return f
}

// grid gives the position of a grid factor and appends it where it is new.
func (m *weights) grid(grid factor.GridFactor, f *factors) int32 {
	for i, known := range m.grids {
		if known.Region == grid.Region && known.Year == grid.Year {
			return int32(i)
		}
	}
	m.grids = append(m.grids, grid)
	f.grids = append(f.grids, grid.Value)
	return int32(len(m.grids) - 1)
}

func (m *weights) fill(f *factors) (err error) {
	for s := range slotCount {
		if f.coal[s] != nil {
			m.coalKnown |= s.set()
			if m.coal[s], err = scaled(f.coal[s], m.scale); err != nil {
				return fmt.Errorf("kgce of %s: %w", s.carrier(), err)
			}
		}
		if f.carbon[s] != nil {
			m.carbonKnown |= s.set()
			if m.carbon[s], err = scaled(f.carbon[s], m.scale); err != nil {
				return fmt.Errorf("kgCO2 of %s: %w", s.carrier(), err)
			}
		}
	}
	m.gridWeight = make([]int64, len(m.grids))
	for i, grid := range f.grids {
		if m.gridWeight[i], err = scaled(grid, m.scale); err != nil {
			return fmt.Errorf("grid factor of %q in %d: %w", m.grids[i].Region, m.grids[i].Year, err)
		}
	}
	return nil
}

// scaled gives factor x scale, which is an integer.
func scaled(factor *big.Rat, scale int64) (int64, error) {
	product := new(big.Int).Mul(factor.Num(), big.NewInt(scale))
	product.Quo(product, factor.Denom())
	if product.CmpAbs(big.NewInt(maxWeight)) >= 0 {
		return 0, fmt.Errorf("got %s, which over the common denominator %d is beyond %d", factor.RatString(), scale, int64(maxWeight))
	}
	return product.Int64(), nil
}

// scaleOf is the common denominator that a content's sums carry.
func (m *weights) scaleOf(c content) int64 {
	if c == water {
		return 1
	}
	return m.scale
}

// commonDenominator is the least common multiple of denominators.
type commonDenominator struct{ lcm *big.Int }

func (c *commonDenominator) cover(f *big.Rat) {
	if c.lcm == nil {
		c.lcm = big.NewInt(1)
	}
	if f == nil || c.tooGreat() {
		return
	}
	gcd := new(big.Int).GCD(nil, nil, c.lcm, f.Denom())
	c.lcm.Mul(c.lcm, new(big.Int).Quo(f.Denom(), gcd))
}

func (c *commonDenominator) tooGreat() bool { return c.lcm.CmpAbs(big.NewInt(maxWeight)) >= 0 }

func (c *commonDenominator) value() int64 { return c.lcm.Int64() }
