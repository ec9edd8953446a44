// Package learn answers two questions of a stretch of a meter's own measured course:
// how much can plausibly pass it in an hour ([Rate]), and how that goes over the hours
// of workdays and weekends ([Profile]). The answers are meant to become dated facts of
// the registry, by a job that somebody runs and signs: nothing here is asked while
// readings are judged or gaps are filled.
//
// The rule for rates: of the hourly rates of all plainly measured parts, take the one that a
// high share of them keep to, times a margin, and no less than the greatest.
// The margin leaves room for an hour busier than any that was seen; the quantile,
// unlike the greatest, does not move with one odd hour.
//
// It refuses a stretch of too few measured days, of too low coverage, without any
// use, and one whose greatest part is so far above the others that it may be an
// error that was booked: such a rate would bear out the next error. A profile is
// refused where hours are thin, and where it fills known gaps no better than a
// straight line. Amounts are exact integers, so scaling all parts scales the rate.
package learn

import (
	"fmt"
	"math"
	"slices"

	"jouleline/analytics"
	"jouleline/schema"
)

const op = "learn a rate"

// day is in milliseconds.
const day = 24 * schema.Hour

// Part is an amount that plainly passed in a half-open stretch, as a rule an hour
// or less: measured, not estimated, and known from end to end.
type Part struct {
	From, To schema.Instant
	Quantity schema.Quantity
}

// Rule holds the parameters of learning.
type Rule struct {
	// Quantile is the share of parts that keep to the typical high rate.
	Quantile float64
	// Margin times that rate is what may pass; at least 1.
	Margin schema.Ratio
	// MinDays is the least measured time, in days of 24 hours, and MinCoverage
	// the least share of the stretch that is measured.
	MinDays     int
	MinCoverage float64
	// MaxOutlier is how many times the typical high rate the greatest may be.
	MaxOutlier schema.Ratio
}

// DefaultRule is 2 x the 99 % quantile, from at least 14 days and three quarters
// of the stretch, the greatest at most ten times as high. Two weeks show each day
// of the week twice; the rest is a matter of judgement, so callers may differ.
func DefaultRule() Rule {
	return Rule{Quantile: .99, Margin: schema.Ratio{Num: 2, Den: 1}, MinDays: 14, MinCoverage: .75, MaxOutlier: schema.Ratio{Num: 10, Den: 1}}
}

// Learned is a rate and what it rests on. Amounts are per hour, in the parts'
// unit.
type Learned struct {
	// Rate is 0 where it was refused.
	Rate schema.Quantity
	// Typical is the quantile, Greatest the greatest rate, which began At.
	Typical, Greatest schema.Quantity
	At                schema.Instant
	Parts             int
	// Days is the measured time in whole days, Coverage its share of the stretch.
	Days     int
	Coverage float64
}

// OutlierError says that one part stands so far above the others that no rate is
// learned before somebody has looked at it.
type OutlierError struct {
	At                schema.Instant
	Greatest, Typical schema.Quantity // per hour
}

// Error names the part and both rates.
func (e *OutlierError) Error() string {
	return fmt.Sprintf("%s: got %s an hour at %s, where %s is the typical high rate: look at it, or choose a stretch without it", op, e.Greatest, e.At, e.Typical)
}

// Rate learns from parts of a stretch of so many milliseconds. The order of the
// parts does not matter; they are not changed. Where the rate is refused, the error
// is an [analytics.NotEnoughError], an [OutlierError] or, of a part or rule that
// makes no sense, an [analytics.InputError], and what was counted is given.
func Rate(parts []Part, stretch int64, rule Rule) (Learned, error) {
	var l Learned
	if err := rule.check(); err != nil {
		return l, err
	}
	rates := make([]schema.Quantity, len(parts))
	var known int64
	for i, p := range parts {
		dt := p.To.Sub(p.From)
		rate, ok := schema.Quantity(0), false
		if dt > 0 && p.Quantity >= 0 {
			rate, ok = schema.MulDiv(p.Quantity, schema.Hour, dt)
		}
		if !ok {
			return l, &analytics.InputError{Op: op, What: "part", Index: i, Got: fmt.Sprintf("%s in %d ms", p.Quantity, dt), Want: "an amount of at least 0 in a time above 0"}
		}
		if rates[i] = rate; rate > l.Greatest {
			l.Greatest, l.At = rate, p.From
		}
		known += dt
	}
	if stretch < known {
		return l, &analytics.InputError{Op: op, What: "stretch", Index: -1, Got: fmt.Sprintf("%d ms", stretch), Want: fmt.Sprintf("at least the %d ms of its parts", known)}
	}
	l.Parts, l.Days = len(parts), int(known/day)
	if stretch > 0 {
		l.Coverage = float64(known) / float64(stretch)
	}
	switch {
	case l.Days < rule.MinDays:
		return l, &analytics.NotEnoughError{Op: op, What: "days plainly measured", Got: l.Days, Want: rule.MinDays}
	case l.Coverage < rule.MinCoverage:
		return l, notCovered(op, "of the stretch plainly measured", l.Coverage, rule.MinCoverage)
	case l.Greatest == 0:
		return l, &analytics.NotEnoughError{Op: op, What: "parts with any use", Got: 0, Want: 1}
	}
	slices.Sort(rates)
	l.Typical = rates[rank(rule.Quantile, len(rates))]
	if most, ok := rule.MaxOutlier.Of(l.Typical); ok && l.Greatest > most {
		return l, &OutlierError{At: l.At, Greatest: l.Greatest, Typical: l.Typical}
	}
	rate, ok := rule.Margin.Of(l.Typical)
	if !ok {
		return l, fmt.Errorf("%s: the typical high rate %s times the margin: %w", op, l.Typical, schema.ErrOutOfRange)
	}
	l.Rate = max(rate, l.Greatest)
	return l, nil
}

// notCovered says that a share is too low, in percent.
func notCovered(op, what string, got, want float64) error {
	return &analytics.NotEnoughError{Op: op, What: "percent " + what, Got: int(100 * got), Want: int(math.Ceil(100 * want))}
}

// rank gives the index of the least of n ascending values that a share q of them
// does not exceed: the nearest rank, so that the answer is a rate that was seen.
func rank(q float64, n int) int {
	return min(max(int(math.Ceil(q*float64(n)))-1, 0), n-1)
}

func (r *Rule) check() error {
	bad := func(what string, got any, want string) error {
		return &analytics.InputError{Op: op, What: what, Index: -1, Got: fmt.Sprint(got), Want: want}
	}
	switch {
	case !(r.Quantile > 0 && r.Quantile <= 1):
		return bad("quantile", r.Quantile, "above 0, at most 1")
	case r.Margin.Den <= 0 || r.Margin.Num < r.Margin.Den:
		return bad("margin", r.Margin, "at least 1")
	case r.MaxOutlier.Den <= 0 || r.MaxOutlier.Num < r.MaxOutlier.Den:
		return bad("outlier limit", r.MaxOutlier, "at least 1")
	case r.MinDays < 1:
		return bad("days", r.MinDays, "at least 1")
	case !(r.MinCoverage >= 0 && r.MinCoverage <= 1):
		return bad("coverage", r.MinCoverage, "from 0 to 1")
	}
	return nil
}
