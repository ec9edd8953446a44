// Package columns prints tables for a terminal: cells that tabs separate stand
// below each other, in Chinese too.
package columns

import (
	"bytes"
	"io"
	"strings"

	"golang.org/x/text/width"
)

// Writer prints lines of cells, which tabs separate, in columns. A Chinese
// character takes two places of a terminal, and is counted so. A line without a
// tab ends a table: what follows has widths of its own. A Writer is for one
// goroutine.
type Writer struct {
	out  io.Writer
	text bytes.Buffer
}

// New makes a Writer of what prints.
func New(out io.Writer) *Writer { return &Writer{out: out} }

// Write takes text; nothing is printed before Flush.
func (w *Writer) Write(text []byte) (int, error) { return w.text.Write(text) }

// Flush prints what was written.
func (w *Writer) Flush() error {
	var out bytes.Buffer
	var table [][]string
	for line := range strings.Lines(w.text.String()) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) == 1 {
			align(&out, table)
			table = nil
			out.WriteString(line)
			continue
		}
		table = append(table, cells)
	}
	align(&out, table)
	w.text.Reset()
	_, err := w.out.Write(out.Bytes())
	return err
}

// gap is how many places stand between two columns.
const gap = 2

// align prints the rows of a table; what stands last in a row needs no room
// after it.
func align(out *bytes.Buffer, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row[:len(row)-1] {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], places(cell))
		}
	}
	for _, row := range rows {
		for i, cell := range row {
			out.WriteString(cell)
			if i < len(row)-1 {
				out.WriteString(strings.Repeat(" ", widths[i]-places(cell)+gap))
			}
		}
		out.WriteByte('\n')
	}
}

// places counts what a text takes of a terminal's line: two for the wide
// characters of Unicode's East Asian Width (UAX #11), one for others.
func places(text string) int {
	n := 0
	for _, r := range text {
		n++
		if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}
