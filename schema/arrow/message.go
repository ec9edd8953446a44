package arrow

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Kinds of messages, as the metadata numbers them.
const (
	schemaMessage     = 1
	dictionaryMessage = 2
	batchMessage      = 3
)

// continuation stands before the length of a message since format 0.15.
const continuation = 0xffffffff

// Oldest and newest versions of the metadata that are read: V4 (format 0.8) and
// V5 (format 1.0 and later). The layouts that count here are the same in both.
const (
	version4 = 3
	version5 = 4
)

// message is one message of a stream, checked so far that its metadata and its
// body lie in the bytes that are there.
type message struct {
	kind    uint8
	version int16
	header  table
	body    []byte
	end     int // behind it
}

// messageAt reads the message at body[start:]. A message of kind 0 is the end
// of the stream; fault is empty where all is well.
func messageAt(body []byte, start int) (m message, fault string) {
	rest := body[start:]
	if len(rest) == 0 { // allowed instead of the mark of the end
		m.end = start
		return m, ""
	}
	if start == 0 && bytes.HasPrefix(body, []byte("ARROW1")) {
		return m, "got an Arrow file (Feather), want an Arrow stream"
	}
	prefix := 4
	if len(rest) >= 8 && binary.LittleEndian.Uint32(rest) == continuation {
		rest, prefix = rest[4:], 8
	}
	if len(rest) < 4 {
		return m, fmt.Sprintf("byte %d: got %d bytes, want the length of a message", start, len(rest))
	}
	size := int64(binary.LittleEndian.Uint32(rest))
	rest = rest[4:]
	if size == 0 {
		m.end = start + prefix
		return m, ""
	}
	if size > int64(len(rest)) {
		return m, fmt.Sprintf("byte %d: got a message with metadata of %d bytes where %d are left", start, size, len(rest))
	}
	meta := &flat{bytes: rest[:size]}
	rest = rest[size:]
	root := meta.root()
	m.version, m.kind, m.header = root.int16(0), root.uint8(1), root.table(2)
	length := root.int64(3)
	switch {
	case meta.broken || m.header.flat == nil:
		return m, fmt.Sprintf("byte %d: the metadata of the message is damaged", start)
	case m.version != version4 && m.version != version5:
		return m, fmt.Sprintf("byte %d: got metadata of version %d, want V4 or V5", start, m.version+1)
	case m.kind < schemaMessage || m.kind > batchMessage:
		return m, fmt.Sprintf("byte %d: got a message of kind %d, want a schema, dictionaries and batches", start, m.kind)
	case length < 0 || length > int64(len(rest)):
		return m, fmt.Sprintf("byte %d: got a message with a body of %d bytes where %d are left", start, length, len(rest))
	}
	m.body = rest[:length]
	m.end = start + prefix + int(size) + int(length)
	return m, ""
}

// load fills arrays from a record batch. slots tells the layout of all its
// columns; into gives the array of a column that counts.
func (m *message) load(batch table, slots []slot, into func(column int8) *values) (rows int, fault string) {
	count, nodes, buffers := batch.int64(0), batch.vector(1, 16), batch.vector(2, 16)
	variadic := batch.vector(4, 8)
	if batch.has(3) {
		return 0, "got a batch that is packed inside (LZ4 or ZSTD), want it unpacked: pack the whole body by Content-Encoding"
	}
	if batch.flat == nil || batch.flat.broken {
		return 0, "the metadata of the batch is damaged"
	}
	if count < 0 || nodes.n != len(slots) {
		return 0, fmt.Sprintf("got a batch of %d rows and %d columns, want %d columns as in the schema", count, nodes.n, len(slots))
	}
	meta := batch.flat
	next, nextVariadic := 0, 0
	for i := range slots {
		s := &slots[i]
		n := int64(s.buffers)
		if s.view {
			if nextVariadic == variadic.n {
				return 0, "the batch does not say how many buffers its views have"
			}
			more := meta.int64At(variadic.pos + 8*nextVariadic)
			nextVariadic++
			if more < 0 || more > int64(buffers.n) {
				return 0, fmt.Sprintf("got %d buffers of views, the batch has %d buffers", more, buffers.n)
			}
			n += more
		}
		if n > int64(buffers.n-next) {
			return 0, fmt.Sprintf("got a batch of %d buffers, want more as in the schema", buffers.n)
		}
		if s.column != foreign {
			length, nulls := meta.int64At(nodes.pos+16*i), meta.int64At(nodes.pos+16*i+8)
			if length != count || nulls > count {
				return 0, fmt.Sprintf("got a column of %d values, %d of them null, in a batch of %d rows", length, nulls, count)
			}
			found := into(s.column)
			if fault := found.load(m, vector{buffers.pos + 16*next, int(n)}, count, nulls); fault != "" {
				return 0, fault
			}
		}
		next += int(n)
	}
	if next != buffers.n {
		return 0, fmt.Sprintf("got a batch of %d buffers, want %d as in the schema", buffers.n, next)
	}
	return int(count), ""
}

// buffer gives the i-th of some buffers of a batch, ok false where it is not in
// the body of the message.
func (m *message) buffer(of vector, i int) (b []byte, ok bool) {
	pos := of.pos + 16*i
	offset, length := m.header.flat.int64At(pos), m.header.flat.int64At(pos+8)
	size := int64(len(m.body))
	if offset < 0 || length < 0 || offset > size || length > size-offset {
		return nil, false
	}
	return m.body[offset : offset+length], true
}
