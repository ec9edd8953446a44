package exact

import (
	"math"
	"math/big"
	"strconv"
)

// Fraction is an exact ratio of two integers, kept as it was formed: not
// reduced, so that forming it costs a multiplication and no more. The zero value
// is not a number until something was set. A fraction may be set again and again
// and allocates nothing. It is not safe for concurrent use.
//
// A fraction holds ratios of sums and what is formed of them here, and rationals
// of about 200 bits: decimals of 64 places.
type Fraction struct {
	negative bool
	num, den wide
	a, b, c  wide // space for what is formed on the way
}

// SetSums sets f to (num x numTimes) / (den x denTimes). den and the factors
// must be above zero.
func (f *Fraction) SetSums(num Sum, numTimes int64, den Sum, denTimes int64) *Fraction {
	if den.Sign() <= 0 || numTimes <= 0 || denTimes <= 0 {
		panic("exact: fraction over a number that is not above zero")
	}
	f.negative = f.num.setSum(num)
	f.num.mulWord(&f.num, uint64(numTimes))
	f.den.setSum(den)
	f.den.mulWord(&f.den, uint64(denTimes))
	return f
}

// SetRat sets f to r.
func (f *Fraction) SetRat(r *big.Rat) *Fraction {
	f.negative = r.Sign() < 0
	f.num.setInt(r.Num())
	f.den.setInt(r.Denom())
	return f
}

// SetDifference sets f to x - y; f must be neither of them.
func (f *Fraction) SetDifference(x, y *Fraction) *Fraction {
	f.a.mul(&x.num, &y.den)
	f.b.mul(&y.num, &x.den)
	f.den.mul(&x.den, &y.den)
	f.subtract(&f.a, x.negative, &f.b, y.negative)
	return f
}

// SetReduction sets f to the reduction from base to current in percent of base:
// 100 x (base - current) / base. base must be above zero; f must be neither of
// them.
func (f *Fraction) SetReduction(base, current *Fraction) *Fraction {
	if base.Sign() <= 0 {
		panic("exact: reduction of a base that is not above zero")
	}
	f.den.mul(&base.num, &current.den)
	f.b.mul(&current.num, &base.den)
	f.subtract(&f.den, false, &f.b, current.negative)
	f.num.mulWord(&f.num, 100)
	return f
}

// subtract sets the numerator to x - y.
func (f *Fraction) subtract(x *wide, xNegative bool, y *wide, yNegative bool) {
	switch {
	case xNegative != yNegative:
		f.num.add(x, y)
		f.negative = xNegative
	case x.cmp(y) >= 0:
		f.num.sub(x, y)
		f.negative = xNegative
	default:
		f.num.sub(y, x)
		f.negative = !xNegative
	}
}

// SetQuotient sets f to x / y. y must be above zero; f must not be x.
func (f *Fraction) SetQuotient(x *Fraction, y *big.Rat) *Fraction {
	if y.Sign() <= 0 {
		panic("exact: quotient by a number that is not above zero")
	}
	f.a.setInt(y.Denom())
	f.b.setInt(y.Num())
	f.num.mul(&x.num, &f.a)
	f.den.mul(&x.den, &f.b)
	f.negative = x.negative
	return f
}

// Sign gives -1, 0 or 1.
func (f *Fraction) Sign() int {
	switch {
	case f.num.n == 0:
		return 0
	case f.negative:
		return -1
	}
	return 1
}

// CmpRat compares f with r: -1, 0 or 1.
func (f *Fraction) CmpRat(r *big.Rat) int {
	sign := f.Sign()
	if sign != r.Sign() {
		if sign < r.Sign() {
			return -1
		}
		return 1
	}
	return sign * f.CmpAbsRat(r)
}

// CmpAbsRat compares the magnitudes of f and r: -1, 0 or 1.
func (f *Fraction) CmpAbsRat(r *big.Rat) int {
	if words := (max(r.Num().BitLen(), r.Denom().BitLen()) + 63) / 64; max(f.num.n, f.den.n)+words > wideWords {
		return f.num.rat(&f.den).Cmp(new(big.Rat).Abs(r))
	}
	f.c.setInt(r.Denom())
	f.a.mul(&f.num, &f.c)
	f.c.setInt(r.Num())
	f.b.mul(&f.den, &f.c)
	return f.a.cmp(&f.b)
}

// Rat gives the ratio, reduced.
func (f *Fraction) Rat() *big.Rat {
	r := f.num.rat(&f.den)
	if f.negative {
		r.Neg(r)
	}
	return r
}

// Float64 gives the float nearest to the ratio, ties to even.
func (f *Fraction) Float64() float64 {
	if f.num.n == 0 {
		return 0
	}
	if f.num.n == 1 && f.den.n == 1 && f.num.w[0] < 1<<53 && f.den.w[0] < 1<<53 {
		// Both are floats themselves, and the division rounds once.
		return f.signed(float64(f.num.w[0]) / float64(f.den.w[0]))
	}
	// A quotient of 63 or 64 bits whose last bit also stands for everything
	// that is cut off rounds to the 53 bits of a float as the exact ratio does.
	shift := 63 - (f.num.bitLen() - f.den.bitLen())
	quotient, ok := quoWord(&f.num, &f.den, shift, &f.a, &f.b)
	if !ok {
		panic("exact: BUG: quotient beyond a word")
	}
	if f.a.n != 0 {
		quotient |= 1
	}
	return f.signed(math.Ldexp(float64(quotient), -shift))
}

func (f *Fraction) signed(magnitude float64) float64 {
	if f.negative {
		return -magnitude
	}
	return magnitude
}

// AppendDecimal writes the ratio with a number of decimals, from 0 to 18,
// rounded half away from zero as the statistical forms round.
func (f *Fraction) AppendDecimal(dst []byte, places int) []byte {
	unit := pow10[places]
	f.c.mulWord(&f.num, unit)
	quotient, ok := quoWord(&f.c, &f.den, 0, &f.a, &f.b)
	if !ok || quotient == math.MaxUint64 {
		return append(dst, f.Rat().FloatString(places)...) // rounds the same way
	}
	f.a.mulWord(&f.a, 2)
	if f.a.cmp(&f.b) >= 0 {
		quotient++
	}
	if f.negative && quotient != 0 {
		dst = append(dst, '-')
	}
	dst = strconv.AppendUint(dst, quotient/unit, 10)
	if places == 0 {
		return dst
	}
	dst = append(dst, '.')
	decimals := quotient % unit
	for place := places - 1; place >= 0; place-- {
		dst = append(dst, byte('0'+decimals/pow10[place]%10))
	}
	return dst
}

// Decimal gives the text of [Fraction.AppendDecimal].
func (f *Fraction) Decimal(places int) string {
	var text [24]byte
	return string(f.AppendDecimal(text[:0], places))
}

// Official gives the ratio as the evaluations print percentages: two decimals.
func (f *Fraction) Official() string { return f.Decimal(2) }

// Official gives r with two decimals, rounded half away from zero.
func Official(r *big.Rat) string { return new(Fraction).SetRat(r).Official() }

// pow10 is 10^places. More decimals than it has are a broken promise.
var pow10 = func() (p [19]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()
