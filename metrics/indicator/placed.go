package indicator

import "iter"

// Placed is an institution of a scope with the part of a breakdown that it counts
// in on each side.
type Placed struct {
	// Institution is the index in Registry.InstitutionIDs.
	Institution int32
	// In tells on which sides it counts, Parts in which part; a part means nothing
	// where it does not count.
	In    [2]bool
	Parts [2]Group
	// Tally is of this institution alone.
	Tally *Tally
}

// Placed visits every institution that counts on some side, in order of their
// indices, with the parts that [Sides.Breakdown] puts it in. What is visited is
// valid until the next one.
func (s *Sides) Placed(by Level) iter.Seq[*Placed] {
	return func(yield func(*Placed) bool) {
		var sp split
		if by != ByInstitution {
			sp = s.split(by)
		}
		var t Tally
		p := Placed{Tally: &t}
		stopped := false
		s.walk(func(i int32, found *[sideCount]finding, slates *[sideCount]slate) {
			if stopped {
				return
			}
			t = Tally{}
			t.count(found, slates)
			p.Institution = i
			for side := range found {
				if p.In[side] = found[side].in; !p.In[side] {
					continue
				}
				if by == ByInstitution {
					p.Parts[side] = s.institution(i)
					continue
				}
				p.Parts[side] = sp.groups[sp.of[side][i]].Group
			}
			stopped = !yield(&p)
		})
	}
}
