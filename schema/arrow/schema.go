package arrow

import (
	"fmt"
	"strings"
)

// The columns that count, in the order in which a reading is judged.
const (
	meterColumn = iota
	timeColumn
	valueColumn
	unitColumn
	kindColumn
	startColumn
	revisionColumn
	registerColumn
	deletedColumn
	columnCount

	foreign = -1 // a column of another name
)

var columnNames = [columnCount]string{"meter", "time", "value", "unit", "kind", "start", "revision", "register", "deleted"}

// column is one of the columns that count.
type column struct {
	values
	given bool // the stream has it
	// dictionary is the index of its dictionary, whose texts the array's integers
	// count from 0; -1 where it has none.
	dictionary int
}

// slot is the place of one array in the flat list of a batch: a nested column
// has one for itself and one for each of its children.
type slot struct {
	column  int8 // foreign where it does not count
	buffers int8
	view    bool // buffers more, as many as the batch says
}

// Bounds of a schema. Readings have nine columns; the rest is room for what
// exporters add. Without a bound on the slots a small schema whose fields all
// point to the same children could take exponential time.
const (
	maxSlots = 1024
	maxDepth = 16
)

// schema fills the decoder's columns and slots from the schema of a stream.
func (d *Decoder) schema(m *message) (fault string) {
	header := m.header
	if header.int16(0) != 0 {
		return "got a big-endian stream, want little-endian"
	}
	fields := header.vector(1, 4)
	for i := range fields.n {
		field := header.flat.tableOf(fields, i)
		if fault := d.field(field, m.version); fault != "" {
			return fault
		}
	}
	if header.flat.broken {
		return "the schema is damaged"
	}
	for _, c := range [...]int{meterColumn, timeColumn, valueColumn} {
		if !d.columns[c].given {
			return fmt.Sprintf("got a schema without the column %s, want meter, time and value", columnNames[c])
		}
	}
	return ""
}

// field takes one top-level field.
func (d *Decoder) field(field table, version int16) (fault string) {
	name := field.text(0)
	at := columnIndex(name)
	if at == foreign {
		return d.slot(field, foreign, version, 0)
	}
	c := &d.columns[at]
	if c.given {
		return fmt.Sprintf("got the column %s twice", columnNames[at])
	}
	l, known := layoutOf(field)
	if !known || !takes(at, l, field) {
		return fmt.Sprintf("column %s: got %s, want %s", columnNames[at], describe(field), wants[at])
	}
	c.given, c.dictionary, c.layout = true, -1, l
	if encoding := field.table(4); encoding.flat != nil {
		c.dictionary = d.dictionary(encoding.int64(0), l)
		if c.dictionary < 0 {
			return fmt.Sprintf("column %s: shares a dictionary with a column of another type", columnNames[at])
		}
		if c.layout, known = indexOf(encoding); !known {
			return fmt.Sprintf("column %s: got indexes of a width that does not exist", columnNames[at])
		}
	}
	return d.slot(field, int8(at), version, 0)
}

// slot adds the arrays of a field, and of its children behind it.
func (d *Decoder) slot(field table, column int8, version int16, depth int) (fault string) {
	if len(d.slots) == maxSlots || depth == maxDepth {
		return fmt.Sprintf("got a schema of more than %d columns or %d levels", maxSlots, maxDepth)
	}
	s := slot{column: column}
	if field.has(4) { // a dictionary: the children are the dictionary's
		s.buffers = 2
		d.slots = append(d.slots, s)
		return ""
	}
	switch kind := field.uint8(2); kind {
	case typeNull, typeRunEndEncoded:
	case typeBinary, typeUtf8, typeLargeBinary, typeLargeUtf8:
		s.buffers = 3
	case typeBinaryView, typeUtf8View:
		s.buffers, s.view = 2, true
	case typeList, typeLargeList, typeMap:
		s.buffers = 2
	case typeListView, typeLargeListView:
		s.buffers = 3
	case typeStruct, typeFixedSizeList:
		s.buffers = 1
	case typeUnion:
		s.buffers = 1 + int8(field.table(3).int16(0)&1) // type ids; a dense one has offsets
		if version == version4 {
			s.buffers++
		}
	default:
		if kind == 0 || kind > typeLargeListView {
			return fmt.Sprintf("column %s: got the unknown type %d", clip(field.text(0)), kind)
		}
		s.buffers = 2
	}
	d.slots = append(d.slots, s)
	children := field.vector(5, 4)
	for i := range children.n {
		if fault := d.slot(field.flat.tableOf(children, i), foreign, version, depth+1); fault != "" {
			return fault
		}
	}
	return ""
}

func columnIndex(name []byte) int {
	for i, known := range columnNames {
		if len(name) == len(known) && strings.EqualFold(string(name), known) {
			return i
		}
	}
	return foreign
}
