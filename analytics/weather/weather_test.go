package weather_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/weather"
	"jouleline/bench/chance"
)

func TestScale_RoundTrip(t *testing.T) {
	f := func(c, fahrenheit float64) {
		t.Helper()
		if got := weather.Celsius.ToFahrenheit(c); math.Abs(got-fahrenheit) > 1e-12 {
			t.Errorf("%v C: got %v F, want %v", c, got, fahrenheit)
		}
		if got := weather.Celsius.FromFahrenheit(fahrenheit); math.Abs(got-c) > 1e-12 {
			t.Errorf("%v F: got %v C, want %v", fahrenheit, got, c)
		}
	}
	f(0, 32)
	f(100, 212)
	f(-40, -40)
	f(20, 68)
	if got := weather.Fahrenheit.ToFahrenheit(65); got != 65 {
		t.Errorf("got %v, want 65", got)
	}
	if got := weather.Celsius.PerDegree(1); got != 1.8 {
		t.Errorf("1 kWh per F: got %v per C, want 1.8", got)
	}
	if _, err := weather.ParseScale("K"); err == nil {
		t.Error("got no error for Kelvin, want a refusal")
	}
}

func year(mean, swing float64) []float64 {
	out := make([]float64, 365)
	for i := range out {
		out[i] = mean - swing*math.Cos(2*math.Pi*float64(i)/365)
	}
	return out
}

func TestSuspectScale(t *testing.T) {
	f := func(name string, temps []float64, s weather.Scale, want bool) {
		t.Helper()
		if got := weather.SuspectScale(temps, s); (got != nil) != want {
			t.Errorf("%s as %v: got %v, want a warning: %v", name, s, got, want)
		}
	}
	jinan, harbin, singapore := year(14.7, 14), year(4.9, 21), year(27.6, 1) // C, annual mean and half swing
	toF := func(c []float64) []float64 {
		out := make([]float64, len(c))
		for i, v := range c {
			out[i] = v*9/5 + 32
		}
		return out
	}
	f("Jinan", jinan, weather.Celsius, false)
	f("Jinan in F", toF(jinan), weather.Fahrenheit, false)
	f("Jinan in F", toF(jinan), weather.Celsius, true)
	f("Jinan", jinan, weather.Fahrenheit, true)
	f("Harbin", harbin, weather.Celsius, false)
	f("Harbin in F", toF(harbin), weather.Celsius, true)
	f("Harbin in F", toF(harbin), weather.Fahrenheit, false)
	f("Harbin", harbin, weather.Fahrenheit, true)
	f("Singapore", singapore, weather.Celsius, false)
	f("Singapore in F", toF(singapore), weather.Celsius, true)
	f("three hot days", []float64{30, 31, 32}, weather.Fahrenheit, false) // too few to say
	f("nothing", []float64{math.NaN()}, weather.Celsius, false)
}

func TestDailyMeans_LocalDaysAndGaps(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2024, 5, 1, 0, 0, 0, 0, shanghai).Unix()
	var times []int64
	var temps []float64
	for h := range 72 {
		v := float64(h / 24 * 10) // 0, then 10, then 20
		switch {
		case h >= 30 && h < 36: // six hours of the second day: interpolated
			continue
		case h >= 48 && h < 60: // half of the third day
			v = math.NaN()
		}
		times = append(times, start+int64(h)*3600)
		temps = append(temps, v)
	}
	d, err := weather.DailyMeans(times, temps, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Values) != 3 || d.Values[0] != 0 || d.Values[1] != 10 || !math.IsNaN(d.Values[2]) {
		t.Errorf("got %v, want [0 10 NaN]", d.Values)
	}
	if got := d.At(time.Date(2024, 5, 2, 0, 0, 0, 0, time.UTC)); got != 10 {
		t.Errorf("2 May: got %v, want 10", got)
	}
	if got := d.At(time.Date(2024, 4, 30, 0, 0, 0, 0, time.UTC)); !math.IsNaN(got) {
		t.Errorf("30 April: got %v, want NaN", got)
	}
}

// On 2024-03-10 Chicago has 23 hours: 11 known ones are under half, 12 are over.
func TestDailyMeans_DaylightSavingDayHas23Hours(t *testing.T) {
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2024, 3, 10, 0, 0, 0, 0, chicago).Unix()
	f := func(hours int, known bool) {
		t.Helper()
		times, temps := make([]int64, hours), make([]float64, hours)
		for h := range times {
			times[h], temps[h] = start+int64(h)*3600, 5
		}
		d, err := weather.DailyMeans(times, temps, chicago)
		if err != nil {
			t.Fatal(err)
		}
		if got := !math.IsNaN(d.Values[0]); got != known {
			t.Errorf("%d of 23 hours: got known %v, want %v", hours, got, known)
		}
	}
	f(11, false)
	f(12, true)
	f(23, true)
	times, temps := make([]int64, 24), make([]float64, 24)
	for h := range times {
		times[h], temps[h] = start+int64(h)*3600, float64(h)
	}
	d, err := weather.DailyMeans(times, temps, chicago)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Values) != 2 || d.Values[0] != 11 { // mean of 0..22; hour 23 belongs to the next day
		t.Errorf("got %v, want [11 NaN]", d.Values)
	}
}

func TestDailyMeans_Refuses(t *testing.T) {
	var input *analytics.InputError
	var few *analytics.NotEnoughError
	if _, err := weather.DailyMeans([]int64{7200, 3600}, []float64{1, 2}, time.UTC); !errors.As(err, &input) || input.Index != 1 {
		t.Errorf("unsorted: got %v, want an InputError at 1", err)
	}
	if _, err := weather.DailyMeans([]int64{0}, []float64{math.Inf(1)}, time.UTC); !errors.As(err, &input) {
		t.Errorf("infinite: got %v, want an InputError", err)
	}
	if _, err := weather.DailyMeans([]int64{0}, []float64{math.NaN()}, time.UTC); !errors.As(err, &few) {
		t.Errorf("empty: got %v, want a NotEnoughError", err)
	}
}

// Shifting temperatures and bases together changes nothing, cooling minus
// heating over one base is the sum of T - base, and days add up in any order.
func TestDegreeDays_Invariants(t *testing.T) {
	seed := chance.Seed(t)
	r := rand.New(rand.NewPCG(seed, 3))
	for range 100 {
		means := make([]float64, 1+r.IntN(400))
		shifted := make([]float64, len(means))
		var sum float64
		for i, to := range r.Perm(len(means)) {
			means[i] = 15 + 10*r.NormFloat64()
			shifted[to] = means[i] + 7
			sum += means[i] - 18
		}
		d, s := weather.DegreeDays(means, 18, 18), weather.DegreeDays(shifted, 25, 25)
		if math.Abs(d.Cooling-d.Heating-sum) > 1e-9*float64(len(means)) {
			t.Fatalf("seed %d: cooling - heating = %v, want %v", seed, d.Cooling-d.Heating, sum)
		}
		if math.Abs(d.Heating-s.Heating) > 1e-9*max(1, d.Heating) || d.Days != len(means) {
			t.Fatalf("seed %d: got %v after a shift, want %v", seed, s, d)
		}
	}
	d := weather.DegreeDays([]float64{10, math.NaN(), 30}, 18, 26)
	if d != (weather.Totals{Heating: 8, Cooling: 4, Days: 2, Missing: 1}) {
		t.Errorf("got %+v, want 8 4 2 1", d)
	}
}
