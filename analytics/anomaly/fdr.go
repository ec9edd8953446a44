package anomaly

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"jouleline/analytics"
)

// BenjaminiHochberg tells which of many p values may be reported so that of those
// reported a share of at most q is false on average (JRSS B 57 (1995), 289-300):
// all up to the largest p_(k) <= k q/m. For a portfolio: one p value per meter and
// day, q = 0.05.
func BenjaminiHochberg(p []float64, q float64) ([]bool, error) {
	if !(q > 0 && q < 1) {
		return nil, &analytics.InputError{Op: op + " false discovery", What: "q", Index: -1, Got: fmt.Sprint(q), Want: "a share between 0 and 1, exclusive"}
	}
	order := make([]int, len(p))
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return nil, &analytics.InputError{Op: op + " false discovery", What: "p values", Index: i, Got: fmt.Sprint(v), Want: "0 to 1"}
		}
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	last := -1
	for k, i := range order {
		if p[i] <= float64(k+1)*q/float64(len(p)) {
			last = k
		}
	}
	out := make([]bool, len(p))
	for k := 0; k <= last; k++ {
		out[order[k]] = true
	}
	return out, nil
}

// TailP is the two-sided p value of a robust z score. Student's t with five degrees
// of freedom stands in for the normal: loads have heavy tails, and a normal tail
// would turn every public holiday into one in a billion.
func TailP(z float64) float64 {
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: 5}.CDF(-math.Abs(z))
}
