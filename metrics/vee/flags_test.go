package vee_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/vee"
	"jouleline/schema"
)

var shanghai = func() *calendar.Zone {
	location, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return calendar.NewZone(location)
}()

// flags judges hourly readings and gives their flags, with times in hours after
// the first. "d5" is an amount of 5 of the hour before, "-" no reading.
func flags(t *testing.T, carrier schema.Carrier, kind schema.Kind, values string) string {
	t.Helper()
	unit := carrier.Unit()
	if kind == schema.Power {
		unit = schema.Kilowatt
	}
	m := &books.Meter{Zone: shanghai, Multiplier: schema.One, Eras: []books.Era{{
		From: schema.MinInstant, To: schema.MaxInstant, Kind: kind, Carrier: carrier, Unit: unit,
		Step: 10_000, Interval: schema.Hour, GapLimit: 3 * schema.Hour,
	}}}
	first := schema.InstantOf(time.Date(2023, 5, 1, 0, 0, 0, 0, time.UTC))
	var points []books.Point
	for i, text := range strings.Fields(values) {
		at := first + schema.Instant(int64(i)*schema.Hour)
		for _, one := range strings.Split(text, "+") {
			if one == "-" {
				continue
			}
			p := books.Point{Time: at, Received: at, Unit: unit, Kind: kind}
			if number, ok := strings.CutPrefix(one, "d"); ok {
				p.Kind, one = schema.Delta, number
			}
			if p.Kind.HasStart() {
				p.Start = at - schema.Instant(schema.Hour)
			}
			var err error
			if p.Value, _, err = schema.ParseQuantity(one); err != nil {
				t.Fatal(err)
			}
			points = append(points, p)
		}
	}
	books.Sort(points)
	winners := books.Resolve(points)
	judged := books.Judge(m, winners, false, schema.MaxInstant)
	text := ""
	for _, f := range vee.Flags(&vee.Series{Facts: m, Winners: winners, Codes: judged.Codes, Spans: judged.Spans}) {
		text += fmt.Sprintf("%s %d-%d %s;", f.Rule, f.From.Sub(first)/schema.Hour, f.To.Sub(first)/schema.Hour, f.Detail)
	}
	return text
}

func TestFlags(t *testing.T) {
	f := func(name string, carrier schema.Carrier, kind schema.Kind, values, want string) {
		t.Helper()
		if got := flags(t, carrier, kind, values); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	zeros := func(n int) string { return strings.Repeat("100 ", n+1) }
	const rising = "99 "
	f("a day of zeros of electricity", schema.Electricity, schema.Register, rising+zeros(24)+"101", "zero_run 1-25 nothing used for 24 hours;")
	f("a shorter one", schema.Electricity, schema.Register, rising+zeros(23)+"101", "")
	f("a day of zeros of gas is real", schema.NaturalGas, schema.Register, rising+zeros(24)+"101", "")
	f("a day of zeros of heat is real", schema.Heat, schema.Register, rising+zeros(24)+"101", "")
	f("a day of zeros of water is real", schema.Water, schema.Register, rising+zeros(24)+"101", "")
	f("two weeks of zeros of water", schema.Water, schema.Register, rising+zeros(14*24)+"101", "zero_run 1-337 nothing used for 336 hours;")
	f("a gap is no run of zeros", schema.Electricity, schema.Register, "100 "+strings.Repeat("- ", 30)+"100 101", "")

	f("stuck amounts", schema.Electricity, schema.Delta, "4 5 5 5 6", "stuck 0-3 5 kWh, 3 times in a row;")
	f("two are not stuck", schema.Electricity, schema.Delta, "4 5 5 6 5 6", "")
	f("zeros are not stuck", schema.Electricity, schema.Delta, "4 0 0 0 6", "")
	f("a gap ends a run", schema.Electricity, schema.Delta, "5 5 - - - - 5 6", "")
	f("a stuck rate", schema.Electricity, schema.Power, "4 5 5 5 6", "stuck 1-3 5 kW, 3 times in a row;")
	f("a register that rises evenly", schema.Electricity, schema.Register, "100 105 110 115 120", "")

	f("amounts that sum to the register", schema.Electricity, schema.Register, "100 105+d5 111+d6 118+d7 120+d2", "")
	f("off by no more than an interval", schema.Electricity, schema.Register, "100 105+d5 111+d6 118+d7 120+d8", "")
	f("amounts that do not sum to the register", schema.Electricity, schema.Register, "100 105+d9 111+d9 118+d9 120+d9",
		"interval_sum 0-4 the amounts sum to 36 kWh, the register says 20;")
	f("a spike of the register is not compared", schema.Electricity, schema.Register, "100 105+d5 -7+d6 118+d7 120+d2", "")
}
