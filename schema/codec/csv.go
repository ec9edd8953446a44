package codec

import (
	"bytes"
	"fmt"
	"strings"

	"jouleline/schema"
)

// column is the meaning of a CSV column.
type column uint8

const (
	foreign column = iota
	meterColumn
	timeColumn
	valueColumn
	startColumn
	unitColumn
	kindColumn
	revisionColumn
	registerColumn
	deletedColumn
)

// columnNames are the names of the JSON fields, in the order that is written.
var columnNames = [...]string{"", "meter", "time", "value", "start", "unit", "kind", "revision", "register", "deleted"}

// nextRow reads the next row with a cell that is not empty. The first is the header: where
// it is wrong, the whole body is one rejection.
func (d *Decoder) nextRow() bool {
	b := d.body
	for d.pos < len(b) {
		start := d.pos
		end, fault := d.row(start)
		d.pos = end
		if fault != "" {
			if len(d.columns) == 0 {
				d.pos = len(b)
			}
			return d.rejectSyntax(fault, start, d.pos)
		}
		if d.blank() {
			continue
		}
		if len(d.columns) > 0 {
			return d.interpretRow(start, end)
		}
		if fault = d.header(); fault != "" {
			d.pos = len(b)
			return d.rejectSyntax(fault, start, d.pos)
		}
	}
	return false
}

// blank tells whether all cells are empty: spreadsheets write such rows.
func (d *Decoder) blank() bool {
	for _, cell := range d.cells {
		if len(trim(cell)) > 0 {
			return false
		}
	}
	return true
}

// header takes the cells as the names of the columns. Names that mean nothing
// here are passed over.
func (d *Decoder) header() (fault string) {
	var saw [len(columnNames)]bool
	for _, cell := range d.cells {
		name := strings.ToLower(string(trim(cell)))
		c := deletedColumn
		for c > foreign && columnNames[c] != name {
			c--
		}
		if c != foreign && saw[c] {
			d.columns = d.columns[:0]
			return fmt.Sprintf("header: got the column %q twice", name)
		}
		saw[c] = true
		d.columns = append(d.columns, c)
	}
	for _, c := range [...]column{meterColumn, timeColumn, valueColumn} {
		if !saw[c] {
			d.columns = d.columns[:0]
			return fmt.Sprintf("header: got %q, want the columns meter, time and value; %s is missing", clip(bytes.Join(d.cells, []byte(","))), columnNames[c])
		}
	}
	return ""
}

// interpretRow decides the row body[start:end], whose cells were split.
func (d *Decoder) interpretRow(start, end int) bool {
	if end-start > MaxElement {
		return d.reject(schema.TooLarge, fmt.Sprintf("got a row of %d bytes, at most %d are taken", end-start, MaxElement), start, end)
	}
	if at := invalidUTF8(d.body[start:end]); at >= 0 {
		return d.rejectEncoding(start, end, start+at)
	}
	if len(d.cells) != len(d.columns) {
		return d.reject(schema.Malformed, fmt.Sprintf("got a row of %d cells, want %d as in the header", len(d.cells), len(d.columns)), start, end)
	}
	var f fields
	for i, c := range d.columns {
		cell := d.cells[i]
		switch c {
		case meterColumn: // an id counts as it stands
			f.meter = given(cell)
		case timeColumn:
			f.time = given(trim(cell))
		case valueColumn:
			f.value = given(trim(cell))
		case startColumn:
			f.start = given(trim(cell))
		case unitColumn:
			f.unit = given(trim(cell))
		case kindColumn:
			f.kind = given(trim(cell))
		case revisionColumn:
			f.revision = given(trim(cell))
		case registerColumn:
			f.register = given(trim(cell))
		case deletedColumn:
			f.deleted = given(trim(cell))
		}
	}
	if code, detail := d.interpret(&f); code != schema.Accepted {
		return d.reject(code, detail, start, end)
	}
	return d.accept(start)
}

// row splits the row at start into d.cells. Quoted cells may hold commas,
// newlines and doubled quotes (RFC 4180). A row whose quotes are wrong ends at
// its first newline, so that it does not swallow the rows behind it.
func (d *Decoder) row(start int) (end int, fault string) {
	b := d.body
	d.cells = d.cells[:0]
	for i := start; ; i++ {
		cell, stop, fault := cellAt(b, i)
		if fault != "" {
			return lineEnd(b, start), fmt.Sprintf("byte %d: %s", stop, fault)
		}
		d.cells = append(d.cells, cell)
		if i = stop; i == len(b) {
			return i, ""
		}
		if b[i] == '\n' {
			return i + 1, ""
		}
	}
}

// cellAt reads the cell at b[i:]. stop is the comma or newline behind it, or
// len(b).
func cellAt(b []byte, i int) (cell []byte, stop int, fault string) {
	if i == len(b) || b[i] != '"' {
		for stop = i; stop < len(b) && b[stop] != ',' && b[stop] != '\n'; stop++ {
			if b[stop] == '"' {
				return nil, stop, "got a quote inside of a cell, want the whole cell in quotes"
			}
		}
		cell = b[i:stop]
		if stop == len(b) || b[stop] == '\n' {
			cell = bytes.TrimSuffix(cell, []byte("\r"))
		}
		return cell, stop, ""
	}
	doubled := false
	for stop = i + 1; ; stop += 2 {
		n := bytes.IndexByte(b[stop:], '"')
		if n < 0 {
			return nil, i, "got a quote that is not closed"
		}
		if stop += n; stop+1 == len(b) || b[stop+1] != '"' {
			break
		}
		doubled = true
	}
	cell = b[i+1 : stop]
	if doubled {
		cell = bytes.ReplaceAll(cell, []byte(`""`), []byte(`"`))
	}
	stop++
	if stop+1 < len(b) && b[stop] == '\r' && b[stop+1] == '\n' {
		stop++
	}
	if stop < len(b) && b[stop] != ',' && b[stop] != '\n' {
		return nil, stop, "got text behind a closing quote, want a comma or the end of the row"
	}
	return cell, stop, ""
}

func trim(cell []byte) []byte { return bytes.Trim(cell, " \t") }
