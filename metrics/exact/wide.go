package exact

import (
	"math/big"
	"math/bits"
)

// wide is an unsigned integer of up to 640 bits. The widest thing that is formed
// is a reduction of two ratios of sums (2 x 190 bits and 100), over a target (63)
// and shifted for its decimals or its float (64). Unlike a big.Int it needs no
// memory of its own: an answer of 45,000 rows forms two million of them.
type wide struct {
	w [wideWords]uint64 // least word first; words from n on mean nothing
	n int               // words in use; the highest of them is not zero
}

const wideWords = 10

func (z *wide) norm() {
	for z.n > 0 && z.w[z.n-1] == 0 {
		z.n--
	}
}

// room takes n words into use.
func (z *wide) room(n int) {
	if n > wideWords {
		panic("exact: ratio beyond 640 bits")
	}
	z.n = n
}

// setSum sets z to the magnitude of s and tells whether s is below zero.
func (z *wide) setSum(s Sum) (negative bool) {
	if negative = s.hi < 0; negative {
		s = s.Neg()
	}
	z.w[0], z.w[1], z.n = s.lo, uint64(s.hi), 2
	z.norm()
	return negative
}

// setInt sets z to the magnitude of x.
func (z *wide) setInt(x *big.Int) {
	words := x.Bits()
	const per = 64 / bits.UintSize
	z.room((len(words) + per - 1) / per)
	clear(z.w[:z.n])
	for i, w := range words {
		z.w[i/per] |= uint64(w) << (i % per * bits.UintSize)
	}
	z.norm()
}

// int gives z as an integer of any size.
func (z *wide) int() *big.Int {
	var buffer [8 * wideWords]byte
	for i, w := range z.w[:z.n] {
		for b := range 8 {
			buffer[len(buffer)-1-8*i-b] = byte(w >> (8 * b))
		}
	}
	return new(big.Int).SetBytes(buffer[:])
}

// rat gives z / den.
func (z *wide) rat(den *wide) *big.Rat { return new(big.Rat).SetFrac(z.int(), den.int()) }

func (z *wide) bitLen() int {
	if z.n == 0 {
		return 0
	}
	return 64*z.n - bits.LeadingZeros64(z.w[z.n-1])
}

func (z *wide) cmp(x *wide) int {
	if z.n != x.n {
		if z.n < x.n {
			return -1
		}
		return 1
	}
	for i := z.n - 1; i >= 0; i-- {
		if z.w[i] != x.w[i] {
			if z.w[i] < x.w[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// mul sets z to x x y; z must be neither of them.
func (z *wide) mul(x, y *wide) {
	z.room(x.n + y.n)
	clear(z.w[:z.n])
	for i, a := range x.w[:x.n] {
		z.w[i+y.n] = addMul(z.w[i:i+y.n], y.w[:y.n], a)
	}
	z.norm()
}

// addMul adds y x a to z, which is as long as y, and gives the carry.
func addMul(z, y []uint64, a uint64) (carry uint64) {
	for j, b := range y {
		hi, lo := bits.Mul64(a, b)
		var c uint64
		lo, c = bits.Add64(lo, carry, 0)
		hi += c
		z[j], c = bits.Add64(z[j], lo, 0)
		carry = hi + c
	}
	return carry
}

// mulWord sets z to x x a; z may be x.
func (z *wide) mulWord(x *wide, a uint64) {
	n := x.n
	var carry uint64
	for i, b := range x.w[:n] {
		hi, lo := bits.Mul64(a, b)
		var c uint64
		z.w[i], c = bits.Add64(lo, carry, 0)
		carry = hi + c
	}
	z.room(n)
	if carry != 0 {
		z.room(n + 1)
		z.w[n] = carry
	}
	z.norm()
}

// sub sets z to x - y, which must not be below zero; z may be one of them.
func (z *wide) sub(x, y *wide) {
	var borrow uint64
	for i, a := range x.w[:x.n] {
		var b uint64
		if i < y.n {
			b = y.w[i]
		}
		z.w[i], borrow = bits.Sub64(a, b, borrow)
	}
	z.n = x.n
	z.norm()
}

// add sets z to x + y; z may be one of them.
func (z *wide) add(x, y *wide) {
	if x.n < y.n {
		x, y = y, x
	}
	n := x.n
	var carry uint64
	for i, a := range x.w[:n] {
		var b uint64
		if i < y.n {
			b = y.w[i]
		}
		z.w[i], carry = bits.Add64(a, b, carry)
	}
	z.room(n)
	if carry != 0 {
		z.room(n + 1)
		z.w[n] = carry
	}
}

// shl sets z to x x 2^by; z must not be x.
func (z *wide) shl(x *wide, by int) {
	words, rest := by/64, uint(by%64)
	z.room(x.n + words)
	clear(z.w[:words])
	var carry uint64
	for i, a := range x.w[:x.n] {
		z.w[i+words] = a<<rest | carry
		carry = a >> (64 - rest) // a shift by 64 gives 0
	}
	if carry != 0 {
		z.room(z.n + 1)
		z.w[z.n-1] = carry
	}
	z.norm()
}

// quoWord divides x x 2^shift by y where the quotient fits a word. It leaves the
// remainder in rest and the divisor in scaled, both times the same power of two.
// ok is false where the quotient does not fit. This is one step of Knuth's
// algorithm D.
func quoWord(x, y *wide, shift int, rest, scaled *wide) (quotient uint64, ok bool) {
	// The highest bit of the divisor must be that of a word.
	up, down := max(shift, 0), max(-shift, 0)
	align := -(y.bitLen() + down) & 63
	scaled.shl(y, down+align)
	rest.shl(x, up+align)
	n := scaled.n
	if rest.n < n {
		return 0, true
	}
	if rest.n > n+1 {
		return 0, false
	}
	if rest.n == n {
		rest.room(n + 1)
		rest.w[n] = 0
	}
	u, v := rest.w[:n+1], scaled.w[:n]
	if u[n] >= v[n-1] && !below(u[1:], v) {
		return 0, false
	}
	quotient = estimate(u, v)
	var borrow, carry uint64
	for i, b := range v {
		hi, lo := bits.Mul64(quotient, b)
		var c uint64
		lo, c = bits.Add64(lo, carry, 0)
		carry = hi + c
		u[i], borrow = bits.Sub64(u[i], lo, borrow)
	}
	u[n], borrow = bits.Sub64(u[n], carry, borrow)
	if borrow != 0 { // the estimate was one too great
		quotient--
		carry = 0
		for i, b := range v {
			u[i], carry = bits.Add64(u[i], b, carry)
		}
		u[n] += carry
	}
	rest.norm()
	return quotient, true
}

// estimate gives the quotient of u by v from their highest words: right, or one
// too great.
func estimate(u, v []uint64) uint64 {
	n := len(v)
	top := v[n-1]
	if u[n] >= top {
		return 1<<64 - 1
	}
	q, r := bits.Div64(u[n], u[n-1], top)
	if n < 2 {
		return q
	}
	for {
		hi, lo := bits.Mul64(q, v[n-2])
		if hi < r || hi == r && lo <= u[n-2] {
			return q
		}
		q--
		sum, carry := bits.Add64(r, top, 0)
		if carry != 0 {
			return q
		}
		r = sum
	}
}

// below tells whether x is below y; they are equally long.
func below(x, y []uint64) bool {
	for i := len(x) - 1; i >= 0; i-- {
		if x[i] != y[i] {
			return x[i] < y[i]
		}
	}
	return false
}
