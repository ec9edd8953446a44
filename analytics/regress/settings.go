package regress

import (
	"fmt"

	"jouleline/analytics"
)

const op = "regress"

// ConditionLimit is the condition number (1-norm, of the scaled columns) above
// which columns count as repeating one another. Filip, the worst honest problem
// of the NIST collection, stands at 5e9 here; an exact copy of a column stands
// above 1e15, where double precision has no digit left.
const ConditionLimit = 1e14

// Settings chooses the form of a fit. The zero value is an unweighted fit with
// an intercept that refuses columns which repeat one another.
type Settings struct {
	Weights     []float64 // one per row, at least 0; nil means 1. A row of weight 0 is left out.
	Origin      bool      // no intercept: the fit goes through the origin
	MinimumNorm bool      // take the shortest solution (by singular values) where columns repeat one another
}

// RankError says that the columns repeat one another, so that no single
// combination is best.
type RankError struct {
	Rank, Columns int
	Condition     float64 // of the scaled columns; +Inf where a column does not vary
}

// Error names rank, columns and condition number.
func (e *RankError) Error() string {
	return fmt.Sprintf("%s: got columns of rank %d (condition %.3g), want rank %d", op, e.Rank, e.Condition, e.Columns)
}

func check(y []float64, columns [][]float64, s Settings) (rows int, err error) {
	if err := analytics.CheckFinite(op, "y", y); err != nil {
		return 0, err
	}
	for j, c := range columns {
		name := fmt.Sprintf("column %d", j)
		if err := analytics.CheckLength(op, name, len(c), len(y)); err != nil {
			return 0, err
		}
		if err := analytics.CheckFinite(op, name, c); err != nil {
			return 0, err
		}
	}
	rows = len(y)
	if s.Weights != nil {
		if err := analytics.CheckLength(op, "weights", len(s.Weights), len(y)); err != nil {
			return 0, err
		}
		rows = 0
		for i, w := range s.Weights {
			if !(w >= 0) || w > analytics.Largest {
				return 0, &analytics.InputError{Op: op, What: "weights", Index: i, Got: fmt.Sprint(w), Want: "a finite weight of at least 0"}
			}
			if w > 0 {
				rows++
			}
		}
	}
	want := len(columns) + 2
	if s.Origin {
		want--
	}
	if rows < want {
		return 0, &analytics.NotEnoughError{Op: op, What: fmt.Sprintf("rows for %d columns", len(columns)), Got: rows, Want: want}
	}
	return rows, nil
}
