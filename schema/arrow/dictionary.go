package arrow

import (
	"fmt"
	"sort"
)

// dictionary holds the texts that the indexes of a column lead to. A stream may
// replace it between batches, or add to it.
type dictionary struct {
	id     int64
	layout layout
	parts  []part
}

// part is what one message brought, counted from first on.
type part struct {
	first  int
	values values
}

// dictionary gives the index of the dictionary with an id, -1 where it exists
// with another layout.
func (d *Decoder) dictionary(id int64, l layout) int {
	for i := range d.dictionaries {
		if d.dictionaries[i].id == id {
			if d.dictionaries[i].layout != l {
				return -1
			}
			return i
		}
	}
	d.dictionaries = append(d.dictionaries, dictionary{id: id, layout: l})
	return len(d.dictionaries) - 1
}

// learn takes the texts of a dictionary message. Dictionaries of columns that
// do not count are passed over.
func (d *Decoder) learn(m *message) (fault string) {
	id, batch, delta := m.header.int64(0), m.header.table(1), m.header.bool(2)
	for i := range d.dictionaries {
		known := &d.dictionaries[i]
		if known.id != id {
			continue
		}
		s := slot{buffers: 3, view: known.layout.form == textView}
		if s.view {
			s.buffers = 2
		}
		a := values{layout: known.layout}
		_, fault := m.load(batch, []slot{s}, func(int8) *values { return &a })
		if fault != "" {
			return fmt.Sprintf("dictionary %d: %s", id, fault)
		}
		if !delta {
			known.parts = known.parts[:0]
		}
		known.parts = append(known.parts, part{known.size(), a.own()})
	}
	return ""
}

func (d *dictionary) size() int {
	if len(d.parts) == 0 {
		return 0
	}
	last := &d.parts[len(d.parts)-1]
	return last.first + last.values.rows
}

// find gives the array and the row of an index, nil where it has none.
func (d *dictionary) find(index int64) (a *values, row int) {
	if index < 0 || index >= int64(d.size()) {
		return nil, 0
	}
	i := 0
	if len(d.parts) > 1 {
		i = sort.Search(len(d.parts), func(i int) bool { return int64(d.parts[i].first) > index }) - 1
	}
	return &d.parts[i].values, int(index) - d.parts[i].first
}

// cell is a text of a row.
type cell struct {
	text  []byte
	given bool
	// fault says why there is no text though it is not null.
	fault string
}

// cell gives the text of a column in a row. It points into the body.
func (d *Decoder) cell(column, row int) cell {
	c := &d.columns[column]
	if !c.given || c.null(row) {
		return cell{}
	}
	a, at := &c.values, row
	if c.dictionary >= 0 {
		index, ok := c.integer(row)
		texts := &d.dictionaries[c.dictionary]
		if a, at = texts.find(index); a == nil || !ok {
			return cell{fault: fmt.Sprintf("%s: got entry %d of a dictionary of %d", columnNames[column], index, texts.size())}
		}
		if a.null(at) {
			return cell{}
		}
	}
	b, ok := a.text(at)
	if !ok {
		return cell{fault: fmt.Sprintf("%s: its text is not inside of the column's bytes", columnNames[column])}
	}
	return cell{text: b, given: true}
}
