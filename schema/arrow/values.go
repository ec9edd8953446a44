package arrow

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// form is how the values of a column lie in memory.
type form uint8

const (
	noForm    form = iota // all null, no buffers
	text                  // offsets of 4 bytes, then the bytes
	largeText             // offsets of 8 bytes, then the bytes
	textView              // 16 bytes each: short text, or where it lies
	integer               // width bytes
	float                 // width bytes
	decimal               // 16 bytes, times 10^-scale
	instant               // 8 bytes, a count of the unit since 1970
	boolean               // 1 bit
)

// layout describes the values of a column.
type layout struct {
	form   form
	width  int // bytes of an integer or float
	signed bool
	scale  int32 // of decimals
	unit   int16 // of instants: 0 s, 1 ms, 2 us, 3 ns
}

// fixedBits is the size of one value in its buffer, by form.
func (l layout) fixedBits() int64 {
	switch l.form {
	case boolean:
		return 1
	case textView, decimal:
		return 128
	case instant:
		return 64
	}
	return int64(l.width) * 8
}

// values holds the values of one column of one batch. It points into the body.
type values struct {
	layout
	rows  int
	valid []byte // a bit for each value; nil: none is null
	data  []byte // values of one size, or offsets
	bytes []byte // what offsets lead to
	heap  [][]byte
}

// load points the array at the buffers of a message, which must be as large as
// so many rows need.
func (a *values) load(m *message, buffers vector, rows, nulls int64) (fault string) {
	a.rows, a.valid, a.data, a.bytes, a.heap = 0, nil, nil, nil, a.heap[:0]
	if a.form == noForm {
		return ""
	}
	valid, ok0 := m.buffer(buffers, 0)
	data, ok1 := m.buffer(buffers, 1)
	if !ok0 || !ok1 {
		return outside
	}
	if nulls != 0 && (nulls > 0 || len(valid) > 0) {
		if rows > int64(len(valid))*8 {
			return fmt.Sprintf("got %d bits that say which values are null, for %d rows", len(valid)*8, rows)
		}
		a.valid = valid
	}
	room, count := int64(len(data))*8, rows
	switch a.form {
	case text, largeText:
		bits := int64(32)
		if a.form == largeText {
			bits = 64
		}
		if rows > 0 {
			room -= bits // one offset more than there are rows
		}
		count = room / bits
		var ok bool
		if a.bytes, ok = m.buffer(buffers, 2); !ok {
			return outside
		}
	case textView:
		for i := 2; i < buffers.n; i++ {
			b, ok := m.buffer(buffers, i)
			if !ok {
				return outside
			}
			a.heap = append(a.heap, b)
		}
		count = room / a.fixedBits()
	default:
		count = room / a.fixedBits()
	}
	if rows > count {
		return fmt.Sprintf("got a buffer of %d bytes, which is too few for %d rows", len(data), rows)
	}
	a.rows, a.data = int(rows), data
	return ""
}

const outside = "got a buffer that is not inside of its message"

// own makes the array independent of the slices that load uses again; the body
// stays shared.
func (a *values) own() values {
	owned := *a
	owned.heap = slices.Clone(a.heap)
	return owned
}

func (a *values) null(row int) bool {
	return a.form == noForm || a.valid != nil && a.valid[row>>3]>>(row&7)&1 == 0
}

// text gives a text that is not null. ok is false where its place is not in the
// buffers.
func (a *values) text(row int) (b []byte, ok bool) {
	var lo, hi int64
	switch a.form {
	case text:
		lo = int64(int32(binary.LittleEndian.Uint32(a.data[4*row:])))
		hi = int64(int32(binary.LittleEndian.Uint32(a.data[4*row+4:])))
	case largeText:
		lo = int64(binary.LittleEndian.Uint64(a.data[8*row:]))
		hi = int64(binary.LittleEndian.Uint64(a.data[8*row+8:]))
	default:
		return a.viewed(a.data[16*row : 16*row+16])
	}
	if lo < 0 || hi < lo || hi > int64(len(a.bytes)) {
		return nil, false
	}
	return a.bytes[lo:hi], true
}

// viewed gives the text of a view: a length, then the text itself where it has
// at most twelve bytes, else its first four, the buffer and the offset.
func (a *values) viewed(view []byte) (b []byte, ok bool) {
	n := int64(int32(binary.LittleEndian.Uint32(view)))
	if n >= 0 && n <= 12 {
		return view[4 : 4+n], true
	}
	buffer := int64(int32(binary.LittleEndian.Uint32(view[8:])))
	offset := int64(int32(binary.LittleEndian.Uint32(view[12:])))
	if n < 0 || buffer < 0 || buffer >= int64(len(a.heap)) {
		return nil, false
	}
	b = a.heap[buffer]
	if offset < 0 || offset+n > int64(len(b)) {
		return nil, false
	}
	return b[offset : offset+n], true
}

// integer gives a whole number that is not null. ok is false where it is beyond
// 63 bits.
func (a *values) integer(row int) (n int64, ok bool) {
	at := a.data[a.width*row:]
	switch a.width {
	case 1:
		if n = int64(at[0]); a.signed {
			n = int64(int8(at[0]))
		}
	case 2:
		u := binary.LittleEndian.Uint16(at)
		if n = int64(u); a.signed {
			n = int64(int16(u))
		}
	case 4:
		u := binary.LittleEndian.Uint32(at)
		if n = int64(u); a.signed {
			n = int64(int32(u))
		}
	default:
		n = int64(binary.LittleEndian.Uint64(at))
		return n, a.signed || n >= 0
	}
	return n, true
}

// count gives an instant as its count of units.
func (a *values) count(row int) int64 { return int64(binary.LittleEndian.Uint64(a.data[8*row:])) }

func (a *values) bool(row int) bool { return a.data[row>>3]>>(row&7)&1 != 0 }

// float gives a floating-point number with the size in bits that it was given in.
func (a *values) float(row int) (value float64, bits int) {
	if a.width == 4 {
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(a.data[4*row:]))), 32
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(a.data[8*row:])), 64
}

// decimal gives a 128-bit mantissa in two's complement.
func (a *values) decimal(row int) (hi int64, lo uint64) {
	at := a.data[16*row : 16*row+16]
	return int64(binary.LittleEndian.Uint64(at[8:])), binary.LittleEndian.Uint64(at)
}
