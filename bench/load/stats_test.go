package main

import (
	"math"
	"testing"
	"time"
)

func TestQuantile_NearestRank(t *testing.T) {
	f := func(q, want float64, values ...float64) {
		t.Helper()
		if got := quantile(values, q); got != want {
			t.Errorf("quantile %g of %v: got %g, want %g", q, values, got, want)
		}
	}
	f(0.99, 7, 7)
	f(0, 1, 3, 1, 2)
	f(0.5, 2, 3, 1, 2)
	f(1, 3, 3, 1, 2)
	f(0.99, 4, 1, 2, 3, 4)
	f(0.5, 2, 1, 2, 3, 4)
	hundred := make([]float64, 200)
	for i := range hundred {
		hundred[i] = float64(200 - i)
	}
	f(0.99, 198, hundred...)
	if got := quantile(nil, 0.5); !math.IsNaN(got) {
		t.Errorf("quantile of nothing: got %g, want NaN", got)
	}
	if hundred[0] != 200 {
		t.Error("quantile sorted what it was given")
	}
}

func TestMedian(t *testing.T) {
	f := func(want float64, values ...float64) {
		t.Helper()
		if got := median(values); got != want {
			t.Errorf("median of %v: got %g, want %g", values, got, want)
		}
	}
	f(5, 5)
	f(2, 3, 1, 2)
	f(2.5, 4, 1, 2, 3)
	if got := median(nil); !math.IsNaN(got) {
		t.Errorf("median of nothing: got %g, want NaN", got)
	}
}

func TestRecordWaits(t *testing.T) {
	one := &trial{figures: map[string]figure{}}
	var w waits
	for ms := range 10 {
		w.add(time.Duration(ms+1) * time.Millisecond)
	}
	one.recordWaits("row", w)
	got := one.figures["row"]
	if got.Value != 10 || got.Details["p50"] != 5 || got.Details["max"] != 10 || got.Details["n"] != 10 {
		t.Errorf("got %+v, want p99 10, p50 5, max 10, n 10", got)
	}
}
