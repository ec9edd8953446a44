package explain_test

import (
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"jouleline/metrics/explain"
)

func rat(text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		panic(text)
	}
	return r
}

// A tree that does not add up is found, by the part at fault.
func TestCheck_FindsWhatDoesNotAddUp(t *testing.T) {
	leaf := func(value string) *explain.Node { return &explain.Node{Label: "leaf", Value: rat(value)} }
	product := func(value, quantity, factor string) *explain.Node {
		return &explain.Node{Label: "product", Op: explain.Product, Value: rat(value), Quantity: &explain.Quantity{Value: rat(quantity)}, Factor: &explain.Factor{Value: rat(factor)}}
	}
	node := func(op explain.Op, value string, children ...*explain.Node) *explain.Node {
		return &explain.Node{Label: string(op), Op: op, Value: rat(value), Children: children}
	}
	division := node(explain.Division, "3.333333", leaf("10"))
	division.Factor = &explain.Factor{Value: rat("1/3")}
	apart := node(explain.Division, "3.33333", leaf("10"))
	apart.Factor = division.Factor
	taken := product("-6", "2", "3")
	taken.Subtracted = true
	f := func(n *explain.Node, want string) {
		t.Helper()
		err := explain.Check(n)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	f(node(explain.Sum, "3.5", leaf("1.5"), leaf("2")), "")
	f(node(explain.Sum, "3.5", leaf("1.5"), leaf("2.000001")), "got 7/2, want 3500001/1000000 by its sum")
	f(node(explain.Sum, "1", &explain.Node{Label: "unknown"}, leaf("1")), "")
	f(node(explain.Sum, "7"), "") // not opened
	f(product("6", "2", "3"), "")
	f(product("7", "2", "3"), "product: got 7, want 6")
	f(taken, "")
	f(node(explain.Sum, "0", product("6", "2", "3"), taken), "")
	f(node(explain.Quotient, "2/3", leaf("2"), leaf("3")), "")
	f(node(explain.Quotient, "0.666667", leaf("2"), leaf("3")), "quotient")
	f(node(explain.Quotient, "1", leaf("2"), leaf("0")), "by zero")
	f(node(explain.ReductionPct, "25", leaf("4"), leaf("3")), "")
	f(node(explain.ReductionPct, "-25", leaf("4"), leaf("3")), "want 25")
	f(division, "")
	f(apart, "to the micro-unit")
	f(node("guess", "1", leaf("1")), "unknown operation")
	f(node(explain.Sum, "2", node(explain.Sum, "2", leaf("1"))), "sum: sum: got 2, want 1")
}

func TestDecimal(t *testing.T) {
	f := func(value, want string, exact bool) {
		t.Helper()
		if got, ok := explain.Decimal(rat(value)); got != want || ok != exact {
			t.Errorf("%s: got %s, %v, want %s, %v", value, got, ok, want, exact)
		}
	}
	f("13", "13", true)
	f("-1/8", "-0.125", true)
	f("0.1229", "0.1229", true)
	f("1/3", "0.333333333333", false)
	f("-2/3", "-0.666666666667", false)
	f("1/1024", "0.0009765625", true)
	f("0", "0", true)
}

func ExampleWrite() {
	tree := explain.Reduction("reduction of energy per area",
		&explain.Node{Label: "2020", Value: rat("6.145"), Unit: "kgce/m2"}, &explain.Node{Label: "2023", Value: rat("5.8"), Unit: "kgce/m2"},
		true, explain.Goal{Plan: "14fyp", Target: rat("5"), Pace: rat("3"), Paced: "5 % x 3 of 5 years"})
	if err := explain.Write(os.Stdout, tree, time.UTC); err != nil {
		panic(err)
	}
	// Output:
	// reduction of energy per area: 5.614320585842... %
	//   = 100 x (6.145 - 5.8) / 6.145
	//   note: target of plan 14fyp: 5 %; completion 100 x 5.614320585842... / 5 = 112.286411716843... %
	//   note: due by now: 5 % x 3 of 5 years = 3 %; on pace
	//   2020: 6.145 kgce/m2
	//   2023: 5.8 kgce/m2
}
