package benchmark

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
)

// Rank is the place of one unit in a ranking, 1 for the least value.
type Rank struct {
	Rank     int        // by the estimates; ties share the better rank
	Interval [2]float64 // of the rank, at the level asked for
	First    float64    // probability of being first
}

// Ranking ranks estimates with standard errors by drawing all of them together
// draws times and counting where each comes out (Goldstein and Spiegelhalter,
// League tables and their limitations, JRSS A 159 (1996), 385-443). Units whose
// intervals overlap are not told apart. The same source state gives the same
// answer. It needs two units and 100 draws.
func Ranking(estimates, errors []float64, level float64, draws int, source rand.Source) ([]Rank, error) {
	if err := analytics.CheckLevel(op, level); err != nil {
		return nil, err
	}
	if err := analytics.CheckFinite(op, "estimates", estimates); err != nil {
		return nil, err
	}
	n := len(estimates)
	if err := analytics.CheckLength(op, "errors", len(errors), n); err != nil {
		return nil, err
	}
	for i, e := range errors {
		if !(e >= 0) || math.IsInf(e, 0) {
			return nil, &analytics.InputError{Op: op, What: "errors", Index: i, Got: fmt.Sprint(e), Want: "a finite standard error of at least 0"}
		}
	}
	if n < 2 {
		return nil, &analytics.NotEnoughError{Op: op + " ranking", What: "units", Got: n, Want: 2}
	}
	if draws < 100 {
		return nil, &analytics.NotEnoughError{Op: op + " ranking", What: "draws", Got: draws, Want: 100}
	}
	r := rand.New(source)
	seen := make([][]float64, n)
	value := make([]float64, n)
	order := make([]int, n)
	for range draws {
		for i := range value {
			value[i] = estimates[i] + errors[i]*r.NormFloat64()
		}
		for i, k := range sortOrder(order, value) {
			seen[k] = append(seen[k], float64(i+1))
		}
	}
	out := make([]Rank, n)
	tail := (1 - level) / 2
	for i := range out {
		first := 0
		for _, k := range seen[i] {
			if k == 1 {
				first++
			}
		}
		slices.Sort(seen[i])
		out[i] = Rank{Rank: 1, First: float64(first) / float64(draws), Interval: [2]float64{
			math.Floor(orderstat.Quantile(seen[i], tail, orderstat.Type7)), math.Ceil(orderstat.Quantile(seen[i], 1-tail, orderstat.Type7)),
		}}
		for _, e := range estimates {
			if e < estimates[i] {
				out[i].Rank++
			}
		}
	}
	return out, nil
}

// sortOrder returns the indices of value from the least, in dst.
func sortOrder(dst []int, value []float64) []int {
	for i := range dst {
		dst[i] = i
	}
	slices.SortStableFunc(dst, func(a, b int) int {
		switch {
		case value[a] < value[b]:
			return -1
		case value[a] > value[b]:
			return 1
		}
		return 0
	})
	return dst
}
