package analytics_test

import (
	"errors"
	"math"
	"testing"

	"jouleline/analytics"
)

func TestCheck(t *testing.T) {
	accept := func(err error) {
		t.Helper()
		if err != nil {
			t.Errorf("got %v, want no error", err)
		}
	}
	refuse := func(err error, index int) {
		t.Helper()
		var in *analytics.InputError
		if !errors.As(err, &in) || in.Index != index {
			t.Errorf("got %v, want an InputError at index %d", err, index)
		}
	}
	accept(analytics.CheckFinite("op", "x", []float64{1, 2}))
	refuse(analytics.CheckFinite("op", "x", []float64{1, math.NaN()}), 1)
	refuse(analytics.CheckFinite("op", "x", []float64{math.Inf(-1)}), 0)
	accept(analytics.CheckNotInf("op", "x", []float64{math.NaN()}))
	refuse(analytics.CheckNotInf("op", "x", []float64{0, math.Inf(1)}), 1)
	refuse(analytics.CheckFinite("op", "x", []float64{0, 1e71}), 1)
	refuse(analytics.CheckNotInf("op", "x", []float64{-1e71}), 0)
	accept(analytics.CheckLength("op", "x", 3, 3))
	refuse(analytics.CheckLength("op", "x", 3, 4), -1)
	accept(analytics.CheckIncreasing("op", "times", []int64{1, 2, 9}))
	refuse(analytics.CheckIncreasing("op", "times", []int64{1, 2, 2}), 2)
	refuse(analytics.CheckIncreasing("op", "times", []int64{5, 2}), 1)
	accept(analytics.CheckLevel("op", .9))
	for _, level := range []float64{0, 1, -1, 2, math.NaN()} {
		refuse(analytics.CheckLevel("op", level), -1)
	}
}

func TestErrorText_ShowsBothSides(t *testing.T) {
	f := func(err error, want string) {
		t.Helper()
		if err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
	f(&analytics.NotEnoughError{Op: "trend", What: "annual values", Got: 2, Want: 3}, "trend: got 2 annual values, want at least 3")
	f(analytics.CheckLength("trend", "values", 2, 3), "trend: values: got 2 values, want 3")
	f(analytics.CheckFinite("trend", "values", []float64{math.NaN()}), "trend: values[0]: got NaN, want a finite number")
}

func TestWarnings_Has(t *testing.T) {
	ws := analytics.Warnings{{Code: "thin", Detail: "three points"}}
	if !ws.Has("thin") || ws.Has("thick") {
		t.Errorf("got Has(thin)=%v Has(thick)=%v, want true, false", ws.Has("thin"), ws.Has("thick"))
	}
	if got := ws[0].String(); got != "thin: three points" {
		t.Errorf("got %q, want %q", got, "thin: three points")
	}
}
