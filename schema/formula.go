package schema

import (
	"fmt"
	"strings"
)

// Formula is a virtual meter: a sum of other meters, each times a constant
// factor.
type Formula []Term

// Term is a meter in a formula with its factor; Minus tells that it is taken
// away.
type Term struct {
	Meter  string
	Factor Ratio
	Minus  bool
}

// Of gives the term's part of an amount, rounded once, half away from zero. ok is
// false where it is out of range.
func (t *Term) Of(q Quantity) (part Quantity, ok bool) {
	if part, ok = t.Factor.Of(q); t.Minus {
		part = -part
	}
	return part, ok
}

// MaxTerms is how many meters a formula may have: those of a street of
// buildings.
const MaxTerms = 64

// ParseFormula reads a formula as "E1 + E2 - 0.5 * E3". Operators stand between
// blanks, since the ids of meters may hold hyphens and the like; an id with
// blanks cannot stand in a formula. A factor is a decimal; the same meter may
// stand in it once.
func ParseFormula(text string) (Formula, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, fmt.Errorf("empty, want meters as E1 + E2 - 0.5 * E3")
	}
	var f Formula
	seen := map[string]bool{}
	for first := true; len(words) > 0; first = false {
		negative := words[0] == "-"
		switch {
		case negative || words[0] == "+":
			words = words[1:]
		case !first:
			return nil, fmt.Errorf("got %q after %q, want + or - between blanks", clip(words[0]), clip(f[len(f)-1].Meter))
		}
		rest, factor, err := leadingFactor(words)
		if err != nil {
			return nil, err
		}
		words = rest
		if len(words) == 0 {
			return nil, fmt.Errorf("got nothing after the last operator, want a meter")
		}
		id := words[0]
		words = words[1:]
		switch {
		case id == "+" || id == "-" || id == "*":
			return nil, fmt.Errorf("got %q, want a meter", id)
		case seen[id]:
			return nil, fmt.Errorf("%q stands in it twice", clip(id))
		case len(f) == MaxTerms:
			return nil, fmt.Errorf("got more than %d meters", MaxTerms)
		}
		seen[id] = true
		f = append(f, Term{id, factor, negative})
	}
	return f, nil
}

// leadingFactor reads "0.5 *" or "0.5*", 1 where there is none.
func leadingFactor(words []string) (rest []string, factor Ratio, err error) {
	if len(words) == 0 {
		return words, One, nil
	}
	number, after, _ := strings.Cut(words[0], "*")
	switch {
	case len(words) > 1 && words[1] == "*":
		number, rest = words[0], words[2:]
	case number == words[0] || !isNumber(number):
		return words, One, nil
	case after == "":
		rest = words[1:]
	default:
		rest = append([]string{after}, words[1:]...)
	}
	if factor, err = ParseRatio(number); err != nil {
		return nil, factor, fmt.Errorf("factor: %w", err)
	}
	return rest, factor, nil
}

func isNumber(text string) bool {
	_, err := ParseDecimal(text)
	return err == nil
}
