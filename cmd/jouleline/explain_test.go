package main

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"jouleline/api/proof"
	"jouleline/bench/chance"
	"jouleline/schema/codec"
)

// exactValue gives an answer's value, nil where it is not known.
func exactValue(t *testing.T, e *proof.Explained) *big.Rat {
	t.Helper()
	if e.Value == nil {
		return nil
	}
	value, ok := new(big.Rat).SetString(e.Value.String())
	if !ok {
		t.Fatalf("%s: got value %q", e.Label, e.Value)
	}
	return value
}

// sumsUp checks that every opened sum of an answer is that of its children, and
// that the readings account for all that the books hold.
func sumsUp(t *testing.T, e *proof.Explained) {
	t.Helper()
	if strings.Contains(e.Label, "not in the readings") {
		t.Errorf("%s: %s", e.Label, e.Value)
	}
	if value := exactValue(t, e); e.Op == "sum" && len(e.Children) > 0 && value != nil {
		for i := range e.Children {
			if child := exactValue(t, &e.Children[i]); child != nil {
				value.Sub(value, child)
			}
		}
		if value.Sign() != 0 {
			t.Errorf("%s: got %s more than its parts", e.Label, value.RatString())
		}
	}
	for i := range e.Children {
		sumsUp(t, &e.Children[i])
	}
}

// Whatever gateways send - repeats, corrections, tombstones, spikes, resets,
// rollovers, a swap and a new multiplier - the explanation of each meter adds up
// to its consumption, down to its readings, day by day and over parts of days.
func TestExplain_RandomWorlds(t *testing.T) {
	seed := chance.Seed(t)
	for n := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, n))
		tables, readings := randomWorld(random)
		s := mustServe(t, t.TempDir())
		folder := t.TempDir()
		for name, text := range tables {
			writeFile(t, folder+"/"+name, string(text))
		}
		s.importFolder(folder)
		var body []byte
		for i := range readings {
			body = codec.AppendJSON(body, &readings[i].Reading)
		}
		s.push("application/x-ndjson", body)
		s.settle()
		rules, opened := map[string]bool{}, 0
		for m := range 4 {
			for _, stretch := range []string{"from=2024-03-28T00:00:00%2B08:00&to=2024-04-20T00:00:00%2B08:00", "from=2024-03-29T16:20:00Z&to=2024-04-02T09:41:07Z"} {
				query := fmt.Sprintf("meter=M%d&%s", m, stretch)
				var a proof.ExplainAnswer
				s.ask("/api/v1/explain", query+"&depth=4", &a)
				sumsUp(t, &a.Tree)
				var used consumption
				s.ask("/api/v1/consumption", query+"&step=P1M", &used)
				want, known := new(big.Rat), false
				for _, p := range used.Points {
					if p.Quantity != nil {
						q, _ := new(big.Rat).SetString(p.Quantity.String())
						want.Add(want, q)
						known = true
					}
				}
				got := exactValue(t, &a.Tree)
				if known != (got != nil) || known && got.Cmp(want) != 0 {
					t.Fatalf("world %d: %s: got %v, want the consumption %s", n, query, a.Tree.Value, want.RatString())
				}
				visit(&a.Tree, func(e *proof.Explained) {
					opened += len(e.Readings)
					for _, r := range e.Rules {
						rules[string(r)] = true
					}
				})
			}
		}
		for _, want := range []string{"register_difference", "amount", "linear_cut", "multiplier"} {
			if !rules[want] {
				t.Errorf("world %d: got rules %v with %d readings, want %s among them", n, rules, opened, want)
			}
		}
		s.stop()
	}
}

func visit(e *proof.Explained, see func(*proof.Explained)) {
	see(e)
	for i := range e.Children {
		visit(&e.Children[i], see)
	}
}
