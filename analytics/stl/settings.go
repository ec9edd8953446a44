package stl

import (
	"fmt"
	"math"

	"jouleline/analytics"
)

const op = "stl"

// Settings chooses cycle and smoothness. Only Period must be given; zeros stand
// for the authors' recommendations. Spans are odd numbers of points.
type Settings struct {
	Period   int // points of a cycle: 12 for months, 168 for hours of a week
	Seasonal int // span over the same phase of successive cycles; 0 means 7
	Trend    int // span of the trend; 0 means the next odd number above 1.5 Period/(1-1.5/Seasonal)
	LowPass  int // span of the low-pass filter; 0 means the next odd number above Period
	Robust   bool

	// A jump of j smooths every j-th point and interpolates between: faster, and
	// nearly the same. 0 means 1.
	SeasonalJump, TrendJump, LowPassJump int

	// Inner and Outer count the passes; 0 means 5 and 0, or 2 and 15 where Robust.
	Inner, Outer int
}

func (s Settings) withDefaults() (Settings, error) {
	if s.Period < 2 {
		return s, &analytics.InputError{Op: op, What: "period", Index: -1, Got: fmt.Sprint(s.Period), Want: "2 points or more"}
	}
	replace := func(v *int, by int) {
		if *v == 0 {
			*v = by
		}
	}
	replace(&s.Seasonal, 7)
	replace(&s.Trend, nextOdd(1.5*float64(s.Period)/(1-1.5/float64(s.Seasonal))))
	replace(&s.LowPass, nextOdd(float64(s.Period)+1))
	replace(&s.SeasonalJump, 1)
	replace(&s.TrendJump, 1)
	replace(&s.LowPassJump, 1)
	if s.Robust {
		replace(&s.Inner, 2)
		replace(&s.Outer, 15)
	} else {
		replace(&s.Inner, 5)
	}
	for _, span := range []struct {
		name  string
		value int
	}{{"seasonal", s.Seasonal}, {"trend", s.Trend}, {"low-pass", s.LowPass}} {
		if span.value < 3 || span.value%2 == 0 {
			return s, &analytics.InputError{Op: op, What: span.name + " span", Index: -1, Got: fmt.Sprint(span.value), Want: "an odd number of at least 3"}
		}
	}
	if s.Inner < 1 || s.Outer < 0 || s.SeasonalJump < 1 || s.TrendJump < 1 || s.LowPassJump < 1 {
		return s, &analytics.InputError{Op: op, What: "passes and jumps", Index: -1, Got: "a negative count", Want: "0 or more"}
	}
	return s, nil
}

func nextOdd(v float64) int {
	n := int(math.Ceil(v))
	if n%2 == 0 {
		n++
	}
	return n
}
