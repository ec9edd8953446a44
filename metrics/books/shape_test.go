package books

import (
	"slices"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// profileOf gives each hour a weight, in whole numbers.
func profileOf(from schema.Day, weight func(day schema.DayType, hour int) int64) *schema.Profile {
	p := &schema.Profile{Meter: "E1", From: from, Version: "1", Author: "wang", Reason: "by hand"}
	for day := schema.Workday; day < schema.DayTypes; day++ {
		for hour := range p.Weights[day] {
			p.Weights[day][hour] = schema.Quantity(weight(day, hour)) * schema.Micro
		}
	}
	return p
}

func daytime(day schema.DayType, hour int) int64 {
	switch {
	case day == schema.Weekend:
		return 2
	case hour >= 8 && hour < 20:
		return 3
	}
	return 1
}

func zoneNamed(t testing.TB, name string) *calendar.Zone {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return calendar.NewZone(location)
}

// hours cuts a span at every hour.
func hours(s *Span) (list []schema.Quantity) {
	for at := s.From; at < s.To; at += schema.Instant(schema.Hour) {
		q, _ := s.Part(at, at+schema.Instant(schema.Hour))
		list = append(list, q)
	}
	return list
}

// Twelve hours of weight 1 and twelve of weight 3 are 48: of 480 kWh a night's
// hour has 10, a day's 30. A weekend's day has the same sum, and 20 an hour.
func TestShape_ByHand(t *testing.T) {
	shape := NewShape(profileOf(schema.Always, daytime), shanghai)
	friday := Span{From: instant(t, "05-05T00:00"), To: instant(t, "05-06T00:00"), Quantity: quantity(t, "480"), Shape: &shape}
	for hour, q := range hours(&friday) {
		want := quantity(t, "10")
		if hour >= 8 && hour < 20 {
			want = quantity(t, "30")
		}
		if q != want {
			t.Errorf("Friday %d h: got %s, want %s", hour, q, want)
		}
	}
	if got := friday.Through(instant(t, "05-05T08:20")); got != quantity(t, "90") { // 8 x 10 + a third of 30
		t.Errorf("until 08:20: got %s, want 90", got)
	}
	both := Span{From: instant(t, "05-05T12:00"), To: instant(t, "05-06T12:00"), Quantity: quantity(t, "520"), Shape: &shape}
	want := slices.Concat(slices.Repeat([]schema.Quantity{quantity(t, "30")}, 8), slices.Repeat([]schema.Quantity{quantity(t, "10")}, 4), slices.Repeat([]schema.Quantity{quantity(t, "20")}, 12))
	if got := hours(&both); !slices.Equal(got, want) { // 8 x 3 + 4 x 1 + 12 x 2 = 52
		t.Errorf("Friday noon to Saturday noon: got %v, want %v", got, want)
	}
}

// An hour that the clock skips has no weight, and one that it shows twice has it
// twice: of 23 hours with the weight of 2 h a hundred times the others' each has
// the same; of 25 the two of 2 h have 3 of 23 + 2 x 3 parts each.
func TestShape_ClockChanges(t *testing.T) {
	berlin := zoneNamed(t, "Europe/Berlin")
	f := func(weight int64, from time.Time, total string, want func(i int) string) {
		t.Helper()
		shape := NewShape(profileOf(schema.Always, func(_ schema.DayType, hour int) int64 {
			if hour == 2 {
				return weight
			}
			return 1
		}), berlin)
		day := schema.DayOf(from.Date())
		s := Span{From: berlin.Start(day), To: berlin.Start(day + 1), Quantity: quantity(t, total), Shape: &shape}
		for i, q := range hours(&s) {
			if q != quantity(t, want(i)) {
				t.Errorf("%s, hour %d: got %s, want %s", day, i, q, want(i))
			}
		}
	}
	f(100, time.Date(2023, 3, 26, 0, 0, 0, 0, time.UTC), "230", func(int) string { return "10" })
	f(3, time.Date(2023, 10, 29, 0, 0, 0, 0, time.UTC), "290", func(i int) string {
		if i == 2 || i == 3 {
			return "30"
		}
		return "10"
	})
}

// Parts of shaped spans sum to them exactly, however they are cut, over days of
// 23 and 25 hours too, and never fall below zero.
func TestShape_PartsSumExactly(t *testing.T) {
	random := chance.Random(t)
	zones := []*calendar.Zone{shanghai, zoneNamed(t, "Europe/Berlin"), zoneNamed(t, "Australia/Lord_Howe")}
	for range 300 {
		zone := zones[random.IntN(len(zones))]
		most := 1 + random.Int64N(1000)
		p := profileOf(schema.Always, func(schema.DayType, int) int64 { return max(0, random.Int64N(2*most)-most) })
		shape := NewShape(p, zone)
		m := &Meter{Zone: zone, Shapes: []Shape{shape}}
		from := schema.Instant(random.Int64N(1_700_000_000_000))
		s := Span{From: from, To: from + 1 + schema.Instant(random.Int64N(60*24*schema.Hour)), Quantity: schema.Quantity(random.Int64N(5_000_000_000_000))}
		s.Shape = m.shapeOf(s.From, s.To)
		sum, known := schema.Quantity(0), int64(0)
		s.Days(zone, func(day schema.Day, q schema.Quantity, ms int64) {
			var parts schema.Quantity
			for at := zone.Start(day); at < zone.Start(day+1); {
				next := min(at+1+schema.Instant(random.Int64N(3*schema.Hour)), zone.Start(day+1))
				part, _ := s.Part(at, next)
				if part < 0 {
					t.Fatalf("%v: a part of %s", s, part)
				}
				parts += part
				at = next
			}
			if parts != q {
				t.Fatalf("%v: the parts of %s sum to %s, want %s", s, day, parts, q)
			}
			sum += q
			known += ms
		})
		if sum != s.Quantity || known != s.To.Sub(s.From) {
			t.Fatalf("%v: parts sum to %s over %d ms", s, sum, known)
		}
	}
}

// A profile fills gaps that begin from its day on, nothing else, and books only
// the days of those gaps anew; where it gives a gap no weight, the course stays
// linear.
func TestJudge_FillsGapsByProfile(t *testing.T) {
	plain := registerMeter(t)
	shaped := registerMeter(t)
	nightOnly := profileOf(schema.DayOf(2023, time.May, 12), func(_ schema.DayType, hour int) int64 {
		if hour < 6 {
			return 1
		}
		return 0
	})
	shaped.Shapes = []Shape{NewShape(profileOf(schema.DayOf(2023, time.May, 5), daytime), shanghai), NewShape(nightOnly, shanghai)}
	points := history(t, `05-01T00:00 0
05-02T12:00 100
05-02T13:00 110
05-04T23:00 150
05-06T00:00 400
05-06T01:00 410
05-12T06:00 500
05-12T20:00 600`)
	judged := Judge(shaped, points, false, schema.MaxInstant)
	want := []*Shape{nil, nil, nil, nil, nil, &shaped.Shapes[0], nil}
	for i, s := range judged.Spans {
		if s.Shape != want[i] {
			t.Errorf("span %d from %s: got shape %v, want %v", i, s.From.Format(shanghai.Location()), s.Shape, want[i])
		}
	}
	if total(judged.Spans) != quantity(t, "600") {
		t.Errorf("got a total of %s, want 600", total(judged.Spans))
	}
	for _, e := range Diff(Judge(plain, points, false, schema.MaxInstant).Spans, judged.Spans, shanghai) {
		if e.Day < schema.DayOf(2023, time.May, 6) || e.Day > schema.DayOf(2023, time.May, 12) {
			t.Errorf("%s is booked anew: %+v", e.Day, e)
		}
	}
	if again := Judge(shaped, points, false, schema.MaxInstant); len(Diff(judged.Spans, again.Spans, shanghai)) > 0 {
		t.Error("judging once more books something anew")
	}

	first := Judge(shaped, points[:6], false, schema.MaxInstant)
	quick, ok := shaped.Quick(&first.End, points[5].Time)
	span, next := quick.Next(&points[6])
	if !ok || !next || span != judged.Spans[5] {
		t.Errorf("the quick way: got %+v, %v, %v, want %+v", span, ok, next, judged.Spans[5])
	}
}
