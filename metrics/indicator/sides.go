package indicator

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"jouleline/metrics/exact"
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

// Sides is one or two stretches of a scope, read and ready to be summed. It is
// safe for concurrent use.
type Sides struct {
	w       *World
	spec    Spec
	enough  exact.Threshold
	members []int32 // institutions in the scope on some side, in order
	side    [sideCount]frame
}

// frame is one side.
type frame struct {
	on      bool
	stretch Stretch
	period  *period
	usage   []Usage
	claims  *claims // of the year, nil where nothing was declared
	weights *weights
	place   *placement
	in      []bool // within the scope, by institution
	// corrections are those that count, by institution; rates those of indicators
	// that regions declared, by region.
	corrections []correction
	rates       map[string][]rateCorrection
}

// Read reads the usage of the sides from the books and prepares the sums. The
// error wraps [ErrUnknownScope], tells what is wrong with the question or the
// factor set, or is the source's.
func (w *World) Read(ctx context.Context, source Source, spec Spec) (*Sides, error) {
	s := &Sides{w: w, spec: spec}
	var err error
	if s.enough, err = exact.NewThreshold(spec.MinCoverage); err != nil {
		return nil, fmt.Errorf("least coverage: %w", err)
	}
	if s.spec.Panel, err = ParsePanel(string(spec.Panel)); err != nil {
		return nil, err
	}
	if s.spec.Boundary, err = ParseBoundary(string(spec.Boundary)); err != nil {
		return nil, err
	}
	if s.spec.Mode == "" {
		s.spec.Mode = spec.Factors.Mode
	}
	if _, err := factor.ParseMode(string(s.spec.Mode)); err != nil {
		return nil, err
	}
	if err := w.check(spec.Scope); err != nil {
		return nil, err
	}
	if spec.Sides[Current].isEmpty() {
		return nil, fmt.Errorf("current side: got no days from %s to %s", spec.Sides[Current].Days.From, spec.Sides[Current].Days.To)
	}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	return s, s.fetch(ctx, source)
}

// prepare lays out denominators, places, factors and members.
func (s *Sides) prepare() error {
	var years []sideYear
	end := s.spec.Sides[Current].Days.To - 1
	if s.spec.placedOn != 0 {
		end = s.spec.placedOn
	}
	for side := range s.side {
		f := &s.side[side]
		f.stretch = s.spec.Sides[side]
		f.on = !f.stretch.isEmpty()
		if !f.on {
			continue
		}
		day := end
		if s.spec.Boundary == AsWas {
			day = f.stretch.Days.To - 1
		}
		years = append(years, sideYear{f.stretch.Year, day})
		f.period = s.w.period(f.stretch.Days)
		f.place = s.w.placement(day)
		f.claims = s.w.claims[f.stretch.Year]
		f.in = s.w.within(s.spec.Scope, f.place)
		if err := s.correct(Side(side)); err != nil {
			return err
		}
	}
	weights, err := s.w.weigh(s.spec.Factors, s.spec.Mode, years)
	if err != nil {
		return err
	}
	for side := range s.side {
		if s.side[side].on {
			s.side[side].weights, weights = weights[0], weights[1:]
		}
	}
	for i := range s.w.reg.InstitutionIDs {
		for side := range s.side {
			if f := &s.side[side]; f.on && f.in[i] && f.period.valid[i] > 0 {
				s.members = append(s.members, int32(i))
				break
			}
		}
	}
	return nil
}

// fetch reads the books. Most of a registry is read as all of it: a list of
// institutions costs the source more than rows that are passed over.
func (s *Sides) fetch(ctx context.Context, source Source) error {
	if s.spec.Panel == DeclaredOnly || len(s.members) == 0 {
		return nil
	}
	q := UsageQuery{Registry: s.w.reg, KnownAt: s.spec.KnownAt, Institutions: s.members}
	if 2*len(s.members) > len(s.w.reg.InstitutionIDs) {
		q.Institutions = nil
	}
	for side := range s.side {
		f := &s.side[side]
		if !f.on {
			continue
		}
		q.From, q.To = f.stretch.Days.From, f.stretch.Days.To
		if side == int(Current) && s.side[Base].on && f.stretch.Days == s.side[Base].stretch.Days {
			f.usage = s.side[Base].usage
			continue
		}
		var err error
		if f.usage, err = source.Usage(ctx, q); err != nil {
			return fmt.Errorf("usage of %s from %s to %s: %w", s.spec.Scope, q.From, q.To, err)
		}
	}
	return nil
}

// within tells which institutions stand in a scope.
func (w *World) within(scope Scope, p *placement) []bool {
	in := make([]bool, len(p.stand))
	switch scope.Level {
	case ByRegion:
		child := below(w.regions.row(scope.ID), p.regionUp)
		for i := range in {
			r := p.stand[i].region
			in[i] = r >= 0 && child[r] != outside
		}
	case ByDepartment:
		child := below(w.departments.row(scope.ID), p.departmentUp)
		for i := range in {
			d := p.stand[i].department
			in[i] = d >= 0 && child[d] != outside
		}
	case ByClass:
		for i := range in {
			c := p.stand[i].class
			in[i] = c >= 0 && string(schema.Classes[c]) == scope.ID
		}
	case ByInstitution:
		i, _ := w.reg.InstitutionIndex(scope.ID)
		in[i] = true
	}
	return in
}

// Institutions counts the institutions that exist in the scope on some side.
func (s *Sides) Institutions() int { return len(s.members) }

// Panel gives the panel that was asked for.
func (s *Sides) Panel() Panel { return s.spec.Panel }

// Boundary gives the boundary that was asked for.
func (s *Sides) Boundary() Boundary { return s.spec.Boundary }

// Mode gives the grid factor's mode that was used.
func (s *Sides) Mode() factor.Mode { return s.spec.Mode }
