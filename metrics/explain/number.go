package explain

import (
	"math/big"
	"strings"
)

// decimals is how many places a rational gets that has no end in decimals.
const decimals = 12

// Decimal gives a rational in decimals: exactly where that takes at most 24
// places, which every product of quantities and factors does, else rounded to
// twelve, and exact is false.
func Decimal(r *big.Rat) (text string, exact bool) {
	places, ends := r.FloatPrec()
	if ends && places <= 2*decimals {
		return r.FloatString(places), true
	}
	return r.FloatString(decimals), false
}

// number writes a rational for readers; a text that was rounded ends in dots.
func number(r *big.Rat) string {
	if r == nil {
		return "not known"
	}
	text, exact := Decimal(r)
	if !exact {
		text += "..."
	}
	return text
}

// with joins a number and its unit.
func with(r *big.Rat, unit string) string {
	return strings.TrimSuffix(number(r)+" "+unit, " ")
}
