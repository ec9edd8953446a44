package schema

import (
	"errors"
	"testing"
)

// Every quantity that can be counted is read to the last micro-unit.
func TestParseQuantity_Bounds(t *testing.T) {
	f := func(text string, want Quantity) {
		t.Helper()
		got, exact, err := ParseQuantity(text)
		if got != want || !exact || err != nil {
			t.Errorf("%s: got %d, exact %v, %v; want %d", text, got, exact, err, want)
		}
	}
	f("999999999999.999999", 999_999_999_999_999_999)
	f("1234567890123.123457", 1_234_567_890_123_123_457)
	f("-4611686018427.387903", -MaxQuantity)
	f("000000000000000000000000004611686018427.387903000000", MaxQuantity)
	f("4611686018427387903e-6", MaxQuantity)

	for _, text := range []string{"4611686018427.387904", "-4611686018427.387904", "9223372036854775807", "1e19"} {
		if got, _, err := ParseQuantity(text); !errors.Is(err, ErrOutOfRange) {
			t.Errorf("%s: got %d, %v; want %v", text, got, err, ErrOutOfRange)
		}
	}
	if got, exact, err := ParseQuantity("0.12345650000000000000000001"); got != 123_457 || exact || err != nil {
		t.Errorf("digits beyond the last that fits: got %d, exact %v, %v; want 123457 and not exact", got, exact, err)
	}
}
