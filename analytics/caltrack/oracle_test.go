package caltrack_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics/caltrack"
	"jouleline/analytics/regress"
	"jouleline/analytics/weather"
	"jouleline/bench/chance"
)

// choice is what the slow search finds.
type choice struct {
	kind             caltrack.Kind
	heating, cooling float64
	adjR2            float64
	fit              *regress.Model
}

// bruteForce fits all 2014 candidates one by one through regress: the plain
// version of the search. degrees(b) returns the heating and cooling columns.
func bruteForce(y, weights []float64, daily bool, degrees func(b float64) (h, c []float64)) choice {
	best := choice{adjR2: math.Inf(-1)}
	try := func(kind caltrack.Kind, heating, cooling float64, columns ...[]float64) {
		for _, x := range columns {
			days, total := 0, 0.
			for i, v := range x {
				w := 1.
				if weights != nil {
					w = weights[i]
				}
				total += w * v
				if v > 0 {
					days++
				}
			}
			if total < 20 || daily && days < 10 {
				return
			}
		}
		m, err := regress.Fit(y, columns, regress.Settings{Weights: weights})
		if err != nil || m.Intercept.Value < 0 {
			return
		}
		for _, s := range m.Slopes {
			if s.Value < 0 {
				return
			}
		}
		if m.AdjR2 > best.adjR2+1e-10 {
			best = choice{kind, heating, cooling, m.AdjR2, m}
		}
	}
	try(caltrack.InterceptOnly, 0, 0)
	for b := 30.; b <= 90; b++ {
		h, _ := degrees(b)
		try(caltrack.HDDOnly, b, 0, h)
	}
	for b := 30.; b <= 90; b++ {
		_, c := degrees(b)
		try(caltrack.CDDOnly, 0, b, c)
	}
	if !daily && len(y) < 9 {
		return best
	}
	for cb := 30.; cb <= 90; cb++ {
		_, c := degrees(cb)
		for hb := 30.; hb <= cb; hb++ {
			h, _ := degrees(hb)
			try(caltrack.CDDHDD, hb, cb, c, h)
		}
	}
	return best
}

// meter is a random building under random weather; some lack a slope, some have
// temperatures exactly on the grid.
func meter(r *rand.Rand, days int) (temps, use []float64) {
	temps, use = make([]float64, days), make([]float64, days)
	mean, swing := 40+30*r.Float64(), 30*r.Float64()
	base, bh, bc := 5+20*r.Float64(), r.Float64(), 2*r.Float64()
	if r.IntN(4) == 0 {
		bh = 0
	}
	if r.IntN(4) == 0 {
		bc = 0
	}
	hb := 45 + 15*r.Float64()
	cb := hb + 10*r.Float64()
	onGrid := r.IntN(3) == 0
	for i := range temps {
		temps[i] = mean - swing*math.Cos(2*math.Pi*float64(i)/365) + 6*r.NormFloat64()
		if onGrid {
			temps[i] = math.Round(temps[i])
		}
		use[i] = base + bh*max(hb-temps[i], 0) + bc*max(temps[i]-cb, 0) + 3*r.NormFloat64()
	}
	return temps, use
}

func compare(t *testing.T, seed uint64, got *caltrack.Model, want choice) {
	t.Helper()
	same := got.Kind == want.kind && (!want.kind.Heating() || got.HeatingBalance == want.heating) && (!want.kind.Cooling() || got.CoolingBalance == want.cooling)
	if !same || math.Abs(got.AdjR2-max(want.adjR2, 0)) > 1e-9 || math.Abs(got.Intercept-want.fit.Intercept.Value) > 1e-9*max(1, math.Abs(want.fit.Intercept.Value)) {
		t.Fatalf("seed %d: got %v %v %v adjusted R2 %.12f, want %v %v %v %.12f", seed,
			got.Kind, got.HeatingBalance, got.CoolingBalance, got.AdjR2, want.kind, want.heating, want.cooling, want.adjR2)
	}
}

func TestFitDaily_EqualsBruteForce(t *testing.T) {
	runs := 12
	if testing.Short() {
		runs = 3
	}
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 4))
	for range runs {
		temps, use := meter(r, 30+r.IntN(336))
		got, err := caltrack.FitDaily(temps, use, caltrack.Settings{Scale: weather.Fahrenheit})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		compare(t, seed, got, bruteForce(use, nil, true, func(b float64) (h, c []float64) {
			for _, v := range temps {
				h, c = append(h, max(b-v, 0)), append(c, max(v-b, 0))
			}
			return h, c
		}))
	}
}

func bills(temps, use []float64, length int) (out []caltrack.Bill, y, weights []float64) {
	for i := 0; i+length <= len(use); i += length {
		b := caltrack.Bill{Temps: temps[i : i+length]}
		for _, v := range use[i : i+length] {
			b.Use += v
		}
		out, y, weights = append(out, b), append(y, b.Use/float64(length)), append(weights, float64(length))
	}
	return out, y, weights
}

func TestFitBilling_EqualsBruteForce(t *testing.T) {
	runs := 12
	if testing.Short() {
		runs = 3
	}
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 5))
	for range runs {
		length := []int{30, 61}[r.IntN(2)]
		temps, use := meter(r, 366+r.IntN(2)*366)
		input, y, weights := bills(temps, use, length)
		input[1].Temps = input[1].Temps[:length-3] // periods of unequal length
		y[1], weights[1] = input[1].Use/float64(length-3), float64(length-3)
		got, err := caltrack.FitBilling(input, caltrack.Settings{Scale: weather.Fahrenheit})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		compare(t, seed, got, bruteForce(y, weights, false, func(b float64) (h, c []float64) {
			for _, bill := range input {
				d := weather.DegreeDays(bill.Temps, b, b)
				h, c = append(h, d.Heating/float64(d.Days)), append(c, d.Cooling/float64(d.Days))
			}
			return h, c
		}))
	}
}
