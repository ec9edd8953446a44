package posting

import (
	"slices"
	"testing"

	"jouleline/metrics/books"
	"jouleline/schema"
)

func TestRowsOf(t *testing.T) {
	var rows []Reading
	for i, meter := range []int32{2, 2, 5, 7, 7, 7} {
		rows = append(rows, Reading{Meter: meter, Point: books.Point{Time: schema.Instant(i)}})
	}
	f := func(meter int32, want ...schema.Instant) {
		t.Helper()
		var got []schema.Instant
		for _, r := range RowsOf(rows, meter) {
			got = append(got, r.Time)
		}
		if !slices.Equal(got, want) {
			t.Errorf("rows of meter %d: got those of %v, want %v", meter, got, want)
		}
		got = nil
		for _, p := range PointsOf(rows, meter) {
			got = append(got, p.Time)
		}
		if !slices.Equal(got, want) {
			t.Errorf("points of meter %d: got those of %v, want %v", meter, got, want)
		}
	}
	f(1)
	f(2, 0, 1)
	f(3)
	f(5, 2)
	f(7, 3, 4, 5)
	f(8)
	rows = nil
	f(7)
}
