package target

import (
	"fmt"
	"math"

	"jouleline/analytics"
)

// State says which of the figures of a [Status] can be read.
type State string

const (
	OnTrack    State = "on_track"    // the target is ahead and use is at or below the path
	Behind     State = "behind"      // the target is ahead and use is above the path
	Met        State = "met"         // use is at or below the target already, its year is ahead
	Reached    State = "reached"     // the target year is over and the target was met
	Missed     State = "missed"      // the target year is over and it was not
	BaseYear   State = "base_year"   // no year has passed since the baseline
	PartYear   State = "part_year"   // the year is not over: use Status of a year to date
	NoMeasured State = "no_measured" // no value is known
)

// Status is where use stands against a path in a year. Fields that a state does
// not define are zero; which ones it defines stands beside them.
type Status struct {
	State     State
	Year      int
	Current   float64 // all states but NoMeasured
	OnPath    float64 // the path's value in Year; all states
	Gap       float64 // Current - OnPath, above 0 where too much is used; all but NoMeasured
	Reduction float64 // 1 - Current/base; all but NoMeasured
	// AchievedRate is the average yearly rate of fall since the base year,
	// 1 - (Current/base)^(1/years); OnTrack, Behind, Met, Reached, Missed.
	AchievedRate float64
	// RequiredRate is the yearly rate by which use must fall from Year on,
	// 1 - (target/Current)^(1/years left); OnTrack, Behind. 1 where the target is 0.
	RequiredRate float64
	// RequiredPerYear is the same as an amount per year, (Current-target)/years left.
	RequiredPerYear float64
	// Urgency is RequiredRate over AchievedRate: above 1 use must fall faster than
	// it did. 0 where use has not fallen at all, with UrgencyUndefined set.
	Urgency          float64
	UrgencyUndefined bool
}

// Status judges the annual value of a year. current is NaN where not known;
// complete says whether the year is over (a part of a year is never held against
// a whole one).
func (p *Path) Status(year int, current float64, complete bool) (*Status, error) {
	if current < 0 || math.IsInf(current, 0) {
		return nil, &analytics.InputError{Op: op, What: "current", Index: -1, Got: fmt.Sprint(current), Want: "a finite value of at least 0, or NaN where not known"}
	}
	if year < p.baseYear {
		return nil, &analytics.InputError{Op: op, What: "year", Index: -1, Got: fmt.Sprint(year), Want: fmt.Sprintf("%d or later", p.baseYear)}
	}
	s := &Status{Year: year, OnPath: p.At(float64(year))}
	if math.IsNaN(current) {
		s.State = NoMeasured
		return s, nil
	}
	s.Current, s.Gap, s.Reduction = current, current-s.OnPath, 1-current/p.base
	past, left := float64(year-p.baseYear), float64(p.targetYear-year)
	final := p.Target()
	switch {
	case !complete:
		s.State = PartYear
		return s, nil
	case past == 0:
		s.State = BaseYear
		return s, nil
	case left <= 0 && current <= final:
		s.State = Reached
	case left <= 0:
		s.State = Missed
	case current <= final:
		s.State = Met
	case current <= s.OnPath:
		s.State = OnTrack
	default:
		s.State = Behind
	}
	s.AchievedRate = 1 - math.Pow(current/p.base, 1/past)
	if s.State == OnTrack || s.State == Behind {
		s.RequiredRate = 1 - math.Pow(final/current, 1/left)
		s.RequiredPerYear = (current - final) / left
		if s.AchievedRate > 0 {
			s.Urgency = s.RequiredRate / s.AchievedRate
		} else {
			s.UrgencyUndefined = true
		}
	}
	return s, nil
}
