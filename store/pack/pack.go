// Package pack writes the readings of one meter that have settled into few bytes,
// column by column.
//
// It answers which readings a pack holds, every field of every stored version as it
// was recorded. It refuses bytes that it did not write, with an error and no
// reading, and it knows nothing of where packs are kept. Its invariants:
//
//   - what is packed comes back equal, whatever the readings hold;
//   - a pack of n readings never decodes to more than n of them, and makes no more
//     room than n readings need, whatever its bytes say.
//
// A pack is its version, the number of readings and six columns: time, value,
// start, received, recorded, and what stays the same for most meters in one number.
// Times are written as the distance to another column where that is shorter. After
// the columns come the original texts of the few readings that have one.
package pack

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"jouleline/metrics/posting"
	"jouleline/schema"
)

// MaxReadings bounds a pack: whoever looks for one reading decodes all of its pack.
const MaxReadings = 1024

// version is the first byte of a pack.
const version = 1

// ErrMalformed tells that bytes are no pack.
var ErrMalformed = errors.New("no pack of readings")

// Packer packs and unpacks. It keeps its room from one pack to the next and is not
// safe for concurrent use; the zero value is ready.
type Packer struct {
	columns [6][]int64
	coder   coder
}

// The columns in their order.
const (
	timeColumn = iota
	valueColumn
	startColumn
	receivedColumn
	recordedColumn
	whatColumn
)

// Append packs readings of one meter, 1 to [MaxReadings]; they should be sorted.
// Their meter is not in the pack.
func (p *Packer) Append(dst []byte, readings []posting.Reading) ([]byte, error) {
	n := len(readings)
	if n == 0 || n > MaxReadings {
		return nil, fmt.Errorf("pack readings: got %d, want 1 to %d", n, MaxReadings)
	}
	for i := range p.columns {
		p.columns[i] = resized(p.columns[i], n)
	}
	digits, size := decimals(readings)
	for i := range readings {
		r := &readings[i]
		p.columns[timeColumn][i] = int64(r.Time)
		p.columns[valueColumn][i] = int64(r.Value) / size
		p.columns[startColumn][i] = int64(r.Start)
		p.columns[receivedColumn][i] = int64(r.Received)
		p.columns[recordedColumn][i] = int64(r.Recorded)
		p.columns[whatColumn][i] = what(r)
	}
	dst = append(dst, version)
	dst = appendUint(dst, uint64(n))
	dst = append(dst, digits)
	times := p.columns[timeColumn]
	dst = p.coder.append(dst, times, nil)
	dst = p.coder.append(dst, p.columns[valueColumn], nil)
	dst = p.coder.append(dst, p.columns[startColumn], times)
	dst = p.coder.append(dst, p.columns[receivedColumn], times)
	dst = p.coder.append(dst, p.columns[recordedColumn], p.columns[receivedColumn])
	dst = p.coder.append(dst, p.columns[whatColumn], nil)
	return appendOriginals(dst, readings), nil
}

// Count gives how many readings a pack says that it holds, 0 where it is none. Decode
// tells whether they are there.
func Count(data []byte) int {
	in := &input{data: data}
	if in.byte() != version {
		return 0
	}
	n := in.uint()
	if in.failed || n > MaxReadings {
		return 0
	}
	return int(n)
}

// Decode appends the readings of a pack, which are those of a meter. The error is
// ErrMalformed.
func (p *Packer) Decode(dst []posting.Reading, meter int32, data []byte) ([]posting.Reading, error) {
	in := &input{data: data}
	if in.byte() != version {
		return nil, fmt.Errorf("%w: got version %d, want %d", ErrMalformed, firstOf(data), version)
	}
	n := in.uint()
	digits := in.byte()
	if n == 0 || n > MaxReadings || int(digits) >= len(sizes) {
		return nil, fmt.Errorf("%w: got %d readings with %d decimals, want 1 to %d with 6 at most", ErrMalformed, n, digits, MaxReadings)
	}
	for i, beside := range [len(p.columns)]int{-1, -1, timeColumn, timeColumn, receivedColumn, -1} {
		p.columns[i] = resized(p.columns[i], int(n))
		var base []int64
		if beside >= 0 {
			base = p.columns[beside]
		}
		in.numbers(p.columns[i], base)
	}
	if in.failed {
		return nil, fmt.Errorf("%w: %d bytes end within the columns of %d readings", ErrMalformed, len(data), n)
	}
	first := len(dst)
	dst = slices.Grow(dst, int(n))
	size := sizes[digits]
	dst = dst[:first+int(n)]
	for i := range dst[first:] {
		r := &dst[first+i]
		r.Meter, r.Recorded = meter, schema.Instant(p.columns[recordedColumn][i])
		r.Time, r.Start = schema.Instant(p.columns[timeColumn][i]), schema.Instant(p.columns[startColumn][i])
		r.Received = schema.Instant(p.columns[receivedColumn][i])
		r.Value, r.Original = schema.Quantity(p.columns[valueColumn][i]*size), ""
		setWhat(r, p.columns[whatColumn][i])
	}
	if err := in.originals(dst[first:]); err != nil {
		return nil, err
	}
	return dst, nil
}

// sizes gives the micro-units of the last decimal that is written.
var sizes = [...]int64{1_000_000, 100_000, 10_000, 1_000, 100, 10, 1}

// decimals gives how many decimals the values of readings need.
func decimals(readings []posting.Reading) (digits byte, size int64) {
	size = sizes[0]
	for i := range readings {
		for size > 1 && int64(readings[i].Value)%size != 0 {
			size /= 10
			digits++
		}
		if size == 1 {
			break
		}
	}
	return digits, size
}

// what is what mostly stays the same, in one number: revision, unit, kind, register
// and whether the reading was taken back.
func what(r *posting.Reading) int64 {
	word := int64(r.Revision)<<32 | int64(r.Unit) | int64(r.Kind)<<8 | int64(r.Register)<<16
	if r.Deleted {
		word |= 1 << 24
	}
	return word
}

func setWhat(r *posting.Reading, word int64) {
	r.Revision = int32(word >> 32)
	r.Unit, r.Kind, r.Register = schema.Unit(word), schema.Kind(word>>8), uint8(word>>16)
	r.Deleted = word>>24&1 != 0
}

// appendOriginals writes how many readings have an original text, and each with its
// distance from the one before.
func appendOriginals(dst []byte, readings []posting.Reading) []byte {
	texts := uint64(0)
	for i := range readings {
		if readings[i].Original != "" {
			texts++
		}
	}
	dst = appendUint(dst, texts)
	last := -1
	for i := range readings {
		if text := readings[i].Original; text != "" {
			dst = appendUint(dst, uint64(i-last-1))
			dst = appendUint(dst, uint64(len(text)))
			dst = append(dst, text...)
			last = i
		}
	}
	return dst
}

// originals reads the texts; nothing may come after them.
func (in *input) originals(readings []posting.Reading) error {
	texts, at := in.uint(), -1
	for range min(texts, uint64(len(readings))) {
		skip, length := in.uint(), in.uint()
		if skip >= uint64(len(readings)-at-1) || length == 0 || length > uint64(math.MaxInt32) {
			in.failed = true
			break
		}
		at += int(skip) + 1
		readings[at].Original = string(in.bytes(int(length)))
	}
	if in.failed || texts > uint64(len(readings)) || in.at != len(in.data) {
		return fmt.Errorf("%w: the %d original texts of %d readings do not end with its %d bytes", ErrMalformed, texts, len(readings), len(in.data))
	}
	return nil
}

func resized(column []int64, n int) []int64 {
	if cap(column) < n {
		return make([]int64, n, MaxReadings)
	}
	return column[:n]
}

func firstOf(data []byte) int {
	if len(data) == 0 {
		return -1
	}
	return int(data[0])
}
