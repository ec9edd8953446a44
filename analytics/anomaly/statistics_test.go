package anomaly_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/anomaly"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.10g, want %.10g", what, got, want)
	}
}

// strucchange 1.5 in R: sctest(efp(Nile ~ 1, type = "OLS-CUSUM")) gives f(efp) =
// 2.9518, p = 5.409e-08; breakpoints(Nile ~ 1) gives the 28th year, 1898.
func TestNile(t *testing.T) {
	statistic, p, err := anomaly.OLSCUSUM(nile)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "statistic", statistic, 2.9518, 5e-5)
	near(t, "p", p, 5.409e-8, 1e-10)
	b, err := anomaly.BreakDate(nile, 15)
	if err != nil {
		t.Fatal(err)
	}
	if b.Index != 28 || b.Gain <= 0 {
		t.Errorf("got a break at %d with a gain of %v, want 28 (the 29th year is the first of the new level) and above 0", b.Index, b.Gain)
	}
	near(t, "before", b.Before, 1097.75, 1e-9)
	near(t, "after", b.After, 849.9722222, 1e-6)
}

// Kolmogorov's distribution: 5 % at 1.3581, 1 % at 1.6276 (any table).
func TestOLSCUSUM_HoldsItsLevel(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const worlds = 2000
	rejected := 0
	for range worlds {
		x := make([]float64, 400)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		statistic, p, err := anomaly.OLSCUSUM(x)
		if err != nil {
			t.Fatal(err)
		}
		if p < .05 {
			rejected++
		}
		if (p < .05) != (statistic > 1.3581) && math.Abs(statistic-1.3581) > 1e-3 {
			t.Fatalf("statistic %v has p %v, want .05 at 1.3581", statistic, p)
		}
	}
	if share := float64(rejected) / worlds; share < .025 || share > .06 {
		t.Errorf("got %.3f rejections without a change, want about .05, rather fewer", share)
	}
	if s, p, err := anomaly.OLSCUSUM(make([]float64, 20)); s != 0 || p != 1 || err != nil {
		t.Errorf("a constant: got %v %v %v, want 0 1", s, p, err)
	}
}

// By hand, k = 0.5 and h = 2: over 0, 2, 2, 2 High is 0, 1.5, 3 (alarm, since 1),
// 1.5; a gap changes nothing; -3 brings Low to 2.5 (alarm, last zero at 3) and again.
func TestTabularCUSUM(t *testing.T) {
	c, err := anomaly.TabularCUSUM([]float64{0, 2, 2, 2, math.NaN(), -3, -3}, .5, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0, 1.5, 3, 1.5, 1.5, 0} {
		near(t, "High", c.High[i], want, 1e-12)
	}
	if !slices.Equal(c.Alarms, []int{2, 5, 6}) || !slices.Equal(c.Onset, []int{1, 4, 6}) {
		t.Errorf("got alarms %v with onsets %v, want 2, 5, 6 from 1, 4, 6", c.Alarms, c.Onset)
	}
}

// The mean run length to a false alarm of k = .5, h = 5 is 465 in theory.
func TestTabularCUSUM_RunLength(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	x := make([]float64, 400_000)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	c, err := anomaly.TabularCUSUM(x, .5, 5)
	if err != nil {
		t.Fatal(err)
	}
	if length := float64(len(x)) / float64(len(c.Alarms)); math.Abs(length-465) > 50 {
		t.Errorf("got a false alarm every %.0f values, want every 465 (three deviations of 860 alarms are 47)", length)
	}
}

func TestPrewhiten(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	x := make([]float64, 5000)
	for i := 1; i < len(x); i++ {
		x[i] = .7*x[i-1] + 2*r.NormFloat64()
	}
	x[100], x[200] = 1e6, math.NaN()
	white, rho, err := anomaly.Prewhiten(x)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "rho", rho, .7, .04)
	if !math.IsNaN(white[200]) || !math.IsNaN(white[201]) || math.IsNaN(white[202]) {
		t.Errorf("around a gap: got %v, want NaN NaN and a number", white[200:203])
	}
	var squares, cross float64
	for i := 203; i < len(x); i++ {
		squares += white[i] * white[i]
		cross += white[i] * white[i-1]
	}
	near(t, "variance", squares/float64(len(x)-203), 1, .1)
	near(t, "autocorrelation", cross/squares, 0, .05)
}

// The example of Benjamini and Hochberg 1995, section 3.2: 15 p values of which the
// first four are reported at q = .05.
func TestBenjaminiHochberg(t *testing.T) {
	p := []float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0000}
	got, err := anomaly.BenjaminiHochberg(p, .05)
	if err != nil {
		t.Fatal(err)
	}
	for i, reported := range got {
		if reported != (i < 4) {
			t.Errorf("p %v: got reported %v, want %v", p[i], reported, i < 4)
		}
	}
	var input *analytics.InputError
	if _, err := anomaly.BenjaminiHochberg([]float64{.1, 1.5}, .05); !errors.As(err, &input) || input.Index != 1 {
		t.Errorf("p of 1.5: got %v, want an InputError at 1", err)
	}
	near(t, "TailP(0)", anomaly.TailP(0), 1, 1e-12)
	near(t, "TailP(2.5706)", anomaly.TailP(-2.570582), .05, 1e-6) // Student's t, 5 df
}

// Among many true and few false nulls the share of false reports stays below q.
func TestBenjaminiHochberg_ControlsFalseDiscoveries(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	var share float64
	const worlds = 300
	for range worlds {
		p := make([]float64, 400)
		for i := range p {
			p[i] = r.Float64()
			if i < 40 {
				p[i] *= 1e-3
			}
		}
		got, err := anomaly.BenjaminiHochberg(p, .05)
		if err != nil {
			t.Fatal(err)
		}
		reported, wrong := 0., 0.
		for i, yes := range got {
			if yes {
				reported++
				if i >= 40 {
					wrong++
				}
			}
		}
		share += wrong / max(reported, 1) / worlds
	}
	if share > .055 || share < .02 {
		t.Errorf("got a false share of %.4f, want about .045", share)
	}
}

func TestRobustZ(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	n := 24 * 7 * 40
	times, residual := make([]int64, n), make([]float64, n)
	for i := range times {
		times[i] = newYear.Unix() + int64(i)*3600
		scale := 1 + float64(i%24) // each hour has its own spread
		residual[i] = 100*float64(i%24) + scale*r.NormFloat64()
	}
	residual[1000] += 10 * (1 + float64(1000%24))
	residual[2000] = math.NaN()
	z, err := anomaly.RobustZ(times, residual, newYear.Location())
	if err != nil {
		t.Fatal(err)
	}
	if z[1000] < 6 || !math.IsNaN(z[2000]) {
		t.Errorf("got z %v at the outlier and %v at the gap, want above 6 and NaN", z[1000], z[2000])
	}
	beyond := 0
	for _, v := range z {
		if math.Abs(v) > 3.5 {
			beyond++
		}
	}
	if share := float64(beyond) / float64(n); share > .02 {
		t.Errorf("got %.4f of ordinary hours beyond 3.5, want under .02", share)
	}
	runs := anomaly.Runs([]float64{4, 5, 6, 1, -4, -5, 4, 4, 4, math.NaN(), 4}, 3.5, 3)
	if len(runs) != 2 || runs[0] != (anomaly.Run{0, 3}) || runs[1] != (anomaly.Run{6, 9}) {
		t.Errorf("got runs %v, want [0,3) and [6,9)", runs)
	}
}

func TestRegisters(t *testing.T) {
	hour := func(n int) (times []int64) {
		for i := range n {
			times = append(times, int64(i)*3600)
		}
		return times
	}
	f := func(name string, values []float64, set anomaly.RegisterSettings, at ...int) {
		t.Helper()
		got, err := anomaly.Registers(hour(len(values)), values, set)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(at) {
			t.Fatalf("%s: got %v, want findings at %v", name, got, at)
		}
		for k, i := range at {
			if got[k].To != int64(i)*3600 || got[k].Cause != anomaly.RegisterJump {
				t.Errorf("%s: got %+v, want a jump at reading %d", name, got[k], i)
			}
		}
	}
	known := anomaly.RegisterSettings{Capacity: 100000, MaxRate: 50}
	f("steady", []float64{1, 2, 3}, known)
	f("rollover", []float64{99980, 99999, 12}, known)
	f("rollover too far", []float64{99980, 99999, 90}, known, 2)
	f("fall", []float64{500, 510, 40}, known, 2)
	f("fall, nothing known", []float64{500, 510, 40}, anomaly.RegisterSettings{}, 2)
	f("one wrong reading", []float64{100, 42949672.96, 120}, anomaly.RegisterSettings{MaxRate: 50}, 1, 2)
	var input *analytics.InputError
	if _, err := anomaly.Registers([]int64{5, 5}, []float64{1, 2}, known); !errors.As(err, &input) {
		t.Errorf("a repeated time: got %v, want an InputError", err)
	}
}

func TestNewProfile(t *testing.T) {
	// 10 at all hours, 30 more from 8 to 18 h on workdays: by hand.
	var s anomaly.Series
	s.Step = 1800
	for i := range 48 * 7 * 10 {
		at := newYear.Add(time.Duration(i) * 30 * time.Minute) // a Sunday
		v := 5.
		if wd := at.Weekday(); wd != time.Sunday && wd != time.Saturday && at.Hour() >= 8 && at.Hour() < 18 {
			v = 20
		}
		s.Times, s.Values = append(s.Times, at.Unix()), append(s.Values, v)
	}
	p, err := anomaly.NewProfile(s, newYear.Location())
	if err != nil {
		t.Fatal(err)
	}
	near(t, "night base", p.NightBase, 10, 1e-12)
	near(t, "near peak", p.NearPeak, 40, 1e-12)
	near(t, "near base", p.NearBase, 10, 1e-12)
	near(t, "weekend ratio", p.WeekendRatio, 10/((14*10+10*40)/24.), 1e-12)
	near(t, "out of hours", p.OutOfHours, float64(5*12*10+48*10)/float64(5*(14*10+10*40)+48*10), 1e-12)
	near(t, "night excess", p.NightExcess, 0, 1e-12)
	if len(p.Missing) > 0 || p.Days != 70 || len(p.MonthlyPeak) != 3 || p.MonthlyPeak[1] != 40 {
		t.Errorf("got %+v, want nothing missing over 70 days and three months", p)
	}
}
