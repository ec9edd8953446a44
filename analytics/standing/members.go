package standing

import (
	"context"
	"fmt"
	"slices"

	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/schema/factor"
)

// member is an institution of the class.
type member struct {
	id, name string
	regions  []string // from its own up to the root
	value    float64
	known    bool
	reason   string // why it is not known
}

// members reads the institutions of the class that exist in a year, by a factor
// set.
func (q *Query) members(ctx context.Context, w *indicator.World, source indicator.Source, year int, set *factor.Set, m indicator.Measure) ([]member, error) {
	spec := indicator.Spec{
		Scope: indicator.Scope{Level: indicator.ByClass, ID: string(q.Class)}, Factors: set, Mode: set.Mode,
		MinCoverage: q.MinCoverage, KnownAt: q.KnownAt,
	}
	spec.Sides[indicator.Current] = indicator.YearStretch(year)
	s, err := w.Read(ctx, source, spec)
	if err != nil {
		return nil, err
	}
	day := q.lastDay()
	var list []member
	var v indicator.View
	for g, t := range s.Breakdown(indicator.ByInstitution) {
		index, ok := w.Registry().InstitutionIndex(g.Scope.ID)
		if !ok {
			continue
		}
		x := member{id: g.Scope.ID, name: g.Name, regions: w.Registry().RegionPath(standsAs(w, index, day).Region, day)}
		if q.Within != "" && !slices.Contains(x.regions, q.Within) || q.Zone != "" && q.Standards.Zone(x.regions) != q.Zone {
			continue
		}
		s.View(&v, t, indicator.Current, m)
		switch {
		case v.Counted == 1 && v.All.IsKnown():
			x.value, x.known = v.All.Into(new(exact.Fraction)).Float64(), true
		default:
			x.reason = lacks(s, t, &v, m)
		}
		list = append(list, x)
	}
	return list, nil
}

// lacks tells in words why an institution is not known.
func lacks(s *indicator.Sides, t *indicator.Tally, v *indicator.View, m indicator.Measure) string {
	for _, gap := range s.Gaps(t, indicator.Current, m) {
		return "no " + gap.What
	}
	if c := v.Coverage(new(exact.Fraction), new(float64)); c != nil {
		return fmt.Sprintf("%.3f of the expected readings are known", *c)
	}
	return "not known"
}

// checkWithin refuses a region that the registry does not know.
func (q *Query) checkWithin(w *indicator.World) error {
	if q.Within == "" {
		return nil
	}
	if _, ok := w.Registry().Region(q.Within, q.lastDay()); !ok {
		return fmt.Errorf("region %q: %w", q.Within, indicator.ErrUnknownScope)
	}
	return nil
}
