package cause

import (
	"cmp"
	"slices"
)

// maxGroups is how many parts of one station are modelled in an answer, the largest
// first: each takes two fits of 0.15 ms.
const maxGroups = 2000

// cell is the institutions of one part under one station.
type cell struct {
	part    *part
	station string
}

// pool is the use of a cell.
type pool struct {
	cell
	institutions int
	in           [2]bool
	year         [2]float64
	months       [2][monthsOf]float64
}

// tolerance is how far the months of a year may be above it.
const tolerance = 1e-6

// pools sums members to parts of one station, the largest first, and leaves out
// those beyond the limit.
func (r *reader) pools(members map[int32]*member, out *Weather) []*pool {
	at := map[cell]*pool{}
	order := make([]int32, 0, len(members))
	for i := range members {
		order = append(order, i)
	}
	slices.Sort(order) // sums of floats depend on their order
	for _, i := range order {
		m := members[i]
		if m.lost || m.seen < monthsOf || m.above() {
			out.NoMonths++
			continue
		}
		counted := false
		for side := range m.in {
			if !m.in[side] {
				continue
			}
			key := cell{m.parts[side], m.station}
			p := at[key]
			if p == nil {
				p = &pool{cell: key}
				at[key] = p
			}
			if p.in[side] = true; !counted {
				p.institutions++
				counted = true
			}
			for k, v := range m.months[side] {
				p.months[side][k] += v
				p.year[side] += v
			}
		}
	}
	list := make([]*pool, 0, len(at))
	for _, p := range at {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *pool) int {
		return cmp.Or(cmp.Compare(b.year[0]+b.year[1], a.year[0]+a.year[1]), cmp.Compare(a.part.index, b.part.index), cmp.Compare(a.station, b.station))
	})
	for _, p := range list[min(len(list), maxGroups):] {
		out.BeyondLimit += p.institutions
	}
	return list[:min(len(list), maxGroups)]
}
