package schema

import "fmt"

// Kind is what the value of a reading means.
type Kind uint8

// The kinds of readings. The zero value means "the meter's own".
const (
	KindNone Kind = iota
	// Register is a cumulative counter.
	Register
	// Delta is an amount over start..time.
	Delta
	// Power is an instantaneous rate.
	Power
	// Bill is an amount over a billing period, day-exact.
	Bill
)

var kinds = [...]string{"", "register", "delta", "power", "bill"}

// ParseKind reads register, delta, power or bill.
func ParseKind(text string) (Kind, error) {
	for k := Register; k <= Bill; k++ {
		if kinds[k] == text {
			return k, nil
		}
	}
	return KindNone, fmt.Errorf("unknown kind: got %q, want register, delta, power or bill", clip(text))
}

// String gives the kind's word.
func (k Kind) String() string { return kinds[k] }

// HasStart tells whether readings of the kind cover a period of their own.
func (k Kind) HasStart() bool { return k == Delta || k == Bill }

// MarshalText gives the kind's word.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the kind's word.
func (k *Kind) UnmarshalText(text []byte) (err error) {
	*k, err = ParseKind(string(text))
	return err
}
