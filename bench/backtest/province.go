package backtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jouleline/bench/sim"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// months is the source of a simulated province: every month of every meter is
// known.
type months struct {
	first  schema.Month
	groups []group // sorted by institution
}

// group is the sum of an institution's meters of one carrier and use.
type group struct {
	institution int32
	carrier     schema.Carrier
	use         schema.Use
	meters      int64
	monthly     []schema.Quantity
}

func newMonths(w *indicator.World, p *sim.Province) (*months, error) {
	at := map[string]int32{}
	for i, id := range w.Registry().InstitutionIDs {
		at[id] = int32(i)
	}
	type key struct {
		institution int32
		carrier     schema.Carrier
		use         schema.Use
	}
	index := map[key]int{}
	m := &months{first: schema.Month(sim.FirstYear * 12)}
	for i := range p.Meters {
		meter := &p.Meters[i]
		institution, ok := at[meter.Institution]
		if !ok {
			return nil, fmt.Errorf("meter %s: institution %s is not registered", meter.ID, meter.Institution)
		}
		k := key{institution, meter.Carrier, meter.Use}
		g, ok := index[k]
		if !ok {
			g = len(m.groups)
			index[k] = g
			m.groups = append(m.groups, group{institution: institution, carrier: meter.Carrier, use: meter.Use, monthly: make([]schema.Quantity, len(meter.Monthly))})
		}
		m.groups[g].meters++
		for n, amount := range meter.Monthly {
			m.groups[g].monthly[n] += amount
		}
	}
	slices.SortStableFunc(m.groups, func(a, b group) int { return int(a.institution - b.institution) })
	return m, nil
}

// Usage sums whole months.
func (m *months) Usage(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	from, to := schema.MonthOf(q.From), schema.MonthOf(q.To)
	if from.First() != q.From || to.First() != q.To {
		return nil, fmt.Errorf("usage from %s to %s: want whole months", q.From, q.To)
	}
	var out []indicator.Usage
	for i := range m.groups {
		g := &m.groups[i]
		if q.Institutions != nil && !slices.Contains(q.Institutions, g.institution) {
			continue
		}
		u := indicator.Usage{Institution: g.institution, Carrier: g.carrier, Use: g.use}
		for month := max(from, m.first); month < to && int(month-m.first) < len(g.monthly); month++ {
			u.Quantity += g.monthly[month-m.first]
			u.Known += g.meters * int64((month+1).First()-month.First()) * 24 * schema.Hour
		}
		if u.Known > 0 {
			out = append(out, u)
		}
	}
	return out, nil
}

// places are the scopes of a province that a planner asks about.
type places string

// The places.
const (
	whole        places = "the province"
	cities       places = "cities"
	classes      places = "classes"
	institutions places = "institutions"
)

// scopes lists them; of institutions every eighth, which is enough.
func (p places) scopes(w *indicator.World) []indicator.Scope {
	const root = "370000"
	var out []indicator.Scope
	switch p {
	case whole:
		out = append(out, indicator.Scope{Level: indicator.ByRegion, ID: root})
	case cities:
		for _, area := range w.Registry().Regions {
			if area.Parent == root && strings.HasSuffix(area.ID, "00") && area.To > schema.DayOf(targetYear, 1, 1) {
				out = append(out, indicator.Scope{Level: indicator.ByRegion, ID: area.ID})
			}
		}
	case classes:
		for _, c := range schema.Classes {
			out = append(out, indicator.Scope{Level: indicator.ByClass, ID: string(c)})
		}
	case institutions:
		for i, id := range w.Registry().InstitutionIDs {
			if i%8 == 0 {
				out = append(out, indicator.Scope{Level: indicator.ByInstitution, ID: id})
			}
		}
	}
	return out
}

// provinces gives the cases of all places of simulated provinces.
func (a *asker) provinces(ctx context.Context, seed uint64, count, size int, at []places, of []indicator.Measure) (map[places][]Case, error) {
	cases := map[places][]Case{}
	for n := range count {
		p, err := sim.NewProvince(seed+uint64(n), size)
		if err != nil {
			return nil, err
		}
		w, err := build(p.Tables)
		if err != nil {
			return nil, err
		}
		source, err := newMonths(w, p)
		if err != nil {
			return nil, err
		}
		for _, place := range at {
			for _, scope := range place.scopes(w) {
				more, err := a.ask(ctx, w, source, scope, of)
				if err != nil {
					return nil, err
				}
				cases[place] = append(cases[place], more...)
			}
		}
	}
	return cases, nil
}
