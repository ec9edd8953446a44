package indicator

import "jouleline/schema/factor"

// Gap is something that a figure lacks.
type Gap struct {
	// What is a carrier such as "natural_gas" or "gasoline:vehicle", "floor
	// area", "headcount", "any figure", "grid factor" or a factor such as
	// "factor of cooling".
	What string
	// Institutions lack it; 0 where it lacks for everybody.
	Institutions int
}

// Gaps lists what a group lacks for a measure on a side.
func (s *Sides) Gaps(t *Tally, side Side, m Measure) []Gap {
	f, st := &s.side[side], &t.sides[side]
	if !f.on {
		return nil
	}
	var gaps []Gap
	add := func(what string, institutions int32) {
		if institutions > 0 {
			gaps = append(gaps, Gap{what, int(institutions)})
		}
	}
	c := measures[m].content
	slots := f.weights.slotsOf(c)
	for at := range slots.all() {
		add(at.String(), st.lacking[at])
	}
	add("any figure", st.contents[c].silent)
	switch measures[m].basis {
	case floorArea:
		add("floor area", st.noArea)
	case people:
		add("headcount", st.noPeople)
	}
	known := f.weights.coalKnown
	switch c {
	case water:
		known = slots
	case carbon:
		known = f.weights.carbonKnown | gridSlots
		if st.due&slots&gridSlots != 0 {
			add("grid factor", st.noGrid)
		}
	}
	for at := range (st.due & slots &^ known).all() {
		gaps = append(gaps, Gap{What: "factor of " + at.carrier().String()})
	}
	return gaps
}

// Grid gives the grid factor of the scope on the current side: that of the
// region, or the one that all institutions share; ok is false where they have
// different ones or none.
func (s *Sides) Grid() (grid factor.GridFactor, ok bool) {
	f := &s.side[Current]
	if s.spec.Scope.Level == ByRegion {
		return f.weights.gridAt(s.w.regions.row(s.spec.Scope.ID))
	}
	met, region := int32(-1), int32(-1)
	for _, i := range s.members {
		r := f.place.stand[i].region
		if r < 0 || !f.in[i] {
			continue
		}
		g := f.weights.gridOf[r]
		if g < 0 || met >= 0 && g != met {
			return grid, false
		}
		met, region = g, r
	}
	return f.weights.gridAt(region)
}

func (w *weights) gridAt(region int32) (grid factor.GridFactor, ok bool) {
	if region < 0 || w.gridOf[region] < 0 {
		return grid, false
	}
	return w.grids[w.gridOf[region]], true
}
