package schema_test

import (
	"testing"
	"time"

	"jouleline/schema"
)

func TestDay_Type(t *testing.T) {
	for day := schema.DayOf(1969, time.December, 28); day < schema.DayOf(2024, time.March, 5); day++ {
		want := schema.Workday
		if w := day.Start(time.UTC).Time().Weekday(); w == time.Saturday || w == time.Sunday {
			want = schema.Weekend
		}
		if day.Type() != want {
			t.Fatalf("%s: got %s, want %s", day, day.Type(), want)
		}
	}
}
