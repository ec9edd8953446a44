package plan

import (
	"fmt"
	"math"
	"math/big"
)

// Shape is how a target is reached over the years.
type Shape string

// The shapes.
const (
	// Linear falls by the same amount every year.
	Linear Shape = "linear"
	// Compound falls by the same rate every year.
	Compound Shape = "compound"
	// Stepped holds the value of a table from each of its years on.
	Stepped Shape = "stepped"
)

// compoundDecimals is to how many decimals of a percent a compound path is
// rounded, half up: far below what a figure of six significant digits can tell,
// and the same on every machine.
const compoundDecimals = 12

// Pace gives the reduction in percent that the path asks for in a year, the base
// year being another one than the plan's where base is not 0. Before the base
// year it is 0, after the target year the target.
func (p *Plan) Pace(t Target, base, year int) *big.Rat {
	if base == 0 {
		base = p.BaseYear
	}
	span := int64(p.TargetYear - base)
	passed := min(max(int64(year-base), 0), span)
	if span <= 0 || passed == span {
		return t.Percent
	}
	switch p.Path {
	case Compound:
		return compound(t.Percent, passed, span)
	case Stepped:
		pace := new(big.Rat)
		for _, s := range t.Steps {
			if s.Year <= year {
				pace = s.Percent
			}
		}
		return pace
	}
	return new(big.Rat).Mul(t.Percent, big.NewRat(passed, span))
}

// compound is 100 (1 - (1-r)^(passed/span)).
func compound(percent *big.Rat, passed, span int64) *big.Rat {
	r, _ := new(big.Rat).Quo(percent, big.NewRat(100, 1)).Float64()
	value := -100 * math.Expm1(float64(passed)/float64(span)*math.Log1p(-r))
	rounded, _ := new(big.Rat).SetString(fmt.Sprintf("%.*f", compoundDecimals, value))
	return rounded
}

// Paced says in words how a pace came about, as "5.00 % x 3 of 5 years".
func (p *Plan) Paced(t Target, base, year int) string {
	span := p.TargetYear - base
	passed := min(max(year-base, 0), span)
	text := t.Percent.FloatString(2)
	switch p.Path {
	case Compound:
		return fmt.Sprintf("%s %% by an equal rate over %d of %d years", text, passed, span)
	case Stepped:
		return fmt.Sprintf("step of %d on the way to %s %%", year, text)
	}
	return fmt.Sprintf("%s %% x %d of %d years", text, passed, span)
}
