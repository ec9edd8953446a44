package learn_test

import (
	"errors"
	"testing"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/learn"
	"jouleline/bench/chance"
	"jouleline/schema"
)

var monday = schema.DayOf(2023, time.May, 1)

// days gives the hours of so many days from a Monday on, whose amounts in kWh a
// function tells.
func days(n int, kwh func(day, of int) int) []learn.Hour {
	var list []learn.Hour
	for d := range n {
		for of := range 24 {
			list = append(list, learn.Hour{Day: monday + schema.Day(d), Of: of, Quantity: schema.Quantity(kwh(d, of)) * micro})
		}
	}
	return list
}

// habit is 1 kWh by night, 4 from 8 to 20 h of workdays, 2 of weekends.
func habit(day, of int) int {
	switch {
	case of < 8 || of >= 20:
		return 1
	case day%7 >= 5:
		return 2
	}
	return 4
}

const sixWeeks = 42

func stretchOf(days int) int64 { return int64(days) * 24 * schema.Hour }

// Of habits that repeat, the busiest hour weighs 1000 and all others their part.
// One week of holidays and one hour of nonsense change nothing.
func TestProfile_ByHand(t *testing.T) {
	f := func(name string, kwh func(day, of int) int) {
		t.Helper()
		l, err := learn.Profile(days(sixWeeks, kwh), stretchOf(sixWeeks), learn.DefaultProfileRule())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for day := range l.Weights {
			for of, got := range l.Weights[day] {
				if want := schema.MaxProfileWeight / 4 * schema.Quantity(habit(5*day, of)); got != want {
					t.Errorf("%s: %s %d h: got %s, want %s", name, schema.DayType(day), of, got, want)
				}
			}
		}
		if l.Weeks != 6 || l.Hours != sixWeeks*24 || l.Coverage != 1 {
			t.Errorf("%s: got %+v, want six whole weeks", name, l)
		}
	}
	f("plain", habit)
	f("a week of holidays", func(day, of int) int {
		if day/7 == 2 {
			return 1
		}
		return habit(day, of)
	})
	f("nonsense", func(day, of int) int {
		if day == 15 && of == 3 {
			return 100_000
		}
		return habit(day, of)
	})
}

// What repeats exactly is filled exactly; a line would bring the parts above the
// mean of two days into wrong hours. Of two workdays, 60 each: mean 2.5, 24 hours of
// 1.5 above it, which is 36 of 120. Friday and Saturday, 60 and 36: mean 2, twelve
// hours of 2 above, 24 of 96. A weekend, 36 each: mean 1.5, 24 hours of .5, 12 of 72.
// A week has four, one and one such pairs.
func TestProfile_ErrorByHand(t *testing.T) {
	l, err := learn.Profile(days(sixWeeks, habit), stretchOf(sixWeeks), learn.DefaultProfileRule())
	const want = (4*36./120 + 24./96 + 12./72) / 6
	if err != nil || l.Error != 0 || l.ErrorLinear < want-1e-9 || l.ErrorLinear > want+1e-9 {
		t.Errorf("got %+v, %v, want no error by the profile and %v by the line", l, err, want)
	}
}

func TestProfile_Refuses(t *testing.T) {
	rule := learn.DefaultProfileRule()
	f := func(name string, hours []learn.Hour, stretch int64, rule learn.ProfileRule, want string) {
		t.Helper()
		l, err := learn.Profile(hours, stretch, rule)
		if err == nil || err.Error() != want || l.Weights != (learn.Curve{}) {
			t.Errorf("%s: got %v, %v, want %q", name, l.Weights, err, want)
		}
	}
	f("nothing", nil, 0, rule, "learn a profile: got 0 weeks with measured hours, want at least 6")
	f("five weeks", days(35, habit), stretchOf(35), rule, "learn a profile: got 5 weeks with measured hours, want at least 6")
	f("half of the stretch", days(sixWeeks, habit), stretchOf(2*sixWeeks), rule, "learn a profile: got 50 percent of the stretch measured, want at least 75")
	var noLunch []learn.Hour
	for _, h := range days(sixWeeks, habit) {
		if h.Of != 12 || h.Day.Type() == schema.Workday {
			noLunch = append(noLunch, h)
		}
	}
	f("an hour that is never measured", noLunch, stretchOf(sixWeeks), rule, "learn a profile: got 0 measured hours of weekend 12 h, want at least 9")
	f("no use", days(sixWeeks, func(int, int) int { return 0 }), stretchOf(sixWeeks), rule, "learn a profile: got 0 hours with any use in the middle half, want at least 1")
	f("the same at all hours", days(sixWeeks, func(int, int) int { return 7 }), stretchOf(sixWeeks), rule,
		"learn a profile: got 0.0 % of the energy of known gaps in a wrong hour, want less than the 0.0 % of a straight line")
	f("nights and days change places every week", days(sixWeeks, func(day, of int) int { return 1 + 9*((day/7+of/12)%2) }), stretchOf(sixWeeks), rule,
		"learn a profile: got 81.8 % of the energy of known gaps in a wrong hour, want less than the 40.9 % of a straight line")
	noon := days(sixWeeks, habit)
	f("hours longer than the stretch", noon, schema.Hour, rule, "learn a profile: stretch: got 3600000 ms, want at least the 3628800000 ms of its hours")
	noon[7].Quantity = -micro
	f("a negative amount", noon, stretchOf(sixWeeks), rule, "learn a profile: hour[7]: got -1 at 7 h, want an amount of at least 0 at an hour from 0 to 23")
	noon[7].Quantity, noon[7].Of = 0, 24
	f("no hour of a day", noon, stretchOf(sixWeeks), rule, "learn a profile: hour[7]: got 0 at 24 h, want an amount of at least 0 at an hour from 0 to 23")
	for _, change := range []func(*learn.ProfileRule){
		func(r *learn.ProfileRule) { r.MinWeeks = 1 },
		func(r *learn.ProfileRule) { r.MinHours[schema.Weekend] = 0 },
		func(r *learn.ProfileRule) { r.MinCoverage = -1 },
	} {
		bad := learn.DefaultProfileRule()
		change(&bad)
		var in *analytics.InputError
		if _, err := learn.Profile(days(sixWeeks, habit), stretchOf(sixWeeks), bad); !errors.As(err, &in) {
			t.Errorf("rule %+v: got %v, want it refused", bad, err)
		}
	}
}

// A register of whole units that counts every other hour by day has a median of
// nothing; its profile has the day all the same.
func TestProfile_CoarseRegister(t *testing.T) {
	coarse := func(day, of int) int {
		if of >= 8 && of < 20 {
			return (day + of) % 2
		}
		return 0
	}
	l, err := learn.Profile(days(sixWeeks, coarse), stretchOf(sixWeeks), learn.DefaultProfileRule())
	if err != nil || l.Weights[schema.Workday][9] == 0 || l.Weights[schema.Workday][3] != 0 || l.Error >= l.ErrorLinear {
		t.Errorf("got %+v, %v, want weight by day alone", l, err)
	}
}

// The order of hours does not matter, all times one factor gives the same weights,
// no weight is out of bounds, and the input is left as it was.
func TestProfile_Properties(t *testing.T) {
	random := chance.Random(t)
	for range 50 {
		hours := days(sixWeeks, func(day, of int) int { return habit(day, of) * (5 + random.IntN(5)) })
		was, err := learn.Profile(hours, stretchOf(sixWeeks), learn.DefaultProfileRule())
		if err != nil {
			t.Fatal(err)
		}
		k := schema.Quantity(1 + random.IntN(1000))
		scaled := make([]learn.Hour, len(hours))
		for i, at := range random.Perm(len(hours)) {
			scaled[i] = hours[at]
			scaled[i].Quantity *= k
		}
		before := append([]learn.Hour(nil), scaled...)
		is, err := learn.Profile(scaled, stretchOf(sixWeeks), learn.DefaultProfileRule())
		if err != nil {
			t.Fatal(err)
		}
		for i := range before {
			if scaled[i] != before[i] {
				t.Fatal("the hours were changed")
			}
		}
		greatest := schema.Quantity(0)
		for day := range is.Weights {
			for of, weight := range is.Weights[day] {
				other := was.Weights[day][of]
				if d := weight - other; d > schema.ProfileWeightStep || d < -schema.ProfileWeightStep || weight < 0 || weight%schema.ProfileWeightStep != 0 {
					t.Fatalf("times %d: %s %d h: got %s, want %s within a step", k, schema.DayType(day), of, weight, other)
				}
				greatest = max(greatest, weight)
			}
		}
		if greatest != schema.MaxProfileWeight {
			t.Fatalf("got a greatest weight of %s, want %s", greatest, schema.MaxProfileWeight)
		}
	}
}
