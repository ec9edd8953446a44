package calendar

import (
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/schema"
)

func zone(t testing.TB, name string) *Zone {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return NewZone(location)
}

// The table must agree with package time everywhere, zones with odd offsets,
// skipped midnights and skipped days included.
func TestDayOf_AgreesWithTime(t *testing.T) {
	random := chance.Random(t)
	for _, name := range []string{"Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "Pacific/Auckland"} {
		z := zone(t, name)
		for range 20000 {
			at := schema.Instant(random.Int64N(int64(schema.MaxInstant)))
			got := z.DayOf(at)
			if want := schema.DayOf(at.Time().In(z.location).Date()); got != want {
				t.Fatalf("%s: day of %s: got %s, want %s", name, at, got, want)
			}
			if z.Start(got) > at || z.Start(got+1) <= at {
				t.Fatalf("%s: %s is not inside its day %s", name, at, got)
			}
		}
	}
}

func TestBuckets_DaysOf23And25Hours(t *testing.T) {
	z := zone(t, "Europe/Berlin")
	hours := func(day string, want int) {
		t.Helper()
		d, err := schema.ParseDay(day)
		if err != nil {
			t.Fatal(err)
		}
		buckets, err := z.Buckets(z.Start(d), z.Start(d+1), HourStep, 100)
		if err != nil {
			t.Fatal(err)
		}
		if len(buckets) != want {
			t.Errorf("%s: got %d hours, want %d", day, len(buckets), want)
		}
	}
	hours("2024-03-31", 23)
	hours("2024-10-27", 25)
	hours("2024-06-01", 24)
}

func TestBuckets_TileTheStretch(t *testing.T) {
	z := zone(t, "Asia/Shanghai")
	from, to := schema.InstantOf(time.Date(2020, 1, 31, 22, 7, 0, 0, time.UTC)), schema.InstantOf(time.Date(2022, 3, 1, 3, 0, 0, 0, time.UTC))
	for step := QuarterHour; step <= YearStep; step++ {
		buckets, err := z.Buckets(from, to, step, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		at := from
		for _, b := range buckets {
			if b.From != at || b.To <= b.From {
				t.Fatalf("%s: bucket %v does not follow %s", step, b, at)
			}
			at = b.To
		}
		if at != to {
			t.Fatalf("%s: ends at %s, want %s", step, at, to)
		}
	}
	if _, err := z.Buckets(from, to, QuarterHour, 10); err == nil {
		t.Error("a limit of 10 buckets was not held")
	}
}
