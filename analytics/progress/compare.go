package progress

import (
	"jouleline/metrics/indicator"
)

// evidence is what is known of an indicator on both sides.
type evidence struct {
	m             indicator.Measure
	base, current indicator.View
	// baseSpeaks and currentSpeaks tell whether the members speak for the group,
	// else what it declared of itself does: baseOwn and currentOwn.
	baseSpeaks, currentSpeaks bool
	baseOwn, currentOwn       []indicator.Figure
}

// indexYear is the year whose value is 100 by definition of a declared index.
const indexYear = 2020

// gather looks at a measure of a group.
func (j *judge) gather(e *evidence, t *indicator.Tally, own *indicator.Own, m indicator.Measure) {
	e.m = m
	j.s.View(&e.base, t, indicator.Base, m)
	j.s.View(&e.current, t, indicator.Current, m)
	if e.baseSpeaks = j.s.Speaks(&e.base); !e.baseSpeaks {
		e.baseOwn = j.s.Declared(t, own, indicator.Base, m)
	}
	if e.currentSpeaks = j.s.Speaks(&e.current); !e.currentSpeaks {
		e.currentOwn = j.s.Declared(t, own, indicator.Current, m)
	}
	if !e.baseSpeaks && len(e.baseOwn) == 0 && !e.base.All.IsKnown() && j.y.base == indexYear && hasIndex(e.currentOwn) {
		e.baseOwn = []indicator.Figure{own.BaseIndex(m)}
	}
}

func hasIndex(figures []indicator.Figure) bool {
	for _, f := range figures {
		if f.Form == indicator.Index {
			return true
		}
	}
	return false
}

// pair finds two figures of one form, the best first; ok is false where there
// are none. It must be asked only where both sides have a figure that speaks.
func (e *evidence) pair() (base, current indicator.Figure, ok bool) {
	if e.baseSpeaks && e.currentSpeaks {
		return e.base.Comparable, e.current.Comparable, true
	}
	bases, currents := e.baseOwn, e.currentOwn
	if e.baseSpeaks {
		bases = []indicator.Figure{e.base.All}
	}
	if e.currentSpeaks {
		currents = []indicator.Figure{e.current.All}
	}
	for _, base := range bases {
		for _, current := range currents {
			if base.Form == current.Form {
				return base, current, true
			}
		}
	}
	return base, current, false
}

// best gives the figure that is shown of a side that is not compared.
func best(speaks bool, own []indicator.Figure, v *indicator.View) indicator.Figure {
	if !speaks && len(own) > 0 {
		return own[0]
	}
	return v.All
}

// sourceOf names the source of the figure that best gives.
func sourceOf(speaks bool, own []indicator.Figure, v *indicator.View) string {
	if !speaks && len(own) > 0 {
		return declaredSource
	}
	if !v.All.IsKnown() {
		return ""
	}
	return v.Source
}

const declaredSource = "declared"

// indicator judges one indicator of a group.
func (j *judge) indicator(x *Indicator, t *indicator.Tally, own *indicator.Own, m indicator.Measure) {
	var e evidence
	j.gather(&e, t, own, m)
	c := &j.cells.take(1)[0]
	g := &j.goal[m]
	*x = Indicator{
		Indicator: m.String(), Unit: m.Unit(),
		TargetPct: g.targetPct, TargetOf: g.of, PacePct: g.pacePct,
		BaselineSource: sourceOf(e.baseSpeaks, e.baseOwn, &e.base),
		CurrentSource:  sourceOf(e.currentSpeaks, e.currentOwn, &e.current),
	}
	if e.currentSpeaks || len(e.currentOwn) == 0 {
		x.Coverage = e.current.Coverage(&j.gap, &c.coverage)
		x.EstimatedShare = e.current.EstimatedShare(&j.gap, &c.estimated)
	}
	var base, current indicator.Figure
	x.State, base, current = j.state(&e, t)
	x.Reason = j.reason(x.State, &e, t)
	j.show(x, c, base, current)
	switch x.State {
	case OK, PartialYear, MixedSources:
		j.compare(x, c, g)
	}
}

// state finds out what can be said, and which figures are to be shown.
func (j *judge) state(e *evidence, t *indicator.Tally) (state State, base, current indicator.Figure) {
	base = best(e.baseSpeaks, e.baseOwn, &e.base)
	current = best(e.currentSpeaks, e.currentOwn, &e.current)
	switch {
	case j.y.year == j.y.base && current.IsKnown():
		return BaseYear, current, current
	case !base.IsKnown():
		return NoBaseline, base, current
	case !e.baseSpeaks && len(e.baseOwn) == 0, !e.currentSpeaks && len(e.currentOwn) == 0:
		return NotEnoughData, base, current
	}
	likeBase, likeCurrent, ok := e.pair()
	switch {
	case !ok:
		return Incomparable, base, current
	case !likeBase.IsKnown() || !likeCurrent.IsKnown() || j.covers(e) != "":
		return NotEnoughData, base, current
	case !likeBase.IsPositive():
		return NoBaseline, base, current
	case j.y.partial:
		return PartialYear, likeBase, likeCurrent
	case j.differs(e, t):
		return MixedSources, likeBase, likeCurrent
	}
	return OK, likeBase, likeCurrent
}

// differs tells whether the sides come from different sources. What members tell
// and what a region declared of itself are different sources too.
func (j *judge) differs(e *evidence, t *indicator.Tally) bool {
	if e.baseSpeaks && e.currentSpeaks {
		return j.s.Switched(t, e.m)
	}
	return e.baseSpeaks || e.currentSpeaks
}

// show fills in the values. The unit is that of the current one; a baseline of
// another unit is left out.
func (j *judge) show(x *Indicator, c *cell, base, current indicator.Figure) {
	if current.Form == indicator.Index || !current.IsKnown() && base.Form == indicator.Index {
		x.Unit = "index"
	}
	if current.IsKnown() {
		c.current = current.Into(&j.current).Float64()
		x.Current = &c.current
	}
	sameUnit := !current.IsKnown() || (base.Form == indicator.Index) == (current.Form == indicator.Index)
	if base.IsKnown() && sameUnit {
		c.baseline = base.Into(&j.base).Float64()
		x.Baseline = &c.baseline
	}
}

// compare fills in reduction, completion and pace of the figures shown.
func (j *judge) compare(x *Indicator, c *cell, g *goal) {
	r := j.reduction.SetReduction(&j.base, &j.current)
	c.reduction, c.reductionText = r.Float64(), r.Official()
	x.ReductionPct, x.Reduction = &c.reduction, &c.reductionText
	if g.target == nil {
		return
	}
	done := j.completion.SetQuotient(r, g.part)
	c.completion, c.completionText = done.Float64(), done.Official()
	x.CompletionPct, x.Completion = &c.completion, &c.completionText
	if x.State == PartialYear {
		return
	}
	c.onPace = r.CmpRat(g.pace) >= 0
	x.OnPace = &c.onPace
	if x.State == OK && r.CmpRat(g.target) >= 0 {
		x.State, x.Reason = Met, "the target is reached"
	}
}
