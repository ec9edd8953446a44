package codec

import (
	"encoding/binary"
	"math/bits"
)

// Every byte of a word set to one value, for looking at eight bytes at once.
const (
	lows      = 0x0101010101010101
	highs     = 0x80 * lows
	spaces    = ' ' * lows
	quotes    = '"' * lows
	backslash = '\\' * lows
	deletes   = 0x7f * lows
)

// plainEnd gives the index of the first byte of b[i:] that is not plain text in
// a JSON string: a quote, a backslash, a control character, or not ASCII. It is
// len(b) where there is none.
func plainEnd(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		// x - lows sets the high bit of every byte of x that is 0; bytes above
		// the first such byte may be set wrongly, but only the first counts.
		special := (w - spaces) | ((w ^ quotes) - lows) | ((w ^ backslash) - lows) | ((w ^ deletes) - lows) | w
		if special &= highs; special != 0 {
			return i + bits.TrailingZeros64(special)/8
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			return i
		}
	}
	return i
}

// skipSpace gives the index of the first byte of b[i:] that is not white space.
func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// lineEnd gives the index behind the newline that ends the line at i.
func lineEnd(b []byte, i int) int {
	for i < len(b) {
		i++
		if b[i-1] == '\n' {
			break
		}
	}
	return i
}
