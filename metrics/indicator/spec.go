package indicator

import (
	"fmt"
	"math/big"
	"time"

	"jouleline/schema"
	"jouleline/schema/factor"
)

// Panel tells which institutions and figures are asked for.
type Panel string

// The panels. The empty one is all.
const (
	// All takes every institution in every year in which it exists.
	All Panel = "all"
	// Matched takes those that exist in both years.
	Matched Panel = "matched"
	// DeclaredOnly takes declared figures and leaves the meters aside.
	DeclaredOnly Panel = "declared"
)

// ParsePanel reads all, matched or declared; empty text is all.
func ParsePanel(text string) (Panel, error) {
	switch p := Panel(text); p {
	case "":
		return All, nil
	case All, Matched, DeclaredOnly:
		return p, nil
	}
	return "", fmt.Errorf("panel: got %q, want all, matched or declared", text)
}

// Boundary tells where an institution counts that has moved (rule 13).
type Boundary string

// The boundaries. The empty one is as_is.
const (
	// AsIs places an institution, on both sides, where it stands at the end of
	// the current side.
	AsIs Boundary = "as_is"
	// AsWas places it on each side where it stood at that side's end.
	AsWas Boundary = "as_was"
)

// ParseBoundary reads as_is or as_was; empty text is as_is.
func ParseBoundary(text string) (Boundary, error) {
	switch b := Boundary(text); b {
	case "":
		return AsIs, nil
	case AsIs, AsWas:
		return b, nil
	}
	return "", fmt.Errorf("boundary: got %q, want as_is or as_was", text)
}

// Stretch is the local days of one side.
type Stretch struct {
	Days schema.Validity
	// Year is the calendar year in which the days lie; declared figures serve
	// where the days are the whole of it.
	Year int
}

// YearStretch is a whole calendar year.
func YearStretch(year int) Stretch {
	return Stretch{schema.Validity{From: schema.DayOf(year, time.January, 1), To: schema.DayOf(year+1, time.January, 1)}, year}
}

// isWhole tells whether the stretch is the whole of its year.
func (s Stretch) isWhole() bool { return s == YearStretch(s.Year) }

// isEmpty tells whether there is no day in it.
func (s Stretch) isEmpty() bool { return s.Days.From >= s.Days.To }

// Spec asks for one or two sides.
type Spec struct {
	Scope Scope
	// Sides are Base and Current; an empty Base asks for one side only.
	Sides    [2]Stretch
	Factors  *factor.Set
	Mode     factor.Mode // empty: the set's
	Panel    Panel       // empty: all
	Boundary Boundary    // empty: as_is
	// MinCoverage is the least coverage at which a metered figure goes before a
	// declared one, and the counted share from which a region's own declared
	// figure does not serve (rule 14).
	MinCoverage *big.Rat
	// KnownAt asks as of a moment; 0 means now. The world must be of that moment
	// too.
	KnownAt schema.Instant
	// Baseline chooses the recalculation of the base side: "" the latest, First
	// none, else a version with all that are older. Adjusted puts the non-routine
	// adjustments to both sides. Both leave a question of one side alone.
	Baseline string
	Adjusted bool

	// placedOn is the day that as_is places by, 0 for the end of the current
	// side.
	placedOn schema.Day
}
