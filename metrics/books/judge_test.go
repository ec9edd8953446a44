package books

import (
	"slices"
	"strings"
	"testing"

	"jouleline/schema"
)

// history reads "05-01T22:00 100.00" lines.
func history(t testing.TB, text string) []Point {
	t.Helper()
	var points []Point
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) >= 2 {
			points = append(points, point(t, fields[0], fields[1]))
		}
	}
	return points
}

func TestJudge_Registers(t *testing.T) {
	// Each case: hourly readings from 05-01T00:00 on; the total booked; the
	// codes of the readings that are not plainly accepted.
	f := func(name, values, wantTotal string, wantCodes map[int]schema.Code) {
		t.Helper()
		m := registerMeter(t)
		var points []Point
		for i, v := range strings.Fields(values) {
			p := point(t, "05-01T00:00", v)
			p.Time += schema.Instant(int64(i) * schema.Hour)
			points = append(points, p)
		}
		got := Judge(m, points, false, schema.MaxInstant)
		if total(got.Spans) != quantity(t, wantTotal) {
			t.Errorf("%s: got total %s, want %s", name, total(got.Spans), wantTotal)
		}
		for i, code := range got.Codes {
			if code != wantCodes[i] {
				t.Errorf("%s: reading %d: got code %q, want %q", name, i, code, wantCodes[i])
			}
		}
	}
	f("plain", "100 103 109", "9", nil)
	f("a first reading alone", "100", "0", nil)
	f("nothing used", "100 100 100", "0", nil)
	f("spike of a sentinel", "100 42949672.96 120", "20", map[int]schema.Code{1: schema.Spike})
	f("spike within the register", "100 60000 120 130", "30", map[int]schema.Code{1: schema.Spike})
	f("spike, open", "100 60000", "0", map[int]schema.Code{1: schema.Pending})
	f("outage shown as zeros", "100 0 0 0 120", "20", map[int]schema.Code{1: schema.Fall, 2: schema.Fall, 3: schema.Fall})
	f("reset without an event", "100 0 3 7", "7", map[int]schema.Code{1: schema.UnexplainedFall, 2: schema.Settled, 3: schema.Settled})
	f("reset, still open", "100 0 3", "0", map[int]schema.Code{1: schema.Pending, 2: schema.Pending})
	f("standing at zero, then moving", "100 0 0 0 3 7", "7", map[int]schema.Code{1: schema.UnexplainedFall, 2: schema.Settled, 3: schema.Settled, 4: schema.Settled, 5: schema.Settled})
	f("unexplained rise", "100 60000 60003 60007", "7", map[int]schema.Code{1: schema.UnexplainedRise, 2: schema.Settled, 3: schema.Settled})
	f("rollover", "99990 10 20", "30", nil)
	f("rollover that cannot have been", "50000 10", "0", map[int]schema.Code{1: schema.Pending})
	f("dip and back", "100 120 110 125", "25", map[int]schema.Code{2: schema.Fall})
	f("the head was a spike", "100 140 110 113", "13", map[int]schema.Code{1: schema.Spike, 2: schema.Settled, 3: schema.Settled})
	f("first reading is a sentinel", "42949672.96 100 103", "3", map[int]schema.Code{0: schema.Spike})
	f("negative register", "100 -5 103", "3", map[int]schema.Code{1: schema.Fall})
}

func TestJudge_Rollover655(t *testing.T) {
	m := registerMeter(t)
	m.Eras[0].RegisterMax, m.Eras[0].Modulus = quantity(t, "655.35"), quantity(t, "655.36")
	got := Judge(m, history(t, "05-01T00:00 653.36\n05-01T01:00 3.36"), false, schema.MaxInstant)
	if total(got.Spans) != quantity(t, "5.36") || got.Spans[0].Cause != RolledOver {
		t.Errorf("got %v, want 5.36 by rollover", got.Spans)
	}
}

func TestJudge_Events(t *testing.T) {
	f := func(name, readings string, event schema.Event, want ...Span) {
		t.Helper()
		m := registerMeter(t)
		m.Events = []schema.Event{event}
		got := Judge(m, history(t, readings), false, schema.MaxInstant)
		if !slices.Equal(got.Spans, want) {
			t.Errorf("%s:\n got %v\nwant %v", name, got.Spans, want)
		}
	}
	at := func(text string) schema.Instant { return instant(t, text) }
	q := func(text string) schema.Quantity { return quantity(t, text) }
	readings := "05-01T00:00 1000\n05-01T02:00 7\n"

	f("swap with both registers", readings,
		schema.Event{Kind: schema.Swap, Time: at("05-01T01:00"), Final: q("1010"), HasFinal: true, Initial: q("5"), HasInitial: true},
		Span{at("05-01T00:00"), at("05-01T01:00"), q("10"), false, Swapped, nil}, Span{at("05-01T01:00"), at("05-01T02:00"), q("2"), false, Swapped, nil})
	f("swap with the final register only", readings,
		schema.Event{Kind: schema.Swap, Time: at("05-01T01:00"), Final: q("1010"), HasFinal: true},
		Span{at("05-01T00:00"), at("05-01T01:00"), q("10"), false, Swapped, nil})
	f("swap with the initial register only: what came before stays missing", readings,
		schema.Event{Kind: schema.Swap, Time: at("05-01T01:00"), Initial: q("5"), HasInitial: true},
		Span{at("05-01T01:00"), at("05-01T02:00"), q("2"), false, Swapped, nil})
	f("reset begins at zero", readings,
		schema.Event{Kind: schema.Reset, Time: at("05-01T01:00"), Final: q("1010"), HasFinal: true},
		Span{at("05-01T00:00"), at("05-01T01:00"), q("10"), false, WasReset, nil}, Span{at("05-01T01:00"), at("05-01T02:00"), q("7"), false, WasReset, nil})
	f("announced rollover needs no rate", "05-01T00:00 50000\n05-01T02:00 10\n",
		schema.Event{Kind: schema.Rollover, Time: at("05-01T01:00")},
		Span{at("05-01T00:00"), at("05-01T02:00"), q("50010"), false, RolledOver, nil})
	f("multiplier with the register at the change", "05-01T00:00 1000\n05-01T02:00 1003\n",
		schema.Event{Kind: schema.MultiplierChange, Time: at("05-01T01:00"), Final: q("1001"), HasFinal: true, Multiplier: schema.Ratio{Num: 10, Den: 1}},
		Span{at("05-01T00:00"), at("05-01T01:00"), q("1"), false, Rescaled, nil}, Span{at("05-01T01:00"), at("05-01T02:00"), q("20"), false, Rescaled, nil})
	f("multiplier without it: interpolated, both sides estimated", "05-01T00:00 1000\n05-01T02:00 1004\n",
		schema.Event{Kind: schema.MultiplierChange, Time: at("05-01T01:00"), Multiplier: schema.Ratio{Num: 10, Den: 1}},
		Span{at("05-01T00:00"), at("05-01T01:00"), q("2"), true, Rescaled, nil}, Span{at("05-01T01:00"), at("05-01T02:00"), q("20"), true, Rescaled, nil})
}

func TestJudge_ReadingAtTheVeryTimeOfASwap(t *testing.T) {
	m := registerMeter(t)
	m.Events = []schema.Event{{Kind: schema.Swap, Time: instant(t, "05-01T01:00"), Final: quantity(t, "1010"), HasFinal: true, Initial: quantity(t, "5"), HasInitial: true}}
	f := func(value string, register uint8, want string) {
		t.Helper()
		points := history(t, "05-01T00:00 1000\n05-01T01:00 "+value+"\n05-01T02:00 7")
		points[1].Register = register
		if got := total(Judge(m, points, false, schema.MaxInstant).Spans); got != quantity(t, want) {
			t.Errorf("reading %s of register %d: got %s, want %s", value, register, got, want)
		}
	}
	f("1010", 0, "12")
	f("5", 0, "12")
	f("1010", 1, "12")
	f("5", 2, "12")
}

func TestJudge_Deltas(t *testing.T) {
	m := registerMeter(t)
	m.Eras[0].Kind = schema.Delta
	f := func(name, lines, wantTotal string, wantCodes ...schema.Code) {
		t.Helper()
		var points []Point
		for line := range strings.Lines(lines) {
			fields := strings.Fields(line)
			p := point(t, "05-01T"+fields[1], fields[2])
			p.Start, p.Kind = instant(t, "05-01T"+fields[0]), schema.Delta
			points = append(points, p)
		}
		Sort(points)
		got := Judge(m, points, false, schema.MaxInstant)
		if total(got.Spans) != quantity(t, wantTotal) || !slices.Equal(got.Codes, wantCodes) {
			t.Errorf("%s: got %s %q, want %s %q", name, total(got.Spans), got.Codes, wantTotal, wantCodes)
		}
	}
	f("side by side", "00:00 01:00 5\n01:00 02:00 6", "11", "", "")
	f("a gap stays missing", "00:00 01:00 5\n03:00 04:00 6", "11", "", "")
	f("overlap waits", "00:00 02:00 5\n01:00 03:00 6", "5", "", schema.Overlap)
	f("negative", "00:00 01:00 -5\n01:00 02:00 6", "6", schema.Negative, "")
	f("more than can have passed", "00:00 01:00 61\n01:00 02:00 6", "6", schema.Spike, "")
}

func TestJudge_Power(t *testing.T) {
	m := registerMeter(t)
	m.Eras[0].Kind = schema.Power
	points := history(t, "05-01T00:00 10\n05-01T01:00 20\n05-01T05:00 20\n05-01T06:00 30")
	for i := range points {
		points[i].Kind, points[i].Unit = schema.Power, schema.Kilowatt
	}
	m.Eras[0].Unit = schema.Kilowatt
	if got := total(Judge(m, points, false, schema.MaxInstant).Spans); got != quantity(t, "40") {
		t.Errorf("mean: got %s, want 15 + 25 = 40; the gap of four hours is missing", got)
	}
	m.Eras[0].Hold = schema.HoldPrevious
	if got := total(Judge(m, points, false, schema.MaxInstant).Spans); got != quantity(t, "30") {
		t.Errorf("previous: got %s, want 10 + 20 = 30", got)
	}
}

func TestResolve(t *testing.T) {
	p := func(value string, revision int32, received string, deleted bool) Point {
		p := point(t, "05-01T00:00", value)
		p.Revision, p.Received, p.Deleted = revision, instant(t, received), deleted
		return p
	}
	f := func(name, want string, points ...Point) {
		t.Helper()
		for range 2 {
			sorted := slices.Clone(points)
			Sort(sorted)
			got := ""
			for _, w := range Resolve(sorted) {
				got += w.Value.String()
			}
			if got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
			slices.Reverse(points)
		}
	}
	f("the higher revision", "2", p("1", 0, "05-02T00:00", false), p("2", 1, "05-01T00:00", false))
	f("the later received", "1", p("1", 0, "05-02T00:00", false), p("2", 0, "05-01T00:00", false))
	f("the greater value", "2", p("1", 0, "05-01T00:00", false), p("2", 0, "05-01T00:00", false))
	f("a repeat that came later keeps its value", "1", p("1", 0, "05-01T00:00", false), p("2", 0, "05-02T00:00", false), p("1", 0, "05-03T00:00", false))
	f("a tombstone", "", p("1", 0, "05-01T00:00", false), p("1", 1, "05-02T00:00", true))
	f("a tombstone overruled", "3", p("1", 0, "05-01T00:00", false), p("1", 1, "05-02T00:00", true), p("3", 2, "05-03T00:00", false))
}
