package feed

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Bounds of a file. A year of monthly bills of ten thousand meters has 120,000
// rows and some 10 MiB as CSV.
const (
	MaxFile     = 16 << 20
	MaxUnpacked = 64 << 20
	MaxRows     = 200_000
	MaxColumns  = 256
)

// FileError tells that a file as a whole cannot be read as what it should be.
// It is the fault of the file, not of the way to it.
type FileError struct{ Reason string }

func (e *FileError) Error() string { return e.Reason }

func badFile(format string, args ...any) error { return &FileError{fmt.Sprintf(format, args...)} }

// sheet is one table of a file, without its blank rows.
type sheet struct {
	name string // empty for CSV
	rows []line
	// spreadsheet tells that numbers were floats and days may be serial numbers,
	// which count from 1904 where since1904 is set, else from 1900.
	spreadsheet, since1904 bool
}

// line is one row of a sheet.
type line struct {
	number int // as a spreadsheet or an editor shows it
	cells  []string
	fault  string // why the row could not be split into cells
}

func (l *line) blank() bool {
	for _, cell := range l.cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return l.fault == ""
}

// cell gives the text of a cell as it is to be understood; a column beyond the
// row is empty.
func (l *line) cell(column int) string {
	if column < 0 || column >= len(l.cells) {
		return ""
	}
	return plain(l.cells[column])
}

// sheets reads a file. A FileError tells what is wrong with it; other errors are
// those of the reader.
func sheets(from io.Reader) ([]sheet, error) {
	data, err := io.ReadAll(io.LimitReader(from, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	switch {
	case len(data) > MaxFile:
		return nil, badFile("got a file of more than %d MiB, split it", MaxFile>>20)
	case len(bytes.TrimSpace(data)) == 0:
		return nil, badFile("the file is empty")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readXLSX(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, badFile("got an old spreadsheet (XLS) or one with a password, want XLSX without password, or CSV")
	case bytes.HasPrefix(data, []byte("%PDF")):
		return nil, badFile("got a PDF, want XLSX or CSV")
	}
	return readCSV(data)
}

// add adds a row. The error tells that there are too many.
func (s *sheet) add(l line) error {
	for len(l.cells) > 0 && l.cells[len(l.cells)-1] == "" {
		l.cells = l.cells[:len(l.cells)-1]
	}
	if len(l.cells) > MaxColumns {
		return badFile("row %d: got %d columns, at most %d are taken", l.number, len(l.cells), MaxColumns)
	}
	if l.blank() {
		return nil
	}
	if len(s.rows) == MaxRows {
		return badFile("got more than %d rows, split the file", MaxRows)
	}
	s.rows = append(s.rows, l)
	return nil
}
