package kafka

import (
	"bytes"
	"encoding/binary"
)

// snappyFrame begins a batch that the Java client packed: blocks with their
// lengths follow a header of 16 bytes.
var snappyFrame = []byte("\x82SNAPPY\x00")

const snappyHeader = 16

// snappyFits tells whether the lengths that a snappy batch claims can be true:
// each block lies in the batch, and none unpacks to more than a batch may. The
// library would make room for whatever is claimed first.
func snappyFits(packed []byte) bool {
	if !bytes.HasPrefix(packed, snappyFrame) {
		return blockFits(packed)
	}
	if len(packed) < snappyHeader {
		return false
	}
	for b := packed[snappyHeader:]; len(b) > 0; {
		if len(b) < 4 {
			return false
		}
		n := int64(binary.BigEndian.Uint32(b))
		if n > int64(len(b)-4) || !blockFits(b[4:4+n]) {
			return false
		}
		b = b[4+n:]
	}
	return true
}

// blockFits looks at the length that a block says it unpacks to.
func blockFits(block []byte) bool {
	n, size := binary.Uvarint(block)
	return size > 0 && n <= maxDecompressed
}
