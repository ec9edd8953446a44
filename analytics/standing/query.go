package standing

import (
	"fmt"
	"math/big"

	"jouleline/analytics/benchmark"
	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// Query asks where an institution, or each of a class, stands.
type Query struct {
	// Institution is placed among its peers; "" ranks the class instead.
	Institution string
	Class       schema.Class // of the ranking; that of the institution where one is given
	Within      string       // region whose institutions are the peers; "" is everywhere
	// Zone limits the peers to a climate zone of the standards, "" to none.
	Zone    string
	Measure indicator.Measure
	Year    int
	Level   float64 // of intervals; 0 means 0.9
	Seed    uint64  // of the ranking's draws
	Limit   int     // rows of the ranking; 0 means all
	// Quotas are standards to judge by besides those that are meant for the class.
	Quotas      []string
	Factors     *factor.Set
	Mode        factor.Mode
	Sets        []*factor.Set // among which standards find theirs
	Standards   *benchmark.Standards
	MinCoverage *big.Rat
	KnownAt     schema.Instant
	Now         schema.Instant
}

// ErrQuery is wrapped by errors that are the question's fault.
var ErrQuery = progress.ErrQuery

// settle checks the question and finds the class.
func (q *Query) settle(w *indicator.World) error {
	if q.Level == 0 {
		q.Level = .9
	}
	if !(q.Level > 0 && q.Level < 1) {
		return fmt.Errorf("level: got %v: %w: want a number between 0 and 1", q.Level, ErrQuery)
	}
	if q.Measure.String() == "energy" || q.Measure.String() == "water" || q.Measure.String() == "carbon" {
		return fmt.Errorf("indicator: got the total %s: %w: want one per area or per person, totals cannot be compared", q.Measure, ErrQuery)
	}
	if last := q.Now.Time().In(w.Registry().TimeZone).Year() - 1; q.Year > last {
		return fmt.Errorf("year %d: %w: it is not over, want %d or before", q.Year, ErrQuery, last)
	}
	for _, id := range q.Quotas {
		if _, ok := q.Standards.Find(id); !ok {
			return fmt.Errorf("quota: got %q: %w: want one of %v", id, ErrQuery, q.Standards.IDs())
		}
	}
	if q.Zone != "" && q.Zone != "A" && q.Zone != "B" {
		return fmt.Errorf("zone: got %q: %w: want A or B", q.Zone, ErrQuery)
	}
	if q.Institution == "" {
		return nil
	}
	index, ok := w.Registry().InstitutionIndex(q.Institution)
	if !ok {
		return fmt.Errorf("institution %q: %w", q.Institution, indicator.ErrUnknownScope)
	}
	q.Class = standsAs(w, index, q.lastDay()).Class
	return nil
}

func (q *Query) lastDay() schema.Day { return indicator.YearStretch(q.Year).Days.To - 1 }

// standsAs gives the version of an institution that stands for it on a day: the
// one that holds, else the last that began before, else its first.
func standsAs(w *indicator.World, index int32, day schema.Day) *schema.Institution {
	versions := w.Registry().InstitutionVersions(index)
	at := 0
	for at+1 < len(versions) && versions[at+1].From <= day {
		at++
	}
	return &versions[at]
}
