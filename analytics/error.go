package analytics

import (
	"fmt"
	"math"
)

// NotEnoughError says that a question cannot be answered from so little data.
type NotEnoughError struct {
	Op   string // the analysis that refused, for instance "caltrack daily"
	What string // what there is too little of, for instance "days with use and temperature"
	Got  int
	Want int // the least that would do
}

// Error reads "caltrack daily: got 3 days with use and temperature, want at least 5".
func (e *NotEnoughError) Error() string {
	return fmt.Sprintf("%s: got %d %s, want at least %d", e.Op, e.Got, e.What, e.Want)
}

// InputError says that a value cannot be used by an analysis.
type InputError struct {
	Op    string
	What  string // which input
	Index int    // the first offending element, -1 where the whole input offends
	Got   string
	Want  string
}

// Error reads "lmdi: factor[2]: got -1, want a value of at least 0".
func (e *InputError) Error() string {
	if e.Index < 0 {
		return fmt.Sprintf("%s: %s: got %s, want %s", e.Op, e.What, e.Got, e.Want)
	}
	return fmt.Sprintf("%s: %s[%d]: got %s, want %s", e.Op, e.What, e.Index, e.Got, e.Want)
}

// Largest is the largest magnitude that analyses take: sums of squares and their
// products stay within the range of numbers, and no quantity of anything metered
// comes near it.
const Largest = 1e70

// CheckFinite returns an [InputError] for the first value of x that is NaN,
// infinite, or beyond [Largest].
func CheckFinite(op, what string, x []float64) error {
	for i, v := range x {
		if !(math.Abs(v) <= Largest) {
			return &InputError{Op: op, What: what, Index: i, Got: fmt.Sprint(v), Want: "a finite number"}
		}
	}
	return nil
}

// CheckNotInf is like [CheckFinite] but lets NaN pass, for analyses that read it as
// a gap.
func CheckNotInf(op, what string, x []float64) error {
	for i, v := range x {
		if math.Abs(v) > Largest {
			return &InputError{Op: op, What: what, Index: i, Got: fmt.Sprint(v), Want: "a finite number or NaN for a gap"}
		}
	}
	return nil
}

// CheckLength returns an [InputError] unless got equals want.
func CheckLength(op, what string, got, want int) error {
	if got != want {
		return &InputError{Op: op, What: what, Index: -1, Got: fmt.Sprintf("%d values", got), Want: fmt.Sprintf("%d", want)}
	}
	return nil
}

// CheckIncreasing returns an [InputError] for the first time that is not later
// than the one before it.
func CheckIncreasing(op, what string, times []int64) error {
	for i := 1; i < len(times); i++ {
		if times[i] <= times[i-1] {
			return &InputError{Op: op, What: what, Index: i, Got: fmt.Sprint(times[i]), Want: fmt.Sprintf("a time after %d", times[i-1])}
		}
	}
	return nil
}

// CheckLevel returns an [InputError] unless 0 < level < 1.
func CheckLevel(op string, level float64) error {
	if !(level > 0 && level < 1) {
		return &InputError{Op: op, What: "confidence level", Index: -1, Got: fmt.Sprint(level), Want: "a number between 0 and 1, exclusive"}
	}
	return nil
}
