package savings_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/savings"
	"jouleline/analytics/weather"
	"jouleline/bench/chance"
)

// years of a simulated building, at a step, the second one with a tenth less use.
func years(r *rand.Rand, loc *time.Location, step time.Duration) (usage, temps savings.Series) {
	start := time.Date(2022, 1, 1, 0, 0, 0, 0, loc)
	end := time.Date(2024, 1, 1, 0, 0, 0, 0, loc)
	change := time.Date(2023, 1, 1, 0, 0, 0, 0, loc)
	for at := start; at.Before(end); {
		next := at.Add(step)
		if step == 24*time.Hour {
			next = at.AddDate(0, 0, 1)
		}
		t := 13 - 14*math.Cos(2*math.Pi*at.Sub(start).Hours()/24/365.25) + 2*r.NormFloat64()
		use := (50 + 3*max(14-t, 0) + 4*max(t-23, 0) + 2*r.NormFloat64()) * next.Sub(at).Hours() / 24
		if !at.Before(change) {
			use *= .9
		}
		usage.Times, usage.Values = append(usage.Times, at.Unix()), append(usage.Values, use)
		temps.Times, temps.Values = append(temps.Times, at.Unix()), append(temps.Values, t)
		at = next
	}
	return usage, temps
}

func question(usage, temps savings.Series, loc *time.Location, m savings.Method) savings.Question {
	day := time.Date(2023, 1, 1, 0, 0, 0, 0, loc)
	return savings.Question{Usage: usage, Temperature: temps, Location: loc, Method: m, BaselineEnd: day, ReportingStart: day}
}

func mustEstimate(t testing.TB, q savings.Question) *savings.Result {
	t.Helper()
	r, err := savings.Estimate(q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Use that is counted in another unit saves the same share, with bands in that
// unit; the scale of temperatures changes nothing.
func TestEstimate_Invariants(t *testing.T) {
	seed := chance.Seed(t)
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-6*math.Abs(want) {
			t.Errorf("seed %d: %s: got %v, want %v", seed, name, got, want)
		}
	}
	for _, m := range savings.Methods {
		step := 24 * time.Hour
		if m == savings.TOWT {
			step = time.Hour
		}
		usage, temps := years(rand.New(rand.NewPCG(seed, 1)), time.UTC, step)
		if m == savings.CaltrackBilling {
			usage = bills(usage)
		}
		plain := mustEstimate(t, question(usage, temps, time.UTC, m))
		scaled := savings.Series{Times: usage.Times}
		for _, v := range usage.Values {
			scaled.Values = append(scaled.Values, 3.6*v)
		}
		other := mustEstimate(t, question(scaled, temps, time.UTC, m))
		near(string(m)+" savings", other.Savings, 3.6*plain.Savings)
		near(string(m)+" band", *other.BandFSU, 3.6**plain.BandFSU)
		if m != savings.TOWT {
			near(string(m)+" OLS band", *other.BandOLS, 3.6**plain.BandOLS)
		}
		fahrenheit := savings.Series{Times: temps.Times}
		for _, v := range temps.Values {
			fahrenheit.Values = append(fahrenheit.Values, weather.Celsius.ToFahrenheit(v))
		}
		q := question(usage, fahrenheit, time.UTC, m)
		q.Scale = weather.Fahrenheit
		near(string(m)+" in Fahrenheit", mustEstimate(t, q).Savings, plain.Savings)
		if math.Abs(*plain.SavingsFraction-.1) > .015 {
			t.Errorf("seed %d: %s: got a share of %v, want a tenth", seed, m, *plain.SavingsFraction)
		}
		if *plain.BandFSU <= 0 {
			t.Errorf("seed %d: %s: got a band of %v, want one above 0", seed, m, *plain.BandFSU)
		}
	}
}

// bills sums days to months; the last row only ends the one before.
func bills(days savings.Series) (s savings.Series) {
	for i, at := range days.Times {
		if n := len(s.Values) - 1; time.Unix(at, 0).UTC().Day() == 1 {
			s.Times, s.Values = append(s.Times, at), append(s.Values, days.Values[i])
		} else {
			s.Values[n] += days.Values[i]
		}
	}
	s.Times, s.Values = append(s.Times, days.Times[len(days.Times)-1]+86400), append(s.Values, math.NaN())
	return s
}

// Daily values over days of 23 and 25 hours are taken as they are: a constant load
// a day stays constant.
func TestEstimate_DailyValuesOverDaylightSaving(t *testing.T) {
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	usage, temps := years(rand.New(rand.NewPCG(1, 1)), chicago, 24*time.Hour)
	for i := range usage.Values {
		usage.Values[i] = 48
	}
	r := mustEstimate(t, question(usage, temps, chicago, savings.CaltrackDaily))
	if r.Observed != 365*48 || r.Compared != 365 {
		t.Errorf("got %v over %d days, want %v over 365", r.Observed, r.Compared, 365*48)
	}
}

// A bimonthly fit of two slopes is refused: one slope is tried, and it says so.
func TestEstimate_FewBills(t *testing.T) {
	days, temps := years(rand.New(rand.NewPCG(2, 2)), time.UTC, 24*time.Hour)
	monthly := bills(days)
	var usage savings.Series
	for i := 0; i+1 < len(monthly.Times); i += 2 {
		usage.Times, usage.Values = append(usage.Times, monthly.Times[i]), append(usage.Values, monthly.Values[i]+monthly.Values[i+1])
	}
	usage.Times, usage.Values = append(usage.Times, monthly.Times[len(monthly.Times)-1]), append(usage.Values, 7)
	r := mustEstimate(t, question(usage, temps, time.UTC, savings.CaltrackBilling))
	codes := map[analytics.Code]bool{}
	for _, w := range r.Warnings {
		codes[w.Code] = true
	}
	if r.Model == "cdd_hdd" || !codes["few_bills"] || !codes[savings.CodeUnfinishedBill] || r.Verdict == savings.Usable {
		t.Errorf("got %s, %s, %v; want one slope at most, few_bills and %s", r.Model, r.Verdict, r.Warnings, savings.CodeUnfinishedBill)
	}
}

func TestEstimate_Refuses(t *testing.T) {
	usage, temps := years(rand.New(rand.NewPCG(3, 3)), time.UTC, 24*time.Hour)
	f := func(name string, change func(*savings.Question)) {
		t.Helper()
		q := question(usage, temps, time.UTC, savings.CaltrackDaily)
		change(&q)
		r, err := savings.Estimate(q)
		var input *analytics.InputError
		var few *analytics.NotEnoughError
		if !errors.As(err, &input) && !errors.As(err, &few) {
			t.Errorf("%s: got %+v, %v, want a refusal", name, r, err)
		}
	}
	f("method", func(q *savings.Question) { q.Method = "guess" })
	f("level", func(q *savings.Question) { q.Level = 2 })
	f("order", func(q *savings.Question) { q.Usage = savings.Series{Times: []int64{2, 1}, Values: []float64{1, 2}} })
	f("lengths", func(q *savings.Question) { q.Usage.Values = q.Usage.Values[1:] })
	f("infinity", func(q *savings.Question) {
		q.Usage.Values = append([]float64{math.Inf(1)}, q.Usage.Values[1:]...)
	})
	f("overlap", func(q *savings.Question) { q.ReportingStart = q.BaselineEnd.AddDate(0, 0, -1) })
	f("end before start", func(q *savings.Question) { q.ReportingEnd = q.ReportingStart })
	f("baseline without days", func(q *savings.Question) { q.BaselineStart = q.BaselineEnd })
	f("no reporting days", func(q *savings.Question) { q.ReportingStart = q.ReportingStart.AddDate(3, 0, 0) })
	f("days as bills", func(q *savings.Question) { q.Method = savings.CaltrackBilling })
	f("days as hours", func(q *savings.Question) { q.Method = savings.TOWT })
	f("bills as days", func(q *savings.Question) { q.Usage = bills(q.Usage) })
	f("no weather", func(q *savings.Question) { q.Temperature = savings.Series{} })
	f("monthly weather", func(q *savings.Question) { q.Temperature = bills(q.Temperature) })
	f("two values a day", func(q *savings.Question) {
		times := append([]int64{}, q.Usage.Times...)
		times[1] = times[0] + 60
		q.Usage.Times = times
	})
}

func ExampleEstimate() {
	usage, temps := years(rand.New(rand.NewPCG(1, 2)), time.UTC, 24*time.Hour)
	r, err := savings.Estimate(question(usage, temps, time.UTC, savings.CaltrackDaily))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: saved %.1f %% over %d days, %s\n", r.Model, 100**r.SavingsFraction, r.Compared, r.Verdict)
	// Output: cdd_hdd: saved 9.8 % over 365 days, usable
}
