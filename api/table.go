package api

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"

	"jouleline/schema"
)

// table is an answer as rows, for the encodings that have no nesting. Columns
// and kinds are known before the rows, which columnar encodings need.
type table struct {
	columns []column
	// rows gives the cells of each row, as many as there are columns, each of its
	// column's type or nil where it is not known. A row is valid until the next.
	rows iter.Seq[[]any]
	// zone is the calendar of the instants, for encodings that name it once. Nil:
	// UTC.
	zone *time.Location
	// units gives the unit of a column in this answer, where all rows share it.
	units map[string]string
}

// unitOf gives the unit of a column, "" where it has none or each row names its
// own.
func (t *table) unitOf(c column) string {
	if unit := t.units[c.name]; unit != "" {
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

// zoneOf gives the time zone that an answer names.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil // an example of another system; its instants stay what they are
	}
	return zone
}

// column is one column of a table.
type column struct {
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

// opt gives the value behind a pointer as a cell, nil where there is none.
func opt[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// writeCSV writes a table as CSV with a header row. A cell that is not known is
// empty.
func writeCSV(w io.Writer, t table) error {
	out := csv.NewWriter(w)
	record := make([]string, len(t.columns))
	for i, c := range t.columns {
		record[i] = c.name
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for row := range t.rows {
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
