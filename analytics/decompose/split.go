package decompose

import (
	"fmt"
	"math"

	"jouleline/analytics"
)

// Split takes a part out of a factor: column k of each row becomes two, part[i]
// and x/part[i], whose product is what it was. The values of the rows stay, and so
// do the effects of all other factors. Parts are above 0; t is not written to.
func Split(t Table, k int, part []float64) (Table, error) {
	if err := analytics.CheckLength(op, "parts", len(part), len(t)); err != nil {
		return nil, err
	}
	out := make(Table, len(t))
	for i, row := range t {
		if k < 0 || k >= len(row) {
			return nil, &analytics.InputError{Op: op, What: "factor", Index: i, Got: fmt.Sprint(k), Want: fmt.Sprintf("0 to %d", len(row)-1)}
		}
		if !(part[i] > 0) || math.IsInf(part[i], 0) {
			return nil, &analytics.InputError{Op: op, What: "parts", Index: i, Got: fmt.Sprint(part[i]), Want: "a finite value above 0"}
		}
		out[i] = append(append(append(make([]float64, 0, len(row)+1), row[:k]...), part[i], row[k]/part[i]), row[k+1:]...)
	}
	return out, nil
}
