package model

import (
	"slices"

	"jouleline/schema"
)

// budget bounds the histories that shrinking tries.
const budget = 5000

// Shrink cuts a failing history down: it drops steps, in halves and then one by
// one, and makes what is left plainer, as long as it goes on failing.
func Shrink(h History, fails func(History) bool) History {
	s := shrinker{fails: fails, left: budget}
	for before := -1; before != s.done && s.left > 0; {
		before = s.done
		h = s.drop(h)
		h = s.simplify(h)
	}
	return h
}

type shrinker struct {
	fails      func(History) bool
	left, done int
}

// try tells that a plainer history fails as well.
func (s *shrinker) try(h History) bool {
	if s.left == 0 {
		return false
	}
	s.left--
	if s.fails(h) {
		s.done++
		return true
	}
	return false
}

func (s *shrinker) drop(h History) History {
	for size := max(1, len(h.Steps)/2); size > 0; size /= 2 {
		for at := 0; at+size <= len(h.Steps); {
			shorter := h
			shorter.Steps = slices.Delete(slices.Clone(h.Steps), at, at+size)
			if s.try(shorter) {
				h = shorter
			} else {
				at += size
			}
		}
	}
	return h
}

// simplify takes from the meter and from each step what the failure does not
// need.
func (s *shrinker) simplify(h History) History {
	for _, change := range []func(*History){
		func(h *History) { h.RegisterMax = 0 },
		func(h *History) { h.MaxRate = 0 },
		func(h *History) { h.MaxRate /= schema.Quantity(h.Multiplier); h.Multiplier = 1 },
	} {
		plainer := h
		change(&plainer)
		if (plainer.RegisterMax != h.RegisterMax || plainer.MaxRate != h.MaxRate || plainer.Multiplier != h.Multiplier) && s.try(plainer) {
			h = plainer
		}
	}
	for i := range h.Steps {
		for _, change := range []func(*Step){
			func(p *Step) { p.Joined = false },
			func(p *Step) { p.Deleted = false },
			func(p *Step) { p.Revision = 0 },
			func(p *Step) { p.Received = p.At },
			func(p *Step) { p.Final, p.HasFinal = 0, false },
			func(p *Step) { p.Initial, p.HasInitial = 0, false },
			func(p *Step) { p.Value = 0 },
			func(p *Step) { p.Value -= p.Value % (100 * schema.Micro) },
			func(p *Step) { p.Value -= p.Value % schema.Micro },
			func(p *Step) { p.At -= p.At % 60 },
		} {
			plainer := h
			plainer.Steps = slices.Clone(h.Steps)
			change(&plainer.Steps[i])
			if plainer.Steps[i] != h.Steps[i] && s.try(plainer) {
				h = plainer
			}
		}
	}
	return h
}
