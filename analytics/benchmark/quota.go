package benchmark

import (
	"fmt"
	"math"

	"jouleline/analytics"
)

// Quota holds the three values of a consumption standard for one class, per square
// metre or per person: Constraint >= Base >= Guide. 0 means that the standard does
// not give that value.
type Quota struct{ Constraint, Base, Guide float64 }

// Verdict is where an intensity stands against a quota.
type Verdict string

const (
	Guided     Verdict = "guide"       // at or below the guide value: exemplary
	Based      Verdict = "base"        // at or below the base value
	Within     Verdict = "constraint"  // at or below the constraint value: allowed
	Over       Verdict = "over"        // above the highest value given
	Unassessed Verdict = "no_standard" // the standard gives none
)

// Judge holds an intensity against the quota. A value that lies above every value
// that the standard gives is Over.
func (q Quota) Judge(intensity float64) (Verdict, error) {
	last := math.Inf(1)
	for _, v := range []float64{q.Constraint, q.Base, q.Guide} {
		if v == 0 {
			continue
		}
		if !(v > 0) || v > last {
			return "", &analytics.InputError{Op: op, What: "quota", Index: -1, Got: fmt.Sprintf("%+v", q), Want: "constraint >= base >= guide > 0"}
		}
		last = v
	}
	if !(intensity >= 0) || math.IsInf(intensity, 0) {
		return "", &analytics.InputError{Op: op, What: "intensity", Index: -1, Got: fmt.Sprint(intensity), Want: "a finite value of at least 0"}
	}
	switch {
	case math.IsInf(last, 1):
		return Unassessed, nil
	case q.Guide > 0 && intensity <= q.Guide:
		return Guided, nil
	case q.Base > 0 && intensity <= q.Base:
		return Based, nil
	case q.Constraint > 0 && intensity <= q.Constraint:
		return Within, nil
	}
	return Over, nil
}

// Allowance is a year's allocation and how far it reaches.
type Allowance struct {
	Allocation float64 // intensity x activity x (1-cut)
	Used       float64
	Left       float64 // Allocation - Used; negative where overdrawn
	// MonthsLeft is how long the rest lasts at the pace of the last months; 0 where
	// overdrawn. Unlimited is set where nothing was used.
	MonthsLeft float64
	Unlimited  bool
}

// Allow allocates a year's use for an activity (area or people) at a benchmark
// intensity less a cut (0.03 for 3 %), and holds the use of its months so far, at
// least one, against it.
func Allow(intensity, activity, cut float64, months []float64) (*Allowance, error) {
	if !(intensity > 0) || !(activity > 0) || !(cut >= 0 && cut < 1) || math.IsInf(intensity*activity, 0) {
		return nil, &analytics.InputError{
			Op: op, What: "allocation", Index: -1, Got: fmt.Sprintf("intensity %v, activity %v, cut %v", intensity, activity, cut),
			Want: "intensity and activity above 0, a cut from 0 to 1",
		}
	}
	if len(months) == 0 {
		return nil, &analytics.NotEnoughError{Op: op + " allowance", What: "months", Got: 0, Want: 1}
	}
	a := &Allowance{Allocation: intensity * activity * (1 - cut)}
	for i, v := range months {
		if !(v >= 0) || math.IsInf(v, 0) {
			return nil, &analytics.InputError{Op: op, What: "months", Index: i, Got: fmt.Sprint(v), Want: "a finite value of at least 0"}
		}
		a.Used += v
	}
	a.Left = a.Allocation - a.Used
	switch {
	case a.Used == 0:
		a.Unlimited = true
	case a.Left > 0:
		a.MonthsLeft = a.Left / (a.Used / float64(len(months)))
	}
	return a, nil
}
