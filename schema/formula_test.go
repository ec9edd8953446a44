package schema_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"jouleline/schema"
)

func formulaText(f schema.Formula) string {
	var parts []string
	for _, t := range f {
		sign := "+"
		if t.Minus {
			sign = "-"
		}
		parts = append(parts, fmt.Sprintf("%s%d/%d:%s", sign, t.Factor.Num, t.Factor.Den, t.Meter))
	}
	return strings.Join(parts, " ")
}

func TestParseFormula(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		got, err := schema.ParseFormula(text)
		if err != nil || formulaText(got) != want {
			t.Errorf("%q: got %s, %v, want %s", text, formulaText(got), err, want)
		}
	}
	f("E1", "+1/1:E1")
	f("E1 + E2", "+1/1:E1 +1/1:E2")
	f("370102-0007-E01 - 370102-0007-E02", "+1/1:370102-0007-E01 -1/1:370102-0007-E02")
	f("- 0.5 * E1 + 2*E-2", "-1/2:E1 +2/1:E-2")
	f("  0.5*\tE1  ", "+1/2:E1")
	bad := func(text, reason string) {
		t.Helper()
		if got, err := schema.ParseFormula(text); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: got %s, %v, want %q", text, formulaText(got), err, reason)
		}
	}
	bad("", "empty")
	bad("E1 E2", `got "E2" after "E1"`)
	bad("E1 +", "after the last operator")
	bad("E1 + E1", "twice")
	bad("E1 + + E2", `got "+", want a meter`)
	bad("0 * E1", "above zero")
	bad("x * E1", "factor")
	bad("2 *", "after the last operator")
	bad("*", `got "*", want a meter`)
	bad(strings.Repeat("E + ", 70)+"E", "twice")
	var many []string
	for i := range schema.MaxTerms + 1 {
		many = append(many, fmt.Sprintf("E%d", i))
	}
	bad(strings.Join(many, " + "), "more than 64")
}

// FuzzParseFormula asserts that whatever is taken is bounded, names each meter
// once, and scales amounts within half a micro-unit.
func FuzzParseFormula(f *testing.F) {
	for _, seed := range []string{"E1 + E2 - 0.5 * E3", "- 2*x", "1e18 * a", "0.000000000000000001 * a - b", "* *", "+ +"} {
		f.Add(seed, int64(123456789))
	}
	f.Fuzz(func(t *testing.T, text string, amount int64) {
		formula, err := schema.ParseFormula(text)
		if err != nil {
			return
		}
		if len(formula) == 0 || len(formula) > schema.MaxTerms {
			t.Fatalf("got %d terms", len(formula))
		}
		seen := map[string]bool{}
		for _, term := range formula {
			if term.Meter == "" || seen[term.Meter] || term.Factor.Num < 1 || term.Factor.Den < 1 {
				t.Fatalf("got the term %+v", term)
			}
			seen[term.Meter] = true
			amount = max(min(amount, int64(schema.MaxQuantity)), -int64(schema.MaxQuantity))
			part, ok := term.Of(schema.Quantity(amount))
			if !ok {
				continue
			}
			exact := new(big.Rat).Mul(big.NewRat(amount, 1), big.NewRat(term.Factor.Num, term.Factor.Den))
			if term.Minus {
				exact.Neg(exact)
			}
			if off := exact.Sub(exact, big.NewRat(int64(part), 1)); off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
				t.Fatalf("%s of %d: got %d, which is off by %s", text, amount, part, off)
			}
		}
	})
}
