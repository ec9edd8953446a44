// Package table writes an answer that is rows: as CSV, as an Arrow IPC stream and
// as an Excel workbook.
//
// Columns and the types of their cells are known before the first row. A cell that
// is not known is empty in CSV and in a workbook, null in Arrow, never 0. A
// workbook of more rows than a sheet has is refused before anything is written.
package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"

	"jouleline/schema"
)

// Table is an answer as rows, for the encodings that have no nesting. Columns
// and kinds are known before the rows, which columnar encodings need.
type Table struct {
	Columns []Column
	// Rows gives the cells of each row, as many as there are columns, each of its
	// column's type or nil where it is not known. A row is valid until the next.
	Rows iter.Seq[[]any]
	// Zone is the calendar of the instants, for encodings that name it once. Nil:
	// UTC.
	Zone *time.Location
	// Units gives the unit of a column in this answer, where all rows share it.
	Units map[string]string
}

// unitOf gives the unit of a column, "" where it has none or each row names its
// own.
func (t *Table) unitOf(c Column) string {
	if unit := t.Units[c.name]; unit != "" {
		return unit
	}
	return columnUnits[c.name]
}

// columnUnits are the units of columns that mean the same in every table.
var columnUnits = map[string]string{
	"energy_kgce":    "kgce",
	"carbon_kg":      "kg",
	"reduction_pct":  "%",
	"target_pct":     "%",
	"completion_pct": "%",
	"pace_pct":       "%",
	"share_pct":      "%",
}

// ZoneOf gives the time zone that an answer names.
func ZoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil // an example of another system; its instants stay what they are
	}
	return zone
}

// Column is one column of a table.
type Column struct {
	name string
	kind kind
}

// kind is the type of the cells of a column.
type kind uint8

const (
	text    kind = iota // string
	number              // float64
	decimal             // schema.Quantity
	integer             // int64
	flag                // bool
	instant             // time.Time
)

// The columns by the type of their cells.

// Text has string cells.
func Text(name string) Column { return Column{name, text} }

// Number has float64 cells.
func Number(name string) Column { return Column{name, number} }

// Decimal has cells of schema.Quantity.
func Decimal(name string) Column { return Column{name, decimal} }

// Integer has int64 cells.
func Integer(name string) Column { return Column{name, integer} }

// Flag has bool cells.
func Flag(name string) Column { return Column{name, flag} }

// Instant has cells of time.Time.
func Instant(name string) Column { return Column{name, instant} }

// Opt gives the value behind a pointer as a cell, nil where there is none.
func Opt[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// WriteCSV writes a table as CSV with a header row. A cell that is not known is
// empty.
func WriteCSV(w io.Writer, t Table) error {
	out := csv.NewWriter(w)
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.name
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for row := range t.Rows {
		for i, cell := range row {
			record[i] = cellText(cell)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func cellText(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case schema.Quantity:
		return v.String()
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	}
	panic(fmt.Sprintf("api: a cell of type %T has no text", cell))
}
