package consumption_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/schema"
)

// school is one school with one meter.
var school = map[string]string{
	"regions.csv":      "code,name,parent\n370000,山东省,\n",
	"institutions.csv": "id,name,class,region\nS1,第一中学,education,370000\n",
	"buildings.csv":    "id,institution,name\nS1-B1,S1,教学楼\n",
	"meters.csv": "id,building,carrier,kind,unit,register_max,max_rate,interval,gap_limit\n" +
		"E1,S1-B1,electricity,register,kWh,99999.99,60,PT1H,PT3H\n",
}

// schoolReadings are the seven readings of the worked example, in the order in
// which they came.
func schoolReadings(tb testing.TB) []books.Point {
	points := []books.Point{
		kilowatt(at(tb, "2023-05-01T22:00:00+08:00"), quantity(tb, "100.00")),
		kilowatt(at(tb, "2023-05-01T23:00:00+08:00"), quantity(tb, "103.00")),
		kilowatt(at(tb, "2023-05-02T01:00:00+08:00"), quantity(tb, "109.00")),
		kilowatt(at(tb, "2023-05-02T02:00:00+08:00"), quantity(tb, "112.50")),
		kilowatt(at(tb, "2023-05-02T00:00:00+08:00"), quantity(tb, "105.50")),
		kilowatt(at(tb, "2023-05-02T01:00:00+08:00"), quantity(tb, "109.00")),
		kilowatt(at(tb, "2023-05-02T02:00:00+08:00"), quantity(tb, "113.00")),
	}
	points[6].Revision = 1
	return points
}

func schoolQuery(tb testing.TB, from, to string, step calendar.Step) (*ledger, consumption.Query) {
	r, zone := build(tb, school), zoneOf(tb, "Asia/Shanghai")
	m := member(r, "E1", 7, zone)
	l := &ledger{}
	l.add(7, m.Facts, schoolReadings(tb))
	return l, consumption.Query{
		Members: []consumption.Member{m}, Places: 1,
		Buckets: cut(tb, zone, at(tb, from), at(tb, to), step), Zone: zone, Step: step,
		Now: at(tb, "2026-01-01T00:00:00+08:00"),
	}
}

func TestRead_Example(t *testing.T) {
	f := func(from, to string, step calendar.Step, want ...string) {
		t.Helper()
		l, q := schoolQuery(t, from, to, step)
		points := read(t, l, q)
		if len(points) != len(want) {
			t.Fatalf("got %d points, want %d", len(points), len(want))
		}
		for i := range points {
			if got := show(points[i], q.Zone.Location()); got != want[i] {
				t.Errorf("got  %s\nwant %s", got, want[i])
			}
		}
	}
	f("2023-05-01T22:00:00+08:00", "2023-05-02T02:00:00+08:00", calendar.HourStep,
		"05-01T22:00 3; 3687/10000 kgce, 1923/1000 kg; coverage 1, estimated 0",
		"05-01T23:00 2.5; 1229/4000 kgce, 641/400 kg; coverage 1, estimated 0",
		"05-02T00:00 3.5; 8603/20000 kgce, 4487/2000 kg; coverage 1, estimated 0",
		"05-02T01:00 4; 1229/2500 kgce, 641/250 kg; coverage 1, estimated 0")
	f("2023-05-01T00:00:00+08:00", "2023-05-03T00:00:00+08:00", calendar.DayStep,
		"05-01T00:00 5.5; 13519/20000 kgce, 7051/2000 kg; coverage 1/12, estimated 0",
		"05-02T00:00 7.5; 3687/4000 kgce, 1923/400 kg; coverage 1/12, estimated 0")
	// Nothing known is no quantity, and time without readings is not covered.
	f("2023-05-02T01:00:00+08:00", "2023-05-02T04:00:00+08:00", calendar.HourStep,
		"05-02T01:00 4; 1229/2500 kgce, 641/250 kg; coverage 1, estimated 0",
		"05-02T02:00 null; null kgce, null kg; coverage 0, estimated null",
		"05-02T03:00 null; null kgce, null kg; coverage 0, estimated null")
	// A day that is asked for from its 23rd hour on is cut from the spans.
	f("2023-05-01T23:00:00+08:00", "2023-05-02T01:00:00+08:00", calendar.DayStep,
		"05-01T23:00 2.5; 1229/4000 kgce, 641/400 kg; coverage 1, estimated 0",
		"05-02T00:00 3.5; 8603/20000 kgce, 4487/2000 kg; coverage 1, estimated 0")
	f("2023-05-01T23:00:00+08:00", "2023-06-01T00:00:00+08:00", calendar.MonthStep,
		"05-01T23:00 10; 1229/1000 kgce, 641/100 kg; coverage 3/721, estimated 0")
}

func TestRead_AnyOrderOfArrival(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	_, q := schoolQuery(t, "2023-05-01T22:00:00+08:00", "2023-05-02T02:00:00+08:00", calendar.HourStep)
	for range 50 {
		points := schoolReadings(t)
		random.Shuffle(len(points), func(i, k int) { points[i], points[k] = points[k], points[i] })
		l := &ledger{}
		l.add(7, q.Members[0].Facts, points)
		got := read(t, l, q)
		for i, want := range []string{"3", "2.5", "3.5", "4"} {
			if got[i].Quantity == nil || got[i].Quantity.String() != want {
				t.Fatalf("hour %d: got %v, want %s", i, got[i].Quantity, want)
			}
		}
	}
}

func TestRead_AsKnownThen(t *testing.T) {
	l, q := schoolQuery(t, "2023-05-01T22:00:00+08:00", "2023-05-02T02:00:00+08:00", calendar.HourStep)
	q.KnownAt = 4 // before the late reading of midnight, and the correction
	for i, want := range []string{"3", "3", "3", "3.5"} {
		if got := read(t, l, q)[i].Quantity; got == nil || got.String() != want {
			t.Errorf("hour %d: got %v, want %s", i, got, want)
		}
	}
}

func TestRead_WhatHasNotPassedIsNotExpected(t *testing.T) {
	l, q := schoolQuery(t, "2023-05-01T00:00:00+08:00", "2023-05-04T00:00:00+08:00", calendar.DayStep)
	q.Now = at(t, "2023-05-02T04:00:00+08:00")
	points := read(t, l, q)
	for i, want := range []string{
		"05-01T00:00 5.5; 13519/20000 kgce, 7051/2000 kg; coverage 1/12, estimated 0",
		"05-02T00:00 7.5; 3687/4000 kgce, 1923/400 kg; coverage 1/2, estimated 0",
		"05-03T00:00 null; null kgce, null kg; coverage null, estimated null",
	} {
		if got := show(points[i], q.Zone.Location()); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestRead_PartialDayOfAnotherCalendar(t *testing.T) {
	l, q := schoolQuery(t, "2023-05-01T23:00:00+08:00", "2023-05-03T00:00:00+08:00", calendar.DayStep)
	q.Members[0].Facts.Zone = zoneOf(t, "Asia/Urumqi")
	if _, err := consumption.Read(context.Background(), l, q); !errors.Is(err, consumption.ErrPartialDay) {
		t.Errorf("got %v, want ErrPartialDay", err)
	}
}

func TestRead_CountsOnlyWhereItBelongs(t *testing.T) {
	f := func(step calendar.Step) {
		t.Helper()
		l, q := schoolQuery(t, "2023-05-01T00:00:00+08:00", "2023-05-03T00:00:00+08:00", step)
		q.Members[0].Counts = []schema.Validity{{From: schema.Always, To: schema.DayOf(2023, 5, 2)}}
		var sum schema.Quantity
		for _, p := range read(t, l, q) {
			if p.Quantity != nil {
				sum += *p.Quantity
			}
		}
		if sum.String() != "5.5" {
			t.Errorf("%s: got %s, want 5.5, the first day only", step, sum)
		}
	}
	f(calendar.DayStep)
	f(calendar.HourStep)
	f(calendar.QuarterHour)
}
