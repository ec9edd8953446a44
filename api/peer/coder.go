package peer

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// version is the first byte of every message. Instances of different versions
// refuse each other.
const version = 1

// errShort tells that a message ended early or holds what cannot be.
var errShort = errors.New("message is cut off or damaged")

// coder writes messages, or reads them: one description of a type serves both,
// so that they cannot drift apart. Integers are zig-zag varints, text has its
// length before it. Its error is sticky.
type coder struct {
	buf     []byte
	reading bool
	err     error
}

func newReader(message []byte) *coder {
	c := &coder{buf: message, reading: true}
	c.begin()
	return c
}

func newWriter() *coder {
	c := &coder{}
	c.begin()
	return c
}

func (c *coder) begin() {
	v := version
	number(c, &v)
	if c.err == nil && v != version {
		c.err = fmt.Errorf("got a message of version %d, want %d: run the same program on all instances", v, version)
	}
}

// finish tells whether a message was read to its end.
func (c *coder) finish() error {
	if c.err == nil && c.reading && len(c.buf) > 0 {
		c.err = fmt.Errorf("%d bytes too many: %w", len(c.buf), errShort)
	}
	return c.err
}

func (c *coder) fail() {
	if c.err == nil {
		c.err = errShort
	}
	if c.reading {
		c.buf = nil
	}
}

// number writes or reads an integer of any type; what does not fit it is damage.
func number[T ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32](c *coder, v *T) {
	if !c.reading {
		c.buf = binary.AppendVarint(c.buf, int64(*v))
		return
	}
	n, size := binary.Varint(c.buf)
	if size <= 0 || int64(T(n)) != n {
		*v = 0
		c.fail()
		return
	}
	*v, c.buf = T(n), c.buf[size:]
}

// upTo is number of a word of a closed list, whose last is most.
func upTo[T ~uint8](c *coder, v *T, most T) {
	number(c, v)
	if *v > most {
		*v = 0
		c.fail()
	}
}

func flag(c *coder, v *bool) {
	n := uint8(0)
	if *v {
		n = 1
	}
	number(c, &n)
	*v = n == 1
}

// text writes or reads bytes.
func text[T ~string | ~[]byte](c *coder, v *T) {
	size := len(*v)
	number(c, &size)
	if !c.reading {
		c.buf = append(c.buf, *v...)
		return
	}
	if size < 0 || size > len(c.buf) {
		*v = T("")
		c.fail()
		return
	}
	*v, c.buf = T(c.buf[:size]), c.buf[size:] // a copy
}

// list writes or reads rows. A row takes at least one byte, so a forged length
// reserves no more than a multiple of the message.
func list[T any](c *coder, rows *[]T, row func(*coder, *T)) {
	size := len(*rows)
	number(c, &size)
	if c.reading {
		if size < 0 || size > len(c.buf) {
			c.fail()
			size = 0
		}
		*rows = nil
		if size > 0 {
			*rows = make([]T, 0, min(size, 1<<16))
		}
		for range size {
			var one T
			row(c, &one)
			if c.err != nil {
				*rows = nil
				return
			}
			*rows = append(*rows, one)
		}
		return
	}
	for i := range *rows {
		row(c, &(*rows)[i])
	}
}
