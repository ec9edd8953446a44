package arrow

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"jouleline/schema"
)

// exactFloat bounds the micro-units that a float64 gives exactly: decimals of at
// most 15 digits and floats map to each other one to one, so that no shorter
// text than that of the micro-units reads back as the same float.
const exactFloat = 1e15

// quantity reads a number that is not null into the reading's Value, and into
// its Original where it has more than six decimals.
func (c *column) quantity(row int, r *schema.Reading) (code schema.Code, detail string) {
	if c.form == float && c.width == 8 {
		value, _ := c.float(row)
		micro := math.Round(value * schema.Micro)
		if micro/schema.Micro == value && math.Abs(micro) < exactFloat {
			r.Value = schema.Quantity(micro)
			return schema.Accepted, ""
		}
	}
	if c.form == decimal {
		if hi, lo := c.decimal(row); hi == int64(lo)>>63 { // it fits into 64 bits
			q, exact, err := schema.Decimal{Mantissa: int64(lo), Scale: c.scale}.Quantity()
			if exact && err == nil {
				r.Value = q
				return schema.Accepted, ""
			}
			return settle(r, c.numberText(row), q, exact, err)
		}
	}
	number := c.numberText(row)
	q, exact, err := schema.ParseQuantity(number)
	return settle(r, number, q, exact, err)
}

// settle judges what became of a number.
func settle(r *schema.Reading, number string, q schema.Quantity, exact bool, err error) (code schema.Code, detail string) {
	switch {
	case errors.Is(err, schema.ErrOutOfRange):
		return schema.OutOfRange, fmt.Sprintf("value: got %s, at most %v is taken", clip(number), schema.MaxQuantity)
	case err != nil:
		return schema.BadValue, fmt.Sprintf("value: got %s, want a decimal number", number)
	}
	if r.Value = q; !exact {
		r.Original = number
	}
	return schema.Accepted, ""
}

// numberText writes a number that is not null as the shortest decimal text: a
// JSON number, but for NaN and infinities.
func (c *column) numberText(row int) string {
	switch c.form {
	case float:
		value, bits := c.float(row)
		if size := math.Abs(value); size != 0 && (size < 1e-6 || size >= 1e21) {
			return strconv.FormatFloat(value, 'e', -1, bits)
		}
		return strconv.FormatFloat(value, 'f', -1, bits)
	case decimal:
		return decimalText(c.mantissa(row), int(c.scale))
	}
	return c.wholeText(row)
}

// wholeText writes an integer that is not null.
func (a *values) wholeText(row int) string {
	n, ok := a.integer(row)
	if !ok {
		return strconv.FormatUint(uint64(n), 10)
	}
	return strconv.FormatInt(n, 10)
}

func (a *values) mantissa(row int) *big.Int {
	hi, lo := a.decimal(row)
	m := new(big.Int).Lsh(big.NewInt(hi), 64)
	return m.Or(m, new(big.Int).SetUint64(lo))
}

// decimalText writes mantissa x 10^-scale without an exponent and without zeros
// at the end of its decimals.
func decimalText(mantissa *big.Int, scale int) string {
	sign, digits := "", mantissa.String()
	if mantissa.Sign() < 0 {
		sign, digits = "-", digits[1:]
	}
	if scale <= 0 {
		if mantissa.Sign() == 0 {
			return "0"
		}
		return sign + digits + strings.Repeat("0", -scale)
	}
	if missing := scale + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	whole, decimals := digits[:len(digits)-scale], strings.TrimRight(digits[len(digits)-scale:], "0")
	if decimals == "" {
		return sign + whole
	}
	return sign + whole + "." + decimals
}
