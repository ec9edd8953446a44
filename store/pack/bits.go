package pack

import (
	"encoding/binary"
	"math/bits"
)

// writer appends bits, the lowest of each byte first.
type writer struct {
	out  []byte
	held uint64
	n    uint // bits held, fewer than 8
}

// write appends the lowest bits of a number, 56 at most.
func (w *writer) write(v uint64, width uint) {
	w.held |= v << w.n
	w.n += width
	for w.n >= 8 {
		w.out = append(w.out, byte(w.held))
		w.held >>= 8
		w.n -= 8
	}
}

// end fills the last byte with zeros.
func (w *writer) end() []byte {
	if w.n > 0 {
		w.out = append(w.out, byte(w.held))
	}
	return w.out
}

func appendUint(dst []byte, v uint64) []byte { return binary.AppendUvarint(dst, v) }
func appendInt(dst []byte, v int64) []byte   { return binary.AppendVarint(dst, v) }

// input is bytes that are read from their beginning. What is read beyond the end,
// or cannot be, is zero, and failed is set.
type input struct {
	data   []byte
	at     int
	failed bool
}

func (in *input) byte() byte {
	if in.at >= len(in.data) {
		in.failed = true
		return 0
	}
	b := in.data[in.at]
	in.at++
	return b
}

func (in *input) bytes(n int) []byte {
	if n > len(in.data)-in.at {
		in.failed = true
		return nil
	}
	b := in.data[in.at : in.at+n]
	in.at += n
	return b
}

func (in *input) uint() uint64 {
	v, n := binary.Uvarint(in.data[in.at:])
	if n <= 0 {
		in.failed = true
		return 0
	}
	in.at += n
	return v
}

func (in *input) int() int64 {
	v, n := binary.Varint(in.data[in.at:])
	if n <= 0 {
		in.failed = true
		return 0
	}
	in.at += n
	return v
}

// rice reads numbers that were written around a base with k low bits.
func (in *input) rice(list []int64, low uint, base int64) {
	if low > maxLow {
		in.failed = true
		return
	}
	r := reader{data: in.data[min(in.at, len(in.data)):]}
	mask := uint64(1)<<low - 1
	for i := range list {
		r.fill()
		ones := uint(bits.TrailingZeros64(^r.held))
		var u uint64
		if ones < maxOnes {
			r.skip(ones + 1)
			if r.n < low {
				r.fill()
			}
			u = uint64(ones)<<low | r.held&mask
			r.skip(low)
		} else {
			r.skip(maxOnes)
			r.fill()
			u = r.held & (1<<32 - 1)
			r.skip(32)
			r.fill()
			u |= r.held << 32
			r.skip(32)
		}
		list[i] = base + unzigzag(u)
	}
	if r.used > 8*uint(len(r.data)) {
		in.failed = true
		return
	}
	in.at += int(r.used+7) / 8
}

// reader takes bits off bytes. Beyond their end it gives zeros; used tells.
type reader struct {
	data []byte
	held uint64 // the next bits; those above n are not to be relied upon
	n    uint
	at   int  // the next byte
	used uint // bits taken
}

// fill holds 56 bits or more.
func (r *reader) fill() {
	if r.at+8 <= len(r.data) {
		r.held |= binary.LittleEndian.Uint64(r.data[r.at:]) << r.n
		r.at += int((63 - r.n) >> 3)
		r.n |= 56
		return
	}
	for ; r.n <= 56; r.n += 8 {
		if r.at < len(r.data) {
			r.held |= uint64(r.data[r.at]) << r.n
		}
		r.at++
	}
}

func (r *reader) skip(width uint) {
	r.held >>= width
	r.n -= width
	r.used += width
}
