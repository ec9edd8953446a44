package consumption_test

import (
	"context"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/explain"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// explained opens the course of one meter down to its readings.
func explained(t *testing.T, l *ledger, m consumption.Member, zone *calendar.Zone, from, to schema.Instant, shares ...explain.Share) *explain.Node {
	t.Helper()
	now := at(t, "2026-01-01T00:00:00Z")
	evidence, err := consumption.Trace(context.Background(), l, &m, from, to, 0, now)
	if err != nil {
		t.Fatal(err)
	}
	booked, err := l.Booked(context.Background(), []int32{m.Number}, schema.Open, 0)
	if err != nil {
		t.Fatal(err)
	}
	one := explain.Meter{ID: "E1", Facts: m.Facts, Counts: m.Counts, Booked: booked, Evidence: evidence, Shares: shares}
	if shares != nil {
		one.Counts = nil
	}
	tree, err := explain.Consumption(&explain.Course{
		Label: "E1", Carrier: schema.Electricity, From: from, To: to, Zone: zone, Depth: explain.Spans, Meters: []explain.Meter{one},
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// An explanation adds up to the figure it explains, and each plain span is the
// difference of the two readings that it shows.
func TestExplain_AddsUpToTheFigure(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	r := build(t, school)
	plain, cuts, corrections, asides := 0, 0, 0, 0
	for _, name := range []string{"Asia/Shanghai", "Europe/Berlin"} {
		zone := zoneOf(t, name)
		m := member(r, "E1", 3, zone)
		for range 6 {
			l := &ledger{}
			l.add(3, m.Facts, history(random, at(t, "2023-03-01T05:00:00Z"), 500))
			from := at(t, "2023-03-05T00:00:00Z") + schema.Instant(random.Int64N(100*schema.Hour))
			to := from + schema.Instant(random.Int64N(400*schema.Hour)+schema.Hour)
			root := explained(t, l, m, zone, from, to)
			if err := explain.Check(root); err != nil {
				t.Fatalf("%s..%s: %v", from, to, err)
			}
			var want schema.Quantity
			known := false
			for _, p := range read(t, l, consumption.Query{
				Members: []consumption.Member{m}, Places: 1, Zone: zone, Step: calendar.MonthStep,
				Buckets: cut(t, zone, from, to, calendar.MonthStep), Now: at(t, "2026-01-01T00:00:00Z"),
			}) {
				if p.Quantity != nil {
					want, known = want+*p.Quantity, true
				}
			}
			if known != (root.Value != nil) || known && root.Value.Cmp(big.NewRat(int64(want), schema.Micro)) != 0 {
				t.Fatalf("%s..%s: got %v, want %s", from, to, root.Value, want)
			}
			each(root, func(n *explain.Node) {
				if strings.Contains(n.Label, "not in the readings") {
					t.Fatalf("%s: the books hold %s beyond the readings", n.Label, n.Value.RatString())
				}
				for _, r := range n.Readings {
					if r.Role == explain.SetAside {
						asides++
					}
				}
				switch {
				case has(n, explain.LinearCut):
					cuts++
				case has(n, explain.RegisterDifference):
					plain++
					var ends [2]*posting.Reading
					for i := range n.Readings {
						switch n.Readings[i].Role {
						case explain.Begin:
							ends[0] = &n.Readings[i].Reading
						case explain.End:
							ends[1] = &n.Readings[i].Reading
						}
					}
					if ends[0] == nil || ends[1] == nil {
						t.Fatalf("span %s: got %d readings, want one at each end", n.Label, len(n.Readings))
					}
					if d := big.NewRat(int64(ends[1].Value-ends[0].Value), schema.Micro); d.Cmp(n.Value) != 0 {
						t.Fatalf("span %s: got %s, want the difference %s", n.Label, n.Value.RatString(), d.RatString())
					}
				}
				if has(n, explain.Corrected) {
					corrections++
				}
			})
		}
	}
	if plain == 0 || cuts == 0 || corrections == 0 || asides == 0 {
		t.Errorf("got %d plain spans, %d cut, %d corrected, %d readings set aside, want some of each", plain, cuts, corrections, asides)
	}
}

// The parts of a divided meter are exact to the micro-unit and sum to the meter.
func TestExplain_SharesSumToTheMeter(t *testing.T) {
	seed, zone := chance.Seed(t), zoneOf(t, "Asia/Shanghai")
	from, to := at(t, "2023-03-03T00:00:00+08:00"), at(t, "2023-03-09T00:00:00+08:00")
	division := posting.Division{Validity: schema.Open, Accounts: []int32{0, 1, 2}, Shares: []schema.Ratio{{Num: 1, Den: 3}, {Num: 1, Den: 7}, {Num: 11, Den: 21}}}
	known := 0
	for n := range uint64(40) {
		m := member(build(t, school), "E1", 3, zone)
		l := &ledger{}
		l.add(3, m.Facts, history(rand.New(rand.NewPCG(seed, n)), at(t, "2023-03-01T05:00:00Z"), 300))
		whole := explained(t, l, m, zone, from, to).Value
		sum := new(big.Rat)
		for k := range division.Shares {
			root := explained(t, l, m, zone, from, to, explain.Share{Division: division, At: k})
			if err := explain.Check(root); err != nil {
				t.Fatal(err)
			}
			if (root.Value == nil) != (whole == nil) {
				t.Fatalf("history %d: got part %v of %v: what is unknown is so in all parts", n, root.Value, whole)
			}
			if root.Value != nil {
				sum.Add(sum, root.Value)
			}
		}
		if whole == nil {
			continue
		}
		known++
		if sum.Cmp(whole) != 0 {
			t.Errorf("history %d: got %s from the parts, want %s", n, sum.RatString(), whole.RatString())
		}
	}
	if known < 4 {
		t.Errorf("got %d histories of which the stretch is known, want some", known)
	}
}

func each(n *explain.Node, visit func(*explain.Node)) {
	visit(n)
	for _, child := range n.Children {
		each(child, visit)
	}
}

func has(n *explain.Node, r explain.Rule) bool {
	for _, rule := range n.Rules {
		if rule == r {
			return true
		}
	}
	return false
}
