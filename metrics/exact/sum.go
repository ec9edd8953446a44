package exact

import (
	"math/big"
	"math/bits"
)

// Sum is a signed integer of 128 bits. The zero value is 0.
//
// A sum wraps around at 2^127, as an int64 does at 2^63. It cannot get there
// with what is summed here: a quantity (below 2^63) times a factor or a number
// of days (below 2^44) leaves room for 2^20 terms of the greatest size, and
// 2^83 micro-units in all, 10^12 times what the nation uses in a year.
type Sum struct {
	hi int64
	lo uint64
}

// Of gives v as a sum.
func Of(v int64) Sum { return Sum{v >> 63, uint64(v)} }

// Product gives a x b.
func Product(a, b int64) Sum {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	// The unsigned product of two's complements is too great by b x 2^64 for a
	// negative a, and the other way round.
	return Sum{int64(hi) - (a>>63)&b - (b>>63)&a, lo}
}

// Add adds v.
func (s *Sum) Add(v int64) { s.AddSum(Of(v)) }

// AddMul adds a x b.
func (s *Sum) AddMul(a, b int64) { s.AddSum(Product(a, b)) }

// AddSum adds t.
func (s *Sum) AddSum(t Sum) {
	lo, carry := bits.Add64(s.lo, t.lo, 0)
	s.lo = lo
	s.hi += t.hi + int64(carry)
}

// Neg gives -s.
func (s Sum) Neg() Sum {
	lo, borrow := bits.Sub64(0, s.lo, 0)
	return Sum{-s.hi - int64(borrow), lo}
}

// Minus gives s - t.
func (s Sum) Minus(t Sum) Sum {
	s.AddSum(t.Neg())
	return s
}

// IsZero tells whether the sum is 0.
func (s Sum) IsZero() bool { return s == Sum{} }

// Sign gives -1, 0 or 1.
func (s Sum) Sign() int {
	switch {
	case s.hi < 0:
		return -1
	case s.IsZero():
		return 0
	}
	return 1
}

// Cmp gives -1 where s is below t, 0 where they are equal, 1 where s is above.
func (s Sum) Cmp(t Sum) int {
	switch {
	case s == t:
		return 0
	case s.hi < t.hi || s.hi == t.hi && s.lo < t.lo:
		return -1
	}
	return 1
}

// Int64 gives the sum as an int64; ok is false where it does not fit.
func (s Sum) Int64() (v int64, ok bool) {
	return int64(s.lo), s.hi == int64(s.lo)>>63
}

// Int gives the sum as an integer of any size.
func (s Sum) Int() *big.Int { return s.into(new(big.Int)) }

// Rat gives the sum as a rational.
func (s Sum) Rat() *big.Rat { return new(big.Rat).SetInt(s.Int()) }

// String gives the sum in decimal digits.
func (s Sum) String() string { return s.Int().String() }

// into writes the sum into z, keeping z's memory.
func (s Sum) into(z *big.Int) *big.Int {
	if s.hi == 0 {
		return z.SetUint64(s.lo)
	}
	magnitude := s
	if s.hi < 0 {
		magnitude = s.Neg()
	}
	var bytes [16]byte
	for i := range 8 {
		bytes[7-i] = byte(uint64(magnitude.hi) >> (8 * i))
		bytes[15-i] = byte(magnitude.lo >> (8 * i))
	}
	z.SetBytes(bytes[:])
	if s.hi < 0 {
		z.Neg(z)
	}
	return z
}
