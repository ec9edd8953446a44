package towt_test

import (
	"encoding/csv"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/regress"
	"jouleline/analytics/towt"
	"jouleline/analytics/weather"
	"jouleline/bench/chance"
)

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.9g, want %.9g", what, got, want)
	}
}

// office is a simulated office: base, a working day from 8 to 18 h, heating below
// 12 C at all hours, cooling above 20 C only when in use.
func office(r *rand.Rand, from time.Time, hours int, noise float64) towt.Series {
	s := towt.Series{}
	for h := range hours {
		at := from.Add(time.Duration(h) * time.Hour)
		day := float64(at.YearDay())
		temp := 13 - 14*math.Cos(2*math.Pi*(day-20)/365) - 4*math.Cos(2*math.Pi*float64(at.Hour()-3)/24) + 2*r.NormFloat64()
		load := 20 + 1.2*max(12-temp, 0)
		if wd := at.Weekday(); wd != time.Saturday && wd != time.Sunday && at.Hour() >= 8 && at.Hour() < 18 {
			load += 60 + 3*max(temp-20, 0)
		}
		s.Times = append(s.Times, at.Unix())
		s.Temps = append(s.Temps, temp)
		s.Loads = append(s.Loads, load+noise*r.NormFloat64())
	}
	return s
}

var start = time.Date(2023, 1, 2, 0, 0, 0, 0, time.UTC)

func mustFit(t *testing.T, s towt.Series, set towt.Settings) *towt.Model {
	t.Helper()
	m, err := towt.Fit(s, time.UTC, set)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func readLBNL(t *testing.T, name string) towt.Series {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "rmv2-lbnl", name))
	if err != nil {
		t.Skip("the LBNL building does not lie beside the project; TestSavings_PlaceboAndMeasure checks a simulated one")
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var s towt.Series
	for _, row := range rows[1:] {
		if row[0] == "NA" { // the hour that a zone with daylight saving skips
			continue
		}
		at, err := time.Parse("01/02/06 15:04", row[0])
		if err != nil {
			t.Fatal(err)
		}
		s.Times = append(s.Times, at.Add(-time.Hour).Unix()) // labels are the end of the hour
		for i, dst := range []*[]float64{&s.Loads, &s.Temps} {
			v, err := strconv.ParseFloat(row[1+i], 64)
			if err != nil {
				t.Fatal(err)
			}
			*dst = append(*dst, v)
		}
	}
	return s
}

// post_1 is the same building under other weather (a placebo), post_2 one that
// saves about 11 % (LBNL RMV2.0 example data).
func TestData_LBNLPlaceboAndMeasure(t *testing.T) {
	pre, placebo, saved := readLBNL(t, "Data_pre_1.csv"), readLBNL(t, "Data_post_1.csv"), readLBNL(t, "Data_post_2.csv")
	for _, c := range []struct {
		variant                         towt.Variant
		placebo, savings, tolerance, r2 float64
	}{
		{towt.Unweighted, 0, .11, .006, .8},
		{towt.Monthly, 0, .11, .012, .8},
		{towt.Weighted, -.006, .105, .006, .8}, // R, RMV2.0: the placebo comes out at -0.6 %
	} {
		m := mustFit(t, pre, towt.Settings{Variant: c.variant})
		p, err := m.Savings(placebo)
		if err != nil {
			t.Fatal(err)
		}
		s, err := m.Savings(saved)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%v: R2 %.4f CV(RMSE) %.4f placebo %.4f savings %.4f ± %.4f %v", c.variant, m.Metrics.R2, m.Metrics.CVRMSE, p.Fraction, s.Fraction, s.Band/s.Counterfactual, m.Warnings)
		within(t, c.variant.String()+" placebo", p.Fraction, c.placebo, c.tolerance)
		within(t, c.variant.String()+" savings", s.Fraction, c.savings, c.tolerance+.005)
		if m.Metrics.R2 < c.r2 {
			t.Errorf("%v: got R2 %v, want at least %v", c.variant, m.Metrics.R2, c.r2)
		}
	}
}

func TestSavings_PlaceboAndMeasure(t *testing.T) {
	pre := office(rand.New(rand.NewPCG(1, 1)), start, 8760, 3)
	post := office(rand.New(rand.NewPCG(2, 2)), start.AddDate(1, 0, 0), 8760, 3)
	for _, v := range []towt.Variant{towt.Unweighted, towt.Weighted, towt.Monthly} {
		m := mustFit(t, pre, towt.Settings{Variant: v})
		if m.OccupiedTimes != 50 {
			t.Errorf("%v: got %d occupied times, want 5 x 10", v, m.OccupiedTimes)
		}
		p, err := m.Savings(post)
		if err != nil {
			t.Fatal(err)
		}
		within(t, v.String()+" placebo", p.Fraction, 0, .004)
		if !p.Warnings.Has(towt.CodeNotSignificant) {
			t.Errorf("%v placebo: got %v and band %v, want %s", v, p.Warnings, p.Band, towt.CodeNotSignificant)
		}
		cut := post
		cut.Loads = make([]float64, len(post.Loads))
		for i, l := range post.Loads {
			cut.Loads[i] = .9 * l
		}
		s, err := m.Savings(cut)
		if err != nil {
			t.Fatal(err)
		}
		within(t, v.String()+" savings", s.Fraction, .1, .004)
		within(t, v.String()+" balance", s.Counterfactual-s.Observed, s.Savings, 0)
	}
}

// dense fits one mode with all dummies written out: the plain version.
func dense(t *testing.T, tow []int, temps, loads []float64, times int) (predict func(tow int, temp float64) float64) {
	t.Helper()
	knots := []float64{40, 55, 65, 80, 90}
	piece := func(f float64) []float64 {
		row := []float64{min(f, knots[0])}
		for k := 1; k < len(knots); k++ {
			row = append(row, min(max(f-knots[k-1], 0), knots[k]-knots[k-1]))
		}
		return append(row, max(f-knots[4], 0))
	}
	columns := make([][]float64, times+6)
	for j := range columns {
		columns[j] = make([]float64, len(loads))
	}
	for i, w := range tow {
		columns[w][i] = 1
		for j, v := range piece(temps[i]) {
			columns[times+j][i] = v
		}
	}
	m, err := regress.Fit(loads, columns, regress.Settings{Origin: true})
	if err != nil {
		t.Fatal(err)
	}
	return func(w int, temp float64) float64 {
		v := m.Slopes[w].Value
		for j, x := range piece(temp) {
			v += m.Slopes[times+j].Value * x
		}
		return v
	}
}

func TestFit_EqualsDenseDummies(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 3))
	const times = 28 // steps of six hours
	var s towt.Series
	tow := []int{}
	for i := range 1400 {
		s.Times = append(s.Times, start.Add(time.Duration(i)*6*time.Hour).Unix())
		s.Temps = append(s.Temps, 20+80*r.Float64())
		s.Loads = append(s.Loads, 100+float64(i%times)+.7*max(s.Temps[i]-65, 0)+5*r.NormFloat64())
		tow = append(tow, i%times)
	}
	m := mustFit(t, s, towt.Settings{Scale: weather.Fahrenheit, Step: 360})
	occupied := m.Occupied()
	got := m.PredictTo(nil, s.Times, s.Temps)
	for mode := range 2 {
		var part towt.Series
		var partTow []int
		index := map[int]int{}
		for i, w := range tow {
			if occupied[w] == (mode == 1) {
				if _, ok := index[w]; !ok {
					index[w] = len(index)
				}
				part.Temps, part.Loads = append(part.Temps, s.Temps[i]), append(part.Loads, s.Loads[i])
				partTow = append(partTow, index[w])
			}
		}
		if len(index) == 0 {
			continue
		}
		want := dense(t, partTow, part.Temps, part.Loads, len(index))
		for i, w := range tow {
			if occupied[w] == (mode == 1) && math.Abs(got[i]-want(index[w], s.Temps[i])) > 1e-9*100 {
				t.Fatalf("seed %d: observation %d: got %v, want %v", seed, i, got[i], want(index[w], s.Temps[i]))
			}
		}
	}
}

func TestFit_Invariants(t *testing.T) {
	seed := chance.Seed(t)
	s := office(rand.New(rand.NewPCG(seed, 4)), start, 24*120, 3)
	base := mustFit(t, s, towt.Settings{})
	f := towt.Series{Times: s.Times, Temps: make([]float64, len(s.Temps)), Loads: make([]float64, len(s.Loads))}
	later := towt.Series{Times: make([]int64, len(s.Times)), Temps: s.Temps, Loads: s.Loads}
	for i := range s.Times {
		f.Temps[i] = s.Temps[i]*9/5 + 32
		f.Loads[i] = 3.6 * s.Loads[i]
		later.Times[i] = s.Times[i] + 52*7*86400
	}
	want := base.PredictTo(nil, s.Times, s.Temps)
	scaled := mustFit(t, f, towt.Settings{Scale: weather.Fahrenheit}).PredictTo(nil, f.Times, f.Temps)
	shifted := mustFit(t, later, towt.Settings{}).PredictTo(nil, later.Times, later.Temps)
	var sum, fitted float64
	for i := range want {
		within(t, "in Fahrenheit and MJ", scaled[i], 3.6*want[i], 1e-8)
		within(t, "52 weeks later", shifted[i], want[i], 1e-8)
		sum += s.Loads[i]
		fitted += want[i]
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	within(t, "sum of the fit", fitted, sum, 1e-7*sum) // dummies: residuals sum to zero
}

func TestFit_KnowsLocalWeekAndGaps(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	s := office(rand.New(rand.NewPCG(5, 5)), start, 24*7*20, 1)
	for i := range s.Times {
		s.Times[i] -= 8 * 3600 // the same wall clock in Shanghai
		if w := (i / 24) % 7; w == 6 || i == 3 {
			s.Loads[i] = math.NaN() // no Sundays
		}
	}
	m, err := towt.Fit(s, shanghai, towt.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if o := m.Occupied(); !o[8] || o[7] || !o[17] || o[18] || o[5*24+12] {
		t.Errorf("got occupied Monday 7-8 h %v, 8-9 h %v, 18-19 h %v, Saturday noon %v, want false true false false", o[7], o[8], o[18], o[5*24+12])
	}
	if m.TimesOfWeek != 6*24 || !m.Warnings.Has(towt.CodeUnseenHours) || !m.Warnings.Has(towt.CodeMissingHours) || !m.Warnings.Has(towt.CodeNotAYear) {
		t.Errorf("got %d times of week and %v, want 144 and warnings of unseen and missing hours and of a short baseline", m.TimesOfWeek, m.Warnings)
	}
	p := m.PredictTo(nil, s.Times[6*24:6*24+1], s.Temps[:1])
	if !math.IsNaN(p[0]) {
		t.Errorf("a Sunday: got %v, want NaN", p[0])
	}
}

func TestFit_RefusesAndWarns(t *testing.T) {
	s := office(rand.New(rand.NewPCG(6, 6)), start, 24*400, 2)
	var few *analytics.NotEnoughError
	var input *analytics.InputError
	short := towt.Series{Times: s.Times[:335], Temps: s.Temps[:335], Loads: s.Loads[:335]}
	if _, err := towt.Fit(short, time.UTC, towt.Settings{}); !errors.As(err, &few) {
		t.Errorf("335 hours: got %v, want a NotEnoughError", err)
	}
	if _, err := towt.Fit(s, time.UTC, towt.Settings{Step: 7}); !errors.As(err, &input) {
		t.Errorf("steps of 7 minutes: got %v, want an InputError", err)
	}
	twice := towt.Series{Times: append([]int64{}, s.Times...), Temps: s.Temps, Loads: s.Loads}
	twice.Times[9] = twice.Times[8]
	if _, err := towt.Fit(twice, time.UTC, towt.Settings{}); !errors.As(err, &input) || input.Index != 9 {
		t.Errorf("a repeated time: got %v, want an InputError at 9", err)
	}
	m := mustFit(t, s, towt.Settings{})
	if len(m.Warnings) > 0 {
		t.Errorf("a clean year: got %v, want no warnings", m.Warnings)
	}
	hot := towt.Series{Times: s.Times[:3], Temps: []float64{60, 10, math.NaN()}, Loads: []float64{1, 1, 1}}
	out, err := m.Savings(hot)
	if err != nil {
		t.Fatal(err)
	}
	if !out.Warnings.Has(towt.CodeExtrapolation) || !out.Warnings.Has(towt.CodeMaskedHours) || out.N != 2 {
		t.Errorf("60 C and a gap: got N %d and %v, want 2, %s and %s", out.N, out.Warnings, towt.CodeExtrapolation, towt.CodeMaskedHours)
	}
	wrong := mustFit(t, s, towt.Settings{Scale: weather.Fahrenheit})
	if !wrong.Warnings.Has(weather.CodeSuspectScale) {
		t.Errorf("Celsius as Fahrenheit: got %v, want %s", wrong.Warnings, weather.CodeSuspectScale)
	}
	for i := range s.Loads {
		s.Loads[i] = -s.Loads[i] * float64(i%2*4)
	}
	bad := mustFit(t, s, towt.Settings{})
	if !bad.Warnings.Has(towt.CodeNegativeLoad) || !bad.Warnings.Has(towt.CodeHighCVRMSE) {
		t.Errorf("negative and wild loads: got %v, want %s and %s", bad.Warnings, towt.CodeNegativeLoad, towt.CodeHighCVRMSE)
	}
}
