package storetest_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"jouleline/metrics/books"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/metrics/verify"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store/storetest"
)

// crowdOf gives a crowd of meters of a store that is closed, which were numbered in
// order: those at first places are not in it.
func crowdOf(path string, reg *registry.Registry, first int) *storetest.Crowd {
	c := &storetest.Crowd{Path: path, Courses: courses, Course: courseOf, Facts: factsOf(reg), End: end}
	for m := first; m < meters; m++ {
		c.Meters = append(c.Meters, int32(m))
	}
	return c
}

// plain changes nothing.
func plain(*storetest.Crowd) {}

func today() schema.Day { return schema.Day(end / schema.Instant(24*schema.Hour)) }

// filled gives a store with a crowd, open, its clock at the end; change changes the
// crowd before.
func filled(t *testing.T, change func(*storetest.Crowd)) (*way, *registry.Registry) {
	t.Helper()
	tables, reg := world(t)
	w := &way{path: filepath.Join(t.TempDir(), "books"), now: begin}
	w.open(t)
	w.bring(t, tables)
	list, _, _, err := w.store.Numbers(t.Context())
	if err != nil || len(list) != meters || list[meters-1] != (posting.Meter{ID: meters - 1, Key: key(meters - 1)}) {
		t.Fatalf("got the meters %v, %v, want them numbered in order", list, err)
	}
	w.close(t)
	c := crowdOf(w.path, reg, 0)
	change(c)
	got, err := c.Fill(t.Context())
	if want := int64(end-begin+quarter-1) / int64(quarter) * meters; err != nil || got.Readings != want {
		t.Fatalf("got %+v, %v, want %d readings", got, err, want)
	}
	w.now = end + 10_000
	w.open(t)
	return w, reg
}

// mustVerify fails where the books are not what the readings give.
func mustVerify(t *testing.T, w *way) {
	t.Helper()
	report, err := verify.Run(t.Context(), w.store, verify.Options{List: 10})
	if err != nil || len(report.Differences) > 0 || report.Meters != meters || report.Months == 0 {
		t.Fatalf("verify: %+v, %v", report, err)
	}
}

func allMeters() (ids []int32) {
	for m := range int32(meters) {
		ids = append(ids, m)
	}
	return ids
}

// said gives what a store says of its meters.
func said(t *testing.T, w *way, reg *registry.Registry) string {
	t.Helper()
	var text strings.Builder
	ask := func(what any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%+v\n", what)
	}
	var stretches []posting.Stretch
	for _, id := range allMeters() {
		stretches = append(stretches, posting.Stretch{Meter: id, From: schema.MinInstant, To: schema.MaxInstant})
	}
	points, err := w.store.Points(t.Context(), stretches, 0)
	for i := range points {
		points[i].Recorded, points[i].Received = 0, 0 // the true way is not as punctual
	}
	ask(points, err)
	booked, err := w.store.Booked(t.Context(), allMeters(), schema.Open, 0)
	ask(booked, err)
	latest, err := w.store.Latest(t.Context(), allMeters())
	ask(latest, err)
	for _, days := range [][2]schema.Day{
		{schema.DayOf(2024, 1, 1), schema.DayOf(2025, 1, 1)}, {schema.DayOf(2024, 2, 1), schema.DayOf(2024, 3, 1)}, {schema.DayOf(2024, 1, 20), schema.DayOf(2024, 3, 5)},
	} {
		usage, err := w.store.Usage(t.Context(), indicator.UsageQuery{Registry: reg, From: days[0], To: days[1]})
		if err == nil && len(usage) != meters/4 {
			t.Fatalf("got the usage of %d institutions, want %d", len(usage), meters/4)
		}
		ask(usage, err)
	}
	return text.String()
}

// settle does the upkeep of a day that begins.
func settle(t *testing.T, w *way, before schema.Day) (moved int64) {
	t.Helper()
	for {
		n, err := w.store.Settle(t.Context(), before)
		if err != nil {
			t.Fatal(err)
		}
		if moved += n; n == 0 {
			if err := w.store.Maintain(t.Context()); err != nil {
				t.Fatal(err)
			}
			return moved
		}
	}
}

// A crowd's books are what its readings give, upkeep finds nothing to do before the
// next day and changes no answer then, and what comes next is booked as what comes
// next.
func TestCrowd_GoesOn(t *testing.T) {
	w, reg := filled(t, plain)
	mustVerify(t, w)
	before := said(t, w, reg)
	if moved := settle(t, w, today()); moved != 0 {
		t.Errorf("%d readings settled again, want none", moved)
	}
	if after := said(t, w, reg); after != before {
		t.Error("upkeep changed an answer")
	}
	const meter = 9
	course, err := courseOf(meter % courses)
	if err != nil {
		t.Fatal(err)
	}
	last := course[len(course)-1]
	w.send(t, schema.Reading{Meter: key(meter), Time: last.Time + quarter, Value: last.Value + schema.Micro})
	if w.counts.Readings != 1 || w.counts.Entries != 1 || w.counts.Codes != 0 {
		t.Errorf("the next reading: got %+v, want one that is plainly booked", w.counts)
	}
	entries, err := w.store.Booked(t.Context(), []int32{meter}, schema.Open, 0)
	sum := schema.Quantity(0)
	for i := range entries {
		sum += entries[i].Quantity
	}
	if want := last.Value + schema.Micro - course[0].Value; err != nil || sum != want {
		t.Errorf("got %s kWh, %v, want %s", sum, err, want)
	}
	points, err := w.store.Points(t.Context(), []posting.Stretch{{Meter: meter, From: last.Time, To: schema.MaxInstant}}, 0)
	if err != nil || len(points) != 2 || points[0].Unit != points[1].Unit || points[0].Kind != points[1].Kind || points[0].Register != points[1].Register {
		t.Errorf("got %+v, %v, want two of the same register", points, err)
	}
	mustVerify(t, w)
	before = said(t, w, reg)
	w.now += schema.Instant(24 * schema.Hour)
	if moved := settle(t, w, today()+1); moved == 0 {
		t.Error("nothing settled on the next day")
	}
	if after := said(t, w, reg); after != before {
		t.Error("the next day changed an answer")
	}
	mustVerify(t, w)
	w.close(t)
}

// A crowd is refused where it would not be plain.
func TestCrowd_Refuses(t *testing.T) {
	w, reg := filled(t, plain)
	w.close(t)
	f := func(want string, change func(*storetest.Crowd)) {
		t.Helper()
		c := crowdOf(w.path, reg, 0)
		change(c)
		if _, err := c.Fill(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	f("want none", func(*storetest.Crowd) {})
	f("want them in order", func(c *storetest.Crowd) { c.Meters = []int32{2, 1} })
	f("want meters", func(c *storetest.Crowd) { c.Meters = nil })
	f("want all", func(c *storetest.Crowd) { c.Meters = []int32{1000} })
	f("want one or more", func(c *storetest.Crowd) { c.End = begin })
	f("want 24 or more", func(c *storetest.Crowd) {
		c.Course = func(n int) ([]books.Point, error) {
			points, err := courseOf(n)
			return points[:10], err
		}
	})
	f("the verdict", func(c *storetest.Crowd) {
		c.Course = func(n int) ([]books.Point, error) {
			points, err := courseOf(n)
			points[500].Value = 0
			return points, err
		}
	})
}
