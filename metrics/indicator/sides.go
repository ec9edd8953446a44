package indicator

import (
	"context"
	"fmt"

	"jouleline/metrics/exact"
	"jouleline/schema"
	"jouleline/schema/factor"
)

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
