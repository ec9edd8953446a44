package indicator_test

import (
	"context"
	"fmt"
	"math/big"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
)

var refMeasures = map[indicator.Measure]struct{ number, basis string }{
	indicator.EnergyPerArea: {"building", "area"}, indicator.EnergyPerCapita: {"energy", "people"},
	indicator.WaterPerCapita: {"water", "people"}, indicator.CarbonPerArea: {"carbon", "area"},
	indicator.Energy: {"energy", ""}, indicator.WaterTotal: {"water", ""}, indicator.Carbon: {"carbon", ""},
}

func (s *refSide) basis(name string) *big.Rat {
	switch name {
	case "area":
		return s.area
	case "people":
		return s.people
	}
	return nil
}

// refView is what the plain computation knows of a measure on a side, and its
// text, which is compared.
type refView struct {
	institutions, counted int
	known, expected       int64
	metered               bool
	num, den, all, allDen *big.Rat
	compared, figured     int
	estimate              *big.Rat
}

func (v *refView) String() string {
	ratio := func(num, den *big.Rat, n int) string {
		if n == 0 {
			return "unknown"
		}
		if den.Sign() == 0 {
			return num.RatString()
		}
		return new(big.Rat).Quo(num, den).RatString()
	}
	return fmt.Sprintf("institutions %d, counted %d, known %d of %d %v, comparable %s, all %s, estimated %s", v.institutions, v.counted,
		v.known, v.expected, v.metered, ratio(v.num, v.den, v.compared), ratio(v.all, v.allDen, v.figured), v.estimate.RatString())
}

// viewText writes a view as refView does; scale is the common denominator that
// the estimated part carries, found by what is all.
func viewText(v indicator.View) string {
	ratio := func(f indicator.Figure) *big.Rat {
		if !f.IsKnown() {
			return nil
		}
		return f.Into(new(exact.Fraction)).Rat()
	}
	text := func(r *big.Rat) string {
		if r == nil {
			return "unknown"
		}
		return r.RatString()
	}
	return fmt.Sprintf("institutions %d, counted %d, known %d of %d %v, comparable %s, all %s", v.Institutions, v.Counted,
		v.Known, v.Expected, v.HasMeters, text(ratio(v.Comparable)), text(ratio(v.All)))
}

// add counts an institution into the views of its group on each side.
func add(views *[2]refView, sides [2]*refSide, m indicator.Measure) {
	what := refMeasures[m]
	comparable := true
	for _, s := range sides {
		if s.in {
			basis := s.basis(what.basis)
			comparable = comparable && s.numbers[what.number].full && (basis == nil || basis.Sign() > 0)
		}
	}
	for i, s := range sides {
		if !s.in {
			continue
		}
		v, n, basis := &views[i], s.numbers[what.number], s.basis(what.basis)
		v.institutions++
		v.known += n.known
		v.expected += n.expected
		v.metered = v.metered || n.metered
		if !n.figure || basis != nil && basis.Sign() <= 0 {
			continue
		}
		if basis == nil {
			basis = new(big.Rat)
		}
		v.figured++
		v.estimate.Add(v.estimate, n.estimate)
		v.all.Add(v.all, n.value)
		v.allDen.Add(v.allDen, basis)
		if n.full {
			v.counted++
		}
		if comparable {
			v.compared++
			v.num.Add(v.num, n.value)
			v.den.Add(v.den, basis)
		}
	}
}

func newViews() *[2]refView {
	v := &[2]refView{}
	for i := range v {
		v[i] = refView{num: new(big.Rat), den: new(big.Rat), all: new(big.Rat), allDen: new(big.Rat), estimate: new(big.Rat)}
	}
	return v
}

func TestSums_AgreeWithThePlainComputation(t *testing.T) {
	r := chance.Random(t)
	set, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	for range 60 {
		years := [][]int{{2020, 2023}, {2021, 2022}, {2022, 2023}}[r.IntN(3)]
		rw := newRandomWorld(r, 1+r.IntN(12), years...)
		w := build(rw.tables)
		chosen := *set
		chosen.CarbonIncludesVehicles = false
		ref := &reference{
			reg: w.Registry(), books: rw.books, set: &chosen, least: big.NewRat(19, 20), years: [2]int{years[0], years[1]},
			mode:     []factor.Mode{factor.Fixed, factor.ByYear}[r.IntN(2)],
			panel:    []indicator.Panel{indicator.All, indicator.Matched, indicator.DeclaredOnly}[r.IntN(3)],
			boundary: []indicator.Boundary{indicator.AsIs, indicator.AsWas}[r.IntN(2)],
		}
		scope := []indicator.Scope{
			{Level: indicator.ByRegion, ID: "000000"}, {Level: indicator.ByRegion, ID: "370000"}, {Level: indicator.ByRegion, ID: "370200"},
			{Level: indicator.ByDepartment, ID: "X"}, {Level: indicator.ByClass, ID: string(schema.Classes[0])}, {Level: indicator.ByInstitution, ID: rw.ids[0]},
		}[r.IntN(6)]
		checkSums(t, w, ref, scope)
	}
}

// holds tells whether an institution stands in a scope.
func (r *reference) holds(scope indicator.Scope, id string) func(schema.Institution, schema.Day) bool {
	return func(place schema.Institution, day schema.Day) bool {
		path := []string{}
		switch scope.Level {
		case indicator.ByRegion:
			path = r.reg.RegionPath(place.Region, day)
		case indicator.ByDepartment:
			path = r.reg.DepartmentPath(place.Department, day)
		case indicator.ByClass:
			return string(place.Class) == scope.ID
		case indicator.ByInstitution:
			return id == scope.ID
		}
		for _, p := range path {
			if p == scope.ID {
				return true
			}
		}
		return false
	}
}

func checkSums(t *testing.T, w *indicator.World, ref *reference, scope indicator.Scope) {
	t.Helper()
	sides, err := w.Read(context.Background(), ref.books, indicator.Spec{
		Scope: scope, Sides: [2]indicator.Stretch{indicator.YearStretch(ref.years[0]), indicator.YearStretch(ref.years[1])},
		Factors: ref.set, Mode: ref.mode, Panel: ref.panel, Boundary: ref.boundary, MinCoverage: ref.least,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[indicator.Measure]*[2]refView{}
	perInstitution := map[string]map[indicator.Measure]*[2]refView{}
	for m := range refMeasures {
		want[m] = newViews()
	}
	for i, id := range w.Registry().InstitutionIDs {
		institution := ref.sides(int32(i), ref.holds(scope, id))
		perInstitution[id] = map[indicator.Measure]*[2]refView{}
		for m := range refMeasures {
			perInstitution[id][m] = newViews()
			add(want[m], institution, m)
			add(perInstitution[id][m], institution, m)
		}
	}
	total := sides.Total()
	checkViews(t, sides, total, want, scope.String())
	for _, by := range []indicator.Level{indicator.ByRegion, indicator.ByDepartment, indicator.ByClass, indicator.ByInstitution} {
		var sum indicator.Tally
		for g, tally := range sides.Breakdown(by) {
			sum.Add(tally)
			if by == indicator.ByInstitution {
				checkViews(t, sides, tally, perInstitution[g.Scope.ID], g.Scope.String())
			}
		}
		if sum != *total {
			t.Errorf("%s by %s: the parts do not sum to the whole:\n%+v\n%+v", scope, by, sum, *total)
		}
	}
}

func checkViews(t *testing.T, sides *indicator.Sides, tally *indicator.Tally, want map[indicator.Measure]*[2]refView, what string) {
	t.Helper()
	for m, views := range want {
		for i := range views {
			var v indicator.View
			sides.View(&v, tally, indicator.Side(i), m)
			wanted := views[i].String()
			got := viewText(v) + ", estimated " + estimated(v, &views[i])
			if got != wanted {
				t.Errorf("%s, %s on side %d:\n got %s\nwant %s", what, m, i, got, wanted)
			}
		}
	}
}

// estimated gives the estimated part in the measure's unit: the share of the
// sum, of which the value is known.
func estimated(v indicator.View, want *refView) string {
	if v.Sum.IsZero() {
		return want.estimate.RatString() // nothing to hold it against
	}
	share := new(big.Rat).Quo(v.Estimated.Rat(), v.Sum.Rat())
	return share.Mul(share, want.all).RatString()
}
