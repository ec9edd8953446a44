package decompose_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics"
	"jouleline/analytics/decompose"
	"jouleline/bench/chance"
)

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

func sum(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

func mustLMDI(t *testing.T, x0, xT decompose.Table) *decompose.Effects {
	t.Helper()
	e, err := decompose.LMDI(x0, xT)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Two sectors, three factors; the effects were computed with 30 digits.
func TestLMDI_TwoSectors(t *testing.T) {
	e := mustLMDI(t, decompose.Table{{1, 10, 2}, {4, 5, 3}}, decompose.Table{{4, 5, 3}, {5, 6, 4}})
	within(t, "V0", e.V0, 80, 0)
	within(t, "VT", e.VT, 180, 0)
	for k, want := range []float64{69.790065979, -9.455125793, 39.665059814} {
		within(t, "additive", e.Additive[k], want, 1e-9)
	}
	for k, want := range []float64{1.761117821, 0.926191306, 1.379410116} {
		within(t, "multiplicative", e.Multiplicative[k], want, 1e-9)
	}
}

func TestLogMean(t *testing.T) {
	f := func(a, b, want float64) {
		t.Helper()
		if got := decompose.LogMean(a, b); math.Abs(got-want) > 1e-15*max(1, want)*8 {
			t.Errorf("L(%v, %v): got %.17g, want %.17g", a, b, got, want)
		}
	}
	f(2, 1, 1/math.Ln2)
	f(1, 2, 1/math.Ln2)
	f(3, 3, 3)
	f(0, 3, 0)
	f(0, 0, 0)
	// L(1+d, 1) = d/log1p(d), by the accurate log1p.
	for _, d := range []float64{1e-3, 9.9e-5, 1.01e-4, -9.9e-5, 1e-7, 1e-12} {
		f(1+d, 1, ((1+d)-1)/math.Log1p((1+d)-1))
	}
}

// The eight cases of Ang and Liu 2007, table 1: which factor and value are zero
// before or after, and what the limit of the effect of that factor is.
func TestLMDI_ZerosByTheirLimits(t *testing.T) {
	f := func(name string, x0, xT []float64, want ...float64) {
		t.Helper()
		e := mustLMDI(t, decompose.Table{x0}, decompose.Table{xT})
		for k, w := range want {
			within(t, name, e.Additive[k], w, 1e-12)
		}
		within(t, name+" adds up", sum(e.Additive), e.VT-e.V0, 1e-12)
	}
	f("a factor appears", []float64{0, 4}, []float64{3, 5}, 15, 0)
	f("a factor vanishes", []float64{3, 5}, []float64{0, 4}, -15, 0)
	f("nothing before or after", []float64{0, 4}, []float64{0, 9}, 0, 0)
	f("two vanish at once", []float64{3, 5, 2}, []float64{0, 0, 7}, -15, -15, 0)
	f("one zero passes to another", []float64{0, 5}, []float64{4, 0}, 0, 0)
	f("an undefined intensity", []float64{0, math.NaN()}, []float64{3, 5}, 15, 0)
	f("all appear", []float64{0, 0}, []float64{3, 5}, 7.5, 7.5)
}

// The limits are limits: a small number in place of zero approaches them.
func TestLMDI_ZerosAreApproached(t *testing.T) {
	exact := mustLMDI(t, decompose.Table{{0, 4, 2}, {1, 2, 3}}, decompose.Table{{3, 5, 2}, {2, 2, 2}})
	last := math.Inf(1)
	for _, d := range []float64{1e-5, 1e-20, 1e-80, 1e-300} {
		e := mustLMDI(t, decompose.Table{{d, 4, 2}, {1, 2, 3}}, decompose.Table{{3, 5, 2}, {2, 2, 2}})
		away := math.Abs(e.Additive[0] - exact.Additive[0])
		if away >= last {
			t.Errorf("at %v the effect is %v away, no nearer than %v", d, away, last)
		}
		last = away
	}
	if last > .02 {
		t.Errorf("got %v away at 1e-300, want a limit", last)
	}
}

func TestLMDI_Refuses(t *testing.T) {
	var input *analytics.InputError
	var few *analytics.NotEnoughError
	one := decompose.Table{{1, 2}}
	refuse := func(name string, x0, xT decompose.Table, target any) {
		t.Helper()
		if _, err := decompose.LMDI(x0, xT); !errors.As(err, target) {
			t.Errorf("%s: got %v, want %T", name, err, target)
		}
	}
	refuse("negative", one, decompose.Table{{1, -2}}, &input)
	refuse("infinite", one, decompose.Table{{1, math.Inf(1)}}, &input)
	refuse("undefined without a zero", one, decompose.Table{{1, math.NaN()}}, &input)
	refuse("ragged", one, decompose.Table{{1, 2, 3}}, &input)
	refuse("another sector", one, decompose.Table{{1, 2}, {1, 2}}, &input)
	refuse("overflow", one, decompose.Table{{1e200, 1e200}}, &input)
	refuse("no sectors", nil, nil, &few)
	refuse("no factors", decompose.Table{{}}, decompose.Table{{}}, &few)
	if _, err := decompose.Chain([]decompose.Table{one}); !errors.As(err, &few) {
		t.Errorf("one period: got %v, want a NotEnoughError", err)
	}
	e := mustLMDI(t, decompose.Table{{0, 2}}, one)
	if e.Multiplicative != nil {
		t.Errorf("growth from nothing: got factors %v, want none", e.Multiplicative)
	}
}

func random(r *rand.Rand, sectors, factors int, zeros bool) decompose.Table {
	x := make(decompose.Table, sectors)
	for i := range x {
		x[i] = make([]float64, factors)
		for k := range x[i] {
			x[i][k] = math.Exp(3 * r.NormFloat64())
			if zeros && r.IntN(6) == 0 {
				x[i][k] = 0
			}
		}
	}
	return x
}

func TestLMDI_Invariants(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for n := range 300 {
		sectors, factors := 1+r.IntN(6), 2+r.IntN(4)
		x0, xT := random(r, sectors, factors, n%2 == 0), random(r, sectors, factors, n%2 == 0)
		e := mustLMDI(t, x0, xT)
		scale := e.V0 + e.VT
		within(t, "additive parts sum to the change", sum(e.Additive), e.VT-e.V0, 1e-11*scale)
		if e.Multiplicative != nil {
			product := 1.
			for _, d := range e.Multiplicative {
				product *= d
			}
			within(t, "multiplicative parts", product*e.V0/e.VT, 1, 1e-9)
		}
		// Time reversal: additive effects change sign.
		back := mustLMDI(t, xT, x0)
		// Permuted sectors and factors: the same effects, permuted.
		order := r.Perm(factors)
		p0, pT := make(decompose.Table, sectors), make(decompose.Table, sectors)
		for to, from := range r.Perm(sectors) {
			for _, k := range order {
				p0[to], pT[to] = append(p0[to], x0[from][k]), append(pT[to], xT[from][k])
			}
		}
		permuted := mustLMDI(t, p0, pT)
		// Another unit of the first factor.
		s0, sT := make(decompose.Table, sectors), make(decompose.Table, sectors)
		for i := range x0 {
			s0[i] = append([]float64{3.6 * x0[i][0]}, x0[i][1:]...)
			sT[i] = append([]float64{3.6 * xT[i][0]}, xT[i][1:]...)
		}
		scaled := mustLMDI(t, s0, sT)
		for k, d := range e.Additive {
			within(t, "time reversal", back.Additive[k], -d, 1e-11*scale)
			within(t, "unit", scaled.Additive[k], 3.6*d, 1e-10*scale)
		}
		for to, k := range order {
			within(t, "permutation", permuted.Additive[to], e.Additive[k], 1e-11*scale)
		}
		// A chain adds up to the same total change.
		chain, err := decompose.Chain([]decompose.Table{x0, random(r, sectors, factors, false), xT})
		if err != nil {
			t.Fatal(err)
		}
		within(t, "chain", sum(chain.Additive), e.VT-e.V0, 1e-10*(scale+1e6))
		if t.Failed() {
			t.Fatalf("seed %d, case %d", seed, n)
		}
	}
}

func TestChain_SeesTheWay(t *testing.T) {
	a, b := decompose.Table{{1, 10}, {1, 20}}, decompose.Table{{4, 5}, {1, 40}}
	chain, err := decompose.Chain([]decompose.Table{a, b, a})
	if err != nil {
		t.Fatal(err)
	}
	for k := range 2 {
		within(t, "there and back", chain.Additive[k], 0, 1e-12)
		within(t, "there and back, factor", chain.Multiplicative[k], 1, 1e-12)
	}
	direct := mustLMDI(t, a, b)
	step, err := decompose.Chain([]decompose.Table{a, b})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "one step is the direct comparison", step.Additive[0], direct.Additive[0], 0)
}

func TestEnergyTable(t *testing.T) {
	before, err := decompose.EnergyTable([]decompose.Energy{{Activity: 100, Energy: 1000}, {Activity: 300, Energy: 1500, Normal: 1200}, {}})
	if err != nil {
		t.Fatal(err)
	}
	after, err := decompose.EnergyTable([]decompose.Energy{{Activity: 120, Energy: 900}, {Activity: 300, Energy: 1200, Normal: 1200}, {Activity: 50, Energy: 70}})
	if err != nil {
		t.Fatal(err)
	}
	e := mustLMDI(t, before, after)
	within(t, "before", e.V0, 2500, 1e-9)
	within(t, "after", e.VT, 2170, 1e-9)
	within(t, "effects", sum(e.Additive), -330, 1e-9)
	within(t, "the new sector is structure", e.BySector[2][1], 70, 1e-9)
	within(t, "weather of the second", e.BySector[1][2], decompose.LogMean(1200, 1500)*math.Log(1/1.25), 1e-9)
	var input *analytics.InputError
	if _, err := decompose.EnergyTable([]decompose.Energy{{Energy: 5}}); !errors.As(err, &input) {
		t.Errorf("energy without area: got %v, want an InputError", err)
	}
}

func TestCarbonTable(t *testing.T) {
	f := func(activity []float64, gas, power, factor float64) decompose.Table {
		x, err := decompose.CarbonTable(activity, []decompose.Carbon{{0, gas, 2 * gas}, {0, power, factor * power}, {1, 50, factor * 50}})
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	e := mustLMDI(t, f([]float64{10, 20}, 30, 40, .6), f([]float64{10, 20}, 30, 40, .5))
	within(t, "a cleaner grid is all emission factor", e.Additive[4], -.1*90, 1e-12)
	for k := range 4 {
		within(t, "and nothing else", e.Additive[k], 0, 1e-12)
	}
	e = mustLMDI(t, f([]float64{10, 20}, 30, 40, .6), f([]float64{10, 20}, 0, 70, .6))
	within(t, "gas replaced by power is all fuel mix", e.Additive[3], -60+18, 1e-9)
	if _, err := decompose.CarbonTable([]float64{1}, []decompose.Carbon{{Sector: 3}}); err == nil {
		t.Error("an unknown sector: got no error, want an InputError")
	}
}
