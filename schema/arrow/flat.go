package arrow

import "encoding/binary"

// flat reads one FlatBuffer, the format of the metadata of a message. Every
// access is checked; the first that leads outside makes the buffer broken, and
// from then on everything reads as absent. Callers look at broken once, at the
// end: nothing they read before can cost more than the buffer's size.
type flat struct {
	bytes  []byte
	broken bool
}

// table is a table of a FlatBuffer. The zero value is an absent table, of which
// every field is absent.
type table struct {
	flat *flat
	pos  int // of the table
	vtab int // of its vtable
	size int // of the vtable
}

// vector is n elements from pos on. It lies within the buffer.
type vector struct{ pos, n int }

func (f *flat) fail() table {
	f.broken = true
	return table{}
}

// root gives the table that the buffer is about.
func (f *flat) root() table {
	if len(f.bytes) < 4 {
		return f.fail()
	}
	return f.tableAt(int64(binary.LittleEndian.Uint32(f.bytes)))
}

func (f *flat) tableAt(pos int64) table {
	if f.broken || pos < 0 || pos > int64(len(f.bytes))-4 {
		return f.fail()
	}
	vtab := pos - int64(int32(binary.LittleEndian.Uint32(f.bytes[pos:])))
	if vtab < 0 || vtab > int64(len(f.bytes))-4 {
		return f.fail()
	}
	size := int64(binary.LittleEndian.Uint16(f.bytes[vtab:]))
	if size < 4 || vtab+size > int64(len(f.bytes)) {
		return f.fail()
	}
	return table{f, int(pos), int(vtab), int(size)}
}

// at gives the position of a field of so many bytes. ok is false where it is
// absent.
func (t table) at(field, bytes int) (pos int, ok bool) {
	entry := 4 + 2*field
	if t.flat == nil || t.flat.broken || entry+2 > t.size {
		return 0, false
	}
	offset := int(binary.LittleEndian.Uint16(t.flat.bytes[t.vtab+entry:]))
	if offset == 0 {
		return 0, false
	}
	if pos = t.pos + offset; pos+bytes > len(t.flat.bytes) {
		t.flat.fail()
		return 0, false
	}
	return pos, true
}

func (t table) has(field int) bool {
	_, ok := t.at(field, 1)
	return ok
}

func (t table) uint8(field int) uint8 {
	if pos, ok := t.at(field, 1); ok {
		return t.flat.bytes[pos]
	}
	return 0
}

func (t table) bool(field int) bool { return t.uint8(field) != 0 }

func (t table) int16(field int) int16 {
	if pos, ok := t.at(field, 2); ok {
		return int16(binary.LittleEndian.Uint16(t.flat.bytes[pos:]))
	}
	return 0
}

func (t table) int32(field int, absent int32) int32 {
	if pos, ok := t.at(field, 4); ok {
		return int32(binary.LittleEndian.Uint32(t.flat.bytes[pos:]))
	}
	return absent
}

func (t table) int64(field int) int64 {
	if pos, ok := t.at(field, 8); ok {
		return int64(binary.LittleEndian.Uint64(t.flat.bytes[pos:]))
	}
	return 0
}

// follow gives where the offset at pos leads to.
func (f *flat) follow(pos int) int64 {
	return int64(pos) + int64(binary.LittleEndian.Uint32(f.bytes[pos:]))
}

// table gives a field that is a table of its own.
func (t table) table(field int) table {
	pos, ok := t.at(field, 4)
	if !ok {
		return table{}
	}
	return t.flat.tableAt(t.flat.follow(pos))
}

// vector gives a field that is a vector of elements of so many bytes each.
func (t table) vector(field, bytes int) vector {
	pos, ok := t.at(field, 4)
	if !ok {
		return vector{}
	}
	start := t.flat.follow(pos) + 4
	if start > int64(len(t.flat.bytes)) {
		t.flat.fail()
		return vector{}
	}
	n := int64(binary.LittleEndian.Uint32(t.flat.bytes[start-4:]))
	if n*int64(bytes) > int64(len(t.flat.bytes))-start {
		t.flat.fail()
		return vector{}
	}
	return vector{int(start), int(n)}
}

// text gives a field that is a string. It points into the buffer.
func (t table) text(field int) []byte {
	v := t.vector(field, 1)
	if v.n == 0 {
		return nil
	}
	return t.flat.bytes[v.pos : v.pos+v.n]
}

// tableOf gives an element of a vector of tables.
func (f *flat) tableOf(v vector, i int) table {
	if f.broken {
		return table{}
	}
	return f.tableAt(f.follow(v.pos + 4*i))
}

// int64At gives the 64-bit number at a position inside of a vector.
func (f *flat) int64At(pos int) int64 {
	return int64(binary.LittleEndian.Uint64(f.bytes[pos:]))
}
