package learn

import (
	"cmp"
	"fmt"
	"slices"

	"jouleline/analytics"
	"jouleline/schema"
)

const profileOp = "learn a profile"

// hoursOfDay counts the hours of a profile's day.
const hoursOfDay = 24

// Hour is what plainly passed in a local hour of a day.
type Hour struct {
	Day      schema.Day
	Of       int // 0 to 23, as the clock shows it
	Quantity schema.Quantity
}

// Curve is the weight of each hour of a workday and of a weekend's day.
type Curve = [schema.DayTypes][hoursOfDay]schema.Quantity

// ProfileRule holds the parameters of learning a profile.
type ProfileRule struct {
	// MinWeeks is the least number of weeks, and MinHours how many measured hours
	// each hour of a workday and of a weekend's day must rest on.
	MinWeeks int
	MinHours [schema.DayTypes]int
	// MinCoverage is the least share of the stretch that is measured.
	MinCoverage float64
}

// DefaultProfileRule wants six weeks, of which three workdays and three days of
// weekends out of four have each hour: so a holiday week, or a faulty one, is the
// less even where the middle half is taken. And three quarters of the stretch.
func DefaultProfileRule() ProfileRule {
	return ProfileRule{MinWeeks: 6, MinHours: [schema.DayTypes]int{schema.Workday: 22, schema.Weekend: 9}, MinCoverage: .75}
}

// LearnedProfile is a profile and what it rests on.
type LearnedProfile struct {
	// Weights have [schema.MaxProfileWeight] at the busiest hour. They are zero
	// where the profile was refused.
	Weights Curve
	Hours   int // measured
	Weeks   int // with any measured hour
	// Coverage is the measured share of the stretch.
	Coverage float64
	// Error is which share of the energy of gaps of two days comes into wrong hours, on
	// average, by profiles that were learned from other weeks, ErrorLinear by a
	// straight line.
	Error, ErrorLinear float64
}

// Profile learns how what passes a meter goes over the hours of a workday and of a
// weekend's day, from measured hours of a stretch of so many milliseconds. Each
// weight is the mean of the middle half of its hours: what a median gives where
// hours scatter, and still above zero where a coarse register counts every third
// hour. So holidays and faults of a few weeks do not move it, and amounts scaled by
// one factor give the same weights but for the rounding to a thousandth of 1000.
//
// It is held against what it is for: pairs of whole days of every other week are
// filled, as if they were gaps, by what the remaining weeks say, and by a straight line; a profile that
// errs no less is refused with a [NoShapeError]. Other refusals are an
// [analytics.NotEnoughError] or, of an hour or rule that makes no sense, an
// [analytics.InputError]; what was counted is given in any case. The order of hours
// does not matter; they are not changed.
func Profile(hours []Hour, stretch int64, rule ProfileRule) (LearnedProfile, error) {
	var l LearnedProfile
	if err := rule.check(); err != nil {
		return l, err
	}
	for i, h := range hours {
		if h.Of < 0 || h.Of >= hoursOfDay || h.Quantity < 0 {
			return l, &analytics.InputError{Op: profileOp, What: "hour", Index: i, Got: fmt.Sprintf("%s at %d h", h.Quantity, h.Of), Want: "an amount of at least 0 at an hour from 0 to 23"}
		}
	}
	if known := int64(len(hours)) * schema.Hour; stretch < known {
		return l, &analytics.InputError{Op: profileOp, What: "stretch", Index: -1, Got: fmt.Sprintf("%d ms", stretch), Want: fmt.Sprintf("at least the %d ms of its hours", known)}
	}
	hours = slices.SortedFunc(slices.Values(hours), func(a, b Hour) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Of, b.Of)) })
	l.Hours, l.Weeks = len(hours), weeksOf(hours)
	if stretch > 0 {
		l.Coverage = float64(int64(len(hours))*schema.Hour) / float64(stretch)
	}
	if err := rule.enough(hours, &l); err != nil {
		return l, err
	}
	middle, ok := curveOf(hours, func(Hour) bool { return true })
	if !ok {
		return l, &analytics.NotEnoughError{Op: profileOp, What: "hours with any use in the middle half", Got: 0, Want: 1}
	}
	var tried bool
	if l.Error, l.ErrorLinear, tried = trial(hours); !tried {
		return l, &analytics.NotEnoughError{Op: profileOp, What: "pairs of whole measured days with any use", Got: 0, Want: 1}
	}
	if l.Error >= l.ErrorLinear {
		return l, &NoShapeError{ByProfile: l.Error, ByLine: l.ErrorLinear}
	}
	l.Weights = middle
	return l, nil
}

// NoShapeError says that the meter's hours follow no profile: filled by one, gaps
// are no nearer to what was measured than by a straight line.
type NoShapeError struct {
	ByProfile, ByLine float64 // shares of the energy that come into a wrong hour
}

// Error tells both.
func (e *NoShapeError) Error() string {
	return fmt.Sprintf("%s: got %.1f %% of the energy of known gaps in a wrong hour, want less than the %.1f %% of a straight line", profileOp, 100*e.ByProfile, 100*e.ByLine)
}

func (r *ProfileRule) check() error {
	bad := func(what string, got any, want string) error {
		return &analytics.InputError{Op: profileOp, What: what, Index: -1, Got: fmt.Sprint(got), Want: want}
	}
	switch {
	case r.MinWeeks < 2:
		return bad("weeks", r.MinWeeks, "at least 2")
	case r.MinHours[schema.Workday] < 1 || r.MinHours[schema.Weekend] < 1:
		return bad("hours", r.MinHours, "at least 1 each")
	case !(r.MinCoverage >= 0 && r.MinCoverage <= 1):
		return bad("coverage", r.MinCoverage, "from 0 to 1")
	}
	return nil
}

// enough tells what is missing.
func (r *ProfileRule) enough(hours []Hour, l *LearnedProfile) error {
	if l.Weeks < r.MinWeeks {
		return &analytics.NotEnoughError{Op: profileOp, What: "weeks with measured hours", Got: l.Weeks, Want: r.MinWeeks}
	}
	if l.Coverage < r.MinCoverage {
		return notCovered(profileOp, "of the stretch measured", l.Coverage, r.MinCoverage)
	}
	var counts [schema.DayTypes][hoursOfDay]int
	for _, h := range hours {
		counts[h.Day.Type()][h.Of]++
	}
	for day := schema.Workday; day < schema.DayTypes; day++ {
		for of, n := range counts[day] {
			if n < r.MinHours[day] {
				return &analytics.NotEnoughError{Op: profileOp, What: fmt.Sprintf("measured hours of %s %d h", day, of), Got: n, Want: r.MinHours[day]}
			}
		}
	}
	return nil
}
