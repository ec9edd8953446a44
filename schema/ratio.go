package schema

import (
	"fmt"
	"math/bits"
)

// Ratio is an exact positive fraction: a multiplier or a unit conversion.
// The zero value means "not given".
type Ratio struct{ Num, Den int64 }

// One is the ratio 1.
var One = Ratio{1, 1}

// ParseRatio reads decimal text such as "40" or "0.5" as a reduced fraction.
// It must be above zero.
func ParseRatio(text string) (Ratio, error) {
	d, err := ParseDecimal(text)
	if err != nil {
		return Ratio{}, err
	}
	if d.Mantissa <= 0 || d.Lost {
		return Ratio{}, fmt.Errorf("got %q, want a number above zero of at most 18 digits", clip(text))
	}
	r := Ratio{d.Mantissa, 1}
	switch {
	case d.Scale > 18 || d.Scale < -18:
		return Ratio{}, fmt.Errorf("%w: %q", ErrOutOfRange, clip(text))
	case d.Scale >= 0:
		r.Den = int64(pow10[d.Scale])
	default:
		hi, lo := bits.Mul64(uint64(r.Num), pow10[-d.Scale])
		if hi != 0 || lo > uint64(MaxQuantity) {
			return Ratio{}, fmt.Errorf("%w: %q", ErrOutOfRange, clip(text))
		}
		r.Num = int64(lo)
	}
	return r.reduced(), nil
}

// Times multiplies two ratios. ok is false where the product does not fit.
func (r Ratio) Times(s Ratio) (product Ratio, ok bool) {
	g, h := gcd(r.Num, s.Den), gcd(s.Num, r.Den)
	num, ok1 := mulFits(r.Num/g, s.Num/h)
	den, ok2 := mulFits(r.Den/h, s.Den/g)
	return Ratio{num, den}, ok1 && ok2
}

// Of scales a quantity by the ratio, through a 128-bit product, rounded once,
// half away from zero. ok is false where the result is out of range.
func (r Ratio) Of(q Quantity) (scaled Quantity, ok bool) {
	if r.Num == r.Den {
		return q, true
	}
	return MulDiv(q, r.Num, r.Den)
}

// MulDiv gives q x num / den through a 128-bit product, rounded once, half away
// from zero. num must not be negative, den must be above zero. ok is false where
// the result is out of range.
func MulDiv(q Quantity, num, den int64) (result Quantity, ok bool) {
	magnitude := uint64(q)
	if q < 0 {
		magnitude = uint64(-q)
	}
	hi, lo := bits.Mul64(magnitude, uint64(num))
	lo, carry := bits.Add64(lo, uint64(den)/2, 0)
	hi += carry
	if hi >= uint64(den) {
		return 0, false
	}
	quotient, _ := bits.Div64(hi, lo, uint64(den))
	if quotient > uint64(MaxQuantity) {
		return 0, false
	}
	if q < 0 {
		return -Quantity(quotient), true
	}
	return Quantity(quotient), true
}

func (r Ratio) reduced() Ratio {
	g := gcd(r.Num, r.Den)
	return Ratio{r.Num / g, r.Den / g}
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, 1)
}

func mulFits(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return int64(lo), hi == 0 && lo <= uint64(MaxQuantity)
}
