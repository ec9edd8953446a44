package stl_test

import (
	"bufio"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jouleline/analytics"
	"jouleline/analytics/stl"
	"jouleline/bench/chance"
)

func mustDecompose(t *testing.T, y []float64, s stl.Settings) *stl.Parts {
	t.Helper()
	p, err := stl.Decompose(y, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

// wave is a fixed series with one outlier at 20.
func wave() []float64 {
	y := make([]float64, 48)
	for i := range y {
		t := float64(i)
		y[i] = 10 + .1*t + 3*math.Sin(2*math.Pi*t/12) + float64(i*7919%13-6)/10
	}
	y[20] += 8
	return y
}

// Values compared against statsmodels 0.15 STL, itself checked against the authors'
// Fortran program.
func TestDecompose_MatchesReference(t *testing.T) {
	p := mustDecompose(t, wave(), stl.Settings{Period: 12, Robust: true})
	for i, want := range []float64{
		-0.7011574074846704, 1.0004629628970376, 2.300159544631565, 2.9037037036776807, 2.7034002854102352, 1.8069444444353733, 0.5085648148132863,
		-2.089814814822821, -1.6862706556646048, -3.186574074066241, -2.583029915030734, -1.2833333333008914, -0.44837962968017936,
	} {
		near(t, "robust seasonal", p.Seasonal[i], want, 1e-9)
	}
	near(t, "robust trend 0", p.Trend[0], 10.101157407459775, 1e-9)
	near(t, "robust trend 20", p.Trend[20], 12.068749999992919, 1e-9)
	near(t, "robust trend 47", p.Trend[47], 14.72500000002725, 1e-9)
	near(t, "weight of the outlier", p.Weights[20], 0, 0)
	near(t, "remainder of the outlier", p.Remainder[20], 6.699999999932798, 1e-9)
	p = mustDecompose(t, wave(), stl.Settings{Period: 12})
	for i, want := range []float64{-0.33864916713852317, 0.8728785664965213, 2.1759130434415384} {
		near(t, "seasonal", p.Seasonal[i], want, 1e-9)
	}
	near(t, "trend 20", p.Trend[20], 12.63291465052599, 1e-9)
	near(t, "trend 47", p.Trend[47], 14.787829086540707, 1e-9)
}

func readCO2(t *testing.T) []float64 {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "stl", "stl_co2.csv"))
	if err != nil {
		t.Skip("the CO2 series does not lie beside the project; TestDecompose_MatchesReference checks a small one")
	}
	defer file.Close()
	var y []float64
	for lines := bufio.NewScanner(file); lines.Scan(); {
		v, err := strconv.ParseFloat(strings.TrimSpace(lines.Text()), 64)
		if err != nil {
			t.Fatal(err)
		}
		y = append(y, v)
	}
	return y
}

// The paper's own example: monthly CO2 with n_s 35, n_t 19, n_l 13 and jumps 4, 2, 2;
// values from statsmodels 0.15.
func TestData_CO2(t *testing.T) {
	y := readCO2(t)
	f := func(s stl.Settings, want map[int][4]float64) *stl.Parts {
		t.Helper()
		p := mustDecompose(t, y, s)
		for i, w := range want {
			near(t, "seasonal", p.Seasonal[i], w[0], 1e-9)
			near(t, "trend", p.Trend[i], w[1], 1e-8)
			near(t, "remainder", p.Remainder[i], w[2], 1e-8)
			near(t, "weight", p.Weights[i], w[3], 1e-7)
		}
		return p
	}
	f(stl.Settings{Period: 12, Seasonal: 35, Trend: 19, LowPass: 13, SeasonalJump: 4, TrendJump: 2, LowPassJump: 2}, map[int][4]float64{
		0:   {-0.11915176504990613, 315.5520122948227, 0.14713947022715956, 1},
		1:   {0.49933256017486866, 315.64661295817507, 0.24405448165003918, 1},
		100: {2.8093306402158253, 321.7553236692821, 0.06534569050205619, 1},
		200: {-2.9652904664664375, 331.3132178672835, 0.24207259918290447, 1},
		347: {-0.9654185992100442, 349.7205101494178, -0.08509155020772141, 1},
	})
	p := f(stl.Settings{Period: 12, Seasonal: 35, Trend: 19, LowPass: 13, Robust: true}, map[int][4]float64{
		0:   {-0.140108773636039, 315.5586658988402, 0.1614428747957959, 0.9346927005517772},
		100: {2.786440490579768, 321.7499416794296, 0.09361782999064872, 0.9777946373319446},
		347: {-0.9516019005663036, 349.7080278542346, -0.08642595366831074, 0.9810554982839653},
	})
	// A season averages out over each cycle, and here it is plain to see.
	for start := 0; start+12 <= len(y); start += 12 {
		var sum float64
		for _, v := range p.Seasonal[start : start+12] {
			sum += v
		}
		near(t, "mean of a cycle", sum/12, 0, .02)
	}
	if p.SeasonalStrength < .95 || p.TrendStrength < .99 {
		t.Errorf("got strengths %v and %v, want above .95 and .99", p.SeasonalStrength, p.TrendStrength)
	}
	for i := 13; i < len(y); i++ {
		if p.Trend[i] <= p.Trend[i-13] {
			t.Fatalf("the trend of CO2 falls over thirteen months before %d", i)
		}
	}
}

func TestDecompose_Invariants(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 30 {
		period := 2 + r.IntN(12)
		n := 2*period + r.IntN(6*period)
		y, scaled, back := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range y {
			y[i] = 5*math.Sin(2*math.Pi*float64(i)/float64(period)) + r.NormFloat64()
		}
		// Robustness weights of a short series can hang on the last bit of a
		// residual: there the scale is a power of two, which rounds nothing, and
		// time stays as it is.
		set := stl.Settings{Period: period, Robust: r.IntN(2) == 0}
		shift, factor := 40., -3.
		if set.Robust {
			shift, factor = 0, -4
		}
		for i := range y {
			scaled[i] = shift + factor*y[i]
			back[n-1-i] = y[i]
		}
		p, s := mustDecompose(t, y, set), mustDecompose(t, scaled, set)
		b := mustDecompose(t, back, set)
		for i := range y {
			near(t, "parts sum to the series", p.Seasonal[i]+p.Trend[i]+p.Remainder[i], y[i], 1e-12*(1+math.Abs(y[i])))
			near(t, "scaled seasonal", s.Seasonal[i], factor*p.Seasonal[i], 1e-9)
			near(t, "scaled trend", s.Trend[i], shift+factor*p.Trend[i], 1e-9)
			if !set.Robust {
				near(t, "trend of reversed time", b.Trend[n-1-i], p.Trend[i], 1e-9)
			}
			if p.Weights[i] < 0 || p.Weights[i] > 1 {
				t.Errorf("got weight %v, want 0 to 1", p.Weights[i])
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d: n %d %+v", seed, n, set)
		}
	}
}

// A straight line has no season, and loess of degree one keeps it.
func TestDecompose_KeepsALine(t *testing.T) {
	y := make([]float64, 60)
	for i := range y {
		y[i] = 3 + .5*float64(i)
	}
	p := mustDecompose(t, y, stl.Settings{Period: 12, Robust: true})
	for i := range y {
		near(t, "seasonal", p.Seasonal[i], 0, 1e-9)
		near(t, "trend", p.Trend[i], y[i], 1e-9)
	}
}

func TestDecompose_Refuses(t *testing.T) {
	var few *analytics.NotEnoughError
	var input *analytics.InputError
	y := wave()
	if _, err := stl.Decompose(y[:23], stl.Settings{Period: 12}); !errors.As(err, &few) || few.Want != 24 {
		t.Errorf("23 months: got %v, want a NotEnoughError of 24", err)
	}
	for name, s := range map[string]stl.Settings{
		"no period": {}, "even span": {Period: 12, Trend: 20}, "span of one": {Period: 12, Seasonal: 1}, "negative jump": {Period: 12, TrendJump: -1},
	} {
		if _, err := stl.Decompose(y, s); !errors.As(err, &input) {
			t.Errorf("%s: got %v, want an InputError", name, err)
		}
	}
	y[7] = math.NaN()
	if _, err := stl.Decompose(y, stl.Settings{Period: 12}); !errors.As(err, &input) || input.Index != 7 {
		t.Errorf("a gap: got %v, want an InputError at 7", err)
	}
}
