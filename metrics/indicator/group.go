package indicator

import (
	"iter"

	"jouleline/schema"
)

// Group is a part of a breakdown.
type Group struct {
	// Scope names the part. An empty ID stands for what has no department, or
	// hangs outside the region or department that is broken down.
	Scope Scope
	Name  string
	// Own marks what hangs at the broken-down region or department itself and
	// not at one of its children.
	Own bool
}

// Total gives the sums of the whole scope.
func (s *Sides) Total() *Tally {
	t := &Tally{}
	s.walk(func(_ int32, found *[sideCount]finding, slates *[sideCount]slate) {
		t.count(found, slates)
	})
	return t
}

// Breakdown gives the sums of each part of the scope: its direct child regions
// or departments, its classes, or its institutions, in order of their ids. Every
// institution is in one part on each side, so the parts add up to
// [Sides.Total]. A tally is valid until the next one is given.
//
// Regions of a scope that is no region are the roots of the tree, or the
// children of the only root; departments likewise.
func (s *Sides) Breakdown(by Level) iter.Seq2[Group, *Tally] {
	if by == ByInstitution {
		return s.institutions
	}
	return func(yield func(Group, *Tally) bool) {
		split := s.split(by)
		tallies := make([]Tally, len(split.groups))
		s.walk(func(i int32, found *[sideCount]finding, slates *[sideCount]slate) {
			l := liken(found, slates)
			for side := range found {
				if !found[side].in {
					continue
				}
				t := &tallies[split.of[side][i]]
				t.sides[side].count(&found[side], &slates[side], &l)
				t.note(&l)
			}
		})
		for g := range tallies {
			if tallies[g].isEmpty() && !split.groups[g].always {
				continue
			}
			if !yield(split.groups[g].Group, &tallies[g]) {
				return
			}
		}
	}
}

// institutions gives a tally per institution.
func (s *Sides) institutions(yield func(Group, *Tally) bool) {
	t := &Tally{}
	stopped := false
	s.walk(func(i int32, found *[sideCount]finding, slates *[sideCount]slate) {
		if stopped {
			return
		}
		*t = Tally{}
		t.count(found, slates)
		stopped = !yield(s.institution(i), t)
	})
}

// institution is the part that is one institution.
func (s *Sides) institution(i int32) Group {
	v := &s.w.reg.Institutions[s.w.versionOn(i, s.side[Current].place.day)]
	return Group{Scope: Scope{ByInstitution, v.ID}, Name: v.Name}
}

func (t *Tally) isEmpty() bool {
	return t.sides[Base].institutions == 0 && t.sides[Current].institutions == 0
}

// split assigns institutions to groups.
type split struct {
	groups []splitGroup
	of     [sideCount][]int32 // group by institution
}

type splitGroup struct {
	Group
	always bool // shown even where no institution stands in it
}

func (s *Sides) split(by Level) split {
	switch by {
	case ByClass:
		return s.splitByClass()
	case ByDepartment:
		return s.splitByTree(by, &s.w.departments,
			func(p *placement) ([]int32, []bool) { return p.departmentUp, p.departmentValid },
			func(at stand) int32 { return at.department })
	}
	return s.splitByTree(by, &s.w.regions,
		func(p *placement) ([]int32, []bool) { return p.regionUp, p.regionValid },
		func(at stand) int32 { return at.region })
}

func (s *Sides) splitByClass() split {
	var sp split
	for _, class := range schema.Classes {
		sp.groups = append(sp.groups, splitGroup{Group: Group{Scope: Scope{ByClass, string(class)}, Name: string(class)}})
	}
	sp.groups = append(sp.groups, splitGroup{Group: Group{Scope: Scope{Level: ByClass}}})
	for side := range s.side {
		f := &s.side[side]
		if !f.on {
			continue
		}
		sp.of[side] = make([]int32, len(f.place.stand))
		for i, at := range f.place.stand {
			if sp.of[side][i] = at.class; at.class < 0 {
				sp.of[side][i] = int32(len(schema.Classes))
			}
		}
	}
	return sp
}

// splitByTree makes a group of each child of the scope, one of the scope itself
// and one of what hangs nowhere.
func (s *Sides) splitByTree(by Level, t *tree, of func(*placement) ([]int32, []bool), row func(stand) int32) split {
	current := s.side[Current].place
	up, valid := of(current)
	root := int32(-1)
	if s.spec.Scope.Level == by {
		root = t.row(s.spec.Scope.ID)
	} else {
		root = onlyRoot(up, valid)
	}
	own, nowhere := int32(len(t.ids)), int32(len(t.ids)+1)
	sp := split{groups: make([]splitGroup, nowhere+1)}
	for r, id := range t.ids {
		// Children that exist are shown even where no institution stands in
		// them; others only where one does.
		g := &sp.groups[r]
		g.Scope = Scope{by, id}
		g.Name = s.w.Name(g.Scope, current.day)
		g.always = up[r] == root && valid[r] && s.spec.Scope.Level == by
	}
	sp.groups[nowhere].Scope = Scope{Level: by}
	if root >= 0 {
		g := &sp.groups[own]
		g.Scope = Scope{by, t.ids[root]}
		g.Name, g.Own = s.w.Name(g.Scope, current.day), true
	}
	for side := range s.side {
		f := &s.side[side]
		if !f.on {
			continue
		}
		parents, _ := of(f.place)
		child := below(root, parents)
		sp.of[side] = make([]int32, len(f.place.stand))
		for i, at := range f.place.stand {
			sp.of[side][i] = nowhere
			r := row(at)
			if r < 0 {
				continue
			}
			switch child[r] {
			case direct:
				sp.of[side][i] = own
			case outside:
			default:
				sp.of[side][i] = child[r]
			}
		}
	}
	return sp
}

// onlyRoot gives the root of a tree that has but one, else -1.
func onlyRoot(up []int32, valid []bool) int32 {
	root := int32(-1)
	for row := range up {
		if up[row] >= 0 || !valid[row] {
			continue
		}
		if root >= 0 {
			return -1
		}
		root = int32(row)
	}
	return root
}
