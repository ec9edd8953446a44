package trend

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
)

// Totals is the distribution of sums over simulated futures: years made of months.
type Totals struct {
	Mean, Low, High []float64 // one per total
	Level           float64
	samples         [][]float64 // ascending, one slice per total
}

// MinPaths is the least number of simulated paths for a total's bounds.
const MinPaths = 2000

// SimulateTotals sums paths of the model over groups of steps: group k holds the
// next steps[k] values, and known[k] is what of its total has been measured
// already (nil means nothing). A running year of which five months are known is
// steps 7 with known the sum of the five. The same source state gives the same
// answer. It needs [MinPaths] paths.
func SimulateTotals(m Model, steps []int, known []float64, level float64, paths int, source rand.Source) (*Totals, error) {
	if err := analytics.CheckLevel(op, level); err != nil {
		return nil, err
	}
	if paths < MinPaths {
		return nil, &analytics.NotEnoughError{Op: op + " simulation", What: "paths", Got: paths, Want: MinPaths}
	}
	if known == nil {
		known = make([]float64, len(steps))
	}
	if err := analytics.CheckLength(op, "known parts", len(known), len(steps)); err != nil {
		return nil, err
	}
	if err := analytics.CheckFinite(op, "known parts", known); err != nil {
		return nil, err
	}
	horizon := 0
	for k, s := range steps {
		if s < 0 {
			return nil, &analytics.InputError{Op: op, What: "steps", Index: k, Got: fmt.Sprint(s), Want: "0 or more"}
		}
		horizon += s
	}
	t := &Totals{Level: level, samples: make([][]float64, len(steps))}
	r := rand.New(source)
	path := make([]float64, horizon)
	for range paths {
		m.Path(path, r)
		at := 0
		for k, s := range steps {
			total := known[k]
			for _, v := range path[at : at+s] {
				total += v
			}
			at += s
			t.samples[k] = append(t.samples[k], total)
		}
	}
	tail := (1 - level) / 2
	for _, s := range t.samples {
		var mean float64
		for _, v := range s {
			mean += v / float64(paths)
		}
		slices.Sort(s)
		t.Mean = append(t.Mean, mean)
		t.Low = append(t.Low, orderstat.Quantile(s, tail, orderstat.Type7))
		t.High = append(t.High, orderstat.Quantile(s, 1-tail, orderstat.Type7))
	}
	return t, nil
}

// ChanceBelow returns the share of paths whose total k is at or below the limit,
// clipped like every [Chance]. df is that of the model, for display. A k without a
// total is an error.
func (t *Totals) ChanceBelow(k int, limit float64, df int) (Chance, error) {
	if k < 0 || k >= len(t.samples) {
		return Chance{}, &analytics.InputError{Op: op, What: "total", Index: -1, Got: fmt.Sprint(k), Want: fmt.Sprintf("0 to %d", len(t.samples)-1)}
	}
	s := t.samples[k]
	below, _ := slices.BinarySearchFunc(s, limit, func(v, limit float64) int {
		if v <= limit {
			return -1
		}
		return 1
	})
	return clip(float64(below)/float64(len(s)), df), nil
}
