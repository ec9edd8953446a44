package progress

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
)

// Changes tells which institutions count in one of the two years only, and what
// that does to the indicators: Entered + Left + Stayed of an indicator is its
// whole change.
type Changes struct {
	Entered int `json:"entered" doc:"Institutions that count in the year only" example:"1"`
	Left    int `json:"left" doc:"Institutions that count in the base year only" example:"1"`
	// Effects has every indicator of the answer, in its order.
	Effects []ChangeEffect `json:"effects"`
	// Institutions are those of the largest effects, the largest first.
	Institutions []Change `json:"institutions" doc:"Those with the largest share in an indicator first; no more than were asked for, of entered and left"`
}

// ChangeEffect is what coming and going does to one indicator.
type ChangeEffect struct {
	Indicator string   `json:"indicator" example:"energy_per_area"`
	Unit      string   `json:"unit" example:"kgce/m2"`
	Entered   *float64 `json:"entered" doc:"Current value less that without all that entered"`
	Left      *float64 `json:"left" doc:"Base value without all that left, less the base value"`
	Stayed    *float64 `json:"stayed" doc:"Change of the rest; the three add up to current less baseline"`
	// MatchedPct is the reduction of those that stayed, as the panel matched has it.
	MatchedPct *float64 `json:"matched_reduction_pct" doc:"Reduction among those that count in both years"`
	Matched    *string  `json:"matched_reduction" doc:"The same, officially rounded"`
	Reason     string   `json:"reason,omitempty" doc:"Why there are no effects"`
}

// Change is one institution that counts in one of the years only.
type Change struct {
	Institution string `json:"institution"`
	Name        string `json:"name"`
	Change      string `json:"change" doc:"entered or left" example:"entered"`
	Moved       bool   `json:"moved" doc:"It exists in the other year too, outside what was asked for"`
	// Effects are those of this institution alone, in the order of the indicators;
	// they add up to those of all only nearly, since indicators are ratios.
	Effects []*float64 `json:"effects" doc:"By how much each indicator of effects would be otherwise without this institution; null where it is not known well enough to be compared"`

	weight float64
}

// The words for changes.
const (
	Entered = "entered"
	Left    = "left"
)

// MaxChanges bounds the institutions that are listed.
const MaxChanges = 1000

// changes lists up to as many institutions as are asked for.
func (j *judge) changes(most int, g indicator.Group, t *indicator.Tally) (*Changes, error) {
	if j.s.Panel() == indicator.Matched {
		return nil, fmt.Errorf("changes: %w: the panel of matched institutions has none that entered or left; want the panel all", ErrQuery)
	}
	if most > MaxChanges {
		return nil, fmt.Errorf("changes: %w: got %d, want at most %d", ErrQuery, most, MaxChanges)
	}
	own := j.s.Own(g)
	var all [len(indicator.Ratios)]evidence
	out := &Changes{Institutions: []Change{}}
	for i, m := range indicator.Ratios {
		j.gather(&all[i], t, own, m)
	}
	var came, went indicator.Tally
	j.s.Movers(func(m *indicator.Mover) bool {
		c := Change{Institution: m.ID, Name: m.Name, Change: Entered, Moved: m.Moved}
		if m.Side == indicator.Base {
			out.Left++
			c.Change = Left
			went.Add(m.Tally)
		} else {
			out.Entered++
			came.Add(m.Tally)
		}
		for i := range all {
			effect, share := j.effect(&all[i], t, m.Tally, m.Side)
			c.Effects = append(c.Effects, effect)
			c.weight = max(c.weight, share)
		}
		out.Institutions = append(out.Institutions, c)
		return true
	})
	slices.SortFunc(out.Institutions, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.Institution, b.Institution))
	})
	out.Institutions = out.Institutions[:min(most, len(out.Institutions))]
	for i := range all {
		out.Effects = append(out.Effects, j.changed(&all[i], t, &came, &went))
	}
	return out, nil
}

// compared tells whether the members' comparable figures are what is compared.
func (e *evidence) compared() bool {
	return e.baseSpeaks && e.currentSpeaks && e.base.Comparable.IsKnown() && e.current.Comparable.IsKnown()
}

// effect tells by how much a part of one side changes the indicator: what came
// raises or lowers the current value, what went the base value the other way.
// share is that of the value.
func (j *judge) effect(e *evidence, t, part *indicator.Tally, side indicator.Side) (effect *float64, share float64) {
	whole := &e.current.Comparable
	if side == indicator.Base {
		whole = &e.base.Comparable
	}
	var alone indicator.View
	j.s.View(&alone, part, side, e.m)
	without := j.s.Without(t, part, side, e.m)
	if !e.compared() || !alone.Comparable.IsKnown() || !without.IsKnown() {
		return nil, 0
	}
	with, rest := whole.Into(&j.current), without.Into(&j.base)
	v := j.gap.SetDifference(with, rest).Float64()
	if size := math.Abs(with.Float64()); size > 0 {
		share = math.Abs(v) / size
	}
	if side == indicator.Base {
		v = -v
	}
	return &v, share
}

// changed forms what all that came and went do to an indicator.
func (j *judge) changed(e *evidence, t, came, went *indicator.Tally) ChangeEffect {
	c := ChangeEffect{Indicator: e.m.String(), Unit: e.m.Unit()}
	base, current := j.s.Without(t, went, indicator.Base, e.m), j.s.Without(t, came, indicator.Current, e.m)
	switch {
	case !e.compared():
		c.Reason = "the members' figures are not what is compared, or are not known in both years"
		return c
	case !base.IsKnown() || !current.IsKnown() || !base.IsPositive():
		c.Reason = "nobody that can be compared counts in both years"
		return c
	}
	var a, b, d exact.Fraction
	difference := func(x, y *indicator.Figure) *float64 {
		v := d.SetDifference(x.Into(&a), y.Into(&b)).Float64()
		return &v
	}
	c.Entered = difference(&e.current.Comparable, &current)
	c.Left = difference(&base, &e.base.Comparable)
	c.Stayed = difference(&current, &base)
	r := j.reduction.SetReduction(base.Into(&a), current.Into(&b))
	percent, official := r.Float64(), r.Official()
	c.MatchedPct, c.Matched = &percent, &official
	return c
}
