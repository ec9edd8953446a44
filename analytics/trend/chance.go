package trend

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"jouleline/analytics"
)

// Chance is the probability of meeting a target. No model of a few years knows
// more than 99 to 1, so it is kept within [MinChance] and [MaxChance].
type Chance struct {
	P       float64
	DF      int  // residual degrees of freedom behind it; 3 of them are five annual values
	Clipped bool // P was beyond the bounds
}

// MinChance and MaxChance bound every probability that is shown.
const (
	MinChance = .01
	MaxChance = .99
)

func clip(p float64, df int) Chance {
	c := Chance{P: min(max(p, MinChance), MaxChance), DF: df}
	c.Clipped = c.P != p
	return c
}

// ChanceBelow returns the probability that the value h steps ahead (h counted from
// 1) is at or below the limit: F_t((limit - mean)/error) with the forecast's
// degrees of freedom, normal where it has none.
func ChanceBelow(f *Forecast, h int, limit float64) (Chance, error) {
	if h < 1 || h > len(f.Mean) {
		return Chance{}, &analytics.InputError{Op: op, What: "step", Index: -1, Got: fmt.Sprint(h), Want: fmt.Sprintf("1 to %d", len(f.Mean))}
	}
	if math.IsNaN(limit) {
		return Chance{}, &analytics.InputError{Op: op, What: "limit", Index: -1, Got: "NaN", Want: "a number"}
	}
	mean, se := f.Mean[h-1], f.Error[h-1]
	if se == 0 { // a series without any noise: certain, as far as that is shown
		if mean <= limit {
			return clip(1, f.DF), nil
		}
		return clip(0, f.DF), nil
	}
	z := (limit - mean) / se
	if f.DF <= 0 {
		return clip(distuv.UnitNormal.CDF(z), 0), nil
	}
	return clip(distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(f.DF)}.CDF(z), f.DF), nil
}

// Mix returns the weighted mean of chances of several models, with the least of
// their degrees of freedom. weights are those of [StackWeights].
func Mix(chances []Chance, weights []float64) (Chance, error) {
	if err := analytics.CheckLength(op, "weights", len(weights), len(chances)); err != nil {
		return Chance{}, err
	}
	if len(chances) == 0 {
		return Chance{}, &analytics.NotEnoughError{Op: op + " mix", What: "chances", Got: 0, Want: 1}
	}
	var p, total float64
	df := chances[0].DF
	for k, c := range chances {
		if !(weights[k] >= 0) {
			return Chance{}, &analytics.InputError{Op: op, What: "weights", Index: k, Got: fmt.Sprint(weights[k]), Want: "0 or more"}
		}
		p += weights[k] * c.P
		total += weights[k]
		df = min(df, c.DF)
	}
	if total == 0 {
		return Chance{}, &analytics.InputError{Op: op, What: "weights", Index: -1, Got: "a sum of 0", Want: "above 0"}
	}
	return clip(p/total, df), nil
}
