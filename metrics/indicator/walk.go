package indicator

import "jouleline/metrics/exact"

// walker visits institutions in order and keeps a place in each side's rows.
type walker struct {
	s      *Sides
	at     [sideCount]cursor
	slates [sideCount]slate
	found  [sideCount]finding
}

// cursor is the next row of an institution in usage, expectations and declared
// facts.
type cursor struct{ usage, expected, fact, correction int }

// finding is what was decided about one institution on one side.
type finding struct {
	in       bool
	accounts [contentCount]account
	due      slotSet
	lacks    slotSet
	noGrid   bool
}

// walk visits every member that exists and is asked for.
func (s *Sides) walk(visit func(institution int32, found *[sideCount]finding, slates *[sideCount]slate)) {
	w := &walker{s: s}
	for _, i := range s.members {
		for side := range w.found {
			f := &s.side[side]
			w.found[side].in = f.on && f.in[i] && f.period.valid[i] > 0
		}
		both := w.found[Base].in && w.found[Current].in
		if s.spec.Panel == Matched && s.side[Base].on && !both {
			continue
		}
		w.decide(i)
		visit(i, &w.found, &w.slates)
	}
}

// decide lays out both slates of an institution and lets figures serve. What it
// had on one side is due on the other, as long as it exists there.
func (w *walker) decide(i int32) {
	var due slotSet
	for side := range w.found {
		if w.found[side].in {
			w.layOut(Side(side), i)
			due |= w.slates[side].due()
		}
	}
	for side := range w.found {
		found := &w.found[side]
		if !found.in {
			continue
		}
		f := &w.s.side[side]
		grid := int32(-1)
		if region := f.place.stand[i].region; region >= 0 {
			grid = f.weights.gridOf[region]
		}
		found.due = due
		found.noGrid = grid < 0
		own := w.correctionsOf(Side(side), i)
		found.lacks = f.weights.serve(&w.slates[side], due, grid, w.s.enough, f.period.length, &found.accounts)
		for c := range own {
			f.weights.correct(&own[c], grid, &found.accounts)
		}
	}
}

// layOut fills the slate of an institution.
func (w *walker) layOut(side Side, i int32) {
	s, f, at := &w.slates[side], &w.s.side[side], &w.at[side]
	s.clear()
	s.area, s.people = f.period.area[i], f.period.people[i]
	defer s.correctBases(w.correctionsOf(side, i))
	if w.s.spec.Panel != DeclaredOnly {
		for at.usage < len(f.usage) && f.usage[at.usage].Institution < i {
			at.usage++
		}
		for ; at.usage < len(f.usage) && f.usage[at.usage].Institution == i; at.usage++ {
			s.meter(&f.usage[at.usage])
		}
		expected := f.period.expected
		for at.expected < len(expected) && expected[at.expected].institution < i {
			at.expected++
		}
		for ; at.expected < len(expected) && expected[at.expected].institution == i; at.expected++ {
			s.expect(&expected[at.expected])
		}
	}
	if f.claims == nil {
		return
	}
	facts, whole := f.claims.facts, f.stretch.isWhole()
	for at.fact < len(facts) && facts[at.fact].institution < i {
		at.fact++
	}
	for ; at.fact < len(facts) && facts[at.fact].institution == i; at.fact++ {
		s.declare(&facts[at.fact], f.period.days(), whole)
	}
}

// basisOf gives a denominator of an institution; ok is false where the measure
// wants one and there is none.
func (s *slate) basisOf(b basis) (den exact.Sum, ok bool) {
	switch b {
	case floorArea:
		return s.area, s.area.Sign() > 0
	case people:
		return s.people, s.people.Sign() > 0
	}
	return exact.Sum{}, true
}

// likeness tells how an institution can be compared between its sides.
type likeness struct {
	// comparable tells of each content whether it is full on every side on which
	// the institution exists (rule 15); measures likewise, denominator included.
	contents [contentCount]bool
	measures [measureCount]bool
	// switched tells of each content whether it is comparable and its sources
	// differ.
	switched [contentCount]bool
}

func liken(found *[sideCount]finding, slates *[sideCount]slate) likeness {
	var l likeness
	for c := range l.contents {
		a, b := &found[Base].accounts[c], &found[Current].accounts[c]
		l.contents[c] = (a.status == full || !found[Base].in) && (b.status == full || !found[Current].in)
		l.switched[c] = l.contents[c] && found[Base].in && found[Current].in && a.sources != b.sources
	}
	hasArea, hasPeople := true, true
	for side := range found {
		if found[side].in {
			hasArea = hasArea && slates[side].area.Sign() > 0
			hasPeople = hasPeople && slates[side].people.Sign() > 0
		}
	}
	for m := range l.measures {
		b := measures[m].basis
		l.measures[m] = l.contents[measures[m].content] && (hasArea || b != floorArea) && (hasPeople || b != people)
	}
	return l
}
