package indicator_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// renamed gives the world with its institutions called otherwise, so that they
// stand in another order.
func (w *randomWorld) renamed(r *rand.Rand) *randomWorld {
	var pairs []string
	names := map[string]string{}
	for to, from := range r.Perm(len(w.ids)) {
		names[w.ids[from]] = fmt.Sprintf("J%03d", to)
		pairs = append(pairs, w.ids[from], names[w.ids[from]])
	}
	other := &randomWorld{tables: map[string]string{}, books: memory{}}
	for file, text := range w.tables {
		other.tables[file] = strings.NewReplacer(pairs...).Replace(text)
	}
	for day, rows := range w.books {
		for _, n := range rows {
			other.books[day] = append(other.books[day], named{names[n.id], n.Usage})
		}
		r.Shuffle(len(other.books[day]), func(i, j int) {
			rows := other.books[day]
			rows[i], rows[j] = rows[j], rows[i]
		})
	}
	return other
}

func TestSums_DoNotDependOnTheOrderOfInstitutions(t *testing.T) {
	r := chance.Random(t)
	set, err := factor.Load("db37-2019")
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		rw := newRandomWorld(r, 30, 2020, 2023)
		tally := func(w *randomWorld) indicator.Tally {
			s, err := build(w.tables).Read(context.Background(), w.books, indicator.Spec{
				Scope: indicator.Scope{Level: indicator.ByRegion, ID: "370000"}, Factors: set, MinCoverage: big.NewRat(19, 20),
				Sides: [2]indicator.Stretch{indicator.YearStretch(2020), indicator.YearStretch(2023)},
			})
			if err != nil {
				t.Fatal(err)
			}
			return *s.Total()
		}
		if got, want := tally(rw.renamed(r)), tally(rw); got != want {
			t.Fatalf("in another order: got %+v, want %+v", got, want)
		}
	}
}

// A group's indicator lies between those of its parts, weighted by area, and is
// not their mean.
func TestIndicator_IsARatioOfSums(t *testing.T) {
	w := build(map[string]string{
		"regions.csv":      "code,name\n370000,p\n",
		"institutions.csv": "id,class,region\nA,education,370000\nB,education,370000\n",
		"buildings.csv":    "id,institution\nA1,A\nB1,B\n",
		"floor_area.csv":   "building,area_m2\nA1,1000\nB1,9000\n",
		"declared.csv":     "scope,id,year,quantity,value\ninstitution,A,2023,other,10000\ninstitution,B,2023,other,9000\n",
	})
	set, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	spec := indicator.Spec{Scope: indicator.Scope{Level: indicator.ByRegion, ID: "370000"}, Factors: set, MinCoverage: big.NewRat(19, 20)}
	spec.Sides[indicator.Current] = indicator.YearStretch(2023)
	s, err := w.Read(context.Background(), memory{}, spec)
	if err != nil {
		t.Fatal(err)
	}
	// 10 and 1 kgce/m2 over 1000 and 9000 m2 are 1.9, not 5.5.
	var v indicator.View
	s.View(&v, s.Total(), indicator.Current, indicator.EnergyPerArea)
	if got, want := viewText(v), "all 19/10"; !strings.HasSuffix(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	if s.View(&v, s.Total(), indicator.Base, indicator.Energy); v.Institutions != 0 || v.All.IsKnown() {
		t.Errorf("a side that was not asked for: got %s", viewText(v))
	}
}

func TestRead_Refuses(t *testing.T) {
	w := build(map[string]string{"regions.csv": "code,name\n370000,p\n"})
	set, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	f := func(part string, change func(*indicator.Spec)) {
		t.Helper()
		spec := indicator.Spec{Scope: indicator.Scope{Level: indicator.ByRegion, ID: "370000"}, Factors: set, MinCoverage: big.NewRat(19, 20)}
		spec.Sides[indicator.Current] = indicator.YearStretch(2023)
		change(&spec)
		if _, err := w.Read(context.Background(), memory{}, spec); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("got %v, want an error with %q", err, part)
		}
	}
	f(`region "x"`, func(s *indicator.Spec) { s.Scope.ID = "x" })
	f(`department "x"`, func(s *indicator.Spec) { s.Scope = indicator.Scope{Level: indicator.ByDepartment, ID: "x"} })
	f(`institution "x"`, func(s *indicator.Spec) { s.Scope = indicator.Scope{Level: indicator.ByInstitution, ID: "x"} })
	f("by: got \"zone\"", func(s *indicator.Spec) { s.Scope.Level = "zone" })
	f("panel: got", func(s *indicator.Spec) { s.Panel = "some" })
	f("boundary: got", func(s *indicator.Spec) { s.Boundary = "as_if" })
	f("factor mode", func(s *indicator.Spec) { s.Mode = "free" })
	f("least coverage", func(s *indicator.Spec) { s.MinCoverage = big.NewRat(3, 2) })
	f("no days", func(s *indicator.Spec) { s.Sides[indicator.Current].Days.To = s.Sides[indicator.Current].Days.From })
	f("no common denominator", func(s *indicator.Spec) {
		fine := *set
		fine.Coal = map[schema.Carrier]*big.Rat{schema.Coal: big.NewRat(1, 1<<46)}
		s.Factors = &fine
	})
	f("beyond", func(s *indicator.Spec) {
		great := *set
		great.Coal = map[schema.Carrier]*big.Rat{schema.Coal: big.NewRat(1<<44, 1)}
		s.Factors = &great
	})
}
