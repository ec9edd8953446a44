package schema_test

import (
	"testing"

	"jouleline/schema"
)

func TestDecimal_Rat(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		d, err := schema.ParseDecimal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.Rat(); err != nil || got.RatString() != want {
			t.Errorf("%s: got %v, %v; want %s", text, got, err, want)
		}
	}
	f("0", "0")
	f("0.1229", "1229/10000")
	f("-2.50", "-5/2")
	f("1.89e8", "189000000")
	f("1e-60", "1/1000000000000000000000000000000000000000000000000000000000000")

	refused := func(text string) {
		t.Helper()
		d, err := schema.ParseDecimal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.Rat(); err == nil {
			t.Errorf("%s is taken as %v", text, got)
		}
	}
	refused("1e100")
	refused("1e-100")
	refused("1.2345678901234567891")
}
