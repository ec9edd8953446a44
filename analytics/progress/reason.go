package progress

import (
	"fmt"
	"strings"

	"jouleline/metrics/indicator"
)

// reason says in a sentence why a state is what it is; "" for ok.
func (j *judge) reason(state State, e *evidence, t *indicator.Tally) string {
	switch state {
	case BaseYear:
		return fmt.Sprintf("%d is the base year", j.y.base)
	case NoBaseline:
		return j.noBaseline(e, t)
	case Incomparable:
		return fmt.Sprintf("%d is known as %s, %d as %s", j.y.base, forms(e.baseSpeaks, e.baseOwn), j.y.year, forms(e.currentSpeaks, e.currentOwn))
	case NotEnoughData:
		return j.notEnough(e, t)
	case PartialYear:
		return fmt.Sprintf("%d up to %s against the same days of %d", j.y.year, j.y.sides[indicator.Current].Days.To-1, j.y.base)
	case MixedSources:
		return fmt.Sprintf("%s in %d, %s in %d", origin(e.baseSpeaks, &e.base), j.y.base, origin(e.currentSpeaks, &e.current), j.y.year)
	}
	return ""
}

func origin(speaks bool, v *indicator.View) string {
	if speaks {
		return v.Source
	}
	return "declared for the scope as a whole"
}

func (j *judge) noBaseline(e *evidence, t *indicator.Tally) string {
	if base := best(e.baseSpeaks, e.baseOwn, &e.base); base.IsKnown() {
		return fmt.Sprintf("the baseline of %d is not above zero", j.y.base)
	}
	if e.base.Institutions == 0 {
		return fmt.Sprintf("no institution existed in %d, and %s is not declared", j.y.base, e.m)
	}
	return fmt.Sprintf("nothing is known of %d%s", j.y.base, j.lacks(t, indicator.Base, e.m))
}

// notEnough names the first side that falls short, and what it lacks.
func (j *judge) notEnough(e *evidence, t *indicator.Tally) string {
	for _, side := range []struct {
		side   indicator.Side
		year   int
		speaks bool
		own    []indicator.Figure
		view   *indicator.View
	}{
		{indicator.Current, j.y.year, e.currentSpeaks, e.currentOwn, &e.current},
		{indicator.Base, j.y.base, e.baseSpeaks, e.baseOwn, &e.base},
	} {
		if side.speaks || len(side.own) > 0 {
			continue
		}
		if side.view.Institutions == 0 {
			return fmt.Sprintf("%d: no institution exists, and %s is not declared", side.year, e.m)
		}
		text := fmt.Sprintf("%d: %d of %d institutions counted, want at least %s", side.year, side.view.Counted, side.view.Institutions, percent(j.plan.MinCoverage))
		if side.view.HasMeters && side.view.Known < side.view.Expected {
			text += "; coverage is " + coverageOf(true, side.view).String()
		}
		return text + j.lacks(t, side.side, e.m)
	}
	if text := j.covers(e); text != "" {
		return text
	}
	return fmt.Sprintf("no institution is fully known in %d and %d", j.y.base, j.y.year)
}

// lacks names what is missing, as "; lacking: natural_gas (3 institutions)".
func (j *judge) lacks(t *indicator.Tally, side indicator.Side, m indicator.Measure) string {
	var parts []string
	for _, gap := range j.s.Gaps(t, side, m) {
		switch gap.Institutions {
		case 0:
			parts = append(parts, gap.What)
		case 1:
			parts = append(parts, gap.What+" (1 institution)")
		default:
			parts = append(parts, fmt.Sprintf("%s (%d institutions)", gap.What, gap.Institutions))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "; lacking: " + strings.Join(parts, ", ")
}

func forms(speaks bool, own []indicator.Figure) string {
	if speaks {
		return indicator.Absolute.String()
	}
	names := make([]string, len(own))
	for i, f := range own {
		names[i] = f.Form.String()
	}
	return strings.Join(names, " and ")
}
