package books

import (
	"fmt"
	"slices"
	"testing"

	"jouleline/schema"
)

// Registers as they are sold: the greatest value that each shows, and its
// modulus.
var registers = []struct{ most, modulus, step string }{
	{"655.35", "655.36", "0.01"},           // 16 bits of 0.01
	{"9999.9", "10000", "0.1"},             // five wheels
	{"99999.99", "100000", "0.01"},         // seven digits
	{"838860.7", "838860.8", "0.1"},        // 23 bits of 0.1
	{"999999", "1000000", "1"},             // six wheels
	{"42949672.95", "42949672.96", "0.01"}, // 32 bits of 0.01
	{"42949672.96", "42949672.97", "0.01"}, // the same, as some data sheets write it
	{"4294967295", "4294967296", "1"},      // 32 bits
	{"0", "0", "0"},                        // nothing is known
}

// bad says how one reading among good ones went wrong, and what becomes of it.
type bad struct {
	name string
	// value is what it shows; "" stands for the greatest value shown, "old" for
	// what the register showed two readings before.
	value string
	code  schema.Code
}

var badReadings = []bad{
	{"zero, then back", "0", schema.Fall},
	{"an old register with a fresh clock", "old", schema.Fall},
	{"a little less", "299.5", schema.Fall},
	{"negative", "-1", schema.Fall},
	{"all bits set, 32", "4294967295", schema.Spike},
	{"all bits set, 32, of 0.01", "42949672.95", schema.Spike},
	{"all bits set, 16", "65535", schema.Spike},
	{"all bits set, 16, of 0.01", "655.35", schema.Spike},
	{"spike, then back", "600", schema.Spike},
	{"the greatest value", "", schema.Spike},
}

// Good, bad, good: the bad reading is set aside with its code, and neither what
// is booked nor any other verdict is other than without it; on whatever
// register, wherever it comes, once or twice.
func TestJudge_OneBadReading(t *testing.T) {
	for _, r := range registers {
		m := registerMeter(t)
		e := &m.Eras[0]
		e.RegisterMax, e.Modulus, e.Step = quantity(t, r.most), quantity(t, r.modulus), quantity(t, r.step)
		for _, b := range badReadings {
			value := b.value
			if value == "" {
				if value = r.most; value == "0" {
					continue
				}
			}
			for _, times := range []int{1, 2} {
				for at := 2; at <= 7; at++ {
					good := rising(t, "300", "1.5", 9)
					checkSetAside(t, fmt.Sprintf("register up to %s, %s, %d times after reading %d", r.most, b.name, times, at), m, good, at, times, value, b.code)
				}
			}
		}
	}
}

// The same next to a rollover: just before it, and just after.
func TestJudge_OneBadReadingBesideARollover(t *testing.T) {
	for _, r := range registers {
		if r.modulus == "0" {
			continue
		}
		m := registerMeter(t)
		e := &m.Eras[0]
		e.RegisterMax, e.Modulus, e.Step = quantity(t, r.most), quantity(t, r.modulus), quantity(t, r.step)
		good := rising(t, "0", "1", 9)
		for i := range good { // the fifth reading is the first after the rollover
			good[i].Value = (e.Modulus + good[i].Value - 4*schema.Micro) % e.Modulus
		}
		plain := Judge(m, good, false, schema.MaxInstant)
		if want := quantity(t, "8"); total(plain.Spans) != want || plain.Spans[3].Cause != RolledOver {
			t.Fatalf("register up to %s: got %v, want 8 by a rollover", r.most, plain.Spans)
		}
		for at := 2; at <= 7; at++ {
			checkSetAside(t, fmt.Sprintf("register up to %s, half way, after reading %d of a rollover", r.most, at), m, good, at, 1, (e.Modulus / 2).String(), "")
		}
	}
}

// rising gives hourly readings from 05-01T00:00 on.
func rising(t testing.TB, first, step string, n int) []Point {
	t.Helper()
	points := make([]Point, n)
	for i := range points {
		p := point(t, "05-01T00:00", first)
		p.Time += schema.Instant(int64(i) * schema.Hour)
		p.Value += schema.Quantity(i) * quantity(t, step)
		points[i] = p
	}
	return points
}

// checkSetAside judges good readings with a bad one, some minutes after the
// at-th, and without it. An empty code stands for any that books nothing.
func checkSetAside(t *testing.T, name string, m *Meter, good []Point, at, times int, value string, code schema.Code) {
	t.Helper()
	want := Judge(m, good, false, schema.MaxInstant)
	all := slices.Clone(good)
	for k := range times {
		p := good[at]
		p.Time += schema.Instant(int64(k+1) * 10 * schema.Minute)
		if value == "old" {
			p.Value = good[at-2].Value
		} else {
			p.Value = quantity(t, value)
		}
		all = slices.Insert(all, at+1+k, p)
	}
	got := Judge(m, all, false, schema.MaxInstant)
	if !slices.Equal(got.Spans, want.Spans) {
		t.Errorf("%s: books\n got %v\nwant %v", name, got.Spans, want.Spans)
	}
	for i, c := range got.Codes {
		isBad := i > at && i <= at+times
		switch {
		case !isBad && c != schema.Accepted:
			t.Errorf("%s: good reading %d: got code %q, want it accepted", name, i, c)
		case isBad && (code != "" && c != code || code == "" && c != schema.Spike && c != schema.Fall):
			t.Errorf("%s: bad reading: got code %q, want %q", name, c, code)
		}
	}
	if end := got.End; end.Head != want.End.Head || end.Pending.Count != 0 {
		t.Errorf("%s: got state %+v, want the head %+v and nothing pending", name, end, want.End.Head)
	}
}

// A clock that jumps back puts a reading among, or before, older ones: it is set
// aside, and no fall is invented.
func TestJudge_ClockJumpsBack(t *testing.T) {
	f := func(name, jumped string, want schema.Code) {
		t.Helper()
		m := registerMeter(t)
		good := rising(t, "300", "1.5", 12)
		without := Judge(m, good, false, schema.MaxInstant)
		p := point(t, "05-01T08:30", "312.75") // sent then
		at, err := schema.ParseInstant(jumped)
		if err != nil {
			t.Fatal(err)
		}
		p.Time = at
		all := append(slices.Clone(good), p)
		Sort(all)
		got := Judge(m, all, false, schema.MaxInstant)
		if !slices.Equal(got.Spans, without.Spans) {
			t.Errorf("%s: books\n got %v\nwant %v", name, got.Spans, without.Spans)
		}
		for i := range all {
			switch {
			case all[i] == p && got.Codes[i] != want:
				t.Errorf("%s: got code %q, want %q", name, got.Codes[i], want)
			case all[i] != p && got.Codes[i] != schema.Accepted && got.Codes[i] != schema.Settled:
				t.Errorf("%s: good reading %d: got code %q, want it booked", name, i, got.Codes[i])
			}
		}
	}
	f("to the day on which clocks are set back to 2000", "2000-01-01T00:00:00Z", schema.Spike)
	f("to 1970", "1970-01-01T00:03:00Z", schema.Spike)
	f("by six hours", "2023-05-01T02:30:00+08:00", schema.Spike)
}

// A clock that is off by less than the register's course can tell moves energy
// between neighbours and invents none.
func TestJudge_ClockALittleOff(t *testing.T) {
	m := registerMeter(t)
	all := rising(t, "300", "1.5", 12)
	want := total(Judge(m, all, false, schema.MaxInstant).Spans)
	p := point(t, "05-01T08:30", "312.75")
	p.Time = instant(t, "05-01T07:40")
	all = append(all, p)
	Sort(all)
	if got := total(Judge(m, all, false, schema.MaxInstant).Spans); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Where the register may have turned more than once, nobody knows how often: no
// rollover is inferred, unless it was announced.
func TestJudge_RolloverOverALongGap(t *testing.T) {
	m := registerMeter(t)
	m.Eras[0].RegisterMax, m.Eras[0].Modulus = quantity(t, "655.35"), quantity(t, "655.36")
	readings := "05-01T00:00 600\n05-01T10:00 10\n05-01T11:00 13\n05-01T12:00 16\n"
	f := func(name, readings, want string, events ...schema.Event) {
		t.Helper()
		m.Events = events
		if got := total(Judge(m, history(t, readings), false, schema.MaxInstant).Spans); got != quantity(t, want) {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	f("ten hours at 60 kWh/h are less than a turn", readings, "71.36")
	long := "05-01T00:00 600\n05-01T11:00 10\n05-01T12:00 13\n05-01T13:00 16\n"
	f("eleven are more", long, "6")
	f("announced", long, "71.36", schema.Event{Kind: schema.Rollover, Time: instant(t, "05-01T09:00")})
}
