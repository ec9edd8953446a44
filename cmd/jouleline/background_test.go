package main

import "testing"

func TestNearRetention(t *testing.T) {
	f := func(first, next, last int64, want bool) {
		t.Helper()
		if got := nearRetention(first, next, last); got != want {
			t.Errorf("%d of %d to %d: got %v, want %v", next, first, last, got, want)
		}
	}
	f(0, 0, 1000, false)       // nothing was ever deleted
	f(500, 1500, 1500, false)  // all is read
	f(500, 500, 500, false)    // nothing is there
	f(500, 699, 1500, true)    // a fifth is 200
	f(500, 700, 1500, false)   // just not
	f(500, 400, 1500, true)    // too late
	f(1400, 1500, 1501, false) // the next is the last
}
