package progress

import (
	"context"
	"fmt"
	"math/big"

	"jouleline/metrics/indicator"
)

// Detail is the progress of one indicator with what it was judged by.
type Detail struct {
	Indicator
	Group indicator.Group
	Sides *indicator.Sides
	Tally *indicator.Tally
	Own   *indicator.Own
	// Base and Current are the figures that are shown.
	Base, Shown Chosen
	// Compared tells that a reduction was formed of them.
	Compared       bool
	BaseYear, Year int
	// Target and Pace are in percent, nil where the plan has no target; Paced
	// says how the pace came about.
	Target, Pace *big.Rat
	Paced        string
}

// Chosen is the figure of one side, and whose it is: that of the members which
// can be compared, of all members, or what the group declared of itself.
type Chosen struct {
	indicator.Figure
	Comparable, Itself bool
}

// Detailed gives one indicator of the scope of a query with what it was judged by.
// It is judged as by [Progress], and so are the errors.
func Detailed(ctx context.Context, w *indicator.World, source indicator.Source, q Query, m indicator.Measure) (*Detail, error) {
	at := -1
	for i, ratio := range indicator.Ratios {
		if ratio == m {
			at = i
		}
	}
	if at < 0 {
		return nil, fmt.Errorf("indicator %s: %w: want one of the four that plans speak of", m, ErrQuery)
	}
	s, y, err := read(ctx, w, source, q)
	if err != nil {
		return nil, err
	}
	j, err := newJudge(w, s, y, &q)
	if err != nil {
		return nil, err
	}
	d := &Detail{Group: whole(w, &q, y), Sides: s, Tally: s.Total(), BaseYear: y.base, Year: y.year}
	d.Own = s.Own(d.Group)
	j.aim(d.Group)
	j.indicator(&d.Indicator, d.Tally, d.Own, m)
	d.Target, d.Pace = j.goal[at].target, j.goal[at].pace
	if d.Target != nil {
		d.Paced = q.Plan.Paced(j.goal[at].promise, y.base, y.year)
	}
	var e evidence
	j.gather(&e, d.Tally, d.Own, m)
	_, base, current := j.state(&e, d.Tally)
	d.Compared = d.ReductionPct != nil
	both := e.baseSpeaks && e.currentSpeaks && d.Compared
	d.Base = Chosen{base, both, !e.baseSpeaks && len(e.baseOwn) > 0}
	d.Shown = Chosen{current, both, !e.currentSpeaks && len(e.currentOwn) > 0}
	if d.State == BaseYear {
		d.Base = d.Shown
	}
	return d, nil
}
