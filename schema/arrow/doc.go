// Package arrow reads and writes Arrow IPC streams: readings in and out, tables
// of results out. It is the only place that knows the Arrow libraries.
//
// It answers "which readings are in this stream, and what is wrong with the
// others", as package codec does for text, and refuses the same questions.
//
// # Readings
//
// A stream has the columns that the contract names; the order is free and
// columns of other names are passed over:
//
//	meter     utf8, or a dictionary of it      required
//	time      timestamp with a time zone       required, any unit
//	value     decimal128 or float64            required; float32 and integers too
//	start     as time                          for deltas and bills
//	unit      as meter
//	kind      as meter
//	revision  integer
//	register  integer
//	deleted   bool
//
// Large utf8 and utf8 views stand for utf8. A float counts as the shortest
// decimal text that reads back as the same float; NaN and infinities are
// bad_value. A timestamp without a time zone is refused, since nobody can tell
// which clock it means. Null means not given.
//
// # Safety
//
// The IPC reader of the Arrow library trusts the lengths in a message: a forged
// body of 500 bytes makes it ask for terabytes, which ends the process. So the
// [Decoder] is our own and small. Its invariants:
//
//   - a length, offset or count of the body is used only after it was held
//     against the bytes that are really there;
//   - nothing is copied out of the body, and nothing is allocated per row but
//     the texts of a rejection (about 1 KiB) and the text of a value that has
//     more than six decimals. A row has at least the eight bytes of its time, a
//     dictionary entry the four of its offset, so there cannot be more of either
//     than the body has room for;
//   - no body makes it panic or take more than linear time.
//
// Bodies that are packed inside of the stream (LZ4, ZSTD) are refused: HTTP and
// Kafka pack whole bodies, with their own limits.
package arrow
