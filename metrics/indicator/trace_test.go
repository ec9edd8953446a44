package indicator_test

import (
	"context"
	"math/big"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/explain"
	"jouleline/metrics/indicator"
	"jouleline/schema/factor"
)

// What institutions contribute, opened down to factors and rows, adds up to the
// figures of the group, whatever the world is like.
func TestContributions_AddUpToTheFigure(t *testing.T) {
	r := chance.Random(t)
	opened, declared, subtracted := 0, 0, 0
	// Not every world has a part that is subtracted.
	for worlds := 0; worlds < 8 || subtracted == 0 && worlds < 80; worlds++ {
		rw := newRandomWorld(r, 25, 2020, 2023)
		rw.row("declared.csv", "region,370000,2020,electricity,,%d", r.IntN(1e6))
		rw.row("declared.csv", "region,370000,2023,electricity,,%d", r.IntN(1e6))
		rw.row("declared.csv", "region,370000,2023,floor_area,m2,%d", 1+r.IntN(1e6))
		w := build(rw.tables)
		for _, name := range factor.Names() {
			set, err := factor.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, scope := range []indicator.Scope{{Level: indicator.ByRegion, ID: "370000"}, {Level: indicator.ByClass, ID: "education"}, {Level: indicator.ByInstitution, ID: rw.ids[3]}} {
				s, err := w.Read(context.Background(), rw.books, indicator.Spec{
					Scope: scope, Factors: set, MinCoverage: big.NewRat(19, 20),
					Sides: [2]indicator.Stretch{indicator.YearStretch(2020), indicator.YearStretch(2023)},
				})
				if err != nil {
					t.Fatal(err)
				}
				q := explain.Question{Sides: s, Tally: s.Total(), Group: indicator.Group{Scope: scope}, Registry: w.Registry(), Limit: 1 + r.IntN(9)}
				q.Own = s.Own(q.Group)
				for _, m := range append(indicator.Ratios[:], indicator.Totals[:]...) {
					for _, side := range []indicator.Side{indicator.Base, indicator.Current} {
						q.Measure, q.Side = m, side
						var v indicator.View
						s.View(&v, q.Tally, side, m)
						f := func(figure indicator.Figure, of explain.Of) {
							t.Helper()
							q.Figure, q.Of = figure, of
							n := explain.Indicator(&q)
							if err := explain.Check(n); err != nil {
								t.Fatalf("%s, %s of %s, %v: %v", name, m, scope, of, err)
							}
							if figure.IsKnown() {
								opened++
							}
							if got, want := n.Value, figure.Rat(); (got == nil) != (want == nil) || got != nil && got.Cmp(want) != 0 {
								t.Fatalf("%s, %s of %s: got %v, want %v", name, m, scope, got, want)
							}
							walk(n, func(n *explain.Node) {
								if n.Source == "declared" {
									declared++
								}
								if n.Subtracted {
									subtracted++
								}
							})
						}
						f(v.All, explain.AllMembers)
						f(v.Comparable, explain.ComparedMembers)
						for _, own := range s.Declared(q.Tally, q.Own, side, m) {
							f(own, explain.Itself)
						}
					}
				}
			}
		}
	}
	if opened == 0 || declared == 0 || subtracted == 0 {
		t.Errorf("got %d figures, %d declared parts, %d subtracted, want some of each", opened, declared, subtracted)
	}
}

func walk(n *explain.Node, visit func(*explain.Node)) {
	visit(n)
	for _, child := range n.Children {
		walk(child, visit)
	}
}
