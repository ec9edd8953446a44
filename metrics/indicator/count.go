package indicator

// count adds an institution that is in one group on all sides.
func (t *Tally) count(found *[sideCount]finding, slates *[sideCount]slate) {
	l := liken(found, slates)
	for side := range found {
		if found[side].in {
			t.sides[side].count(&found[side], &slates[side], &l)
		}
	}
	t.note(&l)
}

// note remembers which contents changed their sources.
func (t *Tally) note(l *likeness) {
	for c, switched := range l.switched {
		t.switched[c] = t.switched[c] || switched
	}
}

// count adds an institution to the sums of one side.
func (t *sideTally) count(found *finding, s *slate, l *likeness) {
	t.institutions++
	t.area.AddSum(s.area)
	t.people.AddSum(s.people)
	if s.area.Sign() <= 0 {
		t.noArea++
	}
	if s.people.Sign() <= 0 {
		t.noPeople++
	}
	if found.noGrid {
		t.noGrid++
	}
	t.due |= found.due
	if found.lacks != 0 {
		for at := range found.lacks.all() {
			t.lacking[at]++
		}
	}
	for c := range contentCount {
		t.contents[c].count(&found.accounts[c], l.contents[c])
	}
	for m := range measureCount {
		a := &found.accounts[measures[m].content]
		den, ok := s.basisOf(measures[m].basis)
		if a.status < thin || !ok {
			continue
		}
		to := &t.measures[m]
		to.figured++
		if !a.estimated.IsZero() {
			to.estimated.AddSum(a.estimated)
		}
		if a.status == full {
			to.counted++
		}
		if l.measures[m] {
			to.compared++
			to.num.AddSum(a.num)
			to.den.AddSum(den)
		} else {
			to.restNum.AddSum(a.num)
			to.restDen.AddSum(den)
		}
	}
}

func (t *contentTally) count(a *account, comparable bool) {
	t.known += a.known
	t.expected += a.expected
	t.hasMeters = t.hasMeters || a.hasMeters
	switch a.status {
	case silent:
		t.silent++
		return
	case lacking:
		return
	case full:
		t.counted++
	}
	t.sources |= a.sources
	if comparable {
		t.compared |= a.sources
	}
}
