package regress_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics"
	"jouleline/analytics/regress"
	"jouleline/bench/chance"
)

// problem is a random regression with an honest amount of noise.
func problem(r *rand.Rand, n, k int) (y []float64, columns [][]float64) {
	columns = make([][]float64, k)
	for j := range columns {
		columns[j] = make([]float64, n)
		for i := range n {
			columns[j][i] = 20 + 8*r.NormFloat64()
		}
	}
	y = make([]float64, n)
	for i := range y {
		y[i] = 5 + 3*r.NormFloat64()
		for j := range columns {
			y[i] += float64(j+1) * columns[j][i]
		}
	}
	return y, columns
}

func mustFit(t *testing.T, y []float64, columns [][]float64, s regress.Settings) *regress.Model {
	t.Helper()
	m, err := regress.Fit(y, columns, s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// One column has closed forms, b = Sxy/Sxx, SE = s/sqrt(Sxx), and
// the error of a new point s sqrt(1 + 1/n + (x-xbar)^2/Sxx).
func TestFit_OneColumnMatchesClosedForm(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5}
	y := []float64{2.1, 3.9, 6.2, 7.8, 10.1} // Sxx 10, Sxy 19.9, ybar 6.02
	m := mustFit(t, y, [][]float64{x}, regress.Settings{})
	near(t, "slope", m.Slopes[0].Value, 1.99, 1e-13)
	near(t, "intercept", m.Intercept.Value, .05, 1e-13)
	s := math.Sqrt(.107 / 3) // SSE = 39.708 - 1.99 x 19.9
	near(t, "S", m.S, s, 1e-12)
	near(t, "slope SE", m.Slopes[0].SE, s/math.Sqrt(10), 1e-12)
	near(t, "point error", m.PredictionError([]float64{7}), s*math.Sqrt(1+.2+1.6), 1e-12)
	near(t, "line error", m.MeanError([]float64{3}), s*math.Sqrt(.2), 1e-12)
	near(t, "t(.9; 3)", regress.StudentQuantile(.9, 3), 2.3533634348018264, 1e-10)
	near(t, "p of the intercept", m.Intercept.P, 0.8170151781751, 1e-10) // scipy.stats.t.sf
}

func TestFit_MeanOnly(t *testing.T) {
	m := mustFit(t, []float64{1, 2, 6}, nil, regress.Settings{})
	near(t, "mean", m.Intercept.Value, 3, 1e-15)
	near(t, "SE", m.Intercept.SE, math.Sqrt(7./3), 1e-14)
	if m.R2 != 0 || m.AdjR2 != 0 || m.DF != 2 {
		t.Errorf("got R2 %v AdjR2 %v DF %d, want 0 0 2", m.R2, m.AdjR2, m.DF)
	}
}

func TestFit_Refuses(t *testing.T) {
	line := []float64{1, 2, 3, 4}
	refuse := func(name string, y []float64, columns [][]float64, s regress.Settings, target any) {
		t.Helper()
		m, err := regress.Fit(y, columns, s)
		if m != nil || !errors.As(err, target) {
			t.Errorf("%s: got %v, %v, want %T", name, m, err, target)
		}
	}
	var few *analytics.NotEnoughError
	var input *analytics.InputError
	var rank *regress.RankError
	refuse("no rows", nil, nil, regress.Settings{}, &few)
	refuse("exact fit", []float64{1, 2}, [][]float64{{1, 2}}, regress.Settings{}, &few)
	refuse("zero weights leave two rows", line, [][]float64{line}, regress.Settings{Weights: []float64{1, 1, 0, 0}}, &few)
	refuse("NaN", []float64{1, 2, math.NaN(), 1}, [][]float64{line}, regress.Settings{}, &input)
	refuse("infinite column", line, [][]float64{{1, 2, math.Inf(1), 1}}, regress.Settings{}, &input)
	refuse("ragged", line, [][]float64{{1, 2}}, regress.Settings{}, &input)
	refuse("negative weight", line, [][]float64{line}, regress.Settings{Weights: []float64{1, -1, 1, 1}}, &input)
	refuse("constant column", []float64{1, 2, 3, 5}, [][]float64{{.1, .1, .1, .1}}, regress.Settings{}, &rank)
	refuse("column twice", []float64{1, 2, 3, 5, 4}, [][]float64{{1, 2, 3, 4, 7}, {2, 4, 6, 8, 14}}, regress.Settings{}, &rank)
	refuse("nothing at all", line, nil, regress.Settings{Origin: true}, &few)
}

func TestFit_MinimumNormSharesRepeatedColumns(t *testing.T) {
	y, columns := problem(rand.New(rand.NewPCG(1, 1)), 40, 1)
	once := mustFit(t, y, columns, regress.Settings{})
	twice := mustFit(t, y, [][]float64{columns[0], columns[0]}, regress.Settings{MinimumNorm: true})
	if twice.Rank != 1 || twice.DF != once.DF {
		t.Errorf("got rank %d DF %d, want 1 %d", twice.Rank, twice.DF, once.DF)
	}
	near(t, "first half", twice.Slopes[0].Value, once.Slopes[0].Value/2, 1e-12)
	near(t, "second half", twice.Slopes[1].Value, once.Slopes[0].Value/2, 1e-12)
	near(t, "prediction", twice.Predict([]float64{33, 33}), once.Predict([]float64{33}), 1e-12)
	near(t, "error", twice.PredictionError([]float64{33, 33}), once.PredictionError([]float64{33}), 1e-10)
	constant := make([]float64, 40)
	for i := range constant {
		constant[i] = 7
	}
	idle := mustFit(t, y, [][]float64{columns[0], constant}, regress.Settings{MinimumNorm: true})
	near(t, "beside a constant", idle.Slopes[0].Value, once.Slopes[0].Value, 1e-12)
	near(t, "of the constant", idle.Slopes[1].Value, 0, 0)
}

func TestFit_Invariants(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 2))
	for range 100 {
		k := 1 + r.IntN(4)
		n := k + 3 + r.IntN(40)
		y, columns := problem(r, n, k)
		weights := make([]float64, n)
		for i := range weights {
			weights[i] = .5 + 3*r.Float64()
		}
		base := mustFit(t, y, columns, regress.Settings{Weights: weights})

		// Residuals are orthogonal to the columns: the definition of the optimum.
		for j := range columns {
			var dot, size float64
			for i := range y {
				row := make([]float64, k)
				for l := range row {
					row[l] = columns[l][i]
				}
				term := weights[i] * (y[i] - base.Predict(row)) * columns[j][i]
				dot += term
				size += math.Abs(term)
			}
			if math.Abs(dot) > 1e-9*size {
				t.Fatalf("seed %d: residuals lean on column %d by %v of %v", seed, j, dot, size)
			}
		}

		// Scale and shift of y, order of rows, scale of weights.
		scaled, scaledWeights := make([]float64, n), make([]float64, n)
		permuted, permutedWeights := make([]float64, n), make([]float64, n)
		permutedColumns := make([][]float64, k)
		for j := range permutedColumns {
			permutedColumns[j] = make([]float64, n)
		}
		for to, from := range r.Perm(n) {
			scaled[from] = 100 - 7*y[from]
			scaledWeights[from] = 4 * weights[from]
			permuted[to], permutedWeights[to] = y[from], weights[from]
			for j := range columns {
				permutedColumns[j][to] = columns[j][from]
			}
		}
		m := mustFit(t, scaled, columns, regress.Settings{Weights: scaledWeights})
		near(t, "intercept after 100-7y", m.Intercept.Value, 100-7*base.Intercept.Value, 1e-9)
		near(t, "adjusted R2 after 100-7y", m.AdjR2, base.AdjR2, 1e-10)
		near(t, "S after 100-7y and 4w", m.S, 14*base.S, 1e-10)
		near(t, "slope SE after 100-7y", m.Slopes[0].SE, 7*base.Slopes[0].SE, 1e-9)
		p := mustFit(t, permuted, permutedColumns, regress.Settings{Weights: permutedWeights})
		near(t, "slope after permutation", p.Slopes[k-1].Value, base.Slopes[k-1].Value, 1e-10)

		// A row of weight 0 is no row.
		longer := make([][]float64, k)
		for j := range columns {
			longer[j] = append(append([]float64{}, columns[j]...), 1e3)
		}
		z := mustFit(t, append(append([]float64{}, y...), -5e4), longer, regress.Settings{Weights: append(append([]float64{}, weights...), 0)})
		near(t, "S beside a weightless row", z.S, base.S, 1e-12)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// A band that claims 90 % must hold the true sum in about 90 % of worlds.
func TestSumBand_HoldsWhatItClaims(t *testing.T) {
	const worlds, level = 3000, .9
	r := rand.New(rand.NewPCG(20, 26))
	held := 0
	for range worlds {
		x, y := make([]float64, 12), make([]float64, 12)
		for i := range x {
			x[i] = 30 * r.Float64()
			y[i] = 4 + .5*x[i] + r.NormFloat64()
		}
		m := mustFit(t, y, [][]float64{x}, regress.Settings{})
		var sum regress.Aggregate
		var actual, predicted float64
		for range 6 {
			v := 40 * r.Float64() // some of it outside the fitted range
			sum.Add(v)
			predicted += m.Predict([]float64{v})
			actual += 4 + .5*v + r.NormFloat64()
		}
		if math.Abs(actual-predicted) <= m.SumBand(sum, level) {
			held++
		}
	}
	share := float64(held) / worlds
	// three binomial standard deviations: 3 sqrt(.9 x .1/3000) = 0.016
	if math.Abs(share-level) > .016 {
		t.Errorf("got %.3f of worlds inside the band, want %v", share, level)
	}
}

func TestPredict_WrongWidthIsNaN(t *testing.T) {
	m := mustFit(t, []float64{1, 2, 4}, [][]float64{{1, 2, 3}}, regress.Settings{})
	if v := m.Predict([]float64{1, 2}); !math.IsNaN(v) {
		t.Errorf("got %v for two columns, want NaN", v)
	}
	if v := m.SumVariance(regress.Aggregate{Rows: 1}); !math.IsNaN(v) {
		t.Errorf("got %v for no columns, want NaN", v)
	}
}
