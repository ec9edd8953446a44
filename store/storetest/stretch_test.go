package storetest

import (
	"testing"

	"jouleline/schema"
)

func TestDeal(t *testing.T) {
	f := func(least int64, wantLeft int, want []schema.Instant, rows ...int64) {
		t.Helper()
		var grains []grain
		for i, n := range rows {
			grains = append(grains, grain{stretch{schema.Instant(i), schema.Instant(i + 1)}, n})
		}
		runs, left := deal(grains, least)
		if len(left) != wantLeft || len(runs) != len(want) {
			t.Fatalf("got the runs %v and %d left, want ends at %v and %d", runs, len(left), want, wantLeft)
		}
		for i := range runs {
			if runs[i].to != want[i] {
				t.Errorf("run %d: got %v, want it to end at %d", i, runs[i], want[i])
			}
		}
	}
	f(10, 0, nil)
	f(10, 2, nil, 4, 5)
	f(10, 1, []schema.Instant{3}, 4, 5, 1, 9)
	f(10, 0, []schema.Instant{1, 2}, 4, 12) // a grain that is a run stays alone
	f(10, 1, []schema.Instant{1, 3}, 11, 9, 9, 9)
}
