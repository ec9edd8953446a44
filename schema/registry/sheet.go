package registry

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// sheet is one table: its file name and its columns.
type sheet struct {
	file    string
	columns []column
}

// column is one column of a table; a needed column must be there and filled.
type column struct {
	name   string
	needed bool
}

// row is the row that is being read. Its strings are valid until the next row;
// what is kept must be cloned.
type row struct {
	sheet  sheet
	errs   *Errors
	reader *csv.Reader
	width  int   // fields of the header
	at     []int // column -> position in record, -1 where the file lacks it
	record []string
	line   int
	failed bool
}

// byteOrderMark begins tables that some spreadsheets save.
const byteOrderMark = "\ufeff"

// scan reads a table row by row. It gives false where the header is so wrong
// that no row was read.
func (s sheet) scan(text []byte, errs *Errors, visit func(*row)) bool {
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	if len(text) == 0 {
		return true
	}
	if line, ok := firstInvalid(text); !ok {
		errs.add(Problem{File: s.file, Line: line, Reason: "not UTF-8: save the table as \"CSV UTF-8\""})
		return false
	}
	r := &row{sheet: s, errs: errs, reader: csv.NewReader(bytes.NewReader(text))}
	r.reader.FieldsPerRecord = -1
	r.reader.ReuseRecord = true
	if !r.header() {
		return false
	}
	for !errs.full() {
		record, err := r.reader.Read()
		if err == io.EOF {
			break
		}
		r.record, r.failed = record, false
		if err != nil {
			r.syntax(err)
			continue
		}
		r.line, _ = r.reader.FieldPos(0)
		if len(record) != r.width {
			errs.add(Problem{File: s.file, Line: r.line, Reason: fmt.Sprintf("the row has %d fields, the header %d", len(record), r.width)})
			continue
		}
		visit(r)
	}
	errs.More = errs.More || errs.full()
	return true
}

// header finds the columns. Their order is free.
func (r *row) header() bool {
	record, err := r.reader.Read()
	if err == io.EOF {
		return true
	}
	if err != nil {
		r.syntax(err)
		return false
	}
	before := len(r.errs.Problems)
	r.at = make([]int, len(r.sheet.columns))
	for c := range r.at {
		r.at[c] = -1
	}
	for i, name := range record {
		name = strings.TrimSpace(name)
		line, position := r.reader.FieldPos(i)
		c := r.sheet.find(name)
		switch {
		case c < 0:
			r.errs.add(Problem{r.sheet.file, line, position, name, "unknown column: want " + r.sheet.names()})
		case r.at[c] >= 0:
			r.errs.add(Problem{r.sheet.file, line, position, name, "the column stands twice"})
		default:
			r.at[c] = i
		}
	}
	for c, column := range r.sheet.columns {
		if column.needed && r.at[c] < 0 {
			r.errs.add(Problem{File: r.sheet.file, Line: 1, Field: column.name, Reason: "the column is missing"})
		}
	}
	r.width = len(record)
	return len(r.errs.Problems) == before
}

func (s sheet) find(name string) int {
	for c, column := range s.columns {
		if column.name == name {
			return c
		}
	}
	return -1
}

func (s sheet) names() string {
	names := make([]string, len(s.columns))
	for c, column := range s.columns {
		names[c] = column.name
	}
	return strings.Join(names, ", ")
}

// syntax reports a row that is no CSV.
func (r *row) syntax(err error) {
	p := Problem{File: r.sheet.file, Reason: err.Error()}
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		p.Line, p.Column, p.Reason = parse.Line, parse.Column, "not CSV: "+parse.Err.Error()
	}
	r.errs.add(p)
}

// bad refuses the row because of one of its fields.
func (r *row) bad(c int, format string, args ...any) {
	r.failed = true
	p := Problem{File: r.sheet.file, Line: r.line, Field: r.sheet.columns[c].name, Reason: fmt.Sprintf(format, args...)}
	if i := r.at[c]; i >= 0 {
		p.Line, p.Column = r.reader.FieldPos(i)
	}
	r.errs.add(p)
}

// locate finds the columns of problems whose line and field are known. They are
// found when all rows of a table stand together, and are few.
func (s sheet) locate(text []byte, problems []*Problem) {
	byLine := map[int][]*Problem{}
	for _, p := range problems {
		byLine[p.Line] = append(byLine[p.Line], p)
	}
	s.scan(text, &Errors{}, func(r *row) {
		for _, p := range byLine[r.line] {
			if c := s.find(p.Field); c >= 0 && r.at[c] >= 0 {
				_, p.Column = r.reader.FieldPos(r.at[c])
			}
		}
	})
}

// firstInvalid finds the line of the first byte that is not UTF-8.
func firstInvalid(text []byte) (line int, ok bool) {
	if utf8.Valid(text) {
		return 0, true
	}
	line = 1
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			return line, false
		}
		if r == '\n' {
			line++
		}
		text = text[size:]
	}
	return line, false
}
