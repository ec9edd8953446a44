package consumption_test

import (
	"math/rand/v2"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/schema"
)

// history gives a random course of a register: gaps, repeats, corrections, bad
// single readings, resets without an event, and several versions of one time.
func history(random *rand.Rand, from schema.Instant, n int) []books.Point {
	var points []books.Point
	t, value := from, schema.Quantity(1_000*schema.Micro)
	for range n {
		step := schema.Instant(random.Int64N(2*schema.Hour) + schema.Minute)
		switch random.IntN(40) {
		case 0:
			step += schema.Instant(random.Int64N(200 * schema.Hour))
		case 1:
			value = schema.Quantity(random.Int64N(5 * schema.Micro))
		}
		t += step
		value += schema.Quantity(random.Int64N(int64(step) * 5))
		p := kilowatt(t, value)
		p.Received = t + schema.Instant(random.Int64N(schema.Hour))
		switch random.IntN(30) {
		case 0:
			p.Value = 0
		case 1:
			p.Value += 40_000 * schema.Micro
		case 2:
			again := p
			again.Revision, again.Value = 1, p.Value+schema.Quantity(random.Int64N(schema.Micro))
			points = append(points, again)
		case 3:
			points = append(points, p)
		case 4:
			gone := p
			gone.Revision, gone.Deleted = 2, true
			points = append(points, gone)
		}
		points = append(points, p)
	}
	return points
}

// Quarters of an hour sum to hours, hours to days, days to months: exactly, on
// days of 23 and 25 hours too, whatever the window.
func TestRead_StepsSumExactly(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	r := build(t, school)
	for _, name := range []string{"Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu"} {
		zone := zoneOf(t, name)
		m := member(r, "E1", 3, zone)
		for range 3 {
			l := &ledger{}
			l.add(3, m.Facts, history(random, at(t, "2023-03-01T05:00:00Z"), 800))
			first := schema.DayOf(2023, 3, 10) + schema.Day(random.IntN(20))
			days := calendar.Bucket{From: zone.Start(first), To: zone.Start(first + 25)}
			ask := func(from, to schema.Instant, step calendar.Step) (sum totals) {
				for _, p := range read(t, l, consumption.Query{
					Members: []consumption.Member{m}, Places: 1, Buckets: cut(t, zone, from, to, step),
					Zone: zone, Step: step, Now: at(t, "2026-01-01T00:00:00Z"),
				}) {
					sum.add(p)
				}
				return sum
			}
			for day := first; day < first+25; day++ {
				from, to := zone.Start(day), zone.Start(day+1)
				want := ask(from, to, calendar.DayStep)
				for _, step := range []calendar.Step{calendar.HourStep, calendar.QuarterHour} {
					if got := ask(from, to, step); got != want {
						t.Fatalf("%s %s: got %+v from %s, want %+v of the day", name, day, got, step, want)
					}
				}
			}
			want := ask(days.From, days.To, calendar.DayStep)
			for _, step := range []calendar.Step{calendar.QuarterHour, calendar.HourStep, calendar.MonthStep, calendar.YearStep} {
				if got := ask(days.From, days.To, step); got != want {
					t.Fatalf("%s: got %+v from %s, want %+v", name, got, step, want)
				}
			}
			from := days.From + schema.Instant(random.Int64N(30*schema.Hour))
			to := days.To - schema.Instant(random.Int64N(30*schema.Hour))
			fine := ask(from, to, calendar.QuarterHour)
			for _, step := range []calendar.Step{calendar.HourStep, calendar.DayStep, calendar.MonthStep} {
				if got := ask(from, to, step); got != fine {
					t.Fatalf("%s %s..%s: got %+v from %s, want %+v", name, from, to, got, step, fine)
				}
			}
		}
	}
}

// totals are sums of points.
type totals struct{ quantity schema.Quantity }

func (s *totals) add(p consumption.Point) {
	if p.Quantity != nil {
		s.quantity += *p.Quantity
	}
}

// A window is judged without reading the whole history.
func TestRead_ReadsOnlyTheNeighbourhood(t *testing.T) {
	zone := zoneOf(t, "Asia/Shanghai")
	m := member(build(t, school), "E1", 3, zone)
	l := &ledger{}
	var points []books.Point
	start := at(t, "2023-01-01T00:00:00+08:00")
	for i := range 5000 {
		points = append(points, kilowatt(start+schema.Instant(i)*schema.Instant(schema.Hour), schema.Quantity(i)*schema.Micro))
	}
	l.add(3, m.Facts, points)
	from := at(t, "2023-05-01T00:00:00+08:00")
	got := read(t, l, consumption.Query{
		Members: []consumption.Member{m}, Places: 1, Zone: zone, Step: calendar.HourStep,
		Buckets: cut(t, zone, from, from+schema.Instant(24*schema.Hour), calendar.HourStep), Now: at(t, "2026-01-01T00:00:00Z"),
	})
	if len(got) != 24 || got[0].Quantity == nil || *got[0].Quantity != schema.Micro {
		t.Fatalf("got %d points, the first %v, want 24 of 1 kWh", len(got), got[0].Quantity)
	}
	if l.asked > 40 {
		t.Errorf("got %d readings for a day of 24, want at most 40", l.asked)
	}
}
