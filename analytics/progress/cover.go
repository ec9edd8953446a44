package progress

import (
	"fmt"
	"math/big"
	"strings"

	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
)

// share is a part of a whole, such as known of expected meter-time.
type share struct{ part, whole int64 }

// complete is the share of a side that has nothing to measure, or was declared
// of the group itself.
var complete = share{1, 1}

func coverageOf(speaks bool, v *indicator.View) share {
	if !speaks || !v.HasMeters || v.Expected <= 0 {
		return complete
	}
	return share{v.Known, v.Expected}
}

func countedOf(v *indicator.View) share { return share{int64(v.Counted), int64(v.Institutions)} }

// covers holds both sides against rule 15 and says what falls short, "" where
// nothing does. That enough institutions are counted on a side whose members
// speak is settled before.
func (j *judge) covers(e *evidence) string {
	base, current := coverageOf(e.baseSpeaks, &e.base), coverageOf(e.currentSpeaks, &e.current)
	if text := j.least(j.y.year, current); text != "" {
		return text
	}
	if text := j.least(j.y.base, base); text != "" {
		return text
	}
	if text := j.apart("coverage", base, current); text != "" || !e.baseSpeaks || !e.currentSpeaks {
		return text
	}
	return j.apart("the counted share of institutions", countedOf(&e.base), countedOf(&e.current))
}

// covered tells whether the current side alone is known well enough.
func (j *judge) covered(e *evidence) bool {
	c := coverageOf(e.currentSpeaks, &e.current)
	return j.enough.Met(c.part, c.whole)
}

func (j *judge) least(year int, s share) string {
	if j.enough.Met(s.part, s.whole) {
		return ""
	}
	return fmt.Sprintf("%d: coverage is %s, want at least %s", year, s, percent(j.plan.MinCoverage))
}

// apart compares the shares of both sides with the gap that the plan allows.
func (j *judge) apart(what string, base, current share) string {
	if j.close.Met(base.part, base.whole) && j.close.Met(current.part, current.whole) {
		return ""
	}
	var b, c exact.Fraction
	base.into(&b)
	current.into(&c)
	if j.gap.SetDifference(&b, &c).CmpAbsRat(j.plan.MaxCoverageGap) <= 0 {
		return ""
	}
	return fmt.Sprintf("%s differs by more than %s: %s in %d, %s in %d",
		what, percent(j.plan.MaxCoverageGap), base, j.y.base, current, j.y.year)
}

func (s share) into(f *exact.Fraction) { f.SetSums(exact.Of(s.part), 1, exact.Of(s.whole), 1) }

// String writes the share as text such as "93.4 %".
func (s share) String() string { return percent(big.NewRat(s.part, s.whole)) }

// percent writes a share likewise.
func percent(share *big.Rat) string {
	text := exact.Official(new(big.Rat).Mul(share, big.NewRat(100, 1)))
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + " %"
}
