package progress

import (
	"math/big"
	"slices"

	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/plan"
)

// goal is what the plan promised of an indicator.
type goal struct {
	target, pace       *big.Rat // nil where the plan has no target
	targetPct, pacePct *float64
	part               *big.Rat // target / 100: completion in percent is reduction / part
	of                 string   // whom the target is set for, "" for everybody
	promise            plan.Target
}

// aims finds whose targets bind a group: its own, else those of what it belongs
// to, an institution's departments before its class and that before its regions,
// else those of the scope that was asked for, else everybody's.
type aims struct {
	w     *indicator.World
	day   schema.Day
	scope indicator.Scope
	above []plan.Place // of the scope, everybody last
	// everybody tells that no target is set for any place.
	everybody bool
	set       bool // where everybody's goals have been set
}

func newAims(w *indicator.World, y years, q *Query) aims {
	a := aims{w: w, day: y.sides[indicator.Current].Days.To - 1, scope: q.Scope, everybody: true}
	for _, level := range []indicator.Level{indicator.ByRegion, indicator.ByDepartment, indicator.ByClass, indicator.ByInstitution} {
		a.everybody = a.everybody && !q.Plan.HasTargets(string(level))
	}
	a.above = append(a.places(q.Scope), plan.Place{})
	return a
}

func (a *aims) places(s indicator.Scope) (list []plan.Place) {
	for _, above := range a.w.Above(s, a.day) {
		list = append(list, PlaceOf(above))
	}
	return list
}

// PlaceOf gives the plan's word for a scope. The nation is everybody.
func PlaceOf(s indicator.Scope) plan.Place {
	if s.ID == "" || s.Level == indicator.ByRegion && slices.Contains(nations, s.ID) {
		return plan.Place{}
	}
	return plan.Place{Level: string(s.Level), ID: s.ID}
}

// aim sets the goals of a group.
func (j *judge) aim(g indicator.Group) {
	if j.aims.everybody && j.aims.set {
		return
	}
	j.aims.set = true
	places := j.aims.above
	if !j.aims.everybody && g.Scope != j.aims.scope {
		places = append(j.aims.places(g.Scope), j.aims.above...)
	}
	for i, m := range indicator.Ratios {
		j.goal[i] = goal{}
		if t, ok := j.plan.TargetOf(m.String(), places...); ok {
			j.goal[i] = *j.goalOf(t)
		}
	}
}

// goalOf works out a target once.
func (j *judge) goalOf(t *plan.Target) *goal {
	if known := j.goals[t]; known != nil {
		return known
	}
	pace := j.plan.Pace(*t, j.y.base, j.y.year)
	g := &goal{
		target: t.Percent, pace: pace, targetPct: float(t.Percent), pacePct: float(pace),
		part: new(big.Rat).Quo(t.Percent, big.NewRat(100, 1)), of: t.Place.String(), promise: *t,
	}
	j.goals[t] = g
	return g
}

// float gives the number in JSON.
func float(r *big.Rat) *float64 {
	f := new(exact.Fraction).SetRat(r).Float64()
	return &f
}
