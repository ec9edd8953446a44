package schema

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
)

// Quantity is an exact amount in micro-units: 1e-6 kWh, m3, L, kg, GJ, kW, ...
// Sums of quantities are exact in any order.
type Quantity int64

// Micro is the number of micro-units in one unit.
const Micro = 1_000_000

// MaxQuantity bounds the magnitude of a quantity. One bit below the range of an
// int64 is left free, so that the difference of two quantities never overflows.
const MaxQuantity Quantity = math.MaxInt64 / 2

// Errors of [ParseQuantity]. Callers map them to the codes bad_value and
// out_of_range.
var (
	ErrNotNumber  = errors.New("not a decimal number")
	ErrOutOfRange = errors.New("out of range")
)

// ParseQuantity reads decimal text such as "123456.7", "-0.5" or "1.5e3" as
// micro-units without passing through a float. More than six decimals are
// rounded half away from zero; exact then is false and the caller keeps the
// text. It accepts what JSON accepts as a number, and a leading '+'.
func ParseQuantity[T ~string | ~[]byte](text T) (q Quantity, exact bool, err error) {
	d, err := ParseDecimal(text)
	if err != nil {
		return 0, false, err
	}
	return d.Quantity()
}

// Decimal is a decimal number as it was written: Mantissa x 10^-Scale.
type Decimal struct {
	Mantissa int64
	Scale    int32
	// Lost tells that non-zero digits that an int64 has no room for were cut off.
	Lost bool
}

// maxScale bounds the exponents that are looked at; anything beyond is zero or
// out of range.
const maxScale = 64

// ParseDecimal reads decimal text. It never rounds: the digits from the first on
// that an int64 has no room for, the 19th or 20th, are cut and reported in
// [Decimal.Lost]. Every quantity within [MaxQuantity] fits.
func ParseDecimal[T ~string | ~[]byte](text T) (Decimal, error) {
	var d Decimal
	i, n := 0, len(text)
	negative := false
	if i < n && (text[i] == '-' || text[i] == '+') {
		negative = text[i] == '-'
		i++
	}
	digits, dot, full := 0, false, false
	for ; i < n; i++ {
		c := text[i]
		if c == '.' && !dot {
			dot = true
			continue
		}
		if c < '0' || c > '9' {
			break
		}
		digits++
		if d.Mantissa == 0 && c == '0' {
			if dot {
				d.Scale++
			}
			continue
		}
		if d.Mantissa <= (math.MaxInt64-9)/10 && !full {
			d.Mantissa = d.Mantissa*10 + int64(c-'0')
			if dot {
				d.Scale++
			}
			continue
		}
		full, d.Lost = true, d.Lost || c != '0'
		if !dot {
			d.Scale--
		}
	}
	if digits == 0 {
		return Decimal{}, fmt.Errorf("%w: %q", ErrNotNumber, clip(string(text)))
	}
	if i < n && (text[i] == 'e' || text[i] == 'E') {
		exponent, err := strconv.ParseInt(string(text[i+1:]), 10, 32)
		if err != nil {
			return Decimal{}, fmt.Errorf("%w: %q", ErrNotNumber, clip(string(text)))
		}
		d.Scale -= int32(max(-1<<30, min(exponent, 1<<30)))
		i = n
	}
	if i != n {
		return Decimal{}, fmt.Errorf("%w: %q", ErrNotNumber, clip(string(text)))
	}
	if d.Mantissa == 0 {
		return Decimal{}, nil
	}
	if negative {
		d.Mantissa = -d.Mantissa
	}
	return d, nil
}

// Quantity gives the decimal in micro-units, rounded half away from zero.
// exact tells whether nothing was rounded.
func (d Decimal) Quantity() (q Quantity, exact bool, err error) {
	shift := 6 - d.Scale // value = mantissa x 10^shift micro-units
	if d.Mantissa == 0 {
		return 0, true, nil
	}
	magnitude := uint64(d.Mantissa)
	if d.Mantissa < 0 {
		magnitude = uint64(-d.Mantissa)
	}
	exact = !d.Lost
	switch {
	case shift > 18:
		return 0, false, fmt.Errorf("%w: %de%d", ErrOutOfRange, d.Mantissa, -d.Scale)
	case shift >= 0:
		hi, lo := bits.Mul64(magnitude, pow10[shift])
		if hi != 0 || lo > uint64(MaxQuantity) {
			return 0, false, fmt.Errorf("%w: %de%d", ErrOutOfRange, d.Mantissa, -d.Scale)
		}
		magnitude = lo
	case shift < -maxScale || -shift > 18:
		magnitude, exact = 0, false
	default:
		unit := pow10[-shift]
		rest := magnitude % unit
		magnitude /= unit
		if rest != 0 {
			exact = false
		}
		if rest >= unit-rest && rest != 0 {
			magnitude++
		}
	}
	if magnitude > uint64(MaxQuantity) {
		return 0, false, fmt.Errorf("%w: %de%d", ErrOutOfRange, d.Mantissa, -d.Scale)
	}
	q = Quantity(magnitude)
	if d.Mantissa < 0 {
		q = -q
	}
	return q, exact, nil
}

var pow10 = func() (p [19]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

// Append writes the quantity as the shortest decimal text that is exact.
func (q Quantity) Append(dst []byte) []byte {
	magnitude := uint64(q)
	if q < 0 {
		dst = append(dst, '-')
		magnitude = uint64(-q)
	}
	dst = strconv.AppendUint(dst, magnitude/Micro, 10)
	rest := magnitude % Micro
	if rest == 0 {
		return dst
	}
	var digits [7]byte
	digits[0] = '.'
	for i := 6; i > 0; i-- {
		digits[i] = byte('0' + rest%10)
		rest /= 10
	}
	end := 7
	for digits[end-1] == '0' {
		end--
	}
	return append(dst, digits[:end]...)
}

// String gives the shortest exact decimal text.
func (q Quantity) String() string { return string(q.Append(nil)) }

// MarshalJSON writes the quantity as a JSON number.
func (q Quantity) MarshalJSON() ([]byte, error) { return q.Append(nil), nil }

// UnmarshalJSON reads a JSON number of at most six decimals exactly; more are
// rounded half away from zero.
func (q *Quantity) UnmarshalJSON(text []byte) (err error) {
	*q, _, err = ParseQuantity(text)
	return err
}

// Float64 gives the nearest float, for presentation and statistics only.
func (q Quantity) Float64() float64 { return float64(q) / Micro }

func clip(text string) string {
	const most = 40
	if len(text) <= most {
		return text
	}
	return text[:most] + "..."
}
