package progress

import (
	"errors"
	"fmt"
	"time"

	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
)

// Query asks how far a scope has come.
type Query struct {
	Scope   indicator.Scope
	Plan    *plan.Plan
	Factors *factor.Set
	// Year is compared with Baseline; 0 means the plan's base year.
	Year, Baseline int
	// Version chooses the recalculation of the baseline: "" the latest,
	// [indicator.First] none, else that version with all that are older. Adjusted
	// puts the non-routine adjustments to both years.
	Version  string
	Adjusted bool
	// Changes is how many institutions that entered or left [Progress] lists with
	// their effects, at most [MaxChanges]; 0 asks for none, and costs nothing.
	Changes  int
	Panel    indicator.Panel    // empty: all
	Boundary indicator.Boundary // empty: as_is
	Mode     factor.Mode        // empty: the set's
	// KnownAt asks as of a moment; 0 means now. The world must be of that moment
	// too.
	KnownAt schema.Instant
	// Now tells whether the year has ended, in the deployment's calendar.
	Now schema.Instant
}

// ErrQuery is wrapped by errors that are the question's fault.
var ErrQuery = errors.New("cannot be asked")

// years is the time that a query speaks of.
type years struct {
	base, year int
	partial    bool
	sides      [2]indicator.Stretch
}

// years finds both sides: whole years, or the days up to today and the same
// days of the base year.
func (q *Query) years(zone *time.Location) (y years, err error) {
	y.base, y.year = q.Baseline, q.Year
	if y.base == 0 {
		y.base = q.Plan.BaseYear
	}
	if y.year < y.base {
		return y, fmt.Errorf("year %d: %w: it lies before the base year %d", y.year, ErrQuery, y.base)
	}
	if y.base >= q.Plan.TargetYear {
		return y, fmt.Errorf("baseline %d: %w: want a year before the target year %d", y.base, ErrQuery, q.Plan.TargetYear)
	}
	y.sides = [2]indicator.Stretch{indicator.YearStretch(y.base), indicator.YearStretch(y.year)}
	now := q.Now.Time().In(zone)
	today := schema.DayOf(now.Date())
	current := &y.sides[indicator.Current].Days
	if today >= current.To {
		return y, nil
	}
	if today <= current.From {
		return y, fmt.Errorf("year %d: %w: no day of it has passed on %s", y.year, ErrQuery, today)
	}
	y.partial = true
	current.To = today
	y.sides[indicator.Base].Days.To = schema.DayOf(y.base, now.Month(), now.Day())
	return y, nil
}
