package learn_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"jouleline/analytics"
	"jouleline/analytics/learn"
	"jouleline/bench/chance"
	"jouleline/schema"
)

// course gives n hours whose amounts in kWh a function tells.
func course(n int, kwh func(hour int) int) []learn.Part {
	parts := make([]learn.Part, n)
	for h := range parts {
		from := schema.Instant(int64(h) * schema.Hour)
		parts[h] = learn.Part{From: from, To: from + schema.Instant(schema.Hour), Quantity: schema.Quantity(kwh(h)) * schema.Micro}
	}
	return parts
}

const (
	twoWeeks = 14 * 24
	micro    = schema.Quantity(schema.Micro)
)

func TestRate(t *testing.T) {
	rule := learn.DefaultRule()
	steady := func(h int) int { return 10 + h%24 }
	oneAt := func(at, kwh int) func(int) int {
		return func(h int) int {
			if h == at {
				return kwh
			}
			return steady(h)
		}
	}
	f := func(name string, parts []learn.Part, stretch int64, want schema.Quantity) {
		t.Helper()
		if l, err := learn.Rate(parts, stretch, rule); err != nil || l.Rate != want {
			t.Errorf("%s: got %s, %v, want %s", name, l.Rate, err, want)
		}
	}
	f("twice the greatest of a steady course", course(twoWeeks, steady), twoWeeks*schema.Hour, 66*micro)
	f("one odd hour does not move it", course(twoWeeks, oneAt(100, 50)), twoWeeks*schema.Hour, 66*micro)
	f("but what was accepted must be possible", course(twoWeeks, oneAt(100, 300)), twoWeeks*schema.Hour, 300*micro)
	quarters := course(twoWeeks*4, steady)
	for i := range quarters {
		quarters[i].From = schema.Instant(int64(i) * schema.Hour / 4)
		quarters[i].To = quarters[i].From + schema.Instant(schema.Hour/4)
	}
	f("a quarter's amount is four times its rate", quarters, twoWeeks*schema.Hour, 4*66*micro)
	f("three quarters of the stretch will do", course(twoWeeks, steady), twoWeeks*schema.Hour*4/3, 66*micro)
}

func TestRate_Refuses(t *testing.T) {
	steady := func(h int) int { return 10 + h%24 }
	f := func(name string, parts []learn.Part, stretch int64, rule learn.Rule, want string) {
		t.Helper()
		l, err := learn.Rate(parts, stretch, rule)
		if err == nil || err.Error() != want || l.Rate != 0 {
			t.Errorf("%s: got %s, %v, want %q", name, l.Rate, err, want)
		}
	}
	rule := learn.DefaultRule()
	f("too few days", course(twoWeeks-1, steady), twoWeeks*schema.Hour, rule, "learn a rate: got 13 days plainly measured, want at least 14")
	f("nothing", nil, 0, rule, "learn a rate: got 0 days plainly measured, want at least 14")
	f("too many gaps", course(twoWeeks, steady), 2*twoWeeks*schema.Hour, rule, "learn a rate: got 50 percent of the stretch plainly measured, want at least 75")
	f("no use", course(twoWeeks, func(int) int { return 0 }), twoWeeks*schema.Hour, rule, "learn a rate: got 0 parts with any use, want at least 1")
	f("parts longer than the stretch", course(twoWeeks, steady), schema.Hour, rule, "learn a rate: stretch: got 3600000 ms, want at least the 1209600000 ms of its parts")
	negative := course(twoWeeks, steady)
	negative[7].Quantity = -micro
	f("a negative amount", negative, twoWeeks*schema.Hour, rule, "learn a rate: part[7]: got -1 in 3600000 ms, want an amount of at least 0 in a time above 0")

	odd := course(twoWeeks, steady)
	odd[7].Quantity = 1000 * micro
	var outlier *learn.OutlierError
	if l, err := learn.Rate(odd, twoWeeks*schema.Hour, rule); !errors.As(err, &outlier) || outlier.At != odd[7].From || outlier.Typical != 33*micro || l.Days != 14 {
		t.Errorf("an error that was booked: got %+v, %v", l, err)
	}
	for _, change := range []func(*learn.Rule){
		func(r *learn.Rule) { r.Margin = schema.Ratio{Num: 9, Den: 10} },
		func(r *learn.Rule) { r.Margin = schema.Ratio{} },
		func(r *learn.Rule) { r.MaxOutlier = schema.Ratio{Num: 1, Den: 2} },
		func(r *learn.Rule) { r.Quantile = math.NaN() },
		func(r *learn.Rule) { r.MinDays = 0 },
		func(r *learn.Rule) { r.MinCoverage = 1.5 },
	} {
		bad := learn.DefaultRule()
		change(&bad)
		var in *analytics.InputError
		if _, err := learn.Rate(course(twoWeeks, steady), twoWeeks*schema.Hour, bad); !errors.As(err, &in) {
			t.Errorf("rule %+v: got %v, want it refused", bad, err)
		}
	}
}

// Scaling all amounts scales the rate, exactly; the order of parts does not
// matter; and whatever was accepted stays possible.
func TestRate_Properties(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		n := twoWeeks + random.IntN(500)
		parts := course(n, func(int) int { return random.IntN(1000) })
		stretch := int64(n) * schema.Hour
		rule := learn.DefaultRule()
		rule.Margin.Num = 1 + random.Int64N(5)
		rule.Margin.Den = 1
		was, err := learn.Rate(parts, stretch, rule)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			if p.Quantity > was.Rate {
				t.Fatalf("got rate %s, want at least %s", was.Rate, p.Quantity)
			}
		}
		k := schema.Quantity(1 + random.IntN(1000))
		scaled := make([]learn.Part, n)
		for i, at := range random.Perm(n) {
			scaled[i] = parts[at]
			scaled[i].Quantity *= k
		}
		is, err := learn.Rate(scaled, stretch, rule)
		if err != nil || is.Rate != k*was.Rate || is.Days != was.Days || is.Coverage != was.Coverage {
			t.Fatalf("times %d: got %+v, %v, want %d times %+v", k, is, err, k, was)
		}
	}
}
