package page

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"jouleline/bench/chance"
)

func TestAmount(t *testing.T) {
	f := func(v float64, want string) {
		t.Helper()
		if got := amount(v); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
	f(0, "0")
	f(0.000123456, "0.000123")
	f(0.5, "0.5")
	f(-0.25, "−0.25")
	f(1, "1.00")
	f(99.994, "99.99")
	f(999.96, "1,000.0")
	f(1000, "1,000")
	f(-1234567.8, "−1,234,568")
	f(-0.0000001, "−1e-07")
}

func TestFixed(t *testing.T) {
	f := func(v float64, decimals int, want string) {
		t.Helper()
		if got := fixed(v, decimals); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
	f(-0.001, 2, "0.00") // no sign on what reads as nothing
	f(-1.5, 2, "−1.50")
	f(123, 0, "123")
	f(-123456, 0, "−123,456")
	seed := chance.Seed(t)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 1000 {
		v := (rng.Float64() - .5) * 1e9
		plain := strings.NewReplacer(",", "", "−", "-").Replace(fixed(v, 3))
		if got, err := strconv.ParseFloat(plain, 64); err != nil || got-v > .00051 || v-got > .00051 {
			t.Fatalf("%v: got %s", v, fixed(v, 3))
		}
	}
}

// What is nearly whole does not read as whole, and a little not as nothing.
func TestShare(t *testing.T) {
	f := func(v float64, want string) {
		t.Helper()
		if got := share(&v, "").Text; got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
	f(0, "0.0")
	f(0.0001, "< 0.1")
	f(0.5, "50.0")
	f(0.9996, "99.96")
	f(0.99999, "> 99.99")
	f(1, "100.0")
	if v := share(nil, "why"); v.Text != "" || v.Why != "why" {
		t.Errorf("got %+v, want the reason", v)
	}
}

func TestOwnPage(t *testing.T) {
	f := func(next, want string) {
		t.Helper()
		if got := ownPage(next); got != want {
			t.Errorf("%q: got %q, want %q", next, got, want)
		}
	}
	f("/meter/E1?from=2023-05-01", "/meter/E1?from=2023-05-01")
	f("", "/")
	f("//evil.example/x", "/")
	f("https://evil.example/", "/")
	f("/\\evil.example", "/")
	f("x", "/")
	f("%zz", "/")
}

func TestBar(t *testing.T) {
	b := newBar(-2, ptr(3), ptr(5), -2, 8)
	if b.X != "1.0" || b.Width != "19.6" || b.Zero != "20.6" || b.Pace != "50.0" || b.Target != "69.6" {
		t.Errorf("got %+v", b)
	}
	if b := newBar(0, nil, nil, 0, 0); b.Pace != "" || b.Target != "" || b.Width != "0.5" {
		t.Errorf("got %+v, want neither pace nor target", b)
	}
}
