package indicator

// Own is what a region, or an institution as a whole, declared of itself on both
// sides.
type Own struct {
	s     *Sides
	group Group
	sides [sideCount]ownSide
}

type ownSide struct {
	slate    slate
	accounts [contentCount]account
	rates    *rates
}

// Own looks up the declared figures of a group itself; nil where there are none
// that could serve: groups that are neither region nor institution, what hangs
// at a region directly, parts of years, and the matched panel, of which nobody
// declared anything.
func (s *Sides) Own(g Group) *Own {
	if g.Own || s.spec.Panel == Matched {
		return nil
	}
	var own *Own
	for side := range s.side {
		f := &s.side[side]
		if !f.on || f.claims == nil || !f.stretch.isWhole() || g.Scope.Level == ByInstitution && len(f.claims.rates) == 0 {
			continue
		}
		claim := f.claims.of(s.w, g.Scope)
		if claim == nil {
			continue
		}
		if own == nil {
			own = &Own{s: s, group: g}
		}
		to := &own.sides[side]
		to.rates = claim.rates.corrected(f.ratesOf(g))
		for i := range claim.facts {
			to.slate.declare(&claim.facts[i], f.period.days(), true)
		}
	}
	if own != nil {
		own.serve(g)
	}
	return own
}

// of gives what a region, or an institution as a whole, declared. The amounts of
// an institution are not among it: they have served beside its meters already.
func (c *claims) of(w *World, scope Scope) *claim {
	switch scope.Level {
	case ByRegion:
		return c.regions[scope.ID]
	case ByInstitution:
		if i, ok := w.reg.InstitutionIndex(scope.ID); ok && c.rates[i] != nil {
			return &claim{rates: *c.rates[i]}
		}
	}
	return nil
}

// serve adds up the region's own amounts. A carrier that it declared in one year
// is due in the other where it declared any carrier there.
func (o *Own) serve(g Group) {
	due := o.sides[Base].slate.due() | o.sides[Current].slate.due()
	for side := range o.sides {
		f, own := &o.s.side[side], &o.sides[side]
		if own.rates == nil {
			continue
		}
		grid := int32(-1)
		if row := o.s.w.regions.row(g.Scope.ID); g.Scope.Level == ByRegion && row >= 0 {
			grid = f.weights.gridOf[row]
		}
		f.weights.serve(&own.slate, due, grid, o.s.enough, f.period.length, &own.accounts)
	}
}

// Speaks tells whether the members of a group speak for it on a side: enough of
// those that exist are counted. Else it is what the group declared of itself.
func (s *Sides) Speaks(v *View) bool {
	return s.enough.Met(int64(v.Counted), int64(v.Institutions))
}

// Declared gives what a group declared of itself of a measure on a side, the best
// first: as amounts, as an indicator in its unit, as an index. own may be nil.
func (s *Sides) Declared(t *Tally, own *Own, side Side, m Measure) []Figure {
	if own == nil || own.sides[side].rates == nil {
		return nil
	}
	var list []Figure
	if f := s.ownAmount(t, own, side, m); f.IsKnown() {
		list = append(list, f)
	}
	if int(m) < len(Ratios) {
		r := own.sides[side].rates
		if r.ratio[m] != nil {
			list = append(list, Figure{Form: Ratio, rat: r.ratio[m]})
		}
		if r.index[m] != nil {
			list = append(list, Figure{Form: Index, rat: r.index[m]})
		}
	}
	return list
}

// ownAmount forms a measure of the region's own amounts. Where it declared no
// area or headcount, those of its members hold, if all of them have one.
func (s *Sides) ownAmount(t *Tally, own *Own, side Side, m Measure) Figure {
	f, o, st := &s.side[side], &own.sides[side], &t.sides[side]
	account := &o.accounts[measures[m].content]
	den, ok := o.slate.basisOf(measures[m].basis)
	switch {
	case ok:
	case measures[m].basis == floorArea && st.noArea == 0:
		den = st.area
	case measures[m].basis == people && st.noPeople == 0:
		den = st.people
	}
	var figure Figure
	f.form(&figure, m, account.num, den, account.status == full)
	return figure
}
