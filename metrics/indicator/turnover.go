package indicator

// Mover is an institution that counts on one side only.
type Mover struct {
	ID, Name string
	// Side is the side on which it counts: Current for one that entered, Base for
	// one that left.
	Side Side
	// Moved tells that it exists on the other side too, outside the scope.
	Moved bool
	// Tally is what it adds; valid until the next one is given.
	Tally *Tally
}

// Movers visits the institutions that count on one side only, in order of their
// indices. They are part of [Sides.Total]; a panel of matched institutions has
// none.
func (s *Sides) Movers(yield func(*Mover) bool) {
	var t Tally
	stopped := false
	s.walk(func(i int32, found *[sideCount]finding, slates *[sideCount]slate) {
		if stopped || found[Base].in == found[Current].in {
			return
		}
		t = Tally{}
		t.count(found, slates)
		m := Mover{Side: Current, Tally: &t}
		if found[Base].in {
			m.Side = Base
		}
		other := &s.side[Current-m.Side]
		m.Moved = other.on && other.period.valid[i] > 0
		v := &s.w.reg.Institutions[s.w.versionOn(i, s.spec.Sides[m.Side].Days.To-1)]
		m.ID, m.Name = v.ID, v.Name
		stopped = !yield(&m)
	})
}

// Without gives the comparable figure that a measure has without a part of the
// tally; unknown where nothing that can be compared is left.
func (s *Sides) Without(t, part *Tally, side Side, m Measure) Figure {
	var left Figure
	all, less := &t.sides[side].measures[m], &part.sides[side].measures[m]
	if f := &s.side[side]; f.on {
		f.form(&left, m, all.num.Minus(less.num), all.den.Minus(less.den), all.compared > less.compared)
	}
	return left
}
